"""What agents said of the fiches when they closed: insufficient, or useless."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from allo3939.shared.cache import remember, remembered
from calls.models import Consultation, Demande

INSUFFISANTE = "FI"  # the outcome of a question whose fiche did not do
KEPT = 92 * 86_400  # seconds: longer than any page looks back
_DAY = timedelta(days=1)


class Retour(NamedTuple):
    """A question that a fiche did not answer well; no word of it is kept here."""

    fiche: int
    demande: int
    le: datetime


def fed_back(*, since: date, on: date) -> list[Retour]:
    """The questions since a day that ended with a fiche insufficient or useless.

    A day that is over does not change any more (questions are put right the same day): it is read
    once and remembered, today is read each time. Two queries at most.
    """
    keys = {_key(day): day for day in _days(since, on - _DAY)}
    known: dict[str, list[Any]] = remembered(keys)
    found = [Retour(*row) for rows in known.values() for row in rows]
    missing = [day for key, day in keys.items() if key not in known]
    today = _read(on, on)[on]
    if missing:
        read = _read(missing[0], missing[-1])
        remember({_key(day): list(map(tuple, read[day])) for day in missing}, seconds=KEPT)
        found += [row for day in missing for row in read[day]]
    return [*found, *today]


def reasons(keys: Iterable[int]) -> dict[int, str]:
    """What the agents said was wrong, for each of these questions in which they said it."""
    rows = Demande.objects.filter(pk__in=list(keys)).values_list(
        "pk", "precision", "motif_inutile", "question"
    )
    return {pk: text for pk, *texts in rows if (text := next(filter(None, texts), ""))}


def _key(day: date) -> str:
    # One Redis may serve several bases.
    return f"retours:{connection.settings_dict['NAME']}:{day}"


def _days(first: date, last: date) -> list[date]:
    return [first + _DAY * rank for rank in range((last - first).days + 1)]


def _read(first: date, last: date) -> dict[date, list[Retour]]:
    """By the day the fiche was opened. Of the fiches of a question, the last answer fiche read is
    the one that was meant, else the last fiche."""
    zone = timezone.get_default_timezone()
    rows = (
        Consultation.objects.filter(
            ouverte_le__gte=datetime.combine(first, time.min, zone),
            ouverte_le__lt=datetime.combine(last + _DAY, time.min, zone),
            demande__termine_le__isnull=False,
        )
        .filter(Q(demande__issue=INSUFFISANTE) | Q(demande__fiche_utile=False))
        .order_by("demande_id", "-fiche__nature", "-lue_le", "-pk")
        .distinct("demande_id")
        .values_list("fiche_id", "demande_id", "demande__termine_le", "ouverte_le")
    )
    found: dict[date, list[Retour]] = defaultdict(list)
    for fiche, demande, closed, opened in rows:
        retour = Retour(fiche, demande, closed or opened)  # closed they all are
        found[timezone.localdate(opened, zone)].append(retour)
    return found
