"""Hours in words, as one says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from orientation.hours.state import Ouverture
from orientation.hours.territory import PARIS

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)


def describe(ouverture: Ouverture, *, at: datetime) -> str:
    """The state in words: « Ouvert jusqu'à 16 h », « Fermé · ouvre lundi à 8 h 45 »."""
    if ouverture.etat == "inconnu":
        return "Horaires à vérifier"
    if ouverture.etat == "ouvert":
        if ouverture.jusqu_a is None:
            return "Ouvert en permanence"
        return f"Ouvert jusqu'à {moment(ouverture.jusqu_a, at=at)}"
    following = describe_next(ouverture, at=at)
    return f"Fermé · ouvre {following}" if following else "Fermé"


def describe_next(ouverture: Ouverture, *, at: datetime, spoken: bool = False) -> str:
    """The next opening in words: « demain à 9 h », « en principe lundi à 8 h 45 », or "".

    ``spoken``: a far day is « lundi 4 janvier » rather than « lundi 4/01 ».
    """
    if ouverture.prochaine is None:
        return ""
    words = moment(ouverture.prochaine, at=at, name_today=True, spoken=spoken)
    return f"en principe {words}" if ouverture.en_principe else words


def clock(moment: time | datetime) -> str:
    """An hour as one says it: « 8 h 45 », « 19 h », « minuit »."""
    if moment.hour == 0 and moment.minute == 0:
        return "minuit"
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


def week(plages: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each day's name with its ranges in words and their comments; closed days have none."""
    days: list[list[tuple[str, str, str]]] = [[] for _ in DAYS]
    for plage in plages:
        start, end, comment = plage["debut"], plage["fin"], plage.get("commentaire", "")
        words = f"{_hour(start)} – {_hour(end)}" if start and end else ""
        days[plage["jour"] % 7].append((start, words, comment))
    return [
        (name, [(words, comment) for _, words, comment in sorted(ranges)])
        for name, ranges in zip(DAYS, days, strict=True)
    ]


def moment(
    moment: datetime, *, at: datetime, name_today: bool = False, spoken: bool = False
) -> str:
    """An instant relative to now, in the office's days; marked when its clock is not Paris's."""
    today = at.astimezone(moment.tzinfo).date()
    day, hour = moment.date(), clock(moment)
    # Midnight is the end of the evening one speaks of, not the start of the next day.
    if not name_today and hour == "minuit" and day == today + timedelta(days=1):
        day = today
    words = hour if day == today and not name_today else f"{_day(day, today, spoken)} à {hour}"
    elsewhere = moment.utcoffset() != moment.astimezone(PARIS).utcoffset()
    return f"{words} (heure locale)" if elsewhere else words


def _hour(text: str) -> str:
    return clock(time.fromisoformat(text))


def _day(day: date, today: date, spoken: bool) -> str:
    if day == today:
        return "aujourd'hui"
    if day == today + timedelta(days=1):
        return "demain"
    name = DAYS[day.weekday()]
    if day - today < timedelta(days=7):
        return name
    if not spoken:
        return f"{name} {day.day}/{day.month:02d}"
    return f"{name} {day.day}{'er' if day.day == 1 else ''} {_MONTHS[day.month - 1]}"
