"""A fiche from its first word to its last, with nothing folded."""

from __future__ import annotations

from django.template.loader import render_to_string

from knowledge.models import Fiche


def render_whole(fiche: Fiche) -> str:
    """The HTML of a fiche (fetched with ``for_page``) as agents read it, all cases unfolded.

    Title, reference and dates, what the desk adds, then the whole content in the order of the
    source.
    """
    blocks = [
        {**block, "ouvert": True} if block["type"] == "cadre" else block for block in fiche.contenu
    ]
    return render_to_string("knowledge/_entiere.html", {"fiche": fiche, "contenu": blocks})
