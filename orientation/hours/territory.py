"""The clock and the public holidays of each territory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
_UTC = ZoneInfo("UTC")
_MINUTE = timedelta(minutes=1)
_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
# Territories whose public holidays differ, as the package `holidays` names them.
_HOLIDAYS = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "984": "TF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}


def zone_of(departement: str) -> ZoneInfo:
    """The time zone of a département (« 974 »); metropolitan time when it is not known."""
    name = _ZONES.get(departement)
    return ZoneInfo(name) if name else PARIS


def has_clock(departement: str) -> bool:
    """Whether the time there is known: not so of what lies overseas without being listed."""
    return departement in _ZONES or departement[:2] not in ("97", "98")


def by_own_clock(instant: datetime, zone: ZoneInfo) -> datetime:
    """When a clock of the zone shows what that of Paris shows at the instant, in UTC."""
    if zone is PARIS:
        return instant
    shown = instant.astimezone(PARIS)
    return shown.replace(tzinfo=zone).astimezone(_UTC)


def zones_of(departements: Iterable[str]) -> set[ZoneInfo]:
    """The time zones of some départements; none named: all of them."""
    return {zone_of(code) for code in departements} or {PARIS, *map(zone_of, _ZONES)}


def feast_of(day: date, *, departement: str) -> str:
    """The public holiday of that day in the territory, in French, or ""."""
    return _feasts(_HOLIDAYS.get(departement), day.year).get(day, "")


def starts(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, when a clock of the zone has shown that hour for the last time."""
    return _instant(day, hour, zone, fold=1)


def ends(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, when a clock of the zone shows that hour for the first time."""
    return _instant(day, hour, zone, fold=0)


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """The end of a day, in UTC."""
    return ends(day + timedelta(days=1), time.min, zone)


@lru_cache(maxsize=1 << 14)  # offices of one zone open at the same hours
def _instant(day: date, hour: time, zone: ZoneInfo, *, fold: int) -> datetime:
    # In UTC: within one zone Python compares wall clocks, wrong when the clocks change.
    local = datetime.combine(day, hour, tzinfo=zone).replace(fold=fold)
    instant = local.astimezone(_UTC)
    shown = instant.astimezone(zone)
    if shown.replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # An hour that the clocks skip: the instant of their change, whichever end is meant.
    instant = local.replace(fold=1).astimezone(_UTC)
    offset = instant.astimezone(zone).utcoffset()
    while instant.astimezone(zone).utcoffset() == offset:
        instant += _MINUTE
    return instant


@lru_cache(maxsize=128)
def _feasts(subdivision: str | None, year: int) -> dict[date, str]:
    return dict(
        holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr").items()
    )
