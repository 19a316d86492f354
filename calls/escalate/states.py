"""The states of a transfer as one machine: every transition stands in `TRANSITIONS`.

A transition compares and swaps the state in one UPDATE, so that of two who act together exactly one
wins; the other gets `TransfertImpossible` with the sentence of `explain`. The database keeps the
rest: one transfer being handed over for a question, one call in hand for an informateur.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from allo3939.shared.push import agent_channel, notify, secteur_channel
from calls.enums import EtatTransfert as E
from calls.models import Transfert


class TransfertImpossible(Exception):
    """The transfer cannot change so; the message is for the agent."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of the machine: the verb that follows it and the fields it fills in."""

    source: E
    target: E
    verb: str
    sets: frozenset[str]


def _arrows(verb: str, sources: tuple[E, ...], target: E, *sets: str) -> list[Transition]:
    return [Transition(source, target, verb, frozenset(sets)) for source in sources]


IN_CONVERSATION = (E.ACCEPTEE, E.EN_CONSULTATION)
BACK = (E.REFUSEE, E.EXPIREE, E.USAGER_PARTI, E.RENDUE)
"""States in which the question is the agent's again."""

TRANSITIONS: tuple[Transition, ...] = (
    *_arrows("offer", (E.PREPAREE,), E.PROPOSEE, "propose_le"),
    *_arrows("accept", (E.PROPOSEE,), E.ACCEPTEE, "informateur", "repondu_le"),
    *_arrows(
        *("refuse", (E.PROPOSEE,), E.REFUSEE),
        *("informateur", "repondu_le", "motif_refus", "revenu_le"),
    ),
    *_arrows("expire", (E.PREPAREE, E.PROPOSEE), E.EXPIREE, "revenu_le"),
    *_arrows("consult", (E.ACCEPTEE,), E.EN_CONSULTATION, "consulte_le"),
    *_arrows("hand_back", IN_CONVERSATION, E.RENDUE, "revenu_le"),
    *_arrows("transfer", IN_CONVERSATION, E.TRANSFEREE, "transfere_le", "mode"),
    *_arrows(
        *("caller_gone", (E.PREPAREE, E.PROPOSEE, *IN_CONVERSATION), E.USAGER_PARTI),
        *("revenu_le",),
    ),
    # A wrong sector sends the question on; the agent sees it go.
    *_arrows(
        *("reroute", (E.PROPOSEE, *IN_CONVERSATION, E.TRANSFEREE), E.REFUSEE),
        *("informateur", "repondu_le", "motif_refus", "revenu_le"),
    ),
    # Level 2 closes a call that nobody said was transferred: it was.
    *_arrows(
        *("finish", (E.ACCEPTEE,), E.TRANSFEREE),
        *("transfere_le", "resultat", "niveau_1", "clos_le"),
    ),
    *_arrows("finish", (E.TRANSFEREE,), E.TRANSFEREE, "resultat", "niveau_1", "clos_le"),
)
_TABLE = {(arrow.verb, arrow.source): arrow for arrow in TRANSITIONS}


def move(transfert: Transfert, verb: str, **fields) -> None:
    """Follow the verb's arrow from the state the transfer is in, as this process last read it.

    ``fields``: exactly those of the arrow. Raises `TransfertImpossible` when no arrow leaves this
    state for the verb, or when somebody was faster.
    """
    arrow = _TABLE.get((verb, E(transfert.etat)))
    if arrow is None:
        raise TransfertImpossible(explain(transfert))
    if fields.keys() != arrow.sets:
        raise TypeError(f"{verb} sets {sorted(arrow.sets)}, not {sorted(fields)}")
    with transaction.atomic():
        row = Transfert.objects.filter(pk=transfert.pk, etat=arrow.source, clos_le=None)
        if not row.update(etat=arrow.target, **fields):
            transfert.refresh_from_db()
            raise TransfertImpossible(explain(transfert))
        for name, value in {"etat": arrow.target, **fields}.items():
            setattr(transfert, name, value)
        tell(transfert)


def explain(transfert: Transfert) -> str:
    """Why a transfer cannot be changed as asked any more, for the one who is too late."""
    if transfert.clos_le:
        return "Cet appel est déjà clos."
    return {
        E.PROPOSEE: "Le secteur n'a pas encore accepté ce transfert.",
        E.ACCEPTEE: "Un collègue vient d'accepter ce transfert.",
        E.EN_CONSULTATION: "Un informateur répond au conseiller, l'usager attend\u00a0: rendez "
        "l'appel ou prenez-le d'abord.",
        E.TRANSFEREE: "Cet appel a déjà été pris.",
        E.REFUSEE: "Un collègue vient de refuser ce transfert.",
        E.EXPIREE: "Le délai est passé\u00a0: le transfert est revenu au conseiller.",
        E.USAGER_PARTI: "L'usager a raccroché.",
        E.RENDUE: "La question a été rendue au conseiller.",
    }.get(E(transfert.etat), "Ce transfert n'attend plus de réponse.")


def tell(transfert: Transfert) -> None:
    """Say to the screens of the sector and of the agent that the transfer changed."""
    notify(secteur_channel(transfert.secteur.slug), "secteur", str(transfert.pk))
    notify(agent_channel(transfert.demande.appel.agent_id), "transfert", str(transfert.pk))
