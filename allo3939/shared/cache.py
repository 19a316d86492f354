"""Django's Redis cache with clients that are kept, what is put aside in it, and what a process
keeps for a moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.core.cache.backends import redis
from redis import RedisError

T = TypeVar("T")
KEPT_MAX = 500  # values of a moment: beyond, those whose moment is over are dropped

Client: Any = redis.RedisCacheClient  # its stubs leave out what is used here


class KeptClient(Client):
    """Django makes a client anew at each call, which takes longer than asking Redis."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: dict[Any, Any] = {}

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)
        client = self._kept.get(pool)
        if client is None:
            client = self._kept[pool] = self._client(connection_pool=pool)
        return client


@lru_cache
def _client_of(servers: tuple[str, ...], **options: Any) -> KeptClient:
    return KeptClient(list(servers), **options)


class Cache(redis.RedisCache):
    """The project's cache: sessions, and nothing that cannot be made again.

    One client, with its connections, for the whole process: the front runs each request in a
    context of its own, and Django keeps a cache, hence connections, for each context.
    """

    # Django's own; its stubs leave them out.
    _servers: list[str]
    _options: dict[str, Any]

    @cached_property
    def _cache(self) -> KeptClient:
        return _client_of(tuple(self._servers), **self._options)


def remembered(keys: Iterable[str]) -> dict[str, Any]:
    """What was put aside under these keys; nothing without Redis."""
    try:
        return cache.get_many(list(keys))
    except RedisError:
        return {}


def remember(values: dict[str, Any], *, seconds: int) -> None:
    """Put aside what can be read again from the base; without Redis, nothing happens."""
    try:
        cache.set_many(values, seconds)
    except RedisError:
        return


def forget(*keys: str) -> None:
    """Have what was put aside under these keys read again; without Redis, nothing is there."""
    try:
        cache.delete_many(keys)
    except RedisError:
        return


class Moment(Generic[T]):
    """Values kept for some seconds in this process, each made by the first that asks for it.

    The others that ask meanwhile wait for it, instead of making it at the same time. The key must
    hold all that the value depends on, save what may be so many seconds late.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._kept: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under the key, made anew once its moment is over."""
        with self._lock:
            now = time.monotonic()
            until, value = self._kept.get(key, (0.0, None))
            if value is None or until <= now:
                value = make()
                if len(self._kept) >= KEPT_MAX:
                    self._kept = {each: kept for each, kept in self._kept.items() if kept[0] > now}
                self._kept[key] = (now + self.seconds, value)
            return value
