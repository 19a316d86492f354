"""A superviseur sees the questions in progress that no sector took."""

import pytest
from django.urls import reverse

from calls import escalate, record

HTMX = {"headers": {"HX-Request": "true"}}
URL = "supervision-alertes"


@pytest.fixture
def send_back(secteur, make_agent):
    """Have a question refused so many times."""
    informateur = make_agent("informateur")

    def make(times, *, name="camille"):
        demande = record.current_question(record.pick_up(make_agent(username=name, poste=name)))
        record.note_search(demande, words="succession contestée")
        for _ in range(times):
            transfert = escalate.request(
                demande, secteur=secteur, motif="trop_complexe", fiche=None
            )
            escalate.refuse(transfert, by=informateur, reason="indisponible")
        return demande

    return make


def test_a_question_refused_three_times_is_shown_with_its_way(client, login, send_back):
    send_back(3, name="Poste 214")
    login("superviseur")

    html = " ".join(client.get(reverse(URL), **HTMX).content.decode().split())

    assert "succession contestée" in html
    assert "Poste 214" in html
    assert html.count("Justice (plus disponible)") == 3


def test_two_refusals_are_not_yet_an_alert(client, login, send_back):
    send_back(2)
    login("superviseur")

    assert "Aucune question en cours" in client.get(reverse(URL), **HTMX).content.decode()


def test_once_closed_it_is_over(client, login, send_back):
    record.close(send_back(3).appel, outcome="OR")
    login("superviseur")

    assert "Aucune question en cours" in client.get(reverse(URL), **HTMX).content.decode()


@pytest.mark.parametrize("role", ["teleconseiller", "redacteur"])
def test_another_role_may_not_look(client, login, role):
    login(role)

    assert client.get(reverse(URL), **HTMX).status_code == 403


def test_the_list_takes_as_many_queries_for_one_as_for_twenty(
    client, login, send_back, django_assert_num_queries
):
    send_back(3, name="un")
    login("superviseur")
    client.get(reverse(URL), **HTMX)
    with django_assert_num_queries(QUERIES):
        client.get(reverse(URL), **HTMX)

    for number in range(19):
        send_back(3, name=f"tele-{number}")

    with django_assert_num_queries(QUERIES):
        client.get(reverse(URL), **HTMX)


QUERIES = 8
