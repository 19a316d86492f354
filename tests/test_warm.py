"""What a web process reads before its first page."""

import asyncio
import logging
import threading

from allo3939 import asgi
from allo3939.shared.anonymity.lists import lists
from allo3939.warm import warm
from calls.record import log
from knowledge.search import FICHES
from orientation.search import ORGANISMES


def test_both_indexes_are_open_and_know_their_words_before_the_first_search(transactional_db):
    warm()
    for index in (FICHES, ORGANISMES):
        assert index._cards is not None
        assert "forms" in vars(index._cards.vocabulary)


def test_the_lists_of_the_anonymity_guard_are_read_before_the_first_note(transactional_db):
    lists.cache_clear()
    warm()
    assert lists.cache_info().currsize == 1


def test_what_an_action_asks_is_composed_before_the_first_one(transactional_db):
    vars(log._CALL).pop("_composed", None)
    warm()
    assert "_composed" in vars(log._CALL)


def test_a_process_without_its_index_starts_and_says_why(
    transactional_db, settings, tmp_path, monkeypatch, caplog
):
    def away(*args, **options):
        raise OSError("the disk is away")

    monkeypatch.setattr("allo3939.warm.propose", away)
    with caplog.at_level(logging.ERROR):
        warm()
    assert "the disk is away" in caplog.text


def test_the_front_says_it_has_started_once_warm_or_after_a_while(monkeypatch):
    goes_on = threading.Event()
    monkeypatch.setattr(asgi, "warm", goes_on.wait)
    monkeypatch.setattr(asgi, "WARMING", 0.05)
    sent = []

    async def start() -> None:
        asked = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive():
            return next(asked)

        async def send(message):
            sent.append(message["type"])
            goes_on.set()

        await asgi.Front()({"type": "lifespan"}, receive, send)

    asyncio.run(start())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
