"""What the directory is narrowed by, kept in memory: fifty-five thousand bodies in about 30 MB.

A set of bodies is an integer, one bit for each body in the order of the list: to cross two sets and
count what they share takes a microsecond, so that every count of every facet is exact at each
keystroke. A process reads the table once, then follows the lines that imports and corrections write
(`allo3939.shared.changes`), as the search indexes do. Nothing shown comes from here but counts: the
lines of a page are read from the table.
"""

from __future__ import annotations

import logging
import threading
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, compress
from math import nan
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

from allo3939.shared.changes import EVERYTHING
from allo3939.shared.models import Changement
from orientation.hours import follows_clock, territory_of
from orientation.models import Organisme
from orientation.opened import Weeks

logger = logging.getLogger(__name__)

_AT_ONCE = 0.3  # seconds: a table read in less is read within the request
_GENRE = "organismes"
_PATCHES = 200  # bodies read again one by one; beyond, all are
_COMMON = 500  # bodies: a word found in more of them is kept as a set

Numbers = dict[str, "array[int]"]  # the bodies that have a value

_BITS = bytes.maketrans(b"01", b"\x00\x01")


def members(bits: int) -> list[int]:
    """The numbers of a set's bodies, in order."""
    digits = f"{bits:b}"[::-1].encode().translate(_BITS)
    return list(compress(range(len(digits)), digits))


class _Row(NamedTuple):
    """A row of `OrganismeQuerySet.for_columns`; ``plages`` is the text of its JSON."""

    id: UUID
    name: str
    types: list[str]
    commune: str
    departement: str
    postcode: str
    access: str | None
    pays: str | None
    latitude: float | None
    longitude: float | None
    plages: str
    remark: str

    @property
    def territory(self) -> str:
        return territory_of(self.departement, postcode=self.postcode)

    @property
    def has_hours(self) -> bool:
        return self.plages != "[]" and follows_clock(self.territory, pays=self.pays or "")

    def fixed(self) -> int:
        """A print of what no correction changes."""
        place = (
            self.commune,
            self.departement,
            self.postcode,
            self.pays,
            self.latitude,
            self.longitude,
        )
        return hash((self.name, *self.types, *place))


