"""From a call to a proposition: what a call says of a fiche that did not do, without anybody in it.

Only what is about the fiche is taken: the words searched, the situation answered, what was said,
what the agent missed. Each text goes through the anonymity guard once more, and what may identify
somebody is masked: the proposition outlives the call's own texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from allo3939.accounts.models import Agent
from allo3939.shared.analyse import fold
from allo3939.shared.anonymity import mask
from calls.enums import Niveau1
from calls.models import Transfert
from knowledge import propose
from knowledge.enums import Nature, OrigineProposition
from knowledge.models import Fiche, Proposition

TITLE_MAX, REASON_MAX, KEYWORD_MAX = 200, 300, 120


def describe(transfert: Transfert) -> dict[str, Any]:
    """What of a call goes with a proposition: ``question``, ``situation``, ``dit``, ``motif``,
    ``precision``; nothing that identifies, no place, no instant, no key of the call."""
    card = transfert.carte
    return {
        "question": mask(card.get("question", "")),
        "situation": [mask(text) for text in card.get("situation", [])],
        "dit": mask(card.get("dit", "")),
        "motif": str(transfert.get_motif_display()),
        "precision": mask(transfert.precision),
    }


def attach_fiches(transferts: Iterable[Transfert], *, agent: Agent) -> list[Transfert]:
    """The transfers, each with ``corrigeables``: the fiches of its card that the agent may write
    on, the one that led to the sector first; and ``a_ecrire``: whether one is missing. One query.
    """
    found = list(transferts)
    references = {each for transfert in found for each in _references(transfert)}
    own: Any = Fiche.objects.editable_by(agent).readable()
    named = own.among(references) | own.keyed({transfert.fiche_id for transfert in found})
    known = list(named.for_list()) if found else []
    for transfert in found:
        seen = _references(transfert)
        transfert.corrigeables = sorted(  # type: ignore[attr-defined]
            (fiche for fiche in known if fiche.pk == transfert.fiche_id or fiche.reference in seen),
            key=lambda fiche: (fiche.pk != transfert.fiche_id, fiche.reference),
        )
        transfert.a_ecrire = (  # type: ignore[attr-defined]
            transfert.niveau_1 == Niveau1.FICHE_A_CREER
        )
    return found


def _references(transfert: Transfert) -> list[str]:
    return [each["reference"] for each in transfert.carte.get("fiches", [])]


@transaction.atomic
def correct_fiche(transfert: Transfert, *, fiche: Fiche, by: Agent) -> Proposition:
    """The agent's proposition on a fiche, born of a call: the caller's words are among the
    keywords when the fiche lacks them, and what was missing is the reason.

    One that the agent is writing already is left as it is. Raises `propose.PropositionInterdite`.
    """
    contexte = describe(transfert)
    proposition = propose.open_proposition(
        fiche, by=by, origine=OrigineProposition.APPEL, contexte=contexte
    )
    if proposition.champs or proposition.revision or proposition.contexte != contexte:
        return proposition
    edited = propose.as_typed(proposition)
    words = contexte["question"][:KEYWORD_MAX]
    if words and fold(words) not in map(fold, [edited.titre, *edited.mots_cles]):
        edited.mots_cles = [*edited.mots_cles, words]
    return propose.save(
        proposition,
        by=by,
        edited=edited,
        lue=None,
        revision=proposition.revision,
        motif=_reason(contexte),
    )


def write_fiche(transfert: Transfert, *, by: Agent) -> Proposition:
    """A fiche to come, in the agent's sector, filled from a call: the question is its title and
    its first keyword. Raises `propose.PropositionInterdite`."""
    contexte = describe(transfert)
    begun = Proposition.objects.of_author(by).in_writing().born_of(contexte).for_page()
    found = next((each for each in begun if each.fiche.publiee_le is None), None)
    if found is not None:  # asked twice
        return found
    words = contexte["question"]
    champs: dict[str, Any] = {"titre": words[:1].upper() + words[1:TITLE_MAX]} if words else {}
    if words:
        champs["mots_cles"] = [words[:KEYWORD_MAX]]
    proposition = propose.create_fiche(
        by=by,
        nature=Nature.REPONSE,
        champs=champs,
        origine=OrigineProposition.APPEL,
        contexte=contexte,
    )
    proposition.motif = _reason(contexte)
    proposition.save(update_fields=["motif"])
    return proposition


def _reason(contexte: dict[str, Any]) -> str:
    told = contexte["precision"] or contexte["question"]
    return f"Un appel\u00a0: {told or contexte['motif'].lower()}"[:REASON_MAX]
