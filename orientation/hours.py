"""Whether an office is open at an instant, until when, and when it opens next.

The rule above all others: never a false « ouvert ». A range whose comment is not understood
(« 2e et 4e samedis », « hors vacances scolaires ») answers « inconnu » while it lasts, and is the
next opening « en principe » at most. One closed at a time of the year is sure the rest of the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import holidays

from orientation.models import Organisme
from orientation.remarks import UNREADABLE, Remark, applying, read_remark

PARIS = ZoneInfo("Europe/Paris")
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
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_AHEAD = 15  # days searched for the next opening: two weeks, whatever the holidays
_AHEAD_OF_SEASON = 100  # after a season of closure
_MINUTE = timedelta(minutes=1)
_TOUCHING = timedelta(seconds=60)  # « 23:59 » is how the directory writes midnight


@dataclass(frozen=True, slots=True)
class Ouverture:
    """The state of an office at an instant; instants are in the office's own time zone.

    ``jusqu_a``: the end of the present opening. ``prochaine``: the start of the next one that is
    certain; when none is, of the next one « en principe ». ``mention``: what the agent must say
    besides, as the source puts it, of the present opening or, when closed, of the next.
    """

    etat: Literal["ouvert", "ferme", "inconnu"]
    jusqu_a: datetime | None = None
    prochaine: datetime | None = None
    mention: str = ""
    en_principe: bool = False
    """``prochaine`` is likely only: a remark on it was not understood."""


class _Weekly(NamedTuple):
    """A range of one weekday; without an end it lasts until midnight."""

    day: int
    start: time
    end: time | None
    remark: Remark


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of one calendar day, in instants, with what is known of it."""

    start: datetime
    end: datetime
    certain: bool
    likely: bool
    """Nothing speaks against it but, maybe, a remark that is not understood."""
    mention: str


def zone_of(departement: str) -> ZoneInfo:
    """The time zone of a département (« 974 »); metropolitan time when it is not known."""
    name = _ZONES.get(departement)
    return ZoneInfo(name) if name else PARIS


def opening(
    plages: Iterable[Mapping[str, Any]],
    *,
    at: datetime,
    departement: str = "",
    commentaire: str = "",
) -> Ouverture:
    """The state at the aware instant ``at`` of an office open on weekly ranges.

    ``plages``: ``{jour: 0 to 6, debut, fin: "HH:MM", commentaire}``; a range that ends before it
    starts runs past midnight. ``commentaire`` is the source's remark on the hours as a whole.
    On a public holiday of the territory an office is closed, or « inconnu » when it works on
    Sundays; one that never closes stays open.
    """
    zone = zone_of(departement)
    weekly = [piece for plage in plages for piece in _weekly(plage, departement)]
    if not weekly:
        return Ouverture("inconnu", mention=commentaire)
    general = read_remark(commentaire, departement=departement)
    local = at.astimezone(zone)
    pieces, feast = _unfold(weekly, local, departement, general, _AHEAD)
    seasonal = general.periods or any(each.remark.periods for each in weekly)
    if seasonal and not any(piece.certain and piece.start > at for piece in pieces):
        pieces, feast = _unfold(weekly, local, departement, general, _AHEAD_OF_SEASON)
    openings = _joined([piece for piece in pieces if piece.certain])
    after = _first_after(openings, at)
    likely = after is None
    if likely:
        # All of them: one that starts within an opening is not the next.
        after = _first_after(_joined([piece for piece in pieces if piece.likely]), at)
    prochaine = after[0].astimezone(zone) if after else None
    in_principle = likely and prochaine is not None
    for _, end, mention in (span for span in openings if span[0] <= at < span[1]):
        until = None if end - at > timedelta(days=7) else end.astimezone(zone)
        said = _join(mention, general.text)
        return Ouverture("ouvert", until, prochaine, said, in_principle)
    for piece in pieces:
        if not piece.certain and piece.start <= at < piece.end:
            said = _join(piece.mention, general.text)
            return Ouverture("inconnu", None, prochaine, said, in_principle)
    closed_by = f"jour férié\u00a0: {feast}" if feast else ""
    said = _join(closed_by, after[2] if after else "", general.text)
    return Ouverture("ferme", None, prochaine, said, in_principle)


