"""Informateurs free to take a call.

The push front writes, for each connected informateur, the instant of the last heartbeat in the
Redis sorted set ``a39:presence:<sector>``; one who has a call in hand is not free.
"""

from __future__ import annotations

import time
from typing import Any

from redis import RedisError

from allo3939.accounts.models import Secteur
from allo3939.shared.push import PRESENCE_PREFIX, redis_client
from calls.models import Transfert

HEARTBEAT_SECONDS = 45  # three missed heartbeats: gone


def connected(slug: str) -> set[int]:
    """Keys of the informateurs of a sector whose desk is open; empty when Redis is away."""
    try:
        members: Any = redis_client().zrangebyscore(
            PRESENCE_PREFIX + slug, time.time() - HEARTBEAT_SECONDS, "+inf"
        )
    except RedisError:
        return set()
    return {int(member) for member in members}


def count_available() -> dict[str, int]:
    """Sector slug → informateurs connected and without a call in hand."""
    busy = set(Transfert.objects.in_hand().values_list("informateur_id", flat=True))
    return {
        slug: len(connected(slug) - busy) for slug in Secteur.objects.values_list("slug", flat=True)
    }
