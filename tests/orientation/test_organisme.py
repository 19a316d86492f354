"""The page of a body."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from lxml import html

from allo3939.shared.days import day_in_words
from orientation.correct import correct, verify
from orientation.models import Fermeture, HoraireExceptionnel, TypeService

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


def shown_of(client, organisme, query=""):
    content = client.get(f"{organisme.get_absolute_url()}{query}").content.decode()
    return text(content).replace("\u00a0", " ")


def test_a_body_says_the_sentence_to_say(client, login, mairie):
    login()
    shown = shown_of(client, mairie)
    assert "À DIRE" in shown
    assert (
        "La mairie du Mans est " in shown or "pas d'horaires sûrs pour la mairie du Mans" in shown
    )
    assert "Téléphone : 02 61 91 01 01." in shown


def test_what_is_exceptional_is_told_with_its_reason(client, login, mairie, make_agent):
    login()
    agent, today = make_agent("redacteur"), timezone.localdate()
    for first, last, plages, motif in (
        (today, today, [{"debut": "09:00", "fin": "11:30"}], "formation"),
        (today + timedelta(days=1), today + timedelta(days=3), [], "travaux"),
        (today - timedelta(days=9), today - timedelta(days=8), [], "passé"),
    ):
        HoraireExceptionnel.objects.create(
            organisme=mairie, du=first, au=last, plages=plages, motif=motif, auteur=agent
        )
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for kinds, certitude, motif in ((["mairie"], "a_verifier", "grève"), (["caf"], "ferme", "non")):
        Fermeture.objects.create(
            types=kinds, certitude=certitude, motif=motif, auteur=agent,
            du=midnight + timedelta(days=4, hours=14), au=midnight + timedelta(days=4, hours=18),
        )  # fmt: skip
    page = html.fromstring(client.get(mairie.get_absolute_url()).content.decode())
    (exceptions,) = page.find_class("organisme-exceptions")
    day = {rank: day_in_words(today + timedelta(days=rank), "j F") for rank in (0, 1, 3, 4)}
    lines = [" ".join(each.text_content().split()).replace("\u00a0", " ") for each in exceptions]
    assert [re.sub(r" 20\d\d\b", "", line) for line in lines] == [
        f"Le {day[0]} : 9 h – 11 h 30 formation",
        f"Du {day[1]} au {day[3]} : fermé travaux",
        f"Le {day[4]} de 14 h à 18 h : ouverture incertaine grève",
    ]


def test_a_column_of_ours_is_marked_with_what_the_source_says(client, login, mairie, make_agent):
    login()
    correct(mairie, champ="telephones", by=make_agent("redacteur"),
            valeur=[{"numero": "0243010203", "description": "Accueil"}])  # fmt: skip
    shown = shown_of(client, mairie)
    assert "02 43 01 02 03" in shown
    today = date_format(timezone.localdate(), "j F Y")
    assert f"Corrigé par le 3939 le {today} La source dit : 02 61 91 01 01" in shown
    assert shown.count("Corrigé par le 3939") == 1


def test_who_verified_a_body_and_when_is_told(client, login, mairie, make_agent):
    login()
    assert "vérifié par" not in shown_of(client, mairie)
    verify(mairie, by=make_agent("redacteur", poste="Poste 7", site="Paris"))
    today = date_format(timezone.localdate(), "j F Y")
    assert f"vérifié par le 3939 le {today} (Poste 7 · Paris)" in shown_of(client, mairie)


def test_what_the_source_says_beyond_is_told_apart(client, login, make_organisme):
    login()
    body = make_organisme(details={"siren": "217201813", "mission": "Accueillir"})
    shown = shown_of(client, body)
    assert "Ce que la source dit de plus" in shown
    assert "SIREN 217201813" in shown


def test_a_body_leads_back_to_the_results_that_led_to_it(client, login, mairie):
    login()
    address = f"{mairie.get_absolute_url()}?type=mairie&page=2&nom=secret"
    page = html.fromstring(client.get(address).content.decode())
    (link,) = page.xpath("//a[@data-a39-retour]")
    assert (link.text, link.get("href")) == (
        "Retour aux résultats",
        "/annuaire/?type=mairie&page=2",
    )
    page = html.fromstring(client.get(mairie.get_absolute_url()).content.decode())
    assert page.xpath("//a[@data-a39-retour]")[0].text == "Annuaire"


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
    client, login, mairie, make_organisme, make_agent, django_assert_num_queries
):
    login()
    bare = make_organisme("Nom seul", telephones=[])
    correct(mairie, champ="plages", valeur=[], by=make_agent("redacteur"))
    client.get(bare.get_absolute_url())
    for body in (bare, mairie):
        with django_assert_num_queries(13):
            client.get(body.get_absolute_url())


def test_a_body_is_dictated_from_its_page(client, login, mairie):
    login()

    page = html.fromstring(client.get(mairie.get_absolute_url()).content.decode())

    (opened,) = page.xpath("//button/@data-a39-dicter")
    (dialog,) = page.xpath("//dialog[@id=$id]", id=opened.removeprefix("#"))
    assert "m a i r i e, arobase, e x e m p l e, point, f r" in dialog.text_content()
