"""Weekly and exceptional ranges unfolded into instants, with what is certain of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orientation.enums import Certitude
from orientation.hours.territory import ends, feast_of, midnight_after, starts, zone_of
from orientation.models import Fermeture, HoraireExceptionnel
from orientation.remarks import UNREADABLE, Remark, applying, read_remark

_DAY = timedelta(days=1)
_LAST_MINUTE = time(23, 59)  # how the directory writes midnight
_SUNDAY = 6
_BESIDE = " · "


class _Weekly(NamedTuple):
    """A range of one weekday; without an end it lasts until midnight."""

    day: int
    start: time
    end: time | None
    remark: Remark
    tail: bool = False
    """It is the morning of a night that began the day before."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one calendar day, in instants, with what is known of it."""

    start: datetime
    end: datetime
    certain: bool
    likely: bool
    """Nothing speaks against it but, maybe, a remark that is not understood."""
    mention: str


class Calendar:
    """When an office is open, day by day, in its own time zone.

    ``exceptionnels`` replace the weekly ranges of their days, the last given first;
    ``fermetures`` cut whatever is open.
    """

    def __init__(
        self,
        plages: Iterable[Mapping[str, Any]],
        *,
        departement: str,
        commentaire: str,
        exceptionnels: Sequence[HoraireExceptionnel],
        fermetures: Sequence[Fermeture],
    ) -> None:
        self.zone: ZoneInfo = zone_of(departement)
        self.departement = departement
        self.weekly = [piece for plage in plages for piece in _weekly(plage, departement)]
        self.general = read_remark(commentaire, departement=departement)
        self.exceptionnels = exceptionnels
        self.fermetures = fermetures

    @cached_property
    def irregular(self) -> bool:
        """Whether a certain opening may come after weeks without any."""
        if self.exceptionnels:
            return True
        understood = [each.remark for each in self.weekly if each.remark.understood]
        if not understood or not self.general.understood:
            return False
        remarks = (self.general, *understood)
        return bool(self.fermetures) or any(each.periods or each.selects for each in remarks)

    @cached_property
    def _never_closes(self) -> bool:
        full = {
            each.day
            for each in self.weekly
            if each.start == time.min and each.end is None and not each.remark.text
        }
        return len(full) == 7 and not self.general.closed_on_feasts

    @cached_property
    def _works_on_feasts(self) -> bool:
        """An office that works on Sundays may."""
        sundays = any(each.day == _SUNDAY for each in self.weekly)
        return sundays and not self.general.closed_on_feasts

    def exception_on(self, day: date) -> HoraireExceptionnel | None:
        """What replaces the weekly ranges of that day."""
        return next(
            (each for each in reversed(self.exceptionnels) if each.du <= day <= each.au), None
        )

    def feast_on(self, day: date) -> str:
        """The public holiday that speaks against that day's ranges, or ""."""
        return "" if self._never_closes else feast_of(day, departement=self.departement)

    def pieces(self, first: date, *, days: int) -> list[Piece]:
        """Each stretch of the days from the first on, cut by closures; in no order."""
        found: list[Piece] = []
        for offset in range(days):
            day = first + offset * _DAY
            if exception := self.exception_on(day):
                found += self._exceptional(exception, day)
            else:
                found += self._ordinary(day)
        for fermeture in self.fermetures:
            found = [part for piece in found for part in _cut(piece, fermeture)]
        return found

    def _ordinary(self, day: date) -> Iterator[Piece]:
        for each in self.weekly:
            if each.day != day.weekday():
                continue
            days = (day - _DAY, day) if each.tail else (day,)
            if self.exception_on(days[0]) or not self._includes(each.remark, days[0]):
                continue
            feast = next(filter(None, map(self.feast_on, days)), "")
            if feast and not (self._works_on_feasts and not each.remark.closed_on_feasts):
                continue
            spared = not feast and all(
                each.remark.spares(on) and self.general.spares(on) for on in days
            )
            understood = each.remark.understood and self.general.understood
            likely = each.remark.likely and self.general.likely
            mention = join(holiday(feast), each.remark.text)
            yield from self._piece(
                day, each.start, each.end, spared and understood, spared and likely, mention
            )

    def _includes(self, remark: Remark, day: date) -> bool:
        return remark.includes(day) and self.general.includes(day)

    def _exceptional(self, exception: HoraireExceptionnel, day: date) -> Iterator[Piece]:
        sure = self._holds(exception, day)
        ranges: list[tuple[time, time | None, date]] = []
        for plage in exception.plages:
            read = _read(plage)
            if read is None:
                yield from self._piece(day, time.min, None, False, False, exception.motif)
                continue
            start, end = read
            if end is None or start < end:
                ranges.append((start, end, day))
                continue
            ranges.append((start, None, day))
            # The night ends on a day that has its own hours, unless they are these.
            if end > time.min and self.exception_on(day + _DAY) in (None, exception):
                ranges.append((time.min, end, day + _DAY))
        for start, end, on in ranges:
            yield from self._piece(on, start, end, sure, sure, exception.motif)

    def _holds(self, exception: HoraireExceptionnel, day: date) -> bool:
        """Whether exceptional hours are certain that day.

        Hours given for a summer do not open a mairie on its Sundays: where some days of the period
        are ordinary ones of the office, the others are doubtful.
        """
        if self._usual(day):
            return True
        length = min((exception.au - exception.du).days + 1, 31)
        return not any(self._usual(exception.du + rank * _DAY) for rank in range(length))

    def _usual(self, day: date) -> bool:
        if self.feast_on(day):
            return False
        if not self.weekly:
            return day.weekday() != _SUNDAY
        return any(each.day == day.weekday() and not each.tail for each in self.weekly)

    def _piece(
        self, day: date, start: time, end: time | None, certain: bool, likely: bool, mention: str
    ) -> Iterator[Piece]:
        first = starts(day, start, self.zone)
        last = midnight_after(day, self.zone) if end is None else ends(day, end, self.zone)
        if first < last:
            yield Piece(first, last, certain, likely, mention)


