"""A question being handed over outlives whatever is killed: web, worker, Redis, PostgreSQL."""

import http.client
import json
import socket
import time
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlencode

import psutil
import pytest

from tests.shared import processes

pytestmark = pytest.mark.embedded

DELAY = "2"  # seconds before an unanswered offer comes back
TOKEN = "k" * 32  # the same in the cookie and the header
WEB = ("-m", "uvicorn", "allo3939.asgi:application", "--log-level", "warning", "--port")
WORKER = ("-m", "celery", "--app", "allo3939", "--quiet", "worker", "--pool", "solo")
# Another process: the one that started a server takes it for running.
RESTART = """
import sys
from pathlib import Path
from allo3939 import embedded

embedded.postgres(Path(sys.argv[1]))
embedded.redis_url(Path(sys.argv[1]))
"""
OFFER = {"secteur": "justice", "motif": "trop_complexe"}


class Desk:
    """An installation of its own: a keeper of its servers, a web process, a worker on demand."""

    def __init__(self, var, stack):
        self.var, self.stack = var, stack
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.keeper = self._start("-m", "tests.shared.keeper")
        self.sessions = self._read()
        self.start_web()

    def _start(self, *arguments):
        process = processes.start(
            self.var,
            *arguments,
            DJANGO_SETTINGS_MODULE="allo3939.settings",
            DEMONSTRATION="false",
            TRANSFERT_DELAI_SECONDES=DELAY,
        )
        self.stack.callback(_end, process)
        return process

    def _read(self):
        line = self.keeper.stdout.readline()
        assert line, self.keeper.stderr.read()
        return json.loads(line)

    def tell(self, order):
        """Give the keeper an order; the transfers as they then are."""
        self.keeper.stdin.write(order + "\n")
        self.keeper.stdin.flush()
        return self._read()

    def transferts(self):
        return self.tell("transferts")

    def start_web(self):
        self.web = self._start(*WEB, str(self.port))
        until(lambda: self.answers("/sante/vivant"))

    def restart_servers(self):
        """Start again the servers that were killed."""
        _, said = processes.start(self.var, "-c", RESTART, str(self.var)).communicate(timeout=60)
        assert not said

    def start_worker(self):
        self.worker = self._start(*WORKER)

    def answers(self, path):
        try:
            return self.ask("ines", path)[0] == 200
        except OSError:
            return False

    def open(self, name, path, fields=None):
        """The response to a GET, or to a POST of the fields, in the session of an agent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Cookie": f"a39_session={self.sessions[name]}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        method, body = ("GET", None) if fields is None else ("POST", urlencode(fields))
        connection.request(method, path, body=body, headers=headers)
        return connection.getresponse()

    def ask(self, name, path, fields=None):
        response = self.open(name, path, fields)
        return response.status, response.read().decode()

    def offer(self):
        """Camille picks up and offers the question to the sector; the number of the transfer."""
        self.tell("nouveau")
        assert self.ask("camille", "/console/appel/", {})[0] == 200
        assert self.ask("camille", "/console/transfert/", OFFER)[0] == 200
        assert self.transferts() == [["proposee", None]]
        status, desk = self.ask("ines", "/secteur/file/")
        assert status == 200
        return int(desk.partition('id="attente-')[2].partition('"')[0])

    def accept(self, name, number):
        return self.ask(name, f"/secteur/transfert/{number}/accepter/", {})

    def seen_by_camille(self):
        return self.ask("camille", "/console/transfert/etat/")[1]

    def kill_server(self, word):
        """Kill the embedded server whose command holds the word, children included."""
        for process in psutil.process_iter():
            try:
                command = process.cmdline()
                if any(word in part for part in command) and str(self.var) in " ".join(
                    [*command, process.cwd()]
                ):
                    process.kill()
                    process.wait(10)
            except psutil.NoSuchProcess:
                continue


def _end(process):
    if process.poll() is None:
        process.kill()
    with suppress(ValueError):  # its output was read already
        process.communicate()


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def _installed(var):
    with ExitStack() as stack:
        desk = Desk(var, stack)
        yield desk
        _end(desk.web)
        desk.keeper.communicate("", timeout=30)
        desk.restart_servers()  # the last to leave stops those that another process started


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    var = tmp_path_factory.mktemp("bureau")
    with _installed(var) as desk:
        yield desk
    assert processes.wait_until_gone(var) == []


def test_an_offer_waits_for_its_answer_while_the_web_is_killed(bureau):
    number = bureau.offer()

    bureau.web.kill()
    bureau.web.wait()
    bureau.start_web()

    assert bureau.accept("ines", number)[0] == 200
    assert bureau.accept("tom", number)[0] == 422
    assert "ines a accepté" in bureau.seen_by_camille()
    assert bureau.transferts() == [["acceptee", "ines"]]


def test_an_offer_nobody_answers_comes_back_once_a_killed_worker_is_replaced(bureau):
    bureau.start_worker()
    bureau.offer()
    bureau.worker.kill()
    bureau.worker.wait()
    time.sleep(float(DELAY))

    assert bureau.tell("balayage") == [["proposee", None]]
    bureau.start_worker()
    until(lambda: bureau.transferts() == [["expiree", None]])

    assert "pas répondu" in bureau.seen_by_camille()
    bureau.worker.kill()
    bureau.worker.wait()


def test_pages_catch_up_after_redis_was_killed(bureau):
    stream = bureau.open("ines", "/flux/secteur/")
    assert b"retry" in stream.readline()
    bureau.kill_server("redis-server")

    number = bureau.offer()  # nothing that is done fails
    while stream.readline():
        pass  # the stream ends, the browser will open it again
    assert bureau.open("ines", "/flux/secteur/").status == 503

    bureau.restart_servers()
    stream = bureau.open("ines", "/flux/secteur/")
    assert stream.status == 200
    assert [stream.readline(), stream.readline()] == [b"retry: 3000\n", b"event: connexion\n"]
    status, desk = bureau.ask("ines", "/secteur/file/")  # what the page does on that event
    assert status == 200
    assert f'id="attente-{number}"' in desk
    assert bureau.accept("ines", number)[0] == 200
    stream.close()


def test_an_error_is_said_then_the_same_action_works_after_postgresql_was_killed(bureau):
    number = bureau.offer()
    bureau.kill_server("postgres")

    status, said = bureau.accept("ines", number)
    assert status == 500
    assert "Ce qui était déjà enregistré n'est pas perdu." in said

    bureau.restart_servers()
    until(lambda: bureau.accept("ines", number)[0] == 200, seconds=30)
    assert bureau.accept("ines", number)[0] == 200  # sent twice: still one
    status, desk = bureau.ask("camille", "/console/transfert/", OFFER)
    assert status == 200
    assert "ines a accepté" in desk
    assert bureau.transferts() == [["acceptee", "ines"]]


def test_everything_killed_at_once_is_started_again_and_nothing_is_lost(bureau):
    bureau.start_worker()
    number = bureau.offer()
    bureau.kill_server("redis-server")
    bureau.kill_server("postgres")
    status, said = bureau.accept("ines", number)
    assert status == 500
    assert "Ce qui était déjà enregistré n'est pas perdu." in said

    for process in (bureau.web, bureau.worker):
        process.kill()
        process.wait()
    bureau.start_worker()  # whoever comes first starts the servers, the others join them
    bureau.start_web()

    bureau.tell("balayage")
    until(lambda: bureau.transferts() == [["expiree", None]])
    assert "pas répondu" in bureau.seen_by_camille()
    number = bureau.offer()
    assert bureau.accept("ines", number)[0] == 200
    bureau.worker.kill()
    bureau.worker.wait()
