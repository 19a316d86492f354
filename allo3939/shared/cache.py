"""Django's Redis cache with clients that are kept."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends import redis

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


class Cache(redis.RedisCache):
    """The project's cache: sessions, and nothing that cannot be made again."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
