"""Several processes, several hosts, one database: each finds what any of them wrote."""

import json
import shutil
import signal
import time
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings as project
from django.db import connection, transaction
from django.utils import timezone

from allo3939.shared.changes import record_change
from allo3939.shared.index import refresh
from knowledge.models import Fiche
from knowledge.search import FICHES, search_fiches
from tests.shared import processes

pytestmark = pytest.mark.django_db(transaction=True)

BASE = ("HOST", "PORT", "NAME", "USER", "PASSWORD")


class Searcher:
    def __init__(self, process):
        self.process = process
        assert self.read() == "ready"

    def read(self):
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        return json.loads(line)

    def tell(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def found(self, text):
        self.tell(search=text)
        return self.read()

    def found_within(self, text, seconds):
        """What it finds once it finds something, a list; [] after the seconds."""
        deadline = time.monotonic() + seconds
        while not (keys := self.found(text)) and time.monotonic() < deadline:
            time.sleep(0.02)
        return keys

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def make_searcher(settings):
    """Start processes that use this test's database, each with the index folder of its host."""
    with ExitStack() as stack:

        @contextmanager
        def started(index_dir):
            base = {key: connection.settings_dict[key] for key in BASE}
            process = processes.start(
                project.VAR_DIR,
                *("-m", "tests.shared.searcher"),
                DATABASE_URL="postgres://nobody@localhost/replaced",
                TEST_BASE=json.dumps(base),
                REDIS_URL=project.REDIS_URL,
                INDEX_DIR=str(index_dir),
                DJANGO_SETTINGS_MODULE="allo3939.settings",
            )
            try:
                yield Searcher(process)
            finally:
                process.kill()
                process.communicate()

        yield lambda index_dir=settings.INDEX_DIR: stack.enter_context(started(index_dir))


def publish(reference, titre):
    with transaction.atomic():
        Fiche.objects.create(
            reference=reference,
            titre=titre,
            nature="reponse",
            origine="allo3939",
            etat="publiee",
            publiee_le=timezone.now(),
        )
        record_change("fiches", [reference])


def test_a_change_is_found_by_every_process_within_a_second(make_searcher):
    publish("F1", "Passeport")
    first, second = make_searcher(), make_searcher()
    publish("F2", "Divorce par consentement mutuel")
    assert first.found_within("divorce", 1) == ["F2"]
    assert second.found_within("divorce", 1) == ["F2"]


@pytest.mark.parametrize("moment", ["build", "change"])
def test_an_index_left_by_a_process_killed_while_writing_recovers(make_searcher, moment):
    publish("F1", "Passeport")
    doomed, other = make_searcher(), make_searcher()
    publish("F2", "Passeport perdu")
    doomed.tell(stall=moment)
    assert doomed.read() == "writing"
    doomed.kill()
    assert sorted(other.found("passeport")) == ["F1", "F2"]
    refresh(FICHES, wait=True)
    assert sorted(line.cle for line in search_fiches("passeport")) == ["F1", "F2"]


def test_a_deleted_index_is_built_again_while_searches_answer(make_searcher, settings):
    publish("F1", "Passeport")
    first, second = make_searcher(), make_searcher()
    shutil.rmtree(settings.INDEX_DIR)
    for searcher in (first, second, first, second):
        assert searcher.found("passeport") == ["F1"]
    assert FICHES.is_readable()


def test_two_hosts_converge_after_changes_made_on_either(make_searcher, tmp_path):
    publish("F1", "Passeport")
    here = [make_searcher(tmp_path / "ici") for _ in range(2)]
    there = [make_searcher(tmp_path / "ailleurs") for _ in range(2)]
    publish("F2", "Divorce")
    assert here[0].found_within("divorce", 1) == ["F2"]
    publish("F3", "Mariage")
    for searcher in (*there, *here):
        assert searcher.found_within("mariage", 1) == ["F3"]
        assert searcher.found_within("divorce", 1) == ["F2"]
