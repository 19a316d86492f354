"""Gestures by their name, in the search box."""

import pytest
from django.urls import reverse
from django.utils import timezone

from allo3939.shared.models import Importation
from calls import commands, record
from calls.models import Appel
from knowledge.models import Fiche, Redirection

HTMX = {"headers": {"HX-Request": "true"}}
pytestmark = pytest.mark.django_db


@pytest.fixture
def make_fiche():
    def make(reference, titre="Passeport", etat="publiee"):
        return Fiche.objects.create(
            reference=reference,
            titre=titre,
            nature="reponse",
            origine="service_public",
            etat=etat,
            publiee_le=timezone.now(),
        )

    return make


@pytest.fixture
def typed(client, login):
    """What the box answers to words typed during a call."""
    agent = login()
    record.pick_up(agent)

    def ask(words):
        return client.post(reverse("console-recherche"), {"q": words}, **HTMX).content.decode()

    return ask


def names(words):
    return [each.mot for each in commands.read(words).commandes]


def test_the_sign_alone_shows_all_of_them():
    assert names(">") == [each.mot for each in commands.COMMANDES]


def test_a_name_is_completed_without_accents():
    assert names(">fl") == ["flash"]
    assert names("> Préf") == ["preferences"]
    assert names(">rien") == []


def test_each_opens_a_page_or_has_a_key_of_the_desk():
    for each in commands.COMMANDES:
        assert not each.vue or reverse(each.vue)
        assert each.mot == "fiche" or bool(each.touche) != bool(each.vue)


def test_a_reference_leads_to_its_fiches_or_to_the_one_that_took_its_place(make_fiche):
    make_fiche("F14929")
    make_fiche("F149")
    make_fiche("F1490", etat="brouillon")
    importation = Importation.objects.create(
        genre="fiches", producteur="DILA", fichier="x.zip", commencee_le=timezone.now()
    )
    Redirection.objects.create(de="F77", vers="F149", importation=importation)

    def found(words):
        return [fiche.reference for fiche in commands.read(words).fiches]

    assert found(">fiche f149") == ["F149", "F14929"]
    assert found(">fiche F14929") == ["F14929"]
    assert found(">fiche F77") == ["F149"]
    assert found(">fiche F1490") == []


def test_a_command_is_neither_searched_nor_kept(typed, client, make_fiche):
    make_fiche("F14929", "Passeport d'un majeur")

    html = typed(">fiche F14929")

    assert "Passeport d&#x27;un majeur" in html
    client.post(reverse("console-fiche", args=["F14929"]), {"q": ">fiche F14929"}, **HTMX)
    demande = Appel.objects.get().demandes.get()
    assert demande.consultations.get().fiche.reference == "F14929"
    assert (demande.question, demande.recherches) == ("", [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (">fiche F9", "Aucune fiche F9."),
        (">zut", "Pas de commande de ce nom."),
        (">fiche <b>", "Aucune fiche &lt;B&gt;."),
        (">fiche F\x00", ""),
    ],
)
def test_what_leads_nowhere_is_said(typed, words, said):
    assert said in typed(words)
