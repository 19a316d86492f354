"""What was agreed to for a day is read by agents at 0:00, or late: never lost, never twice."""

import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from calls import record
from knowledge import propose
from knowledge.models import EtapeProposition, Fiche, Parution, Proposition
from knowledge.publish import PublicationImpossible, restore, withdraw
from knowledge.tasks import publish_due
from tests.knowledge.proposed import A_DIRE, AUTRE, make_fiche, programme, submit
from tests.shared.databases import environment_of_the_test_database

# Which days are due is asked of the clock in Paris.
TOMORROW = timezone.localdate() + timedelta(days=1)
BANNER = "À partir du"


@pytest.fixture
def fiche(secteur):
    return make_fiche(secteur)


@pytest.fixture
def programmee(fiche, autrice, relectrice):
    return programme(
        fiche, autrice, approver=relectrice, effet_le=TOMORROW, importance="changement"
    )


@pytest.mark.django_db
def test_it_is_published_on_its_day_and_not_before(programmee, fiche):
    assert programmee.etat == "programmee"
    assert propose.publish_due(on=TOMORROW - timedelta(days=1)) == (0, [])
    fiche.refresh_from_db()
    assert fiche.a_dire == A_DIRE

    assert propose.publish_due(on=TOMORROW) == (1, [])

    fiche.refresh_from_db()
    programmee.refresh_from_db()
    assert (fiche.a_dire, fiche.version) == (AUTRE, 2)
    assert (programmee.etat, programmee.version_publiee) == ("publiee", 2)
    assert Parution.objects.get(version=2).importance == "changement"
    assert propose.publish_due(on=TOMORROW) == (0, [])


@pytest.mark.django_db
def test_an_archived_fiche_stays_archived_until_somebody_restores_it(programmee, fiche, relectrice):
    withdraw(fiche, by=relectrice)

    done, [blocked] = propose.publish_due(on=TOMORROW)

    assert (done, blocked.blocage) == (0, "La fiche est archivée\u00a0: rétablissez-la d'abord.")
    fiche.refresh_from_db()
    assert (fiche.etat, fiche.a_dire) == ("archivee", A_DIRE)
    restore(fiche, by=relectrice)
    assert propose.publish_due(on=TOMORROW) == (1, [])


@pytest.mark.django_db
def test_on_an_archived_fiche_nothing_is_approved_nor_submitted(fiche, autrice, relectrice):
    waiting = submit(fiche, autrice)
    withdraw(fiche, by=relectrice)

    with pytest.raises(PublicationImpossible, match="archivée"):
        propose.approve(waiting, by=relectrice)
    back = propose.send_back(waiting, by=relectrice, commentaire="La fiche est archivée.")
    with pytest.raises(PublicationImpossible, match="archivée"):
        propose.submit(back, by=autrice)

    fiche.refresh_from_db()
    assert fiche.etat == "archivee"


@pytest.mark.django_db
def test_days_late_it_is_published_all_the_same(programmee, fiche):
    assert propose.publish_due(on=TOMORROW + timedelta(days=9)) == (1, [])
    fiche.refresh_from_db()
    assert fiche.a_dire == AUTRE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("instant", "published"),
    [
        # Midnight in Paris, in winter and in summer time.
        ("2027-01-31T22:59:59+00:00", False),
        ("2027-01-31T23:00:00+00:00", True),
        ("2027-06-30T21:59:59+00:00", False),
        ("2027-06-30T22:00:00+00:00", True),
    ],
)
def test_a_day_begins_at_midnight_in_paris(programmee, monkeypatch, instant, published):
    now = timezone.datetime.fromisoformat(instant)
    day = timezone.localdate(now + timedelta(hours=1))
    Proposition.objects.update(effet_le=day)
    monkeypatch.setattr(timezone, "now", lambda: now)
    publish_due()
    assert (Proposition.objects.get().etat == "publiee") is published


@pytest.mark.django_db
def test_what_cannot_be_published_says_why_and_holds_up_no_other(
    programmee, autrice, relectrice, secteur
):
    other = make_fiche(secteur, reference="A39-0901")
    programme(other, autrice, approver=relectrice, effet_le=TOMORROW)
    Fiche.objects.filter(pk=programmee.fiche_id).update(sources=[])

    done, blocked = propose.publish_due(on=TOMORROW)

    assert (done, blocked) == (1, [programmee])
    programmee.refresh_from_db()
    assert programmee.etat == "programmee"
    assert "Il manque au moins une source." in programmee.blocage
    propose.publish_due(on=TOMORROW)
    assert EtapeProposition.objects.filter(geste="bloquer").count() == 1  # told once


