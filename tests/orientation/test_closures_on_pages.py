"""No page says open a body that the desk knows to be closed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orientation.models import Fermeture, HoraireExceptionnel

ALWAYS = [{"jour": day, "debut": "00:00", "fin": "23:59", "commentaire": ""} for day in range(7)]


@pytest.fixture
def mairie(make_organisme):
    return make_organisme(plages=ALWAYS)


@pytest.fixture
def strike(make_agent):
    now = timezone.now()
    return Fermeture.objects.create(
        motif="grève nationale",
        types=["mairie"],
        du=now - timedelta(hours=1),
        au=now + timedelta(days=30),
        auteur=make_agent("redacteur", "celui-qui-ferme"),
    )


def pages(client, mairie):
    return [
        client.get(url).content.decode() for url in (reverse("annuaire"), mairie.get_absolute_url())
    ]


def test_without_any_exception_pages_say_open(client, login, mairie):
    login()
    for page in pages(client, mairie):
        assert "Ouvert en permanence" in page


def test_a_closure_shows_on_the_list_and_on_the_body(client, login, mairie, strike):
    login()
    for page in pages(client, mairie):
        assert "Ouvert en permanence" not in page
        assert "Ouvert jusqu" not in page
        assert "Fermé · ouvre" in page
    assert "grève nationale" in pages(client, mairie)[1]


def test_an_uncertain_closure_shows_as_to_be_checked(client, login, mairie, strike):
    Fermeture.objects.update(certitude="a_verifier")
    login()
    for page in pages(client, mairie):
        assert "Ouvert en permanence" not in page
        assert "Horaires à vérifier" in page


def test_exceptional_hours_show_too(client, login, mairie, make_agent):
    today = timezone.localdate()
    HoraireExceptionnel.objects.create(
        organisme=mairie,
        du=today - timedelta(days=1),
        au=today + timedelta(days=1),
        motif="inventaire",
        auteur=make_agent("redacteur", "celui-qui-ferme"),
    )
    login()
    for page in pages(client, mairie):
        assert "Fermé · ouvre" in page


def test_the_list_takes_as_many_queries_for_one_body_as_for_twenty(
    client, login, make_organisme, strike, django_assert_num_queries
):
    login()
    make_organisme(plages=ALWAYS)
    client.get(reverse("annuaire"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("annuaire"))
    expected = len(one)
    for rank in range(19):
        make_organisme(f"Mairie {rank}", plages=ALWAYS)
    client.get(reverse("annuaire"))  # which reads what has changed
    with django_assert_num_queries(expected):
        client.get(reverse("annuaire"))
