"""What the last seven days say of a sector, for its informateurs between two calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allo3939.accounts.models import Secteur
from calls.models import Demande, Transfert

SPAN = timedelta(days=7)
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Semaine:
    """The latest of each kind first, and how many there are in all."""

    lacunes: list[Demande]
    nombre_lacunes: int
    refus: list[Transfert]
    nombre_refus: int


def read_week(secteur: Secteur, *, at: datetime) -> Semaine:
    """The sector's questions closed for want of a fiche, and the cards it refused."""
    gaps = Demande.objects.gaps_of(secteur, since=at - SPAN)
    refusals = Transfert.objects.refused_in(secteur, since=at - SPAN)
    return Semaine(
        lacunes=list(gaps[:SHOWN]),
        nombre_lacunes=gaps.count(),
        refus=list(refusals[:SHOWN]),
        nombre_refus=refusals.count(),
    )
