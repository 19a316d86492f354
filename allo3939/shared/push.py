"""Tell open screens that something changed; they then fetch what it is themselves.

Redis carries the word, `allo3939.push` hands it to the browsers. A word that is lost costs a delay:
every screen also asks from time to time.
"""

import json
import logging
from functools import lru_cache

import redis
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

CHANNEL_PREFIX = "a39:flux:"
PRESENCE_PREFIX = "a39:presence:"
REDIS_TIMEOUT = 1.0  # seconds: a screen must not wait for a broker in trouble


def secteur_channel(slug: str) -> str:
    """The channel of the informateurs of a sector."""
    return f"secteur:{slug}"


def agent_channel(agent_id: int) -> str:
    """The channel of one agent's own screens."""
    return f"agent:{agent_id}"


def supervision_channel() -> str:
    """The channel of the superviseurs."""
    return "supervision"


def agents_channel() -> str:
    """The channel of the consoles of every agent of level 1."""
    return "agents"


def everyone_channel() -> str:
    """The channel of every open screen, whoever the agent is."""
    return "tous"


@lru_cache(maxsize=1)
def redis_client() -> redis.Redis:
    """The process's Redis client, answering or failing within a second."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT
    )


def notify(channel: str, event: str, data: str = "") -> None:
    """Send an event to the screens listening to a channel, once the transaction is committed.

    ``data`` is an identifier, never content: what it stands for is fetched under the reader's own
    rights. Never raises.
    """
    transaction.on_commit(lambda: _send(channel, event, data))


def _send(channel: str, event: str, data: str) -> None:
    try:
        redis_client().publish(CHANNEL_PREFIX + channel, json.dumps([event, data]))
    except redis.RedisError as error:
        logger.warning("push not sent on %s: %s", channel.partition(":")[0], error)
