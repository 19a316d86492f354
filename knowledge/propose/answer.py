"""From a brief to a proposition: the agents' words begin the fiche, or tell what one lacks."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from allo3939.accounts.models import Agent
from knowledge import misses
from knowledge.enums import Nature, OrigineProposition
from knowledge.models import Fiche, Lacune, Proposition
from knowledge.propose.draft import create_fiche, open_proposition

QUESTIONS = 12  # wordings kept beside the form


@transaction.atomic
def write_answer(lacune: Lacune, *, by: Agent) -> Proposition:
    """A new fiche for a brief: title and keywords in the agents' words, their questions beside.

    Publishing it fills the brief. One begun already is gone on with. Raises `misses.LacuneClose`
    and `PropositionInterdite`.
    """
    if lacune.fiche is not None and lacune.fiche.publiee_le is None:
        return improve_answer(lacune, fiche=lacune.fiche, by=by)
    found = misses.group_of_brief(lacune)
    begun: dict[str, Any] = misses.begin_fiche(found) if found else {"titre": lacune.titre}
    begun["titre"] = lacune.titre
    proposition = create_fiche(
        by=by,
        nature=Nature.REPONSE,
        champs=begun,
        origine=OrigineProposition.LACUNE,
        contexte=_context(lacune, found),
    )
    proposition.motif = _reason(lacune)
    proposition.save(update_fields=["motif"])
    misses.answer_by(lacune, fiche=proposition.fiche)
    return proposition


@transaction.atomic
def improve_answer(lacune: Lacune, *, fiche: Fiche, by: Agent) -> Proposition:
    """A proposition on a fiche that did not do, with the agents' words beside.

    Publishing it fills the brief. Raises as `write_answer`.
    """
    proposition = open_proposition(fiche, by=by, origine=OrigineProposition.LACUNE)
    proposition.contexte |= _context(lacune, misses.group_of_brief(lacune))
    proposition.motif = proposition.motif or _reason(lacune)
    proposition.save(update_fields=["contexte", "motif"])
    misses.answer_by(lacune, fiche=fiche)
    return proposition


def _reason(lacune: Lacune) -> str:
    return f"Répond à\u00a0: {lacune.titre}"[:300]


def _context(lacune: Lacune, found: misses.Groupe | None) -> dict[str, Any]:
    """What a form shows beside it: the questions as agents searched them, and what was missing."""
    return {
        "lacune": lacune.pk,
        "questions": [said.texte for said in found.formulations[:QUESTIONS]] if found else [],
        "precisions": [said.texte for said in found.precisions[:QUESTIONS]] if found else [],
    }
