"""``manage.py orient``: from a commune to the sentence, on a terminal."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from knowledge.models import Fiche
from orientation.ingest import import_annuaire
from orientation.models import HoraireExceptionnel, Organisme, TypeService
from tests.orientation.annuaire import sample

VILLAGE = [
    {"jour": jour, "debut": debut, "fin": fin, "commentaire": ""}
    for jour, debut, fin in ((1, "09:00", "12:00"), (1, "18:00", "19:00"), (2, "09:00", "12:00"))
]


@pytest.fixture
def orient(communes):
    """Run the command with its options; returns what it writes."""
    for code, libelle in (("mairie", "Mairie"), ("caf", "Caisse d'allocations familiales (CAF)")):
        TypeService.objects.create(code=code, libelle=libelle)

    def run(*options):
        out = StringIO()
        call_command("orient", *options, stdout=out)
        return out.getvalue().replace("\u00a0", " ")

    return run


@pytest.fixture
def mairie(make_organisme, communes):
    return make_organisme(
        "Mairie - Fontaine-le-Port",
        competent=["77188"],
        insee="77188",
        commune_nom="Fontaine-le-Port",
        plages=VILLAGE,
    )


def test_from_a_commune_to_the_sentence(orient, mairie):
    assert orient("--commune", "77188", "--type", "mairie", "--at", "2026-11-24T18:30") == (
        """Fontaine-le-Port (77188, Seine-et-Marne), le 24/11/2026 à 18:30 (heure de Paris)

Mairie
  Mairie - Fontaine-le-Port
    pourquoi : compétence déclarée pour Fontaine-le-Port
    horaires : Ouvert jusqu'à 19 h · ensuite demain à 9 h
    à dire : La mairie de Fontaine-le-Port est ouverte jusqu'à 19 h ; ensuite, demain à 9 h.
    adresse : 1 place Saint-Pierre, 72000 Fontaine-le-Port
    joindre : Téléphone : 02 61 91 01 01.
"""
    )


def test_json_gives_instants(orient, mairie):
    options = ("--commune", "77188", "--type", "mairie", "--at", "2026-11-24T17:30Z", "--json")
    answer = json.loads(orient(*options))
    assert (answer["commune"], answer["instant"]) == ("77188", "2026-11-24T17:30:00+00:00")
    (body,) = answer["organismes"]
    assert (body["id"], body["etat"]) == (str(mairie.pk), "ouvert")
    assert body["jusqu_a"] == "2026-11-24T19:00:00+01:00"
    assert body["prochaine"] == "2026-11-25T09:00:00+01:00"
    assert body["phrase"].startswith("La mairie de Fontaine-le-Port est ouverte")


def test_exceptional_hours_are_taken_into_account(orient, mairie, make_agent):
    day = date(2026, 11, 24)
    HoraireExceptionnel.objects.create(
        organisme=mairie, du=day, au=day, motif="inventaire", auteur=make_agent("redacteur")
    )
    shown = orient("--commune", "77188", "--type", "mairie", "--at", "2026-11-24T18:30")
    assert "horaires : Fermé · ouvre demain à 9 h" in shown
    assert "remarque : inventaire" in shown


def test_several_kinds_are_answered_in_turn(orient, mairie):
    shown = orient("--commune", "77188", "--type", "caf", "--type", "mairie")
    assert "Caisse d'allocations familiales (CAF)\n  Aucun organisme de ce type.\n" in shown
    assert shown.index("(CAF)") < shown.index("\nMairie\n")


def test_a_fiche_gives_its_kinds(orient, mairie):
    published = {"etat": "publiee", "publiee_le": timezone.now()}
    Fiche.objects.create(reference="F1342", titre="Acte", organismes=["mairie"], **published)
    assert "Mairie - Fontaine-le-Port" in orient("--commune", "77188", "--fiche", "F1342")
    Fiche.objects.create(reference="F1", titre="Autre", **published)
    for reference, said in [("F9", "Aucune fiche publiée"), ("F1", "aucun type d'organisme")]:
        with pytest.raises(CommandError, match=said):
            orient("--commune", "77188", "--fiche", reference)


@pytest.mark.parametrize("text", ["77590", "fontaine le port", "le mans", "Mans"])
def test_a_postcode_or_a_name_that_means_one_commune_is_enough(orient, text):
    assert "\nMairie\n" in orient("--commune", text, "--type", "mairie")


def test_several_communes_are_listed_and_none_is_chosen(orient):
    with pytest.raises(CommandError) as error:
        orient("--commune", "72210", "--type", "mairie")
    assert "72350  La Suze-sur-Sarthe (72)" in str(error.value)
    assert "72346  Souligné-Flacé (72)" in str(error.value)
    with pytest.raises(CommandError, match="plusieurs communes"):
        orient("--commune", "Saint-Denis", "--type", "mairie")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--commune", "nulle part", "--type", "mairie"), "Aucune commune"),
        (("--commune", "77188", "--type", "chateau"), "Type d'organisme inconnu"),
        (("--commune", "77188", "--type", "mairie", "--at", "demain"), "Instant illisible"),
        (("--commune", "77188"), "--type --fiche"),
        (("--commune", "77188", "--type", "mairie", "--fiche", "F1"), "--fiche"),
    ],
)
def test_what_cannot_be_answered_is_said_in_plain_words(orient, options, said):
    with pytest.raises(CommandError, match=said):
        orient(*options)


def test_the_real_mairie_of_fontaine_le_port(orient):
    import_annuaire(sample("dump-exemples.json"), apply=True)
    assert Organisme.objects.count() == 2

    def said(moment):
        return orient("--commune", "77188", "--type", "mairie", "--at", moment)

    morning = said("2026-11-24T10:00")
    assert "horaires : Ouvert jusqu'à 12 h · ensuite demain à 9 h" in morning
    assert "01 64 38 30 52" in morning
    assert "Accessible en fauteuil roulant sur demande" in morning
    # The evening is open out of school holidays only, whose dates nobody gives.
    evening = said("2026-11-24T18:30")
    assert "horaires : Horaires à vérifier · ensuite demain à 9 h" in evening
    assert "remarque : Accueil ouvert uniquement hors vacances scolaires" in evening
    assert "à dire : Je n'ai pas d'horaires sûrs pour la mairie de Fontaine-le-Port" in evening
    assert "horaires : Fermé · ouvre mardi à 9 h" in said("2026-12-25T10:00")
