"""Whether a number or a mailbox is that of a public body of the directory.

Kept in memory as sorted fingerprints of eight bytes, about a megabyte for a full directory, read at
the first number that a free text holds and again after an import.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial

from allo3939.shared.anonymity import IsPublic
from allo3939.shared.changes import Kept
from orientation.models import Organisme

_COUNTRY = re.compile(r"^(?:\+|00)(?:33|262|590|594|596)0?(?=[1-9]\d{8}$)")
_DIGITS = "0123456789"


def open_directory() -> IsPublic:
    """How to tell, by the directory as it is now."""
    return partial(_is_public, _KNOWN.get())


def _is_public(known: array[int], value: str) -> bool | None:
    """True for a number (« 0243397272 ») or a mailbox of a body.

    False for a number that differs from a body's by one figure, or by two that changed places: it
    was misheard, and may be anybody's. None when the directory cannot tell.
    """
    if not known:
        return None
    if "@" in value:
        return True if _holds(known, value.lower()) else None
    if _holds(known, value):
        return True
    return False if any(_holds(known, near) for near in _neighbours(value)) else None


def _neighbours(number: str) -> Iterator[str]:
    for at, digit in enumerate(number):
        yield from (
            f"{number[:at]}{other}{number[at + 1 :]}" for other in _DIGITS if other != digit
        )
        if at and digit != number[at - 1]:
            yield f"{number[: at - 1]}{digit}{number[at - 1]}{number[at + 1 :]}"


def _holds(known: array[int], value: str) -> bool:
    mark = _mark(value)
    at = bisect_left(known, mark)
    return at < len(known) and known[at] == mark


def _mark(value: str) -> int:
    return int.from_bytes(hashlib.blake2b(value.encode(), digest_size=8).digest())


def _read() -> array[int]:
    marks: set[int] = set()
    for telephones, mailboxes in Organisme.objects.ways_to_reach():
        for telephone in telephones:
            digits = re.sub(r"[^\d+]", "", str(telephone.get("numero", "")))
            if digits:
                marks.add(_mark(_COUNTRY.sub("0", digits)))
        marks.update(_mark(mailbox.strip().lower()) for mailbox in mailboxes)
    return array("Q", sorted(marks))


_KNOWN: Kept[array[int]] = Kept("organismes", read=_read)
