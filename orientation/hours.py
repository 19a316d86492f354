"""Whether an office is open at an instant, until when, and when it opens next.

The rule above all others: never a false « ouvert ». A range whose comment is not understood
(« 2e et 4e samedis », « hors vacances scolaires ») answers « inconnu » while it lasts, and is not
promised as a next opening.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import holidays

from orientation.locate import fold
from orientation.models import Organisme

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
_MINUTE = timedelta(minutes=1)
_TOUCHING = timedelta(seconds=60)  # « 23:59 » is how the directory writes midnight

# Comments under which the office is open all the same. Read folded, by whole comment.
_APPOINTMENT = re.compile(
    r"(?:accueil |ouvert |ouverture |reception |permanence )?(?:du public |physique )*"
    r"(?:uniquement |seulement |exclusivement )?"
    r"(?:sur|avec) (?:rendez vous|rdv|prise de rendez vous)"
    r"(?: uniquement| seulement| exclusivement| obligatoire| prealable| de preference)*"
)
_HARMLESS = re.compile(
    r"(?:accueil |ouvert |ouverture )?(?:du public |physique )*"
    r"(?:avec ou )?sans (?:rendez vous|rdv)"
    r"|(?:accueil|ouverture)(?: du public| physique| physique et telephonique)*"
    r"|ferme(?:e|ture)? (?:les |des )?jours feries"
)
_UNREADABLE = "\x00"  # marks a range whose hours are not to be trusted; never in a text
_MORNING = re.compile(r"\b(?:le|les|du) matins?\b")
_AFTERNOON = re.compile(r"\b(?:l|les|d) apres midis?\b")


@dataclass(frozen=True, slots=True)
class Ouverture:
    """The state of an office at an instant; instants are in the office's own time zone.

    ``jusqu_a``: the end of the present opening. ``prochaine``: the start of the next one that is
    certain. ``mention``: what the agent must say besides, as the source puts it, of the present
    opening or, when closed, of the next.
    """

    etat: Literal["ouvert", "ferme", "inconnu"]
    jusqu_a: datetime | None = None
    prochaine: datetime | None = None
    mention: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of one calendar day, in instants, with what is known of it."""

    start: datetime
    end: datetime
    certain: bool
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
    weekly = [piece for plage in plages for piece in _weekly(plage)]
    if not weekly:
        return Ouverture("inconnu", mention=commentaire)
    general, certain = _reading(commentaire)
    local = at.astimezone(zone)
    pieces, feast = _unfold(weekly, local, departement, certain)
    openings = _joined([piece for piece in pieces if piece.certain])
    after = next((span for span in openings if span[0] > at), None)
    prochaine = after[0].astimezone(zone) if after else None
    for _, end, mention in (span for span in openings if span[0] <= at < span[1]):
        until = None if end - at > timedelta(days=7) else end.astimezone(zone)
        return Ouverture("ouvert", until, prochaine, _join(mention, general))
    for piece in pieces:
        if not piece.certain and piece.start <= at < piece.end:
            return Ouverture("inconnu", None, prochaine, _join(piece.mention, general))
    closed_by = f"jour férié\u00a0: {feast}" if feast else ""
    return Ouverture("ferme", None, prochaine, _join(closed_by, after[2] if after else "", general))


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
    """The next certain opening in words: « demain à 9 h », « lundi à 8 h 45 », or ""."""
    if ouverture.prochaine is None:
        return ""
    return _moment(ouverture.prochaine, at, joiner="à ", name_today=True)


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


def _weekly(plage: Mapping[str, Any]) -> Iterable[tuple[int, time, time | None, str]]:
    """A weekly range cut at midnight: weekday, start, end (None: midnight), comment."""
    try:
        day = int(plage["jour"]) % 7
    except (KeyError, TypeError, ValueError):
        return
    try:
        start, end = time.fromisoformat(plage["debut"]), time.fromisoformat(plage["fin"])
    except (KeyError, TypeError, ValueError):
        # A day with words but no hours: nothing can be said of that day.
        yield day, time.min, None, f"{_UNREADABLE}{plage.get('commentaire') or ''}"
        return
    comment = _applying(plage.get("commentaire") or "", start)
    if start == end:
        # « 00:00 – 00:00 » is written both for all day and for nothing: not to be trusted.
        yield day, start, None, f"{_UNREADABLE}{comment}"
    elif start < end:
        yield day, start, end, comment
    else:
        yield day, start, None, comment
        if end != time.min:
            yield (day + 1) % 7, time.min, end, comment


def _unfold(
    weekly: list[tuple[int, time, time | None, str]],
    local: datetime,
    departement: str,
    general_certain: bool,
) -> tuple[list[_Piece], str]:
    """The ranges as instants from yesterday on, and the public holiday of today or ""."""
    closed_days = _public_holidays(departement, local.year, local.year + 1)
    always = _never_closes(weekly)
    sundays = any(day == 6 for day, *_ in weekly)
    pieces = []
    for offset in range(-1, _AHEAD):
        day = local.date() + timedelta(days=offset)
        feast = "" if always else closed_days.get(day, "")
        if feast and not sundays:
            continue
        for weekday, start, end, comment in weekly:
            if weekday != day.weekday():
                continue
            mention, certain = _reading(comment)
            pieces.append(
                _Piece(
                    _instant(day, start, local),
                    _instant(day + timedelta(days=1), time.min, local)
                    if end is None
                    else _instant(day, end, local),
                    certain and general_certain and not feast,
                    _join(f"jour férié\u00a0: {feast}" if feast else "", mention),
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


def _never_closes(weekly: list[tuple[int, time, time | None, str]]) -> bool:
    full = {
        day
        for day, start, end, comment in weekly
        if start == time.min and (end is None or end >= time(23, 59)) and not comment
    }
    return len(full) == 7


@lru_cache(maxsize=64)
def _public_holidays(departement: str, *years: int) -> dict[date, str]:
    subdivision = _HOLIDAYS.get(departement)
    return dict(
        holidays.country_holidays("FR", subdiv=subdivision, years=years, language="fr").items()
    )


# --- Comments -----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _reading(comment: str) -> tuple[str, bool]:
    """What to mention, and whether the hours can be trusted under this comment."""
    text = comment.strip()
    if text.startswith(_UNREADABLE):
        return text.removeprefix(_UNREADABLE) or "horaires absents de la source", False
    folded = fold(text)
    if not folded or _HARMLESS.fullmatch(folded):
        return text, True
    if _APPOINTMENT.fullmatch(folded):
        return text, True
    return text, False


def _applying(comment: str, start: time) -> str:
    """The comment if it concerns a range that starts then: « … l'après-midi » spares mornings."""
    folded = fold(comment)
    if any(char.isdigit() for char in folded):  # « de 9 h à 11 h et les après-midi »
        return comment
    morning, afternoon = bool(_MORNING.search(folded)), bool(_AFTERNOON.search(folded))
    if morning == afternoon:
        return comment
    return comment if morning == (start < time(12)) else ""


def _join(*parts: str) -> str:
    return " · ".join(dict.fromkeys(part.rstrip(". ") for part in parts if part))
