"""Each request of a call beside a bare Django view, in one run, through the whole stack.

    python benchmarks/console.py [ROUNDS]

Needs a database with fiches, communes and a directory. An agent is created, takes ROUNDS calls
(default 20: search letter by letter, a fiche, its forks, the caller's commune letter by letter, the
commune, a note, the sectors, the whole page) and is deleted with them. Requests go through the WSGI
application with the agent's own session, database connections taken and given back as in service.

Prints the milliseconds of each request, those of them that this thread's processor spent (what a
busy machine disturbs least), the queries of its last round, and the ratio of the processor's median
to that of the bare view (`sante-vivant`: every middleware, no session, no query).
"""

import io
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

from allo3939.wsgi import application  # noqa: E402  # loads Django

from django.conf import settings  # isort: skip  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402
from django.urls import reverse  # noqa: E402

from allo3939.accounts.enums import Role  # noqa: E402
from allo3939.shared.index import refresh  # noqa: E402
from calls.models import Appel  # noqa: E402
from knowledge.models import Fiche  # noqa: E402
from knowledge.search import FICHES  # noqa: E402
from orientation.models import Commune  # noqa: E402
from orientation.search import ORGANISMES  # noqa: E402

ROUNDS = 20
FORKS = 3  # answered in a fiche
TYPED = (
    *("carte grise décès", "divorce par consentement mutuel", "caf sarthe", "prefecture 72"),
    *("mairie fontaine le port", "passport perdu", "apl étudiant", "france travail le mans"),
    *("tribunal judiciaire saint-denis", "impots sur le revenu", "mairie 77590"),
)


class Browser:
    """An agent's screen: asks with the agent's cookies, and notes how long each answer took."""

    def __init__(self, agent, session: SessionStore) -> None:
        csrf = _get_new_csrf_string()
        cookies = {settings.SESSION_COOKIE_NAME: session.session_key}
        cookies[settings.CSRF_COOKIE_NAME] = csrf
        self.agent = agent
        self.headers = {
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "HTTP_X_CSRFTOKEN": csrf,
            "HTTP_HX_REQUEST": "true",
        }
        self.times: dict[str, list[float]] = defaultdict(list)
        self.busy: dict[str, list[float]] = defaultdict(list)
        self.queries: dict[str, int] = {}

    def ask(self, name: str, *args, method: str = "POST", **data) -> str:
        """The page of this URL name, as text; anything but 200 and 409 ends the benchmark."""
        body = urlencode(data).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": reverse(name, args=args),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            **self.headers,
        }
        status = []
        start, busy = time.perf_counter(), time.thread_time()
        answer = application(environ, lambda line, headers, exc_info=None: status.append(line))
        page = b"".join(answer).decode()
        answer.close()
        self.times[name].append((time.perf_counter() - start) * 1000)
        self.busy[name].append((time.thread_time() - busy) * 1000)
        if status[0][:3] != "200":
            sys.exit(f"{name} answers {status[0]}.")
        return page

    def count(self, name: str, *args, method: str = "POST", **data) -> str:
        """`ask`, and note how many queries it took; not timed."""
        found: list[str] = []

        def note(execute, sql, params, many, context):
            found.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            page = self.ask(name, *args, method=method, **data)
        self.times[name].pop()
        self.busy[name].pop()
        self.queries[name] = len(found)
        return page


@contextmanager
def browser() -> Iterator[Browser]:
    """A new agent's screen; the agent and the calls are deleted at the end."""
    agent = get_user_model().objects.create_user(
        f"banc-{time.time_ns()}", password=None, role=Role.TELECONSEILLER
    )
    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = "allo3939.accounts.backends.RoleBackend"
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.save()
    try:
        yield Browser(agent, session)
    finally:
        Appel.objects.filter(agent=agent).delete()
        session.delete()
        agent.delete()


def value_of(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    _, _, rest = page.partition(f'name="{name}" value="')
    return rest.partition('"')[0]


def take_call(screen: Browser, *, words: str, fiche: Fiche, commune: Commune, last: bool) -> None:
    """One call, from pick-up to the note; with `last`, its queries are counted as well."""
    screen.ask("console-appel")
    demande = Appel.objects.get(agent=screen.agent).demandes.get()
    shown = ""
    for length in range(2, len(words) + 1):
        typed = {"q": words[:length], "vus": shown, "demande": demande.pk}
        shown = value_of(screen.ask("console-recherche", **typed), "vus")
    page = screen.ask("console-fiche", fiche.reference, q=words)
    for _ in range(FORKS):
        if 'data-a39-choix="1"' in page:
            page = screen.ask("console-choix", choix=1)
    for length in range(2, len(commune.nom) + 1):
        screen.ask("console-communes", commune=commune.nom[:length])
    screen.ask("console-commune", commune.pk)
    screen.ask("console-note", note="Une ligne de l'agent.")
    screen.ask("console-escalade", method="GET")
    screen.ask("console", method="GET")
    if last:
        screen.count("console-recherche", q=words, demande=demande.pk)
        screen.count("console-fiche", fiche.reference, q=words)
        screen.count("console-choix", choix="retour")
        screen.count("console-communes", commune=commune.nom)
        screen.count("console-commune", commune.pk)
        screen.count("console-note", note="Une autre ligne.")
        screen.count("console-escalade", method="GET")
        screen.count("console", method="GET")
    Appel.objects.filter(agent=screen.agent).delete()


def at(times: list[float], share: float) -> float:
    """The time below which this share of them lies."""
    return sorted(times)[int(len(times) * share)]


def print_times(screen: Browser) -> None:
    bare = at(screen.busy["sante-vivant"], 0.5)
    print(f"  {'':20} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8} {'× bare':>8} {'queries':>8}")
    for name, times in screen.times.items():
        busy = at(screen.busy[name], 0.5)
        print(
            f"  {name:20} {at(times, 0.5):8.2f} {at(times, 0.95):8.2f} {busy:8.2f}"
            f" {busy / bare:8.1f} {screen.queries.get(name, ''):>8}"
        )


def main(rounds: int) -> None:
    refresh(FICHES, ORGANISMES, wait=True)
    chance = random.Random(3939)
    # The longest ones have forks, and kinds of office.
    forked = [
        fiche
        for fiche in Fiche.objects.published().order_by("reference")
        if '"fourche"' in str(fiche.contenu).replace("'", '"')
    ]
    fiches = chance.sample(forked, min(rounds, len(forked)))
    communes = chance.sample(list(Commune.objects.order_by("pk")), rounds)
    print(f"{len(forked)} fiches with forks, {rounds} calls")
    with browser() as screen:
        screen.ask("console-recherche", q="carte grise perdue dans la sarthee")  # read once
        screen.times.clear()
        screen.busy.clear()
        for number in range(rounds):
            for _ in range(10):
                screen.ask("sante-vivant", method="GET")
            take_call(
                screen,
                words=TYPED[number % len(TYPED)],
                fiche=fiches[number % len(fiches)],
                commune=communes[number],
                last=number == rounds - 1,
            )
        print_times(screen)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
