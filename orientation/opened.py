"""Which bodies of the directory are open at an instant, thousands at once.

By the rules of `hours`, read once a day for all bodies of the same hours, so that nothing is said
here that is not said of each body: only a stretch that is certain counts. Exceptional hours and
closures are none of it: `facets.open_bodies` adds them.
"""

from __future__ import annotations

import json
from array import array
from datetime import date, datetime, timedelta
from typing import NamedTuple

from orientation.hours import Calendar, feast_of, zone_of

_DAY = timedelta(days=1)

# Elsewhere the clock, the public holidays and the reading of remarks are those of the metropolis.
_APART = ("57", "67", "68", "97", "98")


class Hours(NamedTuple):
    """The weekly hours that bodies share; ``plages`` is the text of their JSON."""

    plages: str
    remark: str
    territory: str


_Stretches = dict[tuple[datetime, datetime], list["array[int]"]]


class Weeks:
    """The weekly hours of many bodies; bodies are numbered from 0."""

    def __init__(self) -> None:
        self._bodies: dict[str, dict[Hours, array[int]]] = {}
        self._days: dict[str, tuple[date, _Stretches]] = {}
        self._replaced: dict[int, Weeks] = {}

    def add(self, body: int, plages: str, *, remark: str, territory: str) -> None:
        """Note the hours of a body, as `Organisme.plages` and `commentaire_plages` hold them."""
        alike = territory if territory.startswith(_APART) else ""
        shared = self._bodies.setdefault(zone_of(territory).key, {})
        shared.setdefault(Hours(plages, remark, alike), array("i")).append(body)

    def replace(self, body: int, plages: str, *, remark: str, territory: str) -> None:
        """Other hours for one body, as `add` takes them."""
        own = Weeks()
        own.add(body, plages, remark=remark, territory=territory)
        # A new dictionary: another thread may be reading the one before.
        self._replaced = {**self._replaced, body: own}

    def open_at(self, at: datetime) -> set[int]:
        """The bodies certainly open at an aware instant, each by its own clock."""
        found: set[int] = set()
        for zone in self._bodies:
            for (start, end), groups in self._today(zone, at).items():
                if start <= at < end:
                    found.update(*groups)
        for body, own in self._replaced.items():
            found.discard(body)
            found |= own.open_at(at)
        return found

    def _today(self, zone: str, at: datetime) -> _Stretches:
        shared = self._bodies[zone]
        today = at.astimezone(zone_of(next(iter(shared)).territory)).date()
        known = self._days.get(zone)
        if known is None or known[0] != today:
            known = self._days[zone] = today, _stretches(shared, today)
        return known[1]


def _stretches(shared: dict[Hours, array[int]], day: date) -> _Stretches:
    """The certain stretches of a day, with the bodies of each."""
    found: _Stretches = {}
    known: dict[Hours, list[tuple[datetime, datetime]]] = {}
    for hours, bodies in shared.items():
        own = _of_day(hours, day)
        if own not in known:
            known[own] = _certain(own, day)
        for stretch in known[own]:
            found.setdefault(stretch, []).append(bodies)
    return found


def _of_day(hours: Hours, day: date) -> Hours:
    """The hours without the other days of the week, which have no word on that one.

    A public holiday, that day or the night before, asks for the whole week.
    """
    before = day - _DAY
    if any(feast_of(each, departement=hours.territory) for each in (before, day)):
        return hours
    wanted = (before.weekday(), day.weekday())
    plages = [plage for plage in json.loads(hours.plages) if plage.get("jour") in wanted]
    return hours._replace(plages=json.dumps(plages))


def _certain(hours: Hours, day: date) -> list[tuple[datetime, datetime]]:
    calendar = Calendar(
        json.loads(hours.plages),
        departement=hours.territory,
        commentaire=hours.remark,
        exceptionnels=(),
        fermetures=(),
    )
    pieces = calendar.pieces(day, days=1)
    return [(piece.start, piece.end) for piece in pieces if piece.certain]