def opening_of(organisme: Organisme, *, at: datetime) -> Ouverture:
    """The state of a body of the directory at an instant; a body gone from the source: unknown."""
    if organisme.etat != "present":
        return Ouverture("inconnu", mention="organisme disparu de l'annuaire")
    return opening(
        organisme.plages,
        at=at,
        departement=organisme.departement_code,
        commentaire=organisme.commentaire_plages,
    )


def openings_of(organismes: Iterable[Organisme], *, at: datetime) -> list[Ouverture]:
    """The states of bodies, in their order; as many queries for one as for twenty."""
    return [opening_of(organisme, at=at) for organisme in organismes]


def describe(ouverture: Ouverture, *, at: datetime) -> str:
    """The state in words: « Ouvert jusqu'à 16 h », « Fermé · ouvre lundi à 8 h 45 »."""
    if ouverture.etat == "inconnu":
        return "Horaires à vérifier"
    if ouverture.etat == "ouvert":
        if ouverture.jusqu_a is None:
            return "Ouvert en permanence"
        return f"Ouvert jusqu'à {_moment(ouverture.jusqu_a, at)}"
    following = describe_next(ouverture, at=at)
    return f"Fermé · ouvre {following}" if following else "Fermé"


def describe_next(ouverture: Ouverture, *, at: datetime) -> str:
    """The next opening in words: « demain à 9 h », « en principe lundi à 8 h 45 », or ""."""
    if ouverture.prochaine is None:
        return ""
    words = _moment(ouverture.prochaine, at, joiner="à ", name_today=True)
    return f"en principe {words}" if ouverture.en_principe else words


def clock(moment: time | datetime) -> str:
    """An hour as one says it: « 8 h 45 », « 19 h », « minuit »."""
    if moment.hour == 0 and moment.minute == 0:
        return "minuit"
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


