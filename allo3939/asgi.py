"""The one front: push streams natively, every other page through Django's WSGI application.

Django's own ASGI handler serves a small page three times slower than its WSGI one, and threads
alone would spend one on each idle stream (docs/adr/0002-one-front-wsgi-behind-sse.md).
"""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import Any

from django.conf import settings

# Loads Django: what follows imports models.
from allo3939.wsgi import application as wsgi_application  # isort: split

from allo3939 import push
from allo3939.pages import Pages
from allo3939.warm import warm

# One database connection for each thread that serves pages, and two left for the streams.
THREADS = max(1, settings.DATABASE_POOL - 2)

# Seconds a thread keeps the interpreter while others want it. A page asks the base a dozen times,
# and has to get the interpreter back after each: with Python's own 5 ms, one long page beside it
# would cost it as many times that.
sys.setswitchinterval(0.0005)

# Python looks for what can be thrown away when so many objects were made since the last time, of
# which a page makes several hundred: up to 20 ms in the middle of a page. After so many pages it is
# made to look in the first moment without any; the first number is for a process that has none.
GARBAGE_MAX = 100_000
PAGES_MAX = 50
gc.set_threshold(GARBAGE_MAX, 10, 10)

# Seconds that a process may take to warm up before it answers: building an index anew takes longer,
# and goes on beside the first pages.
WARMING = 5.0


class Front:
    def __init__(self) -> None:
        pages: Any = wsgi_application  # each side writes WSGI's types its own way
        self.pages = Pages(pages, workers=THREADS)
        self.being_written = self.written = 0

    async def __call__(self, scope: push.Scope, receive: push.Receive, send: push.Send) -> None:
        if scope["type"] == "lifespan":
            await _warm_up()
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        if scope["path"] in push.STREAMS:
            await push.answer(scope, receive, send)
            return
        # WSGI writes "-" and "_" alike: a header with "_" could pass for one that the proxy sets.
        scope["headers"] = [pair for pair in scope["headers"] if b"_" not in pair[0]]
        await self._write(scope, receive, send)

    async def _write(self, scope: push.Scope, receive: push.Receive, send: push.Send) -> None:
        self.being_written += 1
        try:
            await self.pages(scope, receive, send)
        finally:
            self.being_written -= 1
            self.written += 1
        if self.written >= PAGES_MAX and not self.being_written:
            self.written = 0
            gc.collect()


async def _warm_up() -> None:
    warming = asyncio.get_running_loop().run_in_executor(None, warm)
    await asyncio.wait([warming], timeout=WARMING)


application = Front()
