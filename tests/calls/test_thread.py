"""A link to another fiche keeps the thread of the question; going back returns to the same case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls import desk, escalate, record, thread

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def other(make_fiche):
    return make_fiche("A39-0003", titre="Contrôle technique")


@pytest.fixture
def first(demande, fiche_reponse):
    """The fiche opened by the search, its case chosen."""
    consultation = record.open_fiche(demande, fiche=fiche_reponse, words="carte grise")
    record.choose(consultation, rank=2)
    return consultation


def front(client_agent):
    return desk.read_desk(client_agent).consultation


def test_a_link_opens_the_fiche_for_the_same_question(client, demande, first, other):
    response = client.post(reverse("console-suite"), {"reference": other.reference}, **HTMX)

    html = response.content.decode().replace("\xa0", " ")
    assert "Revenir à « Carte grise après un décès »" in html
    linked = demande.consultations.get(fiche=other)
    assert linked.depuis == first
    assert front(demande.appel.agent) == linked


def test_going_back_returns_to_the_same_case_without_a_new_consultation(
    client, demande, first, other
):
    thread.follow_link(first, fiche=other)

    response = client.post(reverse("console-retour"), **HTMX)

    html = response.content.decode()
    assert "Trois mois." in html
    assert f'data-a39-revenue-de="{other.reference}"' in html
    assert demande.consultations.count() == 2
    assert front(demande.appel.agent) == first


def test_a_chain_goes_back_step_by_step(demande, first, other, make_fiche):
    second = thread.follow_link(first, fiche=other)
    third = thread.follow_link(second, fiche=make_fiche("A39-0004"))

    assert thread.go_back(third) == second
    assert thread.go_back(second) == first
    assert thread.go_back(first) == first


def test_a_link_to_a_fiche_of_the_thread_comes_back_to_it(demande, first, fiche_reponse, other):
    second = thread.follow_link(first, fiche=other)

    assert thread.follow_link(second, fiche=fiche_reponse) == first
    assert thread.follow_link(first, fiche=other) == second
    assert demande.consultations.count() == 2


def test_the_card_tells_the_case_of_the_fiche_in_front(demande, first, other):
    thread.go_back(thread.follow_link(first, fiche=other))

    card = escalate.describe_card(demande)

    assert card["situation"] == ["Vendu"]
    assert [item["reference"] for item in card["fiches"]] == ["A39-0001", "A39-0003"]


def test_a_link_to_a_fiche_that_is_not_here_is_said_in_place(client, demande, first):
    response = client.post(reverse("console-suite"), {"reference": "F999"}, **HTMX)

    assert response.status_code == 422
    assert "La fiche F999 n'est pas" in response.content.decode()
    assert demande.consultations.count() == 1


@pytest.mark.parametrize("reference", ["", "../x", "f1", "F" * 40])
def test_what_is_no_reference_is_not_found(client, first, reference):
    assert client.post(reverse("console-suite"), {"reference": reference}).status_code == 404


@pytest.mark.parametrize("name", ["console-suite", "console-retour"])
def test_without_a_fiche_in_front_there_is_no_thread(client, demande, name):
    assert client.post(reverse(name), {"reference": "A39-0001"}).status_code == 409


@pytest.mark.parametrize("name", ["console-suite", "console-retour"])
def test_an_informateur_has_no_thread(client, login, name):
    login("informateur")

    assert client.post(reverse(name)).status_code == 403


def test_a_long_thread_asks_as_many_queries_as_a_short_one(client, demande, first, make_fiche):
    counts = []
    last = first
    for round_of in (range(1, 3), range(3, 21)):
        for rank in round_of:
            last = thread.follow_link(last, fiche=make_fiche(f"A39-01{rank:02}"))
        client.get(reverse("console"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("console"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_copied_names_the_body_given(client, demande, first, commune, make_organisme):
    make_organisme()

    response = client.post(reverse("console-commune", args=[commune.pk]), **HTMX)

    html = response.content.decode()
    assert 'id="dictee"' in html
    assert "- Mairie - Le Mans, " in html