def week(plages: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each day's name with its ranges in words and their comments; closed days have none."""
    days: list[list[tuple[str, str, str]]] = [[] for _ in _DAYS]
    for plage in plages:
        start, end, comment = plage["debut"], plage["fin"], plage.get("commentaire", "")
        words = f"{_hour(start)} – {_hour(end)}" if start and end else ""
        days[plage["jour"] % 7].append((start, words, comment))
    return [
        (name, [(words, comment) for _, words, comment in sorted(ranges)])
        for name, ranges in zip(_DAYS, days, strict=True)
    ]


def _hour(text: str) -> str:
    return clock(time.fromisoformat(text))


# --- Instants -----------------------------------------------------------------------------------


def _moment(moment: datetime, at: datetime, *, joiner: str = "", name_today: bool = False) -> str:
    """An instant relative to now, in the office's days; marked when its clock is not Paris's."""
    today = at.astimezone(moment.tzinfo).date()
    day, hour = moment.date(), clock(moment)
    # Midnight is the end of the evening one speaks of, not the start of the next day.
    if not name_today and hour == "minuit" and day == today + timedelta(days=1):
        day = today
    if day == today:
        words = joiner + hour if not name_today else f"aujourd'hui à {hour}"
    else:
        words = f"{_day(day, today)} à {hour}"
    elsewhere = moment.utcoffset() != moment.astimezone(PARIS).utcoffset()
    return f"{words} (heure locale)" if elsewhere else words


def _day(day: date, today: date) -> str:
    if day == today + timedelta(days=1):
        return "demain"
    name = _DAYS[day.weekday()]
    return name if day - today < timedelta(days=7) else f"{name} {day.day}/{day.month:02d}"


def _weekly(plage: Mapping[str, Any], departement: str) -> Iterator[_Weekly]:
    """A range cut at midnight, with what its comment changes."""
    try:
        day = int(plage["jour"]) % 7
    except (KeyError, TypeError, ValueError):
        return
    comment = plage.get("commentaire") or ""
    try:
        start, end = time.fromisoformat(plage["debut"]), time.fromisoformat(plage["fin"])
    except (KeyError, TypeError, ValueError):
        # A day with words but no hours: nothing can be said of that day.
        yield _Weekly(day, time.min, None, read_remark(f"{UNREADABLE}{comment}"))
        return
    comment = applying(comment, start)
    if start == end:
        # « 00:00 – 00:00 » is written both for all day and for nothing: not to be trusted.
        comment = f"{UNREADABLE}{comment}"
    remark = read_remark(comment, departement=departement)
    if start < end:
        yield _Weekly(day, start, end, remark)
        return
    yield _Weekly(day, start, None, remark)
    if start > end > time.min:
        yield _Weekly((day + 1) % 7, time.min, end, remark)


def _unfold(
    weekly: list[_Weekly], local: datetime, departement: str, general: Remark, ahead: int
) -> tuple[list[_Piece], str]:
    """The ranges as instants from yesterday on, and the public holiday of today or ""."""
    closed_days = _public_holidays(departement, local.year, local.year + 1)
    always = _never_closes(weekly) and not general.closed_on_feasts
    sundays = any(each.day == 6 for each in weekly) and not general.closed_on_feasts
    pieces = []
    for offset in range(-1, ahead):
        day = local.date() + timedelta(days=offset)
        feast = "" if always else closed_days.get(day, "")
        if feast and not sundays:
            continue
        for each in weekly:
            remark = each.remark
            if each.day != day.weekday() or (feast and remark.closed_on_feasts):
                continue
            spared = not feast and remark.spares(day) and general.spares(day)
            pieces.append(
                _Piece(
                    _instant(day, each.start, local),
                    _instant(day + timedelta(days=1), time.min, local)
                    if each.end is None
                    else _instant(day, each.end, local),
                    spared and remark.understood and general.understood,
                    spared and remark.likely and general.likely,
                    _join(f"jour férié\u00a0: {feast}" if feast else "", remark.text),
                )
            )
    return pieces, "" if always else closed_days.get(local.date(), "")


def _instant(day: date, hour: time, local: datetime) -> datetime:
    """In UTC: within one zone Python compares wall clocks, wrong when the clocks change."""
    return datetime.combine(day, hour, tzinfo=local.tzinfo).astimezone(ZoneInfo("UTC"))


def _joined(pieces: list[_Piece]) -> list[tuple[datetime, datetime, str]]:
    """Openings without a break between them made one; the mention is that of the first."""
    spans: list[tuple[datetime, datetime, str]] = []
    for piece in sorted(pieces, key=lambda each: (each.start, each.end)):
        if spans and piece.start - spans[-1][1] <= _TOUCHING:
            start, end, mention = spans[-1]
            spans[-1] = (start, max(end, piece.end), mention)
        else:
            spans.append((piece.start, piece.end, piece.mention))
    return spans


def _first_after(
    spans: list[tuple[datetime, datetime, str]], at: datetime
) -> tuple[datetime, datetime, str] | None:
    return next((span for span in spans if span[0] > at), None)


def _never_closes(weekly: list[_Weekly]) -> bool:
    full = {
        each.day
        for each in weekly
        if each.start == time.min
        and (each.end is None or each.end >= time(23, 59))
        and not each.remark.text
    }
    return len(full) == 7


@lru_cache(maxsize=64)
def _public_holidays(departement: str, *years: int) -> dict[date, str]:
    subdivision = _HOLIDAYS.get(departement)
    return dict(
        holidays.country_holidays("FR", subdiv=subdivision, years=years, language="fr").items()
    )


def _join(*parts: str) -> str:
    return " · ".join(dict.fromkeys(part.rstrip(". ") for part in parts if part))
