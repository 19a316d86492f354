"""The day in figures, for superviseurs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Avg, Count, F
from django.db.models.functions import Coalesce

from allo3939.accounts.models import Secteur
from calls.models import Appel, CodeIssue, Demande, Transfert

LEVEL_1 = "Niveau 1"


@dataclass(frozen=True, slots=True)
class Row:
    """Questions of one sector (or of level 1), by outcome code in the order of the codes."""

    secteur: str
    nombres: list[int]
    total: int
    transferts: int
    acceptes: int


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day; durations in seconds, None while there is nothing to average."""

    appels: int
    en_cours: int
    demandes: int
    duree_moyenne: int | None
    conversation_moyenne: int | None
    apres_appel_moyen: int | None
    codes: list[CodeIssue]
    lignes: list[Row]
    totaux: Row


def count_day(day: date) -> Day:
    """The day's calls and questions, by outcome and sector, in a constant number of queries."""
    calls = Appel.objects.on(day).aggregate(
        total=Count("pk"),
        closed=Count("termine_le"),
        mean=Avg(F("termine_le") - F("commence_le")),
        talk=Avg(Coalesce("raccroche_le", "termine_le") - F("commence_le")),
        after=Avg(F("termine_le") - Coalesce("raccroche_le", "termine_le")),
    )
    codes = list(CodeIssue.objects.all())
    cells: dict[tuple[int | None, str], int] = {
        (row["secteur"], row["issue"]): row["n"]
        for row in Demande.objects.of_calls_on(day)
        .filter(issue__isnull=False)
        .values("secteur", "issue")
        .annotate(n=Count("pk"))
    }
    offered: dict[int, int] = defaultdict(int)
    accepted: dict[int, int] = defaultdict(int)
    transfers = Transfert.objects.of_calls_on(day)
    for row in transfers.values("secteur", "informateur", "motif_refus"):
        offered[row["secteur"]] += 1
        accepted[row["secteur"]] += bool(row["informateur"] and not row["motif_refus"])

    def line(name: str, key: int | None) -> Row:
        numbers = [cells.get((key, code.code), 0) for code in codes]
        moved = (offered[key], accepted[key]) if key else (0, 0)
        return Row(name, numbers, sum(numbers), *moved)

    rows = [line(secteur.nom, secteur.pk) for secteur in Secteur.objects.all()]
    rows.append(line(LEVEL_1, None))
    totals = Row(
        "Total",
        [sum(row.nombres[column] for row in rows) for column in range(len(codes))],
        sum(row.total for row in rows),
        sum(row.transferts for row in rows),
        sum(row.acceptes for row in rows),
    )
    return Day(
        appels=calls["total"],
        en_cours=calls["total"] - calls["closed"],
        demandes=totals.total,
        duree_moyenne=_seconds(calls["mean"]),
        conversation_moyenne=_seconds(calls["talk"]),
        apres_appel_moyen=_seconds(calls["after"]),
        codes=codes,
        lignes=rows,
        totaux=totals,
    )


def _seconds(mean: timedelta | None) -> int | None:
    return None if mean is None else round(mean.total_seconds())
