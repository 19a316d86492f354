"""An imported fiche that changed under what the desk adds to it: told to a rédacteur, never undone.

The overlay stays in force as it is. Locks are taken in one order, the fiche then its conflict, by
whoever writes either: an import and a rédacteur who settles wait for each other.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.models import Importation
from knowledge.enums import DecisionConflit
from knowledge.models import Conflit, Fiche
from knowledge.publish import OVERLAY, publish

SENTENCES_MAX = 60  # kept in one conflict, however many imports add to it


class ConflitDepasse(Exception):
    """The conflict is no longer as the rédacteur read it; the message, in French, says why."""


def overlay_of(fiche: Fiche) -> list[str]:
    """The fields in which the desk adds something to a fiche of the source."""
    return [name.removesuffix("_id") for name in OVERLAY if getattr(fiche, name)]


def open_conflict(fiche: Fiche, *, importation: Importation, what: list[str]) -> Conflit | None:
    """Queue a fiche whose title or content an import has just changed; None without an overlay.

    Called inside the import's transaction, which holds the fiche's row. Several imports before it
    is settled add up in one conflict.
    """
    overlay = overlay_of(fiche)
    if not overlay:
        return None
    conflit = Conflit.objects.open().select_for_update().filter(fiche=fiche).first()
    if conflit is None:
        return Conflit.objects.create(
            fiche=fiche, importation=importation, surcharge=overlay, changements=_once(what)
        )
    conflit.importation, conflit.surcharge = importation, overlay
    conflit.changements = _once([*conflit.changements, *what])
    conflit.save(update_fields=["importation", "surcharge", "changements"])
    return conflit


def _once(sentences: list[str]) -> list[str]:
    return list(dict.fromkeys(sentences))[:SENTENCES_MAX]


@transaction.atomic
def settle(conflit: Conflit, *, by: Agent, version: int, overlay: Fiche | None = None) -> Conflit:
    """Close a conflict: the overlay holds as it is, or is replaced by that of ``overlay``.

    ``version`` is the fiche's when it was read. Raises `ConflitDepasse` when the fiche changed
    since then or somebody else settled first, and `publish.PublicationImpossible` when the overlay
    does not pass the checks; nothing is written in either case.
    """
    fiche = Fiche.objects.select_for_update().get(pk=conflit.fiche_id)
    stored = Conflit.objects.select_for_update().get(pk=conflit.pk)
    if stored.regle_le is not None:
        raise ConflitDepasse("Ce conflit est déjà réglé.")
    if fiche.version != version:
        raise ConflitDepasse(
            "La fiche a changé pendant votre lecture\u00a0: relisez-la avant de décider."
        )
    if overlay is not None:
        for name in OVERLAY:
            setattr(fiche, name, getattr(overlay, name))
        publish(fiche, by=by, raison="Surcharge revue après un import")
    stored.decision = DecisionConflit.GARDER if overlay is None else DecisionConflit.REVOIR
    stored.regle_le, stored.regle_par = timezone.now(), by
    stored.save(update_fields=["decision", "regle_le", "regle_par"])
    return stored
