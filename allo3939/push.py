"""The push stream: what `allo3939.shared.push` sends, handed to browsers as server-sent events.

Answered natively by the front (`allo3939.asgi`), so that hundreds of idle streams cost no thread.
An event says that something changed, never what. The first one of each connection tells the page to
fetch its state: whatever was missed while it was away is caught up with.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, NamedTuple

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, connection
from django.http import HttpRequest
from redis.exceptions import RedisError

from allo3939.accounts.permissions import may_open
from allo3939.shared.push import (
    CHANNEL_PREFIX,
    PRESENCE_PREFIX,
    agent_channel,
    agents_channel,
    everyone_channel,
    secteur_channel,
    supervision_channel,
)

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEARTBEAT = 15.0  # seconds between two comments, so that no proxy closes an idle stream
SESSION_CHECK = 60.0  # seconds between two looks at the session
SLOW_CLIENT = 10.0  # seconds a browser may take to accept one event
RETRY = 3000  # milliseconds before a browser comes back

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Listener(NamedTuple):
    """Who listens, to what, and where the presence of the agent is kept ("" for nowhere)."""

    agent_id: int
    channels: tuple[str, ...]
    presence: str


# Path of each stream and the name of its line in the table of permissions.
STREAMS = {
    "/flux/secteur/": "flux-secteur",
    "/flux/agent/": "flux-agent",
    "/flux/supervision/": "flux-supervision",
    "/flux/commun/": "flux-commun",
}


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a GET on one of `STREAMS`: 401 without a login, 403 to a role that may not."""
    if scope["method"] != "GET":
        await _refuse(send, 405)
        return
    name = STREAMS[scope["path"]]
    key = _session_key(scope)
    listener = await _listener(key, name)
    if isinstance(listener, int):
        await _refuse(send, listener)
        return
    stream = asyncio.create_task(_stream(listener, key, name, send))
    gone = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({stream, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stream.cancel()
        gone.cancel()
        await asyncio.gather(stream, gone, return_exceptions=True)


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _session_key(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookie = SimpleCookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
            except CookieError:
                return ""
            return cookie.value if cookie else ""
    return ""


@sync_to_async
def _listener(session_key: str, name: str) -> Listener | int:
    """The agent of a session as a listener of the stream ``name``, or the status that refuses."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key or None)
    try:
        agent: Any = get_user(request)
        if not agent.is_authenticated:
            return 401
        if not may_open(agent, name):
            return 403
        everyone = everyone_channel()
        if name == "flux-commun":
            return Listener(agent.pk, (everyone,), "")
        if name == "flux-agent":
            return Listener(agent.pk, (agent_channel(agent.pk), agents_channel(), everyone), "")
        if name == "flux-supervision":
            return Listener(agent.pk, (supervision_channel(), everyone), "")
        slug = agent.secteur.slug
        return Listener(agent.pk, (secteur_channel(slug), everyone), PRESENCE_PREFIX + slug)
    finally:
        # This runs outside any Django request: nothing else would give the connection back.
        if not connection.in_atomic_block:
            connection.close()


async def _stream(listener: Listener, session_key: str, name: str, send: Send) -> None:
    """Send events until the session ends, a server fails or the browser is too slow."""
    client = redis.asyncio.from_url(settings.REDIS_URL)
    started = False
    try:
        async with client.pubsub() as pubsub:
            await pubsub.subscribe(*(CHANNEL_PREFIX + each for each in listener.channels))
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            started = True
            await _pump(client, pubsub, listener, session_key, name, send)
    except (RedisError, DatabaseError, TimeoutError) as error:
        # The browser comes back by itself after RETRY.
        logger.warning("push stream ended: %s", error or type(error).__name__)
    finally:
        await client.aclose()
    if started:
        await send({"type": "http.response.body", "body": b""})
    else:
        await _refuse(send, 503)


async def _pump(
    client: redis.asyncio.Redis,
    pubsub: redis.asyncio.client.PubSub,
    listener: Listener,
    session_key: str,
    name: str,
    send: Send,
) -> None:
    await _mark_present(client, listener)
    await _write(send, f"retry: {RETRY}\nevent: connexion\ndata:\n\n")
    next_beat = time.monotonic() + HEARTBEAT
    next_check = time.monotonic() + SESSION_CHECK
    while True:
        patience = max(0.0, min(next_beat, next_check) - time.monotonic())
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=patience)
        if message is not None:
            event, data = json.loads(message["data"])
            await _write(send, f"event: {event}\ndata: {data}\n\n")
        now = time.monotonic()
        if now >= next_check:
            if await _listener(session_key, name) != listener:
                return
            next_check = now + SESSION_CHECK
        if now >= next_beat:
            await _mark_present(client, listener)
            await _write(send, ": vivant\n\n")
            next_beat = now + HEARTBEAT


async def _mark_present(client: redis.asyncio.Redis, listener: Listener) -> None:
    if listener.presence:
        await client.zadd(listener.presence, {str(listener.agent_id): time.time()})


async def _write(send: Send, text: str) -> None:
    async with asyncio.timeout(SLOW_CLIENT):
        body = {"type": "http.response.body", "body": text.encode(), "more_body": True}
        await send(body)
