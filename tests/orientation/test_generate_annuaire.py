"""``manage.py generate_annuaire``: invented, plausible, always the same, in DILA's format."""

import re
import uuid
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orientation.generate import generate_annuaire
from orientation.generate.kinds import DEPARTEMENTAUX, LOCAUX
from orientation.generate.places import of_departement
from orientation.generate.record import Draw
from orientation.ingest import import_annuaire
from orientation.models import Competence, Organisme
from orientation.readjson import read_items
from orientation.translate import translate
from tests.orientation.annuaire import sample

FICTION = re.compile(r"(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("annuaire") / "petit.json.gz"
    assert generate_annuaire(path, count=500) == 500
    return path


@pytest.fixture(scope="module")
def items(small):
    return list(read_items(small))


def services(items):
    return [content for genre, content in items if genre == "service"]


def test_as_many_records_as_asked_each_of_its_own_identifier(items):
    identifiers = {uuid.UUID(each["id"]) for each in services(items)}
    assert len(services(items)) == len(identifiers) == 500


def test_the_same_seed_gives_the_same_file(small, tmp_path):
    again, other = tmp_path / "encore.json.gz", tmp_path / "autre.json.gz"
    generate_annuaire(again, count=500)
    generate_annuaire(other, count=500, seed=2)
    assert again.read_bytes() == small.read_bytes() != other.read_bytes()


def test_every_record_has_the_keys_of_a_real_one(items):
    real = {key for _, each in read_items(sample("dump-exemples.json")) for key in each}
    assert all(set(each) == real for each in services(items))


def test_every_record_is_taken_by_the_reader(items):
    assert len([translate(each) for each in services(items)]) == 500


def test_phones_and_addresses_reach_nobody(items):
    for each in services(items):
        assert all(FICTION.fullmatch(phone["valeur"]) for phone in each["telephone"])
        assert all(mail.endswith("@exemple.fr") for mail in each["adresse_courriel"])
        assert each["affectation_personne"] == []


def test_the_largest_communes_come_first_with_each_kind_of_their_departement(items):
    kinds = Counter(each["pivot"][0]["type_service_local"] for each in services(items))
    assert {kind.code for kind in (*DEPARTEMENTAUX, *LOCAUX)} <= set(kinds)
    names = {each["nom"] for each in services(items)}
    assert {"Mairie - Paris", "Mairie - Marseille", "Préfecture de Paris"} <= names
    assert "Caisse d'allocations familiales (CAF) des Bouches-du-Rhône" in names


def test_shapes_met_in_real_life_are_there(items):
    lines = [line for each in services(items) for line in each["plage_ouverture"]]
    assert any(line["valeur_heure_debut_2"] == "" for line in lines)
    assert any("samedis" in line["commentaire"] for line in lines)
    assert any("rendez-vous" in line["commentaire"] for line in lines)
    assert any(len(each["adresse"]) == 2 for each in services(items))
    assert any(each["commentaire_plage_ouverture"] for each in services(items))
    for key in ("reseau_social", "sve", "partenaire", "application_mobile", "ancien_nom", "siret"):
        assert any(each[key] for each in services(items)), key


def test_competence_names_bodies_of_the_directory(items):
    known = {each["id"] for each in services(items)}
    communes = [content for genre, content in items if genre == "commune"]
    assert len({each["code_insee_commune"] for each in communes}) == len(communes) > 100
    paris = next(each for each in communes if each["code_insee_commune"] == "75111")
    kinds = {
        each["code_type_service_local"]: each["organisme"] for each in paris["type_service_local"]
    }
    assert {"caf", "cpam", "tj", "ta", "sip", "france_services"} <= set(kinds)
    assert len(kinds["cpam"]) == 2
    assert all(set(ids) <= known for each in communes for ids in _ids(each))


def _ids(commune):
    return [each["organisme"] for each in commune["type_service_local"]]


@pytest.mark.django_db
def test_the_importer_takes_it_whole_from_each_format(small, tmp_path):
    first = import_annuaire(small, apply=True)
    assert (first.added, first.set_aside) == (500, [])
    rows = Competence.objects.count()
    assert rows > 1000
    archive = tmp_path / "all.tar.bz2"
    generate_annuaire(archive, count=500)
    again = import_annuaire(archive, apply=True)
    assert (again.added, again.changed, again.unchanged, again.gone) == (0, 0, 500, 0)
    assert Competence.objects.count() == rows
    assert Organisme.objects.filter(types=["prefecture"], departement_code="75").count() == 1


def test_the_command_says_what_it_wrote(tmp_path):
    out = StringIO()
    call_command("generate_annuaire", str(tmp_path / "a.json"), "--count", "10", stdout=out)
    assert out.getvalue().startswith("10 organismes écrits")


@pytest.mark.parametrize(("name", "count"), [("a.zip", 10), ("a.json", 0), ("absent/a.json", 10)])
def test_the_command_refuses_what_it_cannot_write(tmp_path, name, count):
    with pytest.raises(CommandError):
        call_command("generate_annuaire", str(tmp_path / name), count=count)


def test_draws_depend_on_the_key_alone():
    assert [Draw("a").below(100), Draw("a").below(100)] == [Draw("a").below(100)] * 2
    assert Draw("a").identifier != Draw("b").identifier


@pytest.mark.parametrize(
    ("code", "nom", "words"),
    [
        ("72", "Sarthe", "de la Sarthe"), ("59", "Nord", "du Nord"), ("40", "Landes", "des Landes"),
        ("01", "Ain", "de l'Ain"), ("35", "Ille-et-Vilaine", "d'Ille-et-Vilaine"),
        ("75", "Paris", "de Paris"), ("974", "La Réunion", "de La Réunion"),
    ],
)  # fmt: skip
def test_departements_take_their_article(code, nom, words):
    assert of_departement(code, nom) == words
