"""Who is counted free: connected, within the hours, not on a break, not in a call."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls import escalate, presence
from calls.models import Presence

HTMX = {"headers": {"HX-Request": "true"}}

pytestmark = pytest.mark.usefixtures("always_open")


@pytest.fixture
def ines(make_agent, connect):
    return connect(make_agent("informateur"))


def team(slug="justice"):
    return presence.read_teams(at=timezone.now())[slug]


def test_an_informateur_whose_desk_is_open_is_free(ines):
    assert team() == presence.Equipe(disponibles=1)
    assert presence.count_available() == {"justice": 1}


def test_one_whose_desk_is_shut_is_not(make_agent):
    make_agent("informateur")

    assert team() == presence.Equipe()


def test_a_break_lasts_until_it_is_ended(ines):
    presence.pause(ines)
    assert team() == presence.Equipe(en_pause=1)

    presence.resume(ines)
    assert team() == presence.Equipe(disponibles=1)


def test_a_break_ends_with_the_shift(ines):
    presence.pause(ines)
    Presence.objects.update(depuis=timezone.now() - timedelta(days=1))

    assert team() == presence.Equipe(disponibles=1)


def test_outside_the_hours_nobody_is_free(ines, closed_now):
    ines.secteur.horaires = closed_now
    ines.secteur.save()

    assert team() == presence.Equipe()
    assert presence.state_of(ines, in_call=False, at=timezone.now()) == "hors_ligne"


def test_one_in_a_call_is_not_free_whatever_was_said(ines, demande, secteur):
    transfert = escalate.request(demande, secteur=secteur, motif="trop_complexe", fiche=None)
    escalate.accept(transfert, by=ines)
    presence.pause(ines)

    assert team() == presence.Equipe(en_appel=1)
    assert presence.state_of(ines, in_call=True, at=timezone.now()) == "en_appel"

    escalate.hand_back(transfert, by=ines)
    assert team() == presence.Equipe(en_pause=1)


def test_teams_take_as_many_queries_for_one_sector_as_for_twenty(
    ines, make_secteur, django_assert_num_queries
):
    for number in range(19):
        make_secteur(f"secteur-{number}")

    with django_assert_num_queries(3):
        presence.read_teams(at=timezone.now())


def test_the_key_takes_a_break_and_ends_it(client, login, secteur):
    agent = login("informateur")
    url = reverse("secteur-presence")

    html = client.post(url, {"etat": "pause"}, **HTMX).content.decode()
    assert "En pause" in html
    assert "Reprendre" in html
    assert Presence.objects.get(informateur=agent).etat == "pause"

    assert "Disponible" in client.post(url, {"etat": "disponible"}, **HTMX).content.decode()
    assert client.post(url, {"etat": "ailleurs"}, **HTMX).status_code == 422


def test_a_teleconseiller_has_no_presence(client, login):
    login()

    assert client.post(reverse("secteur-presence"), {"etat": "pause"}, **HTMX).status_code == 403


def test_a_page_that_asks_from_time_to_time_keeps_its_informateur_connected(
    client, login, secteur, connect, make_agent
):
    connect(make_agent("informateur", username="autre"))  # forgets the key afterwards
    agent = login("informateur")
    assert agent.pk not in presence.connected("justice")

    client.get(reverse("secteur-file"), **HTMX)

    assert agent.pk in presence.connected("justice")
