"""What the load benchmarks share: agents made for the run, their sessions, their deletion."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402
from django.db import OperationalError, transaction  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402
from django.utils import timezone  # noqa: E402

from calls.models import Appel, Transfert  # noqa: E402

PREFIX = "banc-charge-"  # of the logins of the agents that `fill_calls.py` makes


class Screen(NamedTuple):
    """An agent logged in, as its browser sends it."""

    agent_id: int
    headers: dict[str, str]


@contextmanager
def screens(count: int, *, role: str, secteur=None) -> Iterator[list[Screen]]:
    """Agents made for the run and logged in; they and all they did are deleted at the end."""
    stamp = time.time_ns()
    agents, stores = [], []
    for number in range(count):
        agent = get_user_model().objects.create_user(
            f"banc-{role}-{stamp}-{number}", password=None, role=role, secteur=secteur
        )
        agents.append(agent)
        stores.append(_store(agent))
    try:
        yield [_screen(agent, store) for agent, store in zip(agents, stores, strict=True)]
    finally:
        _insist(lambda: _delete([agent.pk for agent in agents], stores))


def _delete(keys: list[int], stores: list[SessionStore]) -> None:
    Transfert.objects.filter(Q(informateur__in=keys) | Q(demande__appel__agent__in=keys)).delete()
    Appel.objects.filter(agent__in=keys).delete()
    for store in stores:
        store.delete()
    get_user_model().objects.filter(pk__in=keys).delete()


def _insist(tidy: Callable[[], object]) -> None:
    """Tidy up once the last requests of the run are over: the front may still be at them."""
    for pause in (1, 3, 9):
        time.sleep(pause)
        try:
            with transaction.atomic():
                tidy()
            return
        except OperationalError:  # a deadlock with one of them
            continue
    sys.exit("The rows of the run could not be deleted.")


def _store(agent) -> SessionStore:
    store = SessionStore()
    store[SESSION_KEY] = str(agent.pk)
    store[BACKEND_SESSION_KEY] = "allo3939.accounts.backends.RoleBackend"
    store[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    store.save()
    return store


def _screen(agent, store: SessionStore) -> Screen:
    csrf = _get_new_csrf_string()
    headers = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={store.session_key};"
        f" {settings.CSRF_COOKIE_NAME}={csrf}",
        "X-CSRFToken": csrf,
        "HX-Request": "true",
    }
    return Screen(agent.pk, headers)


@contextmanager
def screens_with_a_past(count: int) -> Iterator[list[Screen]]:
    """The screens of agents that `fill_calls.py` made, or of new ones where there are not enough;
    the calls taken meanwhile are deleted at the end."""
    agents = list(get_user_model().objects.filter(username__startswith=PREFIX)[:count])
    if len(agents) < count:
        with screens(count, role="teleconseiller") as made:
            yield made
        return
    start = timezone.now()
    stores = [_store(agent) for agent in agents]
    try:
        yield [_screen(agent, store) for agent, store in zip(agents, stores, strict=True)]
    finally:
        _insist(Appel.objects.filter(agent__in=agents, commence_le__gte=start).delete)
        for store in stores:
            store.delete()


def machine() -> str:
    """The load average, and the calls in the tables: what a figure is worth."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
