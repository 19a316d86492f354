"""The letter of the week: five lines at most, once, never lost."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from allo3939.accounts.models import Envoi
from allo3939.redaction import digest
from allo3939.redaction.digest import Lettre, Nouvelle
from allo3939.redaction.tasks import send_letters
from knowledge import propose
from knowledge.models import Fiche, Proposition, UsageFiche

MONDAY = datetime(2026, 11, 23, 8, tzinfo=timezone.get_default_timezone())
pytestmark = pytest.mark.django_db


@pytest.fixture
def redacteur(make_agent):
    return make_agent("redacteur", email="rachid@dila.example")


@pytest.fixture
def waits(db):
    """So many reviews are due; the first has the most calls."""

    def create(count):
        for number in range(1, count + 1):
            fiche = Fiche.objects.create(
                reference=f"A39-{number:04}", titre=f"Fiche {number}", nature="reponse",
                origine="allo3939", etat="publiee", publiee_le=timezone.now(),
                verifiee_le=timezone.localdate(), a_revoir_le=timezone.localdate(),
            )  # fmt: skip
            UsageFiche.objects.create(
                fiche=fiche, jour=timezone.localdate(), consultations=100 - number
            )

    return create


def test_the_letter_is_the_top_of_the_inbox(redacteur, waits, settings):
    settings.SITE_URL = "https://3939.example/"
    waits(7)

    assert digest.send_weekly(now=MONDAY) == 1

    [letter] = mail.outbox
    assert letter.to == ["rachid@dila.example"]
    assert letter.subject == "3939\u00a0: 7 affaires dans votre boîte"
    assert letter.body.startswith("Bonjour,\n\n1. Fiche 1 (A39-0001)\n   Revue due · 99")
    assert letter.body.count("https://3939.example/administration/knowledge/fiche/") == 5
    assert "Et 2 autres\u00a0: https://3939.example/administration/boite/" in letter.body
    assert "effacez votre adresse\u00a0: https://3939.example/preferences/" in letter.body


def test_there_is_one_letter_a_week_at_most(redacteur, waits):
    waits(1)
    assert [digest.send_weekly(now=MONDAY + timedelta(hours=n)) for n in (0, 1, 30)] == [1, 0, 0]
    assert digest.send_weekly(now=MONDAY + timedelta(days=7)) == 1
    assert set(Envoi.objects.values_list("periode", flat=True)) == {"2026-S48", "2026-S49"}


def test_a_worker_stopped_on_monday_sends_it_later_in_the_week(redacteur, waits):
    waits(1)
    assert digest.send_weekly(now=MONDAY + timedelta(days=3, hours=5)) == 1


def test_nothing_leaves_before_monday_at_eight(redacteur, waits):
    waits(1)
    assert digest.send_weekly(now=MONDAY - timedelta(minutes=1)) == 0


def test_the_hour_is_that_of_paris():
    early = datetime(2026, 11, 23, 6, 59, tzinfo=UTC)
    assert early < digest.monday_of(early)
    assert not digest.monday_of(early + timedelta(minutes=1)) > early + timedelta(minutes=1)


def test_nothing_waits_no_letter(redacteur):
    assert digest.send_weekly(now=MONDAY) == 0
    assert not mail.outbox
    assert not Envoi.objects.exists()


@pytest.mark.parametrize("fields", [{"email": ""}, {"is_active": False}])
def test_without_an_address_or_an_account_no_letter(make_agent, waits, fields):
    make_agent("redacteur", **({"email": "rachid@dila.example"} | fields))
    waits(1)
    assert digest.send_weekly(now=MONDAY) == 0


def test_other_roles_receive_none(make_agent, waits):
    make_agent("superviseur", email="sam@example.org")
    waits(1)
    assert digest.send_weekly(now=MONDAY) == 0


def test_another_role_receives_what_its_writer_writes(make_agent):
    partenaire = make_agent("partenaire", email="paul@anil.example")

    def write(agent, since):
        assert (agent, since) == (partenaire, MONDAY - timedelta(days=7))
        line = Nouvelle("Congé du bailleur", "Renvoyée à corriger", "https://3939.example/x/")
        return Lettre("3939\u00a0: votre secteur", [line], 0, "https://3939.example/redaction/")

    assert digest.send_weekly(now=MONDAY, writers={"partenaire": write}) == 1
    assert "1. Congé du bailleur\n   Renvoyée à corriger\n" in mail.outbox[0].body
    assert "La page\u00a0: https://3939.example/redaction/" in mail.outbox[0].body


def test_a_partenaire_receives_the_week_of_the_sector(make_agent, secteur, settings):
    settings.SITE_URL = "https://3939.example"
    partenaire = make_agent("partenaire", email="paul@anil.example")
    assert digest.send_weekly(now=MONDAY) == 0  # nothing to tell
    fiche = Fiche.objects.create(
        reference="A39-0001", nature="reponse", origine="allo3939", titre="Pacs", secteur=secteur
    )
    proposition = propose.open_proposition(fiche, by=partenaire)
    Proposition.objects.filter(pk=proposition.pk).update(
        etat="a_corriger", decidee_le=MONDAY - timedelta(days=1)
    )

    assert digest.send_weekly(now=MONDAY) == 1

    (letter,) = mail.outbox
    assert letter.subject == "3939\u00a0: la semaine du secteur Justice"
    assert "1. Pacs\n   Renvoyée à corriger" in letter.body
    assert f"https://3939.example/redaction/propositions/{proposition.pk}/" in letter.body
    assert digest.send_weekly(now=MONDAY) == 0


def test_a_letter_that_the_server_refuses_leaves_at_the_next_run(redacteur, waits, settings):
    waits(1)
    settings.EMAIL_BACKEND = "tests.redaction.test_digest.Away"
    assert digest.send_weekly(now=MONDAY) == 0
    assert not Envoi.objects.exists()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert digest.send_weekly(now=MONDAY + timedelta(hours=1)) == 1


class Away(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages):
        raise SMTPServerDisconnected


def test_two_workers_send_one_letter(redacteur, waits):
    waits(1)
    letter = digest.for_redacteur(redacteur, MONDAY)
    assert [digest._send(redacteur, letter, period="2026-S48") for _ in range(2)] == [True, False]
    assert len(mail.outbox) == 1


def test_without_a_mail_server_letters_are_written_under_var(redacteur, waits, settings, tmp_path):
    waits(1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "courriels")
    assert digest.send_weekly(now=MONDAY) == 1
    [written] = (tmp_path / "courriels").iterdir()
    assert b"Subject: " in written.read_bytes()


def test_the_task_sends_them(redacteur, waits):
    waits(1)
    send_letters()
    send_letters()
    # Nothing leaves on a Monday before eight.
    early = timezone.now() < digest.monday_of(timezone.now())
    assert len(mail.outbox) == (0 if early else 1)


def test_one_switches_it_off_in_ones_preferences(client, login, waits):
    agent = login("redacteur", email="rachid@dila.example")
    client.post("/preferences/", {"theme": "light", "email": ""})
    agent.refresh_from_db()
    assert agent.email == ""


def test_who_receives_no_letter_is_asked_for_no_address(client, login):
    login("teleconseiller")
    assert 'type="email"' not in client.get("/preferences/").content.decode()
