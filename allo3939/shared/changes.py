"""The lines that each host's search index follows."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.transaction import TransactionManagementError

from allo3939.shared.models import Changement

# Above this many keys, reading everything again costs an index no more than the list would.
KEYS_LIMIT = 1000
EVERYTHING = "*"
_LOCK = 3_939_001  # any number of our own


def record_change(genre: str, keys: Iterable[str]) -> None:
    """Tell the indexes of ``genre`` ("fiches", "organismes") which objects to read again.

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
