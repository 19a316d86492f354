"""The page of a sector: its fiches by calls at stake, and what waits."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls import escalate, record
from calls.models import Transfert
from knowledge import propose
from knowledge.models import Fiche, Lacune, UsageFiche
from orientation.models import Organisme, Signalement, TypeService

PAGE = "/redaction/"
HTMX = {"HX-Request": "true"}


def used(fiche, calls, *, days_ago=1, escalades=0):
    day = timezone.localdate() - timedelta(days=days_ago)
    UsageFiche.objects.create(fiche=fiche, jour=day, consultations=calls, escalades=escalades)


def text(client, address=PAGE, **options):
    return " ".join(client.get(address, **options).content.decode().split())


def test_the_fiches_of_the_sector_come_by_calls_at_stake(client, login, make_fiche, autre):
    login("partenaire")
    few, many = make_fiche("A39-0901"), make_fiche("A39-0902")
    make_fiche("A39-0903", owner=autre)
    make_fiche("A39-0904", owner=None)
    used(few, 3)
    used(many, 40, escalades=2)
    used(few, 900, days_ago=120)

    page = text(client)

    assert page.index("Fiche A39-0902") < page.index("Fiche A39-0901")
    assert "A39-0903" not in page
    assert "A39-0904" not in page
    assert "40 appels" in page
    assert "2 escaladés" in page
    assert "3 appels" in page


@pytest.mark.parametrize("role", ["partenaire", "informateur"])
def test_both_roles_have_it_in_their_navigation(client, login, role):
    login(role)
    assert f'<a href="{PAGE}" aria-current="page">Fiches du secteur</a>' in text(client)


def test_an_empty_sector_says_so(client, login):
    login("partenaire")
    page = text(client)
    assert "Le secteur n'a pas encore de fiche." in page
    assert "Aucune proposition n'attend." in page
    assert "Aucune question sans fiche." in page
    assert "Aucune fiche n'a changé." in page
    assert "aucun signalement en attente" in page


def test_words_are_found_without_accents_in_title_and_keywords(client, login, make_fiche):
    login("partenaire")
    make_fiche("A39-0901", titre="Héritage contesté")
    make_fiche("A39-0902", titre="Divorce", mots_cles=["séparation"])
    assert "Divorce" not in text(client, PAGE + "?q=heritage", headers=HTMX)
    assert "Divorce" in text(client, PAGE + "?q=SEPAR", headers=HTMX)
    page = text(client, PAGE + "?q=introuvable", headers=HTMX)
    assert "Aucune fiche du secteur ne répond à ces critères." in page


def test_htmx_gets_the_list_alone_and_it_is_the_pages_own(client, login, make_fiche):
    login("partenaire")
    make_fiche()
    swapped = text(client, PAGE + "?q=fiche", headers=HTMX)
    assert swapped.startswith('<div id="resultats">')
    assert "Propositions en cours" not in swapped
    told = '<p id="a39-direct" hx-swap-oob="innerHTML">1 fiche</p> '
    assert swapped.replace(told, "") in text(client, PAGE + "?q=fiche")


@pytest.mark.parametrize(
    ("voir", "seen"),
    [
        ("", {"A39-0901", "A39-0902", "A39-0903", "A39-0904"}),
        ("a-relire", {"A39-0902"}),
        ("en-cours", {"A39-0903"}),
        ("changees", {"A39-0901", "A39-0903"}),
        ("a-ecrire", {"A39-0904"}),
    ],
)
def test_the_list_is_narrowed(client, login, make_fiche, write, voir, seen):
    agent = login("partenaire")
    long_ago = timezone.localdate() - timedelta(days=500)
    make_fiche("A39-0901", verifiee_le=timezone.localdate())
    make_fiche("A39-0902", verifiee_le=long_ago)
    write(agent, make_fiche("A39-0903", verifiee_le=timezone.localdate()), titre="Autre titre")
    make_fiche("A39-0904", draft=True, verifiee_le=timezone.localdate())
    Fiche.objects.filter(reference="A39-0902").update(
        publiee_le=timezone.now() - timedelta(days=90)
    )
    page = text(client, f"{PAGE}?voir={voir}", headers=HTMX)
    references = [f"A39-090{n}" for n in range(1, 5)]
    assert {each for each in references if reverse("redaction-fiche", args=[each]) in page} == seen


def test_an_unknown_filter_is_refused_in_words(client, login):
    login("partenaire")
    answer = client.get(PAGE + "?voir=tout", headers=HTMX)
    assert answer.status_code == 422
    assert "Choisissez parmi la liste." in answer.content.decode()


@pytest.mark.parametrize(
    ("on", "verified", "old"),
    [
        (date(2026, 11, 26), date(2025, 11, 26), True),
        (date(2026, 11, 26), date(2025, 11, 27), False),
        (date(2028, 2, 29), date(2027, 2, 28), True),
        (date(2028, 2, 29), date(2027, 3, 1), False),
    ],
)
def test_what_is_no_longer_fresh_is_what_the_fiche_says(make_fiche, on, verified, old):
    from knowledge.freshness import label, limit_of_fresh

    fiche = make_fiche(verifiee_le=verified)
    found = Fiche.objects.not_fresh(limit=limit_of_fresh(on))
    assert found.filter(pk=fiche.pk).exists() is old
    assert (label(fiche, on=on).fraicheur != "a_jour") is old


def test_transfers_and_refusals_stand_beside_the_fiche(client, login, make_agent, make_fiche):
    login("partenaire")
    secteur = make_agent("informateur").secteur
    fiche = make_fiche(nature="escalade", cible=secteur, definition="Un désaccord.",
                       exemples_dans=["oui"], exemples_hors=["non"])  # fmt: skip
    demande = record.current_question(record.pick_up(make_agent("teleconseiller")))
    record.open_fiche(demande, fiche=fiche, words="désaccord")
    escalate.request(demande, secteur=secteur, motif="trop_complexe", fiche=fiche)
    Transfert.objects.update(etat="refusee", motif_refus="niveau_1", repondu_le=timezone.now())
    page = text(client)
    assert "1 transfert" in page
    assert "1 refusé" in page


def test_what_a_reviewer_said_is_read_first(client, login, make_fiche, write, relectrice):
    agent = login("partenaire")
    proposition = write(agent, make_fiche(), submit=True, titre="Acte de naissance")
    propose.send_back(proposition, by=relectrice, commentaire="Citez l'article du code.")
    page = text(client)
    assert "Renvoyé par la rédaction, à corriger" in page
    assert "Citez l&#x27;article du code." in page
    assert page.index("Citez l&#x27;article") < page.index("les plus demandées d'abord")
    proposition.refresh_from_db()
    propose.submit(proposition, by=agent)
    assert "Citez l&#x27;article" not in text(client)


def test_gaps_of_the_sector_are_told(client, login, make_fiche, autre):
    login("partenaire")
    Lacune.objects.create(titre="Livret de famille perdu", cles=["livret"], fiche=make_fiche())
    elsewhere = make_fiche("A39-0902", owner=autre)
    Lacune.objects.create(titre="Gap of others", cles=["x"], fiche=elsewhere)
    page = text(client)
    assert "Livret de famille perdu" in page
    assert "Gap of others" not in page


def test_reports_on_the_bodies_kept_are_counted(client, login, secteur, make_agent):
    login("partenaire")
    TypeService.objects.create(code="tj", libelle="Tribunal judiciaire", secteur=secteur)
    body = Organisme.objects.create(id=uuid.uuid4(), nom="Tribunal", types=["tj"])
    Signalement.objects.create(
        organisme=body, objet="telephone", precision="faux numéro",
        auteur=make_agent("teleconseiller"),
    )  # fmt: skip
    assert "1 signalement" in text(client)


def test_an_informateur_is_not_led_to_the_directory_it_does_not_keep(client, login):
    login("informateur")
    assert reverse("redaction-organismes") not in text(client)


def test_queries_are_constant(client, login, make_fiche, write, make_agent):
    agent = login("partenaire")
    colleague = make_agent("informateur", username="collègue")

    def fill(numbers):
        for n in numbers:
            fiche = make_fiche(f"A39-09{n:02}")
            used(fiche, n + 1)
            write(agent, fiche, titre=f"Titre {n}")
            write(colleague, fiche, a_dire=f"À dire {n}.", submit=True)

    def asked(**options):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, **options).status_code == 200
        return len(queries)

    fill([0])
    one, one_list = asked(), asked(headers=HTMX)
    fill(range(1, 20))
    assert (asked(), asked(headers=HTMX)) == (one, one_list)
