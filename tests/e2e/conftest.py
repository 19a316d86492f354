"""The real front (push streams and pages) in a thread, Debian's Chromium in front of it."""

import os
import shutil
import socket
import threading
import time
import uuid
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from allo3939.accounts.models import Agent, Secteur
from allo3939.shared.changes import record_change
from allo3939.shared.push import PRESENCE_PREFIX, redis_client
from calls import escalate, record
from knowledge.load import load_fiches, load_secteurs
from knowledge.models import Fiche
from orientation.models import Commune, Competence, Departement, Organisme, TypeService

FIXTURES = Path(__file__).parents[2] / "fixtures"

# Playwright's synchronous interface runs an event loop in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BACKEND = "allo3939.accounts.backends.RoleBackend"
# The shell is the same browser without the windows around the pages: a fifth less to compute.
CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,Translate,MediaRouter,OptimizationHints,SpareRendererForSitePerProcess",
]
expect.set_options(timeout=10_000)


@pytest.hookimpl(tryfirst=True)  # before pytest-django puts the tests that empty tables last
def pytest_collection_modifyitems(items):
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if os.environ.get("CI"):
                # A shared machine may stand still for longer than a page waits; a second try is
                # listed with the failures (« RERUN »), and two of them are one.
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def chromium():
    # Not for the session: Playwright's event loop would still run under the tests that come after.
    if CHROMIUM is None:
        reason = "Chromium n'est pas installé : apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def no_static_files(settings):
    """A browser needs them."""
    settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture(scope="module")
def port():
    """One for a module: what a browser has fetched for a test it keeps for the next."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def front(no_static_files, port):
    """The address of the front, served by uvicorn over the test database."""
    from allo3939.asgi import application

    for desks in redis_client().scan_iter(PRESENCE_PREFIX + "*"):
        redis_client().delete(desks)  # of an earlier test
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            port=port,
            log_level="error",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)
    cache.clear()


@pytest.fixture
def secteur(world):
    return Secteur.objects.get(slug="justice")


@pytest.fixture
def world(tmp_path):
    """The sectors, the demonstration fiches of Intérieur, three communes and two counters."""
    # Emptied after each test. Serialized rollback cannot put it back: in Playwright's event loop
    # Django's connection is another object than the one that was serialized.
    load_secteurs(FIXTURES / "secteurs.toml")
    week = [{"jour": day, "debut": "00:00", "fin": "23:59", "commentaire": ""} for day in range(7)]
    Secteur.objects.update(horaires=week)  # whenever the tests run
    shutil.copy(FIXTURES / "fiches" / "interieur.toml", tmp_path)
    load_fiches(tmp_path)
    sarthe = Departement.objects.create(code="72", nom="Sarthe")
    communes = [("72181", "Le Mans", ["72000", "72100"], 145_000)]
    communes += [
        ("72003", "Coulaines", ["72190"], 7_900),
        ("72310", "Saint-Pavace", ["72190"], 1_900),
    ]
    for code, name, postcodes, population in communes:
        Commune.objects.create(
            code_insee=code,
            nom=name,
            nom_recherche=name.lower().replace("-", " "),
            type="commune-actuelle",
            departement=sarthe,
            codes_postaux=postcodes,
            population=population,
        )
    bodies = {}
    for kind, name in (("prefecture", "Préfecture de la Sarthe"), ("mairie", "Mairie - Le Mans")):
        TypeService.objects.create(code=kind, libelle=kind.capitalize())
        bodies[kind] = Organisme.objects.create(
            id=uuid.uuid4(),
            nom=name,
            types=[kind],
            commune_insee="72181",
            departement_code="72",
            code_postal="72000",
            commune_nom="Le Mans",
            adresse={
                "lignes": ["Place Aristide-Briand"],
                "code_postal": "72000",
                "commune": "Le Mans",
            },
            telephones=[{"numero": "0261910101", "description": ""}],
            plages=week,
        )
        Competence.objects.create(
            commune_insee="72181", type_code=kind, organismes=[bodies[kind].pk]
        )
    with transaction.atomic():
        record_change("organismes", ["*"])
    return SimpleNamespace(
        commune=Commune.objects.get(pk="72181"),
        fiche=Fiche.objects.get(reference="A39-0101"),
        escalade=Fiche.objects.get(reference="A39-0151"),
        **bodies,
    )


@pytest.fixture
def offer(world, make_agent, secteur):
    """Offer a question to the sector Justice, as a teleconseiller would."""

    def propose():
        appel = record.pick_up(make_agent("teleconseiller", username="camille"))
        demande = record.current_question(appel)
        record.open_fiche(demande, fiche=world.escalade, words="succession contestée")
        return escalate.request(
            demande, secteur=secteur, motif="situation_personnelle", fiche=world.escalade
        )

    return propose


@pytest.fixture(scope="module")
def contexts(chromium):
    """Those no test uses now, each with the static files it has fetched; size and scheme → them."""
    return defaultdict(list)


@pytest.fixture
def open_desk(chromium, contexts, front, settings):
    """Log an agent in and stop at the agent's own desk."""
    taken = []

    def connect(username, *, size=(1280, 720), scheme="light"):
        width, height = size
        spare = contexts[size, scheme]
        context = (
            spare.pop()
            if spare
            else chromium.new_context(
                viewport={"width": width, "height": height}, locale="fr-FR", color_scheme=scheme
            )
        )
        taken.append((spare, context))
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on(
            "requestfailed",
            lambda request: (
                page.problems.append(f"{request.failure} {request.method} {request.url}")
                if request.failure != "net::ERR_ABORTED"  # the page was left
                else None
            ),
        )
        page.on(
            "console",
            lambda message: (
                page.problems.append(f"{message.text} ({message.location.get('url')})")
                if message.type == "error"
                # The next letter took the place of the one being searched. Any other failure has
                # a line of its own besides « afterRequest ».
                and "htmx:sendAbort" not in message.text
                and "htmx:afterRequest" not in message.text
                else None
            ),
        )
        session = Client()
        session.force_login(Agent.objects.get(username=username), backend=BACKEND)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "url": front}
        context.add_cookies([cookie | {"value": session.session.session_key}])
        page.goto(front)
        return page

    yield connect
    problems = [text for _, context in taken for page in context.pages for text in page.problems]
    for spare, context in taken:
        leave(context, front)
        spare.append(context)
    assert problems == [], "\n".join(problems)


def leave(context, front):
    """Close the pages and forget what the site has put in the browser, but for its files."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": front, "storageTypes": "all"})
    for opened in context.pages:
        opened.close()
    context.set_offline(False)
    context.unroute_all()
    context.clear_cookies()
    context.clear_permissions()
