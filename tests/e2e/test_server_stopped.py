"""The server stops in the middle of a call: the fiche is read, the log goes on, once.

The front is a process of its own, killed and started again under the open page.
"""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from calls.models import Appel, Rejeu
from tests.e2e.cut import banner, begin_call, stored
from tests.shared.processes import ROOT


@pytest.fixture(autouse=True)
def fast_passwords():
    """The front is another process: it only knows the project's own way to keep a password."""


class Server:
    """The front over the test's own database, as a process that can be killed."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        database = connection.settings_dict
        user = ":".join(quote(database[name]) for name in ("USER", "PASSWORD") if database[name])
        variables = {
            "DATABASE_URL": f"postgres://{user}@/{database['NAME']}",
            "PGHOST": database["HOST"],
            "PGPORT": str(database["PORT"] or 5432),
            "REDIS_URL": settings.REDIS_URL,
            "INDEX_DIR": str(settings.INDEX_DIR),
            "SECRET_KEY": settings.SECRET_KEY,
        }
        front = ("-m", "uvicorn", "allo3939.asgi:application", "--port", str(self.port))
        self.process = subprocess.Popen(
            [sys.executable, *front, "--log-level", "error"], cwd=ROOT, env=os.environ | variables
        )
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, "the front ended"
            assert time.monotonic() < deadline, "the front does not answer"
            time.sleep(0.1)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(world):
    server = Server()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def front(server):
    return server.address


@pytest.fixture
def desk(make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    begin_call(page)
    yield page
    page.problems.clear()  # the browser tells of each request that finds no server


def test_a_call_goes_on_while_its_server_is_stopped_and_is_entered_once(desk, server, world):
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    desk.get_by_label("Note").fill("Demande aussi pour un scooter.")
    expect(desk.locator("#note-etat")).to_contain_text("Enregistrée")
    desk.locator("#lecture").focus()
    server.kill()

    desk.keyboard.press("2")

    expect(banner(desk)).to_be_visible()
    expect(banner(desk)).to_contain_text("La connexion est coupée depuis")
    expect(banner(desk)).to_contain_text("1 action gardée")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé", "Plusieurs"])
    expect(desk.locator("#lecture .dire")).to_contain_text("chaque autre héritier signe")
    expect(desk.locator("#lecture")).to_be_focused()

    desk.get_by_label("Note").fill("Demande aussi pour un scooter et une remorque.")
    desk.keyboard.press("F9")
    desk.keyboard.press("r")
    desk.keyboard.press("e")
    desk.locator("#journal label").filter(has_text="Oui").click()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#cloture-gardee")).to_contain_text("Clôture « Répondu » gardée")
    expect(desk.locator("#cloture-gardee")).to_be_focused()
    assert Appel.objects.get().termine_le is None

    kept = stored(desk)
    assert "1.2" in kept
    for typed in ("scooter", "remorque", "carte grise", "Plusieurs"):
        assert typed not in kept

    server.start()

    expect(desk.locator("#lecture")).to_contain_text("Prêt à décrocher", timeout=20_000)
    expect(banner(desk)).to_be_hidden()
    expect(desk.locator("#retour-connexion")).to_contain_text("est enregistré")
    appel = Appel.objects.with_log().get()
    demande = appel.demandes.get()
    consultation = demande.consultations.get()
    assert appel.termine_le is not None
    assert (consultation.chemin, consultation.situation) == ([1, 2], ["Gardé", "Plusieurs"])
    assert (demande.issue_id, demande.fiche_utile) == ("RE", True)
    assert demande.note == "Demande aussi pour un scooter et une remorque."
    assert Rejeu.objects.count() == 2
    assert "a39.secours" not in stored(desk)


def test_it_is_said_without_any_action_and_nothing_moves_when_nothing_was_done(desk, server):
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    mark = "document.getElementById('contenu').dataset.repere"
    desk.evaluate(f"() => {{ {mark} = 'le même' }}")

    server.kill()
    expect(banner(desk)).to_be_visible(timeout=20_000)
    expect(desk.locator("#a39-direct")).to_contain_text("La connexion est coupée")
    server.start()

    expect(banner(desk)).to_be_hidden(timeout=20_000)
    assert desk.evaluate(f"() => {mark}") == "le même"
    expect(desk.locator("#lecture")).to_be_focused()
    assert Rejeu.objects.count() == 0
