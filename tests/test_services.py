"""A task sent through the broker to a real worker, in a process of its own."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from allo3939.accounts.enums import Role
from calls.enums import EtatTransfert, Motif
from calls.models import Appel, Demande, Transfert
from calls.tasks import expire_transferts
from tests.shared.databases import environment_of_the_test_database

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

# A queue of our own: a desktop running on the same Redis must not take the task.
QUEUE = f"essai-{os.getpid()}"


@pytest.fixture
def worker(tmp_path):
    """A Celery worker on the configured broker and the test database."""
    log = tmp_path / "worker.log"
    environ = environment_of_the_test_database()
    command = [sys.executable, "-m", "celery", "--app", "allo3939", "worker", "--pool", "solo"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--queues", QUEUE, "--without-mingle", "--loglevel", "warning"],
            cwd=settings.BASE_DIR,
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    yield process
    process.terminate()
    assert process.wait(20) == 0, log.read_text()


@pytest.fixture
def forgotten_transfert(make_agent, secteur):
    """A transfer offered an hour ago, that nobody answered."""
    long_ago = timezone.now() - timedelta(hours=1)
    appel = Appel.objects.create(agent=make_agent(Role.TELECONSEILLER), commence_le=long_ago)
    demande = Demande.objects.create(appel=appel, rang=1, commence_le=long_ago)
    return Transfert.objects.create(
        demande=demande,
        secteur=secteur,
        etat=EtatTransfert.PROPOSEE,
        motif=Motif.TROP_COMPLEXE,
        prepare_le=long_ago,
        propose_le=long_ago,
    )


def test_a_worker_takes_the_task_and_its_effect_is_seen(worker, forgotten_transfert):
    expire_transferts.apply_async(queue=QUEUE)
    deadline = time.monotonic() + 30
    while forgotten_transfert.etat == EtatTransfert.PROPOSEE:
        assert time.monotonic() < deadline, "the worker did nothing"
        time.sleep(0.1)
        forgotten_transfert.refresh_from_db()
    assert forgotten_transfert.etat == EtatTransfert.EXPIREE
