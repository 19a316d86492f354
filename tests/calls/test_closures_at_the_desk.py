"""What the desk shows of a body, and records as said, counts its closures."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls import desk, record
from orientation.models import Fermeture


@pytest.fixture
def strike(make_agent):
    now = timezone.now()
    return Fermeture.objects.create(
        motif="grève nationale",
        departements=["72"],
        du=now - timedelta(hours=1),
        au=now + timedelta(days=30),
        auteur=make_agent("redacteur", "celui-qui-ferme"),
    )


@pytest.fixture
def at_the_commune(demande, fiche_reponse, commune):
    record.open_fiche(demande, fiche=fiche_reponse)
    record.set_commune(demande.appel, commune=commune)
    return demande.appel.agent


def test_a_body_is_shown_open(at_the_commune, make_organisme):
    make_organisme()
    (shown,) = desk.read_desk(at_the_commune).guichets
    assert shown.ouverture.etat == "ouvert"


def test_a_body_is_shown_closed_during_a_closure(at_the_commune, make_organisme, strike):
    make_organisme()
    (shown,) = desk.read_desk(at_the_commune).guichets
    assert (shown.ouverture.etat, shown.ouverture.motif) == ("ferme", "grève nationale")


def test_a_body_given_is_recorded_as_it_was_said(at_the_commune, make_organisme, strike, demande):
    body = make_organisme()
    desk.give(desk.read_desk(at_the_commune), organisme=body)
    (given,) = demande.orientations.all()
    assert given.dit.startswith("La mairie du Mans est fermée (grève nationale)")
    (shown,) = desk.read_desk(at_the_commune).donnes
    assert shown.ouverture.etat == "ferme"


def test_as_many_queries_for_one_body_as_for_six(
    at_the_commune, make_organisme, strike, django_assert_num_queries
):
    make_organisme()
    with CaptureQueriesContext(connection) as one:
        desk.read_desk(at_the_commune)
    for rank in range(5):
        make_organisme(f"Mairie {rank}")
    with django_assert_num_queries(len(one)):
        assert len(desk.read_desk(at_the_commune).guichets) == 6
