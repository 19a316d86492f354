"""Rédacteurs keep synonyms and pins, work through missed searches, set learning aside."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from knowledge import learn
from knowledge.misses.follow import key_of
from knowledge.models import Apprentissage, Epingle, RechercheManquee, Synonyme
from knowledge.search import count_fiches, search_fiches
from tests.knowledge.taught import pin, put_fiche

MODELS = ("synonyme", "epingle", "recherchemanquee", "apprentissage")


def url(model, page="changelist", *args):
    return reverse(f"admin:knowledge_{model}_{page}", args=args)


def plain(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def references(text):
    return [line.cle for line in search_fiches(text)]


SYNONYME = {
    "expression": "gommette",
    "equivalents": "certificat qualité de l'air",
    "actif": "on",
    "note": "depuis la réforme",
}


@pytest.fixture
def fiches(db):
    put_fiche("F1", "Certificat qualité de l'air")
    put_fiche("F2", "Passeport perdu")
    return put_fiche("F3", "Voyager à l'étranger")


def test_a_redacteur_adds_a_synonym_that_acts_at_once(client, login, fiches):
    agent = login(Role.REDACTEUR)
    assert references("gommette") == []

    response = client.post(url("synonyme", "add"), SYNONYME, follow=True)

    assert "gommette" in plain(response)
    synonyme = Synonyme.objects.get()
    assert synonyme.equivalents == ["certificat qualité de l'air"]
    assert synonyme.history.get().history_user == agent
    assert references("gommette") == ["F1"]


def test_a_synonym_is_tried_out_without_being_saved(client, login, fiches):
    login(Role.REDACTEUR)
    html = plain(client.post(url("synonyme", "add"), SYNONYME | {"_essayer": "1"}))
    assert "les premières fiches changent" in html
    before, after = html.split("<h3>Avec</h3>")
    assert "Aucune fiche." in before
    assert ">F1<" in after
    assert "entre" in after
    assert 'value="gommette"' in html
    assert not Synonyme.objects.exists()
    assert references("gommette") == []


def test_a_synonym_is_tried_with_a_sentence_too(client, login, fiches):
    login(Role.REDACTEUR)
    data = SYNONYME | {"_essayer": "1", "essai": "passeport perdu"}
    assert "restent les mêmes" in plain(client.post(url("synonyme", "add"), data))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expression": "de la"}, "ne dit rien à la recherche"),
        ({"expression": "06 12 34 56 78"}, "rien qui désigne quelqu'un"),
        ({"equivalents": "gommettes"}, "déjà la même chose"),
        ({"equivalents": " \n "}, "obligatoire"),
    ],
)
def test_a_synonym_the_search_cannot_use_is_refused_in_plain_french(
    client, login, fiches, change, said
):
    login(Role.REDACTEUR)
    assert said in plain(client.post(url("synonyme", "add"), SYNONYME | change))
    assert not Synonyme.objects.exists()


def test_what_the_shipped_lists_know_is_said_after_saving(client, login, fiches):
    login(Role.REDACTEUR)
    data = SYNONYME | {"expression": "carte grise", "equivalents": "certificat d'immatriculation"}
    assert "Le lexique livré connaît déjà" in plain(
        client.post(url("synonyme", "add"), data, follow=True)
    )
    assert Synonyme.objects.exists()


def test_the_page_of_a_synonym_shows_its_effect_and_its_history(client, login, fiches):
    login(Role.REDACTEUR, poste="Poste 9")
    client.post(url("synonyme", "add"), SYNONYME)
    pk = Synonyme.objects.get().pk
    assert "les premières fiches changent" in plain(client.get(url("synonyme", "change", pk)))
    client.post(url("synonyme", "change", pk), SYNONYME | {"note": "revu"})
    html = plain(client.get(url("synonyme", "history", pk)))
    assert "Poste 9" in html
    assert "depuis la réforme → revu" in html


def test_a_redacteur_pins_a_fiche_which_is_checked_at_once(
    client, login, fiches, django_capture_on_commit_callbacks
):
    login(Role.REDACTEUR)
    data = {"mots": "partir loin", "fiche": fiches.pk, "actif": "on", "note": ""}
    tried = plain(client.post(url("epingle", "add"), data | {"_essayer": "1"}))
    assert "F3 · épinglée" in tried
    assert not Epingle.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("epingle", "add"), data)

    assert Epingle.objects.get().tient
    assert references("partir loin") == ["F3"]


def test_pins_that_no_longer_hold_come_first_with_the_reason(client, login, fiches):
    login(Role.REDACTEUR)
    pin("aller loin", put_fiche("F2", "Passeport perdu"))
    pin("partir loin", fiches)
    Epingle.objects.update(rang_constate=1, verifiee_le=timezone.now())
    put_fiche("F3", "Voyager à l'étranger", etat="archivee")
    html = plain(client.get(url("epingle")))
    assert html.index("partir loin") < html.index("aller loin")
    assert "la fiche est archivée" in html
    only = plain(client.get(url("epingle"), {"tenue": "non"}))
    assert "aller loin" not in only
    assert "partir loin" in only


def test_pins_are_checked_on_demand(client, login, fiches):
    login(Role.REDACTEUR)
    held = pin("aller loin", put_fiche("F2", "Passeport perdu"))
    lost = pin("partir loin", fiches)
    put_fiche("F3", "Voyager à l'étranger", etat="archivee")
    data = {"action": "verifier", "_selected_action": [held.pk, lost.pk]}
    html = plain(client.post(url("epingle"), data, follow=True))
    assert "« partir loin » → F3 ne tient plus : la fiche est archivée." in html
    assert "aller loin » → F2 ne tient plus" not in html


def test_a_row_of_learning_is_set_aside_one_by_one_or_together(client, login, fiches):
    login(Role.REDACTEUR)
    learn.teach("passeport perdu", fiche=fiches, count=count_fiches)
    learn.announce()
    first, second = Apprentissage.objects.order_by("mot")
    assert "+6 %" in plain(client.get(url("apprentissage")))

    data = {"action": "ecarter", "_selected_action": [first.pk, second.pk]}
    client.post(url("apprentissage"), data)
    assert set(Apprentissage.objects.values_list("ecarte", flat=True)) == {True}

    client.post(url("apprentissage", "change", first.pk), {"mot": "autre"})
    first.refresh_from_db()
    assert (first.mot, first.ecarte) == ("passeport", False)


def miss(texte, n=1, **fields):
    for _ in range(n):
        RechercheManquee.objects.create(
            texte=texte,
            cle=key_of(texte),
            **({"genre": "sans_resultat", "le": timezone.now()} | fields),
        )


def test_missed_searches_are_listed_by_meaning_with_what_followed(client, login, fiches):
    login(Role.REDACTEUR)
    miss("gommette voiture", 2, suite="certificat air", genre="reformulee", fiche=fiches)
    miss("les gommettes de voiture")
    miss("taudis")
    html = plain(client.get(url("recherchemanquee")))
    assert html.index("gommette voiture") < html.index("taudis")
    assert "<b>3</b> fois" in html
    assert "« les gommettes de voiture »" in html
    assert "« certificat air » (2)" in html
    assert "Voyager à l'étranger</a> (F3)" in html


def test_a_synonym_begins_in_one_click(client, login, fiches):
    login(Role.REDACTEUR)
    miss("gommette", 2, suite="certificat air", genre="reformulee")
    html = client.get(url("recherchemanquee")).content.decode()
    number = RechercheManquee.objects.first().pk
    assert f'href="{url("synonyme", "add")}?manquee={number}"' in html

    form = client.get(url("synonyme", "add"), {"manquee": number}).context["adminform"].form
    assert (form["expression"].value(), form["equivalents"].value()) == (
        "gommette",
        "certificat air",
    )


def test_a_settled_group_leaves_the_list(client, login, fiches):
    login(Role.REDACTEUR)
    miss("taudis", 2)
    seen = RechercheManquee.objects.latest("le").le.isoformat()
    data = {"cle": [key_of("taudis")], "jusqu_a": seen}
    html = plain(client.post(url("recherchemanquee", "settle"), data, follow=True))
    assert "Recherches traitées : 2." in html
    assert "Rien à traiter" in html
    assert client.post(url("recherchemanquee", "settle"), {"jusqu_a": "hier"}).status_code == 400


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REDACTEUR])
def test_nobody_else_sees_or_writes_any_of_it(client, login, fiches, role):
    login(role)
    miss("taudis")
    for model in MODELS:
        assert client.get(url(model)).status_code == 403
    assert client.post(url("synonyme", "add"), SYNONYME).status_code == 403
    seen = timezone.now().isoformat()
    data = {"cle": [key_of("taudis")], "jusqu_a": seen}
    assert client.post(url("recherchemanquee", "settle"), data).status_code == 403
    assert RechercheManquee.objects.pending().exists()


@pytest.mark.parametrize("model", MODELS)
def test_a_list_asks_as_many_queries_for_two_rows_as_for_twenty(
    client, login, fiches, model, django_assert_num_queries
):
    login(Role.REDACTEUR)

    def add(number):
        miss(f"taudis{number}")
        Synonyme.objects.create(expression=f"mot{number}", equivalents=["passeport"])
        Epingle.objects.create(mots=f"mot{number}", fiche=fiches)
        Apprentissage.objects.create(mot=f"mot{number}", fiche=fiches, poids=1, le=timezone.now())

    add(0)
    client.get(url(model))
    add(1)
    with CaptureQueriesContext(connection) as few:
        client.get(url(model))
    for number in range(2, 20):
        add(number)
    with django_assert_num_queries(len(few)):
        client.get(url(model))
