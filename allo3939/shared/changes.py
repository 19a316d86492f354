"""The lines that each host's search index follows, and what else a process keeps of tables."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.transaction import TransactionManagementError

from allo3939.shared.composed import Composed
from allo3939.shared.models import Changement

# Above this many keys, reading everything again costs an index no more than the list would.
KEYS_LIMIT = 1000
EVERYTHING = "*"
_LOCK = 3_939_001  # any number of our own

_LINES = Changement.objects.order_by("-id").values_list("id", "ecrit_le")
_LAST: Composed[Any] = Composed(lambda: _LINES[:1])
_LAST_OF: Composed[Any] = Composed(lambda genres: _LINES.filter(genre__any_of=genres)[:1])

Line = tuple[int, str]  # id of a line and when it was written
T = TypeVar("T")


def record_change(genre: str, keys: Iterable[str]) -> None:
    """Tell who follows ``genre`` ("fiches", "organismes", "langue"…) which objects to read again.

    Called inside the transaction of the change: the line appears with it or not at all. The key
    ``"*"`` (given, or written instead of a very long list) means everything. No key, no line.

    The lock, held until the commit, makes lines visible in the order of their ids: without it an
    index that has applied line 8 would never see line 7, committed later.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("record_change() belongs in the change's transaction")
    distinct = sorted(set(keys))
    if not distinct:
        return
    if EVERYTHING in distinct or len(distinct) > KEYS_LIMIT:
        distinct = [EVERYTHING]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    Changement.objects.create(genre=genre, cles=distinct)


def last_line() -> Line:
    """The last line of all, (0, "") before the first: asked at each letter typed."""
    for number, written in _LAST.ask():
        return number, str(written)
    return 0, ""


def dates_of(numbers: Iterable[int]) -> dict[int, str]:
    """When these lines were written, for those that the table holds."""
    lines = Changement.objects.filter(id__in=numbers).values_list("id", "ecrit_le")
    return {0: ""} | {number: str(written) for number, written in lines}


class _Reached:
    """The last line of all that this process has seen, whatever its genre."""

    line: Line | None = None


def reached(line: Line) -> None:
    """Say which line is now the last one: whoever asks the table anyway tells it here."""
    _Reached.line = line


@dataclass(frozen=True)
class _Copy(Generic[T]):
    reached: Line | None
    own: Line | None
    value: T


class Kept(Generic[T]):
    """What a process keeps of some tables, read again once a line of their genres was written.

    Being up to date costs no query of its own: it is enough that the last line `reached` is the
    one of the last look. One thread reads; the others go on with the older copy meanwhile.
    """

    def __init__(self, *genres: str, read: Callable[[], T]) -> None:
        self._genres, self._read = genres, read
        self._copy: _Copy[T] | None = None
        self._lock = threading.Lock()

    def get(self) -> T:
        """The copy, as of the last line reached: no query, one, or those of reading anew."""
        copy = self._copy
        if copy is not None and _is_last(copy.reached):
            return copy.value
        if not self._lock.acquire(blocking=copy is None):
            assert copy is not None  # noqa: S101  # the lock is waited for otherwise
            return copy.value
        try:
            return self._renew()
        finally:
            self._lock.release()

    def _renew(self) -> T:
        copy, last = self._copy, _Reached.line
        if copy is not None and _is_last(copy.reached):
            return copy.value  # another thread has just done it
        # The line before the tables: what is committed in between is read twice, never missed.
        own = self._last_line()
        value = copy.value if copy is not None and copy.own == own else self._read()
        self._copy = _Copy(last, own, value)
        return value

    def _last_line(self) -> Line | None:
        for number, written in _LAST_OF.ask(list(self._genres)):
            return number, str(written)
        return None


def _is_last(line: Line | None) -> bool:
    return line is not None and line == _Reached.line
