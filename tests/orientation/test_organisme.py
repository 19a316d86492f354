"""The page of a body."""

import uuid

import pytest
from django.utils import timezone
from lxml import html

from orientation.models import TypeService

WEEK = [
    {"jour": day, "debut": "09:00", "fin": "12:00", "commentaire": "Sur rendez-vous"}
    for day in range(5)
]


def text(response_or_html):
    content = getattr(response_or_html, "content", None)
    source = content.decode() if content is not None else response_or_html
    return " ".join(html.fromstring(source).text_content().split())


@pytest.fixture
def mairie(make_organisme):
    TypeService.objects.create(code="mairie", libelle="Mairie")
    return make_organisme(
        sigle="VM",
        plages=WEEK,
        adresse={
            "lignes": ["Place Saint-Pierre", "CS 40010"],
            "code_postal": "72000",
            "commune": "Le Mans",
            "accessibilite": "DEM",
            "note_accessibilite": "sonner",
            "postale": {"lignes": ["CS 1"], "code_postal": "72039", "commune": "Le Mans Cedex 9"},
        },
        courriels=["mairie@exemple.fr"],
        sites=["https://www.exemple.fr"],
        formulaires=["https://contact.exemple.fr"],
        commentaire_plages="Fermé <en> août",
        informations="Parking <b>gratuit</b>",
        source_modifiee_le=timezone.datetime(
            2026, 3, 12, 9, tzinfo=timezone.get_default_timezone()
        ),
        url="https://lannuaire.service-public.gouv.fr/x",
    )


def test_a_body_shows_where_when_and_how(client, login, mairie):
    login()
    response = client.get(mairie.get_absolute_url())
    shown = text(response)
    for words in (
        "Mairie - Le Mans VM", "Annuaire › Mairie", "Place Saint-Pierre", "72000 Le Mans",
        "Accessible en fauteuil roulant sur demande : sonner", "72039 Le Mans Cedex 9",
        "02 61 91 01 01", "mairie@exemple.fr", "Lundi 9 h – 12 h Sur rendez-vous",
        "Dimanche fermé", "Fermé <en> août", "Parking <b>gratuit</b>",
        "Mis à jour par la source le 12 mars 2026",
    ):  # fmt: skip
        assert words in shown.replace("\u00a0", " "), words
    assert b"<b>gratuit" not in response.content


def test_an_empty_record_is_still_a_page(client, login, make_organisme):
    login()
    bare = make_organisme(
        "Nom seul",
        types=["inconnu_2031"],
        adresse={},
        telephones=[],
        commune_nom="",
        code_postal="",
    )
    shown = text(client.get(bare.get_absolute_url()))
    for words in ("inconnu_2031", "Pas d'adresse", "Pas de téléphone", "Pas d'horaires",
                  "Horaires à vérifier", "Date de mise à jour inconnue"):  # fmt: skip
        assert words in shown


def test_a_body_gone_from_the_source_is_said_so(client, login, make_organisme):
    login()
    gone = make_organisme(etat="disparu", plages=WEEK)
    shown = text(client.get(gone.get_absolute_url()))
    assert "a disparu de l'annuaire" in shown
    assert "Horaires à vérifier" in shown


def test_an_unknown_body_is_not_found(client, login):
    login()
    assert client.get(f"/annuaire/{uuid.uuid4()}/").status_code == 404


def test_who_is_not_logged_in_does_not_see_it(client, mairie):
    assert client.get(mairie.get_absolute_url()).status_code == 302


def test_a_body_takes_the_same_queries_whatever_it_holds(
    client, login, mairie, django_assert_num_queries
):
    login()
    client.get(mairie.get_absolute_url())
    with django_assert_num_queries(9):  # session, agent, savepoints, body, kinds, hours, reports
        client.get(mairie.get_absolute_url())
