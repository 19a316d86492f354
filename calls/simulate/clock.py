"""Another present for the verbs, while a day is simulated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone


@dataclass
class Clock:
    """An instant that moves only when told to."""

    instant: datetime

    def read(self) -> datetime:
        return self.instant

    def forward(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


@contextmanager
def another_present(start: datetime) -> Iterator[Clock]:
    """`timezone.now()` answers the clock's instant in this process, until the end of the block.

    Every verb asks `django.utils.timezone` for the present, and so does `auto_now_add`: each
    instant is written once, right, and passes the constraints as it does at a desk. Rows shifted
    afterwards would need a list of their columns, and no transfer could expire in the meantime.
    For a command that does nothing else: other threads of the process would live in that present.
    """
    clock = Clock(start)
    with patch.object(timezone, "now", clock.read):
        yield clock