class Columns:
    """The bodies that are present, numbered in the order of the list (name, then identifier).

    ``rows``: those of `OrganismeQuerySet.for_columns`.
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.ids: list[UUID] = []
        self.latitudes, self.longitudes = array("d"), array("d")
        self.weeks = Weeks()
        self._fixed: list[int] = []
        kinds: Numbers = {}
        departements: Numbers = {}
        access: Numbers = {}
        self._communes: Numbers = {}
        self._postcodes: Numbers = {}
        self._words: Numbers = {}
        territories: Numbers = {}
        texts: dict[str, str] = {}
        for body, row in enumerate(map(_Row._make, rows)):
            self.ids.append(row.id)
            self._fixed.append(row.fixed())
            self.latitudes.append(nan if row.latitude is None else row.latitude)
            self.longitudes.append(nan if row.longitude is None else row.longitude)
            for kind in row.types:
                kinds.setdefault(kind, array("i")).append(body)
            for word in set(row.name.split()):
                self._words.setdefault(word, array("i")).append(body)
            departements.setdefault(row.departement, array("i")).append(body)
            access.setdefault(row.access or "", array("i")).append(body)
            self._communes.setdefault(row.commune, array("i")).append(body)
            self._postcodes.setdefault(row.postcode, array("i")).append(body)
            territories.setdefault(row.territory, array("i")).append(body)
            if row.has_hours:
                plages = texts.setdefault(row.plages, row.plages)
                self.weeks.add(body, plages, remark=row.remark, territory=row.territory)
        self._numbers = {pk: body for body, pk in enumerate(self.ids)}
        self._sorted_words, self._sorted_postcodes = sorted(self._words), sorted(self._postcodes)
        self.everything = (1 << len(self.ids)) - 1
        self.kinds = {code: self.bits(bodies) for code, bodies in kinds.items()}
        self.departements = {code: self.bits(bodies) for code, bodies in departements.items()}
        self.territories = {code: self.bits(bodies) for code, bodies in territories.items()}
        self.access = {code: self.bits(bodies) for code, bodies in access.items()}
        self._common = {
            word: self.bits(bodies) for word, bodies in self._words.items() if len(bodies) > _COMMON
        }
        self._open: tuple[datetime, int] | None = None

    def bits(self, bodies: Iterable[int]) -> int:
        """The set of some bodies."""
        flags = bytearray(len(self.ids) // 8 + 1)
        for body in bodies:
            flags[body >> 3] |= 1 << (body & 7)
        return int.from_bytes(flags, "little")

    def point(self, body: int) -> tuple[float, float]:
        """Latitude and longitude; not numbers when they are not known."""
        return self.latitudes[body], self.longitudes[body]

    def of(self, pks: Iterable[UUID]) -> int:
        """The set of the bodies with these identifiers; unknown ones are passed over."""
        return self.bits(self._numbers[pk] for pk in pks if pk in self._numbers)

    def named(self, words: Sequence[str]) -> int:
        """Bodies whose name, initials or town hold a word that starts so, for each folded word."""
        found = self.everything
        for word in words:
            found &= self._starting(self._words, self._sorted_words, word)
        return found

    def in_departement(self, code: str) -> int:
        """Bodies of a département, or of the postcodes that start so."""
        own = self.departements.get(code, 0)
        return own | self._starting(self._postcodes, self._sorted_postcodes, code)

    def standing_in(self, *, communes: Iterable[str], postcode: str = "") -> int:
        """Bodies that stand in the communes or under the postcode; not those that serve them."""
        here = [body for commune in communes for body in self._communes.get(commune, ())]
        return self.bits([*here, *self._postcodes.get(postcode, ())] if postcode else here)

    def open_at(self, at: datetime) -> int:
        """Bodies whose weekly hours say that they are open, sure; read once a minute."""
        minute = at.replace(second=0, microsecond=0)
        known = self._open
        if known is None or known[0] != minute:
            known = self._open = minute, self.bits(self.weeks.open_at(minute))
        return known[1]

    def patch(self, keys: set[UUID], rows: Iterable[tuple[Any, ...]]) -> bool:
        """Take in what ``rows`` now say of the bodies of ``keys``; False if all must be read again.

        All, for a body that is new, or has another name, kind or place: the order is no more right.
        """
        left = keys.copy()
        for row in map(_Row._make, rows):
            left.discard(row.id)
            body = self._numbers.get(row.id)
            if body is None or self._fixed[body] != row.fixed():
                return False
            bit = 1 << body
            for value, bits in self.access.items():
                self.access[value] = bits & ~bit
            self.access[row.access or ""] = self.access.get(row.access or "", 0) | bit
            plages = row.plages if row.has_hours else "[]"
            self.weeks.replace(body, plages, remark=row.remark, territory=row.territory)
            self.everything |= bit
        self.everything &= ~self.of(left)
        self._open = None
        return True

    def _starting(self, index: Numbers, values: Sequence[str], start: str) -> int:
        first = bisect_left(values, start)
        past = bisect_left(values, start + "\U0010ffff", lo=first)
        matching = values[first:past]
        found = self.bits(
            chain.from_iterable(index[value] for value in matching if value not in self._common)
        )
        for value in matching:
            found |= self._common.get(value, 0)
        return found


class _Follower:
    """The columns of this process, and the last line that they have taken in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[int, Columns] | None = None
        self._seconds = 0.0  # that the last reading of the whole table took

    def get(self) -> Columns:
        """The columns as of the last line, one query when there is none since.

        One thread brings them up to date; the others go on with the older ones meanwhile. Where
        the whole table is to be read, which takes seconds, no request waits for it.
        """
        held = self._held
        if not self._lock.acquire(blocking=held is None):
            assert held is not None  # noqa: S101  # the lock is waited for otherwise
            return held[1]
        apart = False
        try:
            fresh = self._follow(self._held)
            if fresh is None and self._held is not None and self._seconds > _AT_ONCE:
                threading.Thread(target=self._read_apart, daemon=True).start()
                apart = True
                return self._held[1]
            self._held = fresh or self._read()
            return self._held[1]
        finally:
            if not apart:
                self._lock.release()

    def _follow(self, held: tuple[int, Columns] | None) -> tuple[int, Columns] | None:
        """What is held with what has changed since; None when the whole table is to be read."""
        if held is None:
            return None
        last, keys = _lines_since(held[0])
        if keys is None:
            return None
        if not keys:
            return held
        rows = Organisme.objects.present().for_columns().among(keys)
        return (last, held[1]) if held[1].patch(keys, rows) else None

    def _read(self) -> tuple[int, Columns]:
        # The lines before the table: what is committed in between is read twice, never missed.
        started = time.monotonic()
        last, _ = _lines_since(None)
        rows = Organisme.objects.present().for_columns().order_by("nom", "id")
        read = Columns(rows.iterator(chunk_size=2000))
        self._seconds = time.monotonic() - started
        return last, read

    def _read_apart(self) -> None:
        """Read it in a thread of its own, which holds the lock; the next request tries again."""
        try:
            self._held = self._read()
        except Exception:
            logger.exception("The directory's columns were not read anew")
        finally:
            connections.close_all()
            self._lock.release()


def _lines_since(start: int | None) -> tuple[int, set[UUID] | None]:
    """The last line, and what those after ``start`` name; None when everything is to be read.

    Everything too when that line is no more there: the database is not the one it was.
    """
    lines = Changement.objects.filter(genre=_GENRE, pk__gte=start or 0).order_by("-pk")
    found = list(lines.values_list("pk", "cles")[: _PATCHES if start else 1])
    last = found[0][0] if found else 0
    if not found or start != found[-1][0]:
        return last, None
    keys = {key for _, cles in found[:-1] for key in cles}
    if EVERYTHING in keys or len(keys) > _PATCHES:
        return last, None
    return last, {UUID(key) for key in keys}


_FOLLOWER = _Follower()


def columns() -> Columns:
    """The bodies as the last import or correction left them."""
    return _FOLLOWER.get()
