"""Everything stops at once in the middle of a call: the log is there again at the next start."""

import http.cookiejar
import json
import re
import signal
import socket
import urllib.parse
import urllib.request

import psutil
import pytest

from tests.shared import processes
from tests.shared.test_run import open_desk

pytestmark = pytest.mark.embedded

PREPARE = """
from django.core.management import call_command
from allo3939.accounts.models import Agent
call_command("load_fiches")
Agent.objects.create_user("camille", password="mot de passe long", role="teleconseiller")
"""
LOG = """
import json
from calls.models import Appel
appel = Appel.objects.get()
demande = appel.demandes.get()
reading = demande.consultations.get()
print(json.dumps([
    appel.raccroche_le is not None, appel.termine_le is None, demande.question, demande.note,
    demande.precision, demande.fiche_utile, reading.version, reading.chemin, reading.dit,
]))
"""


class Browser:
    """What a browser keeps: its cookies, and the token of the last page."""

    def __init__(self, address):
        self.address, self.token = address, ""
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def ask(self, path, **data):
        fields = urllib.parse.urlencode(data | {"csrfmiddlewaretoken": self.token}).encode()
        headers = {"HX-Request": "true", "Referer": self.address}
        request = urllib.request.Request(  # noqa: S310
            self.address + path, fields if data else None, headers
        )
        html = self.opener.open(request, timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
        self.token = token.group(1) if token else self.token
        return html


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_python(var, code):
    process = processes.start(var, "manage.py", "shell", "--no-imports", "-c", code)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def kill_everything(var):
    """Front, worker, beat and Redis, at once and without a word; the database looks after itself
    (`tests/shared/test_embedded.py`)."""
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.environ().get("VAR_DIR", "")]
            if any(str(var) in word for word in words) and "postgres" not in process.name():
                process.kill()
        except psutil.Error:
            continue


def test_a_call_is_found_again_after_everything_was_killed(tmp_path, port):
    var = tmp_path / "bureau"
    var.mkdir()
    process, _ = open_desk(var, port)
    run_python(var, PREPARE)
    browser = Browser(f"http://127.0.0.1:{port}")
    browser.ask("/connexion/")
    browser.ask("/connexion/", username="camille", password="mot de passe long")
    browser.ask("/console/")
    browser.ask("/console/appel/", q="")
    browser.ask("/console/fiche/A39-0101/", q="carte grise décès")
    browser.ask("/console/choix/", choix="1")
    browser.ask("/console/choix/", choix="2")
    browser.ask("/console/raccroche/", q="")
    for name, said in (("note", "voir le notaire"), ("precision", "x"), ("fiche_utile", "oui")):
        browser.ask("/console/note/", **{name: said})
    before = run_python(var, LOG)

    kill_everything(var)
    process.communicate()
    process, _ = open_desk(var, port)
    html = browser.ask("/console/")

    assert run_python(var, LOG) == before
    assert json.loads(before)[:3] == [True, True, "carte grise décès"]
    assert json.loads(before)[7] == [1, 2]
    for words in ("carte grise décès", "voir le notaire", "Fin de conversation", "A39-0101"):
        assert words in html
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert processes.wait_until_gone(var, seconds=5) == []
