"""Django's WSGI application in threads, with one passage from the thread to the loop for each page.

At each passage the thread waits until the loop has been woken and has answered. a2wsgi makes four
of them for a form and its answer: the body asked for, the answer's head, what it says, its end.
"""

from __future__ import annotations

import io
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder

# Bytes of an answer held until it is whole; what is larger goes as it comes (exports, scripts).
HELD_MAX = 1_000_000


class Pages(WSGIMiddleware):
    """The application, to be served beside what the loop answers itself."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await _Answer(self.app, self.executor, self.send_queue_size)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Answer(WSGIResponder):
    """a2wsgi's, which reads a short form before the thread begins and hands on the answer whole."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        first = await receive()
        if first["type"] == "http.disconnect":  # nobody is there to be answered
            return
        self.form = None if first.get("more_body") else first.get("body", b"")
        self.held: list[Any] = []
        self.size = 0
        await super().__call__(scope, _after(first, receive), send)

    def wsgi(self, environ: Any, start_response: Any) -> None:
        if self.form is not None:
            environ["wsgi.input"] = io.BytesIO(self.form)
        super().wsgi(environ, start_response)

    def send(self, message: Any) -> None:
        self.held.append(message)
        self.size += len(message.get("body", b""))
        if self.size > HELD_MAX:
            self._hand_on()

    def _hand_on(self) -> None:
        for message in self.held:
            super().send(message)
        self.held, self.size = [], 0

    async def sender(self, send: Any) -> None:
        await super().sender(send)  # until the thread has ended
        for message in self.held:
            await send(message)


def _after(first: Any, receive: Any) -> Any:
    """What gives the first part of a body, which was read already, then the others.

    It fails when the browser leaves in the middle: a2wsgi would take the part that came for the
    whole form.
    """
    read = iter([first])

    async def give() -> Any:
        message = next(read, None) or await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the browser left before the end of its request")
        return message

    return give
