import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from allo3939.shared import cache as shared_cache
from allo3939.shared.cache import Moment


def test_what_is_kept_is_found_again():
    cache = caches["default"]
    cache.set("essai", {"mot": "clé"}, 30)
    assert cache.get("essai") == {"mot": "clé"}
    cache.delete("essai")
    assert cache.get("essai") is None


def test_a_client_is_made_once_for_reading_and_writing():
    cache = caches["default"]
    clients = {id(cache._cache.get_client("a", write=write)) for write in (False, True, False)}
    assert len(clients) == 1


def test_several_threads_read_their_own_keys():
    def there_and_back(number):
        cache = caches["default"]
        cache.set(f"essai-{number}", number, 30)
        return cache.get(f"essai-{number}")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(there_and_back, range(100))) == list(range(100))


def test_a_value_is_made_once_in_its_moment():
    moment, made = Moment(60), []

    texts = [moment.get("carte", lambda: made.append(1) or "texte") for _ in range(3)]

    assert texts == ["texte"] * 3
    assert made == [1]
    assert moment.get("autre", lambda: "autre texte") == "autre texte"


def test_it_is_made_anew_once_its_moment_is_over():
    moment = Moment(0)

    assert [moment.get("carte", lambda text=text: text) for text in "ab"] == ["a", "b"]


def test_those_who_ask_at_the_same_time_wait_for_the_first():
    moment, made, together = Moment(60), [], threading.Barrier(8)

    def ask(_):
        together.wait()
        return moment.get("carte", lambda: made.append(1) or "texte")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"texte"}
    assert made == [1]


def test_what_could_not_be_made_is_made_by_the_next():
    moment = Moment(60)
    with pytest.raises(ZeroDivisionError):
        moment.get("carte", lambda: 1 / 0)

    assert moment.get("carte", lambda: "texte") == "texte"


def test_what_is_over_is_dropped_when_there_is_too_much(monkeypatch):
    monkeypatch.setattr(shared_cache, "KEPT_MAX", 3)
    moment = Moment(0)

    for number in range(10):
        moment.get(number, lambda: "texte")

    assert len(moment._kept) <= 3


def test_each_context_finds_the_connections_of_the_process():
    """As the front runs each request: Django makes a cache, hence connections, for each context."""

    def connections() -> object:
        return caches["default"]._cache

    shared = connections()
    for _ in range(2):
        assert contextvars.Context().run(connections) is shared
