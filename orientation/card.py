"""What the card of a body tells besides its sentence: appointment, usual hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orientation.hours import Ouverture, week, zone_of
from orientation.models import Organisme
from orientation.say import access, sur_rendez_vous

Jour = tuple[str, list[tuple[str, str]]]
"""A day's name with its ranges in words and their remarks."""


@dataclass(frozen=True, slots=True)
class Acces:
    """How and when one may come."""

    rendez_vous: str
    """« Il faut prendre rendez-vous. »; "" when the source does not tell."""
    aujourd_hui: Jour | None
    """The usual hours of today, where the body is; None when it has none at all."""
    semaine: list[Jour]


def read_access(organisme: Organisme, ouverture: Ouverture, *, at: datetime) -> Acces:
    """Appointment and usual hours of a body at the aware instant ``at``; no query.

    Usual hours leave out what is exceptional: ``ouverture`` tells it.
    """
    days = week(organisme.plages) if organisme.plages else []
    today = at.astimezone(zone_of(organisme.departement_code)).weekday()
    asked = access(organisme, ouverture)[0] if sur_rendez_vous(organisme) else ""
    return Acces(asked, _said_once(days[today]) if days else None, days)


def _said_once(day: Jour) -> Jour:
    """A remark that all the ranges of a day bear, after the last one only."""
    name, ranges = day
    if len({remark for _, remark in ranges}) != 1:
        return day
    *first, last = ranges
    return name, [*((words, "") for words, _ in first), last]