def holiday(feast: str) -> str:
    """« jour férié : Noël », or ""."""
    return f"jour férié\u00a0: {feast}" if feast else ""


def join(*parts: str) -> str:
    """Remarks side by side, each once."""
    each = (one.rstrip(". ") for part in parts for one in part.split(_BESIDE))
    return _BESIDE.join(dict.fromkeys(filter(None, each)))


def _cut(piece: Piece, fermeture: Fermeture) -> Iterator[Piece]:
    """What an exceptional closure leaves of a stretch: nothing, or a doubt, while it lasts."""
    if fermeture.au <= piece.start or piece.end <= fermeture.du:
        yield piece
        return
    if piece.start < fermeture.du:
        yield replace(piece, end=fermeture.du)
    if fermeture.certitude != Certitude.FERME:
        yield replace(
            piece,
            start=max(piece.start, fermeture.du),
            end=min(piece.end, fermeture.au),
            certain=False,
            mention=join(fermeture.motif, piece.mention),
        )
    if fermeture.au < piece.end:
        yield replace(piece, start=fermeture.au)


def _read(plage: Mapping[str, Any]) -> tuple[time, time | None] | None:
    """The ends of a range, midnight as None; None when they cannot be trusted."""
    try:
        start, end = time.fromisoformat(plage["debut"]), time.fromisoformat(plage["fin"])
    except (KeyError, TypeError, ValueError):
        return None
    if start == end:  # « 00:00 – 00:00 » is written both for all day and for nothing
        return None
    return start, None if end in (time.min, _LAST_MINUTE) else end


def _weekly(plage: Mapping[str, Any], departement: str) -> Iterator[_Weekly]:
    """A range cut at midnight, with what its comment changes."""
    try:
        day = int(plage["jour"]) % 7
    except (KeyError, TypeError, ValueError):
        return
    comment = plage.get("commentaire") or ""
    read = _read(plage)
    if read is None:
        # A day with words but no hours: nothing can be said of that day.
        yield _Weekly(day, time.min, None, read_remark(f"{UNREADABLE}{comment}"))
        return
    start, end = read
    remark = read_remark(applying(comment, start), departement=departement, jour=day)
    if end is None or start < end:
        yield _Weekly(day, start, end, remark)
        return
    yield _Weekly(day, start, None, remark)
    yield _Weekly((day + 1) % 7, time.min, end, remark, tail=True)
