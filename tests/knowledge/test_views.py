"""The page of a fiche."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allo3939.accounts.enums import Role
from knowledge.models import Fiche, Theme
from knowledge.publish import publish, withdraw
from tests.knowledge.test_compose import PARCOURS


@pytest.fixture
def fiche(secteur):
    theme = Theme.objects.create(code="succession-donation", titre="Succession", secteur=secteur)
    return publish(
        Fiche(
            reference="A39-9601",
            nature="reponse",
            origine="allo3939",
            demonstration=True,
            titre="Carte grise d'un véhicule après un décès",
            a_dire="Le véhicule fait partie de la succession.",
            mots_cles=["carte grise"],
            theme=theme,
            secteur=secteur,
            pieces=["Carte grise"],
            texte="Texte <b>long</b>.",
            services=[{"titre": "France Titres", "url": "https://ants.gouv.fr"}],
            sources=[{"titre": "Code de la route", "url": ""}],
            organismes=["prefecture"],
            parcours=PARCOURS,
            verifiee_le=datetime.date(2026, 10, 14),
        ),
        by=None,
    )


def page(client, fiche, chemin=""):
    response = client.get(fiche.get_absolute_url(), {"chemin": chemin} if chemin else {})
    return response, response.content.decode().replace("\xa0", " ")


def test_an_agent_reads_a_fiche_and_its_first_question(client, login, fiche):
    login()
    response, html = page(client, fiche)
    assert response.status_code == 200
    for words in (
        "Justice › Succession",
        "Carte grise d&#x27;un véhicule après un décès",
        "Réponse niveau 1",
        "A39-9601, version 1",
        "vérifiée le 14 octobre 2026",
        "contenu de démonstration",
        "À DIRE",
        "À demander : « Le véhicule est-il gardé, ou vendu ? »",
        '<a class="choix"',
        'href="?chemin=2"',
        "<kbd",
        "Carte grise",
        "https://ants.gouv.fr",
        "Préfecture",
        "Texte complet",
        "Sources",
    ):
        assert words in html, words
    assert "10 €" not in html
    assert "<b>long" not in html


def test_a_choice_narrows_the_page_to_its_case(client, login, fiche):
    login()
    _, html = page(client, fiche, "1")
    assert 'href="?chemin=1.2"' in html
    assert '<span class="puce on">Gardé</span>' in html
    _, html = page(client, fiche, "2")
    for words in ("À DIRE · vendu", "Vendez.", "10 €", 'href="?chemin="'):
        assert words in html, words
    assert "À demander" not in html


@pytest.mark.parametrize("chemin", ["9", "1.2.3", "x", "1..2"])
def test_an_unknown_path_is_not_found(client, login, fiche, chemin):
    login()
    assert page(client, fiche, chemin)[0].status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_every_role_may_read(client, login, fiche, role):
    login(role)
    assert page(client, fiche)[0].status_code == 200


def test_nobody_reads_without_login(client, fiche):
    response = client.get(fiche.get_absolute_url())
    assert response.status_code == 302
    assert response.url.startswith(reverse("connexion"))


def test_a_page_only_answers_get(client, login, fiche):
    login()
    assert client.post(fiche.get_absolute_url()).status_code == 405


def test_a_draft_is_not_found_and_an_archived_fiche_says_so(client, login, fiche):
    login()
    withdraw(fiche, by=None)
    assert "Archivée" in page(client, fiche)[1]
    Fiche.objects.update(etat="brouillon", publiee_le=None)
    assert page(client, fiche)[0].status_code == 404


def test_an_escalation_fiche_says_where_the_call_goes(client, login, secteur, fiche):
    escalade = publish(
        Fiche(
            reference="A39-9602",
            nature="escalade",
            origine="allo3939",
            titre="Succession contestée",
            a_dire="Je vous mets en relation avec un spécialiste.",
            mots_cles=["succession"],
            theme=fiche.theme,
            cible=secteur,
            definition="Des héritiers ne sont pas d'accord.",
            exemples_dans=["Mon frère refuse de signer."],
            exemples_hors=["Où trouver un notaire ?"],
            sources=[{"titre": "Code civil", "url": ""}],
            verifiee_le=datetime.date(2026, 10, 14),
        ),
        by=None,
    )
    login()
    html = page(client, escalade)[1]
    for words in (
        "Escalade N2",
        "vers <b>Justice</b>",
        "Des héritiers ne sont pas d&#x27;accord.",
        "Mon frère refuse de signer.",
        "Où trouver un notaire ?",
    ):
        assert words in html, words


def test_an_imported_fiche_without_spoken_text_shows_its_introduction(client, login, db):
    Fiche.objects.create(
        reference="F1",
        nature="reponse",
        origine="service_public",
        etat="publiee",
        publiee_le=datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC),
        modifiee_le=datetime.date(2026, 3, 12),
        titre="Démission",
        fil=["Travail", "Rupture"],
        url="https://www.service-public.gouv.fr/particuliers/vosdroits/F1",
        contenu=[
            {
                "type": "introduction",
                "blocs": [{"type": "paragraphe", "texte": ["Vous démissionnez."]}],
            },
            {"type": "paragraphe", "texte": ["Suite."]},
        ],
    )
    login()
    html = page(client, Fiche.objects.get())[1]
    for words in (
        "Introduction de la fiche, pas encore de texte à dire",
        "Vous démissionnez.",
        "Travail › Rupture",
        "mis à jour le 12 mars 2026",
        "Service-Public.gouv.fr / DILA",
    ):
        assert words in html, words
    assert "À DIRE" not in html


def test_the_page_costs_the_same_queries_whatever_the_path(client, login, fiche):
    login()
    counts = []
    for chemin in ("", "1", "1.2"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, fiche, chemin)
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
    assert counts[1] <= 8
