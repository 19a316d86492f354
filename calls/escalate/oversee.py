"""A question that three sectors in a row did not take: a superviseur is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from allo3939.shared.push import notify, supervision_channel
from calls.enums import SANS_SUITE
from calls.models import Demande, Transfert

REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Alerte:
    """A question in progress that was sent back too often, with each return in its order."""

    demande: Demande
    retours: list[Transfert]
    dernier: Transfert
    """Its last transfer, which may be on its way or taken meanwhile."""


def tell_supervision(demande_id: int) -> None:
    """Tell the superviseurs, once committed, when the question was sent back once too often."""
    if Transfert.objects.sent_back().filter(demande=demande_id).count() >= REFUSALS:
        notify(supervision_channel(), "alerte", str(demande_id))


def sent_back_questions() -> list[Alerte]:
    """The day's questions in progress that were refused or left unanswered three times or more,
    the oldest first."""
    questions = Demande.objects.current().on(timezone.localdate()).sent_back(REFUSALS)
    return [
        Alerte(demande, [item for item in transferts if item.etat in SANS_SUITE], transferts[-1])
        for demande in questions.with_transferts()
        if (transferts := list(demande.transferts.all()))
    ]
