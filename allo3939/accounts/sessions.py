"""Sessions kept in the base and read from Redis: without Redis, a page costs one query more."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import cached_db
from redis import RedisError


class SessionStore(cached_db.SessionStore):
    """Django's own, except that a Redis that does not answer fails no page.

    Signing out still needs Redis: a session said to be over must not come back with it.
    """

    def load(self) -> dict[str, Any]:
        try:
            return super().load()
        except RedisError:
            return super(cached_db.SessionStore, self).load()  # from the base

    def exists(self, session_key: str) -> bool:
        try:
            return super().exists(session_key)
        except RedisError:
            return self.get_model_class().objects.filter(session_key=session_key).exists()
