"""The history of a fiche: what agents had at an instant, and what each line changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from knowledge.differ.words import Passage, compare_words
from knowledge.enums import Etat
from knowledge.models import Fiche, Parution

# The long texts, for a list that only names the versions.
_HEAVY = ("contenu", "parcours", "texte", "gabarits", "services", "sources")
_SAME = timedelta(seconds=5)  # between a publication and its line of history


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line of history, and what it put before the agents when it is a publication."""

    etat: Any
    """The fiche as it was (a row of its history)."""
    parution: Parution | None


def lines(fiche: Fiche) -> Any:
    """The rows of history, the latest first, without their long texts; to be cut in pages."""
    return fiche.history.select_related("history_user").defer(*_HEAVY)


def with_publications(fiche: Fiche, rows: Any) -> list[Ligne]:
    """Each row with the publication it is; one query for all."""
    shown = list(rows)
    known = {
        parution.version: parution
        for parution in fiche.parutions.filter(version__in={row.version for row in shown})
    }
    return [Ligne(row, _publication(row, known.get(row.version))) for row in shown]


def line_of(fiche: Fiche, number: str) -> Any:
    """The row of this number, whole; None when the fiche has none."""
    known = number.isascii() and number.isdigit() and len(number) < 19
    return fiche.history.filter(history_id=number).first() if known else None


def as_of(fiche: Fiche, *, at: datetime) -> Any:
    """The row in force at an instant; None before the first. Its ``etat`` says whether agents had
    the fiche then."""
    past = fiche.history.filter(history_date__lte=at)
    return past.order_by("-history_date", "-history_id").first()


def changed_words(fiche: Fiche, row: Any) -> list[Passage]:
    """What a row changed for who reads the fiche, word by word; all of it for the first."""
    before = (
        fiche.history.filter(history_date__lte=row.history_date, history_id__lt=row.history_id)
        .order_by("-history_date", "-history_id")
        .first()
    )
    return compare_words(before.instance if before else Fiche(), row.instance)


def _publication(row: Any, parution: Parution | None) -> Parution | None:
    if parution is None or row.etat != Etat.PUBLIEE:
        return None
    return parution if abs(row.history_date - parution.parue_le) < _SAME else None
