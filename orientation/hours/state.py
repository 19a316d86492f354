"""The state of an office at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from orientation.enums import Certitude
from orientation.hours.calendar import Calendar, Piece, holiday, join
from orientation.hours.territory import midnight_after
from orientation.models import Fermeture, HoraireExceptionnel

_SOON = 8  # days searched first for the next opening: nearly always enough
_AHEAD = 15  # two weeks, whatever the holidays
_AHEAD_WHEN_IRREGULAR = 100  # after a season of closure
_FARTHEST = 400
_DAY = timedelta(days=1)

_Span = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class Ouverture:
    """The state of an office at an instant; instants are in the office's own time zone.

    ``jusqu_a``: the end of the present opening; None when none is near. ``prochaine``: the start of
    the next one that is certain; when none is, of the next one « en principe ». ``mention``: what
    the agent must say besides: the motif of an exception, a public holiday, and the remarks as the
    source puts them, of the present opening or, when closed, of the next.
    """

    etat: Literal["ouvert", "ferme", "inconnu"]
    jusqu_a: datetime | None = None
    prochaine: datetime | None = None
    mention: str = ""
    en_principe: bool = False
    """``prochaine`` is likely only: a remark on it was not understood."""
    motif: str = ""
    """Of the exceptional hours or closure that makes the state what it is: « grève nationale »."""
    ferie: str = ""
    """The public holiday that keeps it closed, or uncertain, today: « Noël »."""


def opening(
    plages: Iterable[Mapping[str, Any]],
    *,
    at: datetime,
    departement: str = "",
    commentaire: str = "",
    exceptionnels: Sequence[HoraireExceptionnel] = (),
    fermetures: Sequence[Fermeture] = (),
) -> Ouverture:
    """The state at the aware instant ``at`` of an office open on weekly ranges.

    ``plages``: ``{jour: 0 to 6, debut, fin: "HH:MM", commentaire}``; a range that ends before it
    starts runs past midnight. ``commentaire`` is the source's remark on the hours as a whole.
    ``exceptionnels`` replace the ranges of their days, the last given when several do;
    ``fermetures``, those that concern the office, close it or make it uncertain, whatever else is
    said. On a public holiday of the territory an office is closed, or « inconnu » when it works on
    Sundays; one that never closes stays open.
    """
    calendar = Calendar(
        plages,
        departement=departement,
        commentaire=commentaire,
        exceptionnels=exceptionnels,
        fermetures=fermetures,
    )
    return _state(calendar, at)


def _state(calendar: Calendar, at: datetime) -> Ouverture:
    today = at.astimezone(calendar.zone).date()
    exception = calendar.exception_on(today)
    for ahead in _distances(calendar, at):
        pieces = calendar.pieces(today - _DAY, days=ahead + 1)
        openings = _joined([piece for piece in pieces if piece.certain])
        if openings and openings[-1][0] > at:
            break
    after, in_principle = _next(pieces, openings, at)
    prochaine = after[0].astimezone(calendar.zone) if after else None
    now = [each for each in calendar.fermetures if each.du <= at < each.au]
    closed = [each for each in now if each.certitude == Certitude.FERME]
    ordinary = exception.motif if exception else ""
    motif = next((each.motif for each in closed), ordinary)
    doubt = next((each.motif for each in closed or now), ordinary)
    reasons = join(doubt, *_reasons(calendar, at, prochaine))
    general = "" if exception else calendar.general.text
    for _, end, mention in (span for span in openings if span[0] <= at < span[1]):
        lasting = end >= midnight_after(today + (ahead - 1) * _DAY, calendar.zone)
        until = None if lasting else end.astimezone(calendar.zone)
        said = join(reasons, mention, general)
        return Ouverture("ouvert", until, prochaine, said, in_principle, motif)
    feast = "" if exception else calendar.feast_on(today)
    for piece in pieces:
        if not piece.certain and piece.start <= at < piece.end:
            said = join(reasons, piece.mention, general)
            return Ouverture("inconnu", None, prochaine, said, in_principle, doubt, feast)
    said = join(reasons, holiday(feast), after[2] if after else "", general)
    if calendar.weekly or exception or closed:
        return Ouverture("ferme", None, prochaine, said, in_principle, motif, feast)
    return Ouverture("inconnu", None, prochaine, said, in_principle, doubt)


def _distances(calendar: Calendar, at: datetime) -> Iterator[int]:
    """How many days ahead an opening is to be looked for, farther and farther while none is found.

    At last beyond every exception.
    """
    yield from (_SOON, _AHEAD)
    if not calendar.irregular:
        return
    lasts = [each.au for each in calendar.exceptionnels]
    lasts += [each.au.astimezone(calendar.zone).date() for each in calendar.fermetures]
    today = at.astimezone(calendar.zone).date()
    longest = max(((last - today).days + _AHEAD for last in lasts), default=0)
    yield min(max(longest, _AHEAD_WHEN_IRREGULAR), _FARTHEST)


def _reasons(calendar: Calendar, at: datetime, until: datetime | None) -> list[str]:
    """The motifs of what is exceptional from now to the next opening, or within a week."""
    until = until or at + 7 * _DAY
    today, last = (each.astimezone(calendar.zone).date() for each in (at, until))
    said = [each.motif for each in calendar.fermetures if each.du < until and at < each.au]
    said += [each.motif for each in calendar.exceptionnels if each.du <= last and today <= each.au]
    return said


def _joined(pieces: list[Piece]) -> list[_Span]:
    """Openings without a break between them made one; the mention is that of the first."""
    spans: list[_Span] = []
    for piece in sorted(pieces, key=lambda each: (each.start, each.end)):
        if spans and piece.start <= spans[-1][1]:
            start, end, mention = spans[-1]
            spans[-1] = (start, max(end, piece.end), mention)
        else:
            spans.append((piece.start, piece.end, piece.mention))
    return spans


def _next(pieces: list[Piece], openings: list[_Span], at: datetime) -> tuple[_Span | None, bool]:
    """The next opening, and whether it is « en principe » only, for want of a certain one."""
    if after := next((span for span in openings if span[0] > at), None):
        return after, False
    # All of them: one that starts within an opening is not the next.
    likely = _joined([piece for piece in pieces if piece.likely])
    after = next((span for span in likely if span[0] > at), None)
    return after, after is not None