@pytest.mark.django_db
def test_one_that_fails_unexpectedly_holds_up_no_other(
    programmee, autrice, relectrice, secteur, caplog
):
    other = make_fiche(secteur, reference="A39-0901")
    after = programme(other, autrice, approver=relectrice, effet_le=TOMORROW)
    Proposition.objects.filter(pk=programmee.pk).update(champs={"inconnu": 1}, base={"inconnu": 0})

    done, blocked = propose.publish_due(on=TOMORROW)

    assert (done, blocked) == (1, [programmee])
    after.refresh_from_db()
    assert after.etat == "publiee"
    assert f"proposition {programmee.pk} failed on its day" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_it_once(programmee, fiche):
    ready = threading.Barrier(2)

    def sweep(_):
        ready.wait(10)
        try:
            return propose.publish_due(on=TOMORROW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(sweep, range(2)))

    assert [blocked for _, blocked in results] == [[], []]
    fiche.refresh_from_db()
    assert fiche.version == 2
    assert Parution.objects.filter(version__gt=1).count() == 1
    assert EtapeProposition.objects.filter(geste="publier").count() == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_workers_stopped_over_midnight_publish_it_late_and_once(programmee, fiche, tmp_path):
    """Sweeps pile up while nobody works; two real workers start the day after."""
    queues = [f"minuit-{number}-{os.getpid()}" for number in range(2)]
    for queue in queues * 2:
        publish_due.apply_async(queue=queue)
    fiche.refresh_from_db()
    assert fiche.a_dire == A_DIRE

    log = tmp_path / "workers.log"
    with log.open("wb") as output:
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.shared.tomorrow", "-Q", queue, "-n", f"{queue}@%h"],
                cwd=settings.BASE_DIR,
                env=environment_of_the_test_database(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            for queue in queues
        ]
    try:
        deadline = time.monotonic() + 90
        while log.read_text().count("succeeded") < 4:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
    finally:
        for worker in workers:
            worker.terminate()
        assert [worker.wait(30) for worker in workers] == [0, 0], log.read_text()

    fiche.refresh_from_db()
    programmee.refresh_from_db()
    assert (fiche.a_dire, fiche.version, programmee.etat) == (AUTRE, 2, "publiee")
    assert EtapeProposition.objects.filter(geste="publier").count() == 1


@pytest.mark.django_db
def test_agents_read_it_before_on_the_page(client, login, programmee, fiche):
    login(Role.TELECONSEILLER)
    html = client.get(fiche.get_absolute_url()).content.decode()
    assert BANNER in html
    assert "Demande en ligne" in html  # the reason
    assert re.search(r"<ins>.*en ligne, ou", html)
    assert A_DIRE.replace("'", "&#x27;") in html  # still what is said today

    propose.publish_due(on=TOMORROW)

    assert BANNER not in client.get(fiche.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_agents_read_it_before_on_the_console(client, login, programmee, fiche):
    agent = login(Role.TELECONSEILLER)
    appel = record.pick_up(agent)
    record.open_fiche(record.current_question(appel), fiche=fiche)
    html = client.get(reverse("console")).content.decode()
    assert BANNER in html
    assert re.search(r"<ins>.*en ligne, ou", html)


@pytest.mark.django_db
def test_a_late_publication_is_told_as_what_is_true_already(client, login, programmee, fiche):
    login(Role.TELECONSEILLER)
    Proposition.objects.update(effet_le=timezone.localdate())
    html = client.get(fiche.get_absolute_url()).content.decode()
    assert "publication en retard" in html


@pytest.mark.django_db
def test_a_typing_error_is_told_to_nobody(client, login, fiche, autrice, relectrice):
    programme(fiche, autrice, approver=relectrice, effet_le=TOMORROW, importance="coquille")
    login(Role.TELECONSEILLER)
    assert BANNER not in client.get(fiche.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_what_nobody_has_agreed_to_is_told_to_no_agent(client, login, fiche, autrice):
    submit(fiche, autrice, effet_le=TOMORROW)
    login(Role.TELECONSEILLER)
    assert BANNER not in client.get(fiche.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_fiche_without_any_costs_no_query_more(
    client, login, programmee, fiche, secteur, django_assert_max_num_queries
):
    other = make_fiche(secteur, reference="A39-0901")
    login(Role.TELECONSEILLER)

    def asked(of):
        with django_assert_max_num_queries(30) as told:
            client.get(of.get_absolute_url())
        return [query["sql"] for query in told if 'FROM "knowledge_proposition"' in query["sql"]]

    assert [sql.startswith("SELECT") and "EXISTS" in sql for sql in asked(other)] == [True]
    assert len(asked(fiche)) == 2


def test_beat_sweeps_every_minute():
    entry = settings.CELERY_BEAT_SCHEDULE["publish-due"]
    assert entry["task"] == publish_due.name
    assert entry["schedule"].minute == set(range(60))
