"""The one box: fiches, escalation fiches and bodies; and the commands that show it."""

import json
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from allo3939.shared.changes import record_change
from knowledge.models import Fiche
from orientation.models import Departement, Organisme, TypeService
from orientation.search import ORGANISMES, search_everything, search_organismes


@pytest.fixture(autouse=True)
def index_directory(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"


@pytest.fixture
def make_organisme(db):
    Departement.objects.bulk_create(
        [Departement(code="72", nom="Sarthe"), Departement(code="77", nom="Seine-et-Marne")]
    )
    TypeService.objects.bulk_create(
        [
            TypeService(code="mairie", libelle="Mairie"),
            TypeService(code="caf", libelle="Caisse d'allocations familiales (CAF)"),
            TypeService(code="prefecture", libelle="Préfecture"),
            TypeService(code="sous_pref", libelle="Sous-préfecture"),
        ]
    )

    def make(kind, nom, code_postal="72000", commune="Le Mans", **fields):
        organisme = Organisme.objects.create(
            id=uuid.uuid4(),
            nom=nom,
            types=[kind],
            code_postal=code_postal,
            commune_nom=commune,
            departement_code=code_postal[:2],
            empreinte="x",
            **fields,
        )
        record_change("organismes", [str(organisme.id)])
        return organisme

    return make


@pytest.fixture
def directory(make_organisme):
    make_organisme("mairie", "Mairie - Fontaine-le-Port", "77590", "Fontaine-le-Port")
    make_organisme("mairie", "Mairie - Fontaines", "77480", "Fontaines")
    make_organisme("mairie", "Mairie - Saint-Calais", "72120", "Saint-Calais")
    make_organisme("mairie", "Mairie - Le Mans")
    make_organisme("mairie", "Mairie - Mansigné", "72510", "Mansigné")
    make_organisme("mairie", "Mairie - Eu", "77999", "Eu")
    make_organisme("caf", "Caisse d'allocations familiales de la Sarthe")
    make_organisme("prefecture", "Préfecture de la Sarthe")
    make_organisme("sous_pref", "Sous-préfecture de La Flèche", "72200", "La Flèche")


@pytest.fixture
def make_fiche(db, secteur):
    def make(reference, titre, nature="reponse"):
        Fiche.objects.create(
            reference=reference,
            titre=titre,
            nature=nature,
            cible=secteur if nature == "escalade" else None,
            origine="allo3939",
            etat="publiee",
            publiee_le=timezone.now(),
        )
        record_change("fiches", [reference])

    return make


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mairie fontaine le port", "Mairie - Fontaine-le-Port"),
        ("mairie fontaine-le-p", "Mairie - Fontaine-le-Port"),
        ("mairie 77590", "Mairie - Fontaine-le-Port"),
        ("mairie 775", "Mairie - Fontaine-le-Port"),
        ("mairie fontene le port", "Mairie - Fontaine-le-Port"),
        ("mairie du mans", "Mairie - Le Mans"),
        ("mairie st calais", "Mairie - Saint-Calais"),
        ("mairie d'eu", "Mairie - Eu"),
        ("caf sarthe", "Caisse d'allocations familiales de la Sarthe"),
        ("caf 72", "Caisse d'allocations familiales de la Sarthe"),
        ("prefecture 72", "Préfecture de la Sarthe"),
        ("numéro de téléphone de la préfecture du Mans", "Préfecture de la Sarthe"),
        ("sous pref la fleche", "Sous-préfecture de La Flèche"),
    ],
)
def test_a_body_is_found_by_kind_and_place(directory, text, expected):
    assert search_organismes(text)[0].titre_entier == expected


def test_a_body_holds_every_word_or_is_not_shown(directory):
    assert search_organismes("carte grise décès") == []
    assert search_organismes("caf fontaine le port") == []


def test_a_line_shows_where_the_body_is(directory):
    line = search_organismes("mairie fontaine le port")[0]
    assert line.complement == "77590 Fontaine-le-Port"
    assert line.genre == "organisme"
    assert ("Fontaine", True) in line.titre


def test_a_body_gone_from_the_source_is_no_longer_found(make_organisme):
    organisme = make_organisme("caf", "CAF de la Sarthe")
    assert search_organismes("caf")
    organisme.etat = "disparu"
    organisme.save()
    record_change("organismes", [str(organisme.id)])
    assert search_organismes("caf") == []


def test_the_box_groups_what_it_finds(directory, make_fiche):
    make_fiche("F1", "Prêt de la CAF")
    make_fiche("A1", "Litige avec la CAF", nature="escalade")
    results = search_everything("caf sarthe")
    assert [line.cle for line in results.reponses] == ["F1"]
    assert [line.cle for line in results.escalades] == ["A1"]
    assert [line.complement for line in results.organismes] == ["72000 Le Mans"]
    assert len(list(results)) == 3


def test_the_box_asks_one_query_when_nothing_has_changed(
    directory, make_fiche, django_assert_num_queries
):
    make_fiche("F1", "Mairie : horaires")
    search_everything("mairie")
    with django_assert_num_queries(1):
        assert len(search_everything("mairie le mans ").organismes) == 1


def test_the_box_answers_from_the_second_letter(directory, make_fiche):
    make_fiche("F1", "Passeport")
    assert not list(search_everything("p"))
    assert [line.cle for line in search_everything("pa").reponses] == ["F1"]
    assert [line.cle for line in search_everything("pas").reponses] == ["F1"]


def test_many_bodies_are_proposed_only_with_a_place(make_organisme):
    for number in range(50):
        make_organisme("mairie", f"Mairie - Village{chr(97 + number % 26)}", commune="Autre")
    make_organisme("mairie", "Mairie - Fontaine-le-Port", "77590", "Fontaine-le-Port")
    assert search_everything("mairie").organismes == []
    assert len(search_everything("mairie 77590").organismes) == 1
    assert len(search_everything("mairie 72").organismes) == 4
    assert len(search_organismes("mairie")) == 10


def test_fiches_far_below_the_best_are_left_out_of_the_box(make_fiche):
    make_fiche("F1", "Certificat d'immatriculation d'un véhicule de collection")
    make_fiche("A1", "Véhicule", nature="escalade")
    for number in range(2, 12):
        make_fiche(f"F{number}", f"Véhicule numéro {number}")
    assert search_everything("certificat immatriculation véhicule collection").escalades == []


def test_bodies_answer_while_the_index_is_built_elsewhere(directory):
    with ORGANISMES._store.lock(0):
        assert len(search_organismes("mairie")) == 6


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_search_command_gives_the_ranking_of_the_page(directory, make_fiche):
    make_fiche("F1", "Prêt de la CAF")
    lines = json.loads(run("search", "caf sarthe", "--json"))
    assert [list(line) for line in lines] == [["cle", "genre", "titre", "complement", "score"]] * 2
    assert [line["cle"] for line in lines] == [line.cle for line in search_everything("caf sarthe")]
    assert lines[0]["titre"] == "Prêt de la CAF"


def test_the_search_command_can_be_limited(directory, make_fiche):
    make_fiche("F1", "Mairie")
    assert (
        len(json.loads(run("search", "mairie", "--in", "organismes", "--limit=2", "--json"))) == 2
    )
    assert [line["cle"] for line in json.loads(run("search", "mairie", "--in", "fiches", "--json"))]
    assert "Mairie" in run("search", "mairie")
    assert "Aucun résultat" in run("search", "zzzzzz")


def test_the_evaluation_command_prints_its_measures(make_fiche, tmp_path):
    make_fiche("F1", "Passeport")
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "passport", "fiches": ["F1"]}\n', encoding="utf-8")
    measures = json.loads(run("evaluate_search", str(file), "--json"))
    assert (measures["questions"], measures["success@1"]) == (1, 1.0)
    assert "success@10" in run("evaluate_search", str(file))


@pytest.mark.parametrize("content", ['{"question": "x", "fiches": ["F404"]}', "{"])
def test_the_evaluation_command_says_why_it_cannot_measure(db, tmp_path, content):
    file = tmp_path / "questions.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        run("evaluate_search", str(file))


def test_the_indexes_are_rebuilt_on_demand(directory, make_fiche):
    make_fiche("F1", "Passeport")
    assert run("rebuild_index").count("reconstruit") == 2
    assert search_everything("passeport").reponses


def read_as(text):
    return {each.dit: (each.genre, each.lu) for each in search_everything(text).compris}


def test_the_box_says_what_was_understood(directory, make_fiche):
    make_fiche("F1", "Certificat d'immatriculation d'un véhicule")
    assert read_as("carte grise certifcat blurgh véhicule ") == {
        "carte grise": ("autre_nom", ("certificat d'immatriculation",)),
        "certifcat": ("correction", ("certificat",)),
        "blurgh": ("inconnu", ()),
        "véhicule": ("tel_quel", ()),
    }


def test_a_place_that_only_bodies_know_was_understood(directory, make_fiche):
    make_fiche("F1", "Mairie : horaires")
    assert read_as("mairie mansigné ")["mansigné"] == ("tel_quel", ())


def test_a_mistyped_word_still_leads_to_its_other_name(directory, make_fiche):
    make_fiche("F1", "Certificat d'immatriculation d'un véhicule")
    make_fiche("F2", "Ours grise")
    assert search_everything("carte grize ").reponses[0].cle == "F1"


def test_the_line_under_the_eye_does_not_jump_while_typing(make_fiche):
    for number, titre in enumerate(
        (
            *("Passeport d'un majeur", "Passeport d'un mineur", "Passeport perdu ou volé"),
            *("Permis de conduire perdu", "Perte de la carte d'identité", "Pacs"),
        )
    ):
        make_fiche(f"F{number}", titre)
    shown: list[str] = []
    text = "passeport perdu"
    for length in range(3, len(text) + 1):
        found = [line.cle for line in search_everything(text[:length], shown=shown).reponses]
        again = search_everything(text[:length], shown=found).reponses
        assert [line.cle for line in again] == found
        shown = found
    assert shown[0] == "F2"


def test_the_search_command_explains_what_it_understood(directory, make_fiche):
    make_fiche("F1", "Certificat d'immatriculation d'un véhicule")
    explained = json.loads(run("search", "carte grise ", "--json", "--explain"))
    assert explained["compris"][0]["dit"] == "carte grise"
    assert [line["cle"] for line in explained["lignes"]] == ["F1"]
    assert "carte grise → certificat d'immatriculation" in run("search", "carte grise ")
    assert "mot inconnu" in run("search", "zzzzzz carte ")


def test_the_evaluation_command_measures_each_category(make_fiche, tmp_path):
    make_fiche("F1", "Passeport")
    file = tmp_path / "questions.jsonl"
    rows = [("passport", "faute"), ("zzzz", "sigle")]
    file.write_text(
        "\n".join(
            json.dumps({"question": text, "fiches": ["F1"], "categorie": kind})
            for text, kind in rows
        ),
        encoding="utf-8",
    )
    categories = json.loads(run("evaluate_search", str(file), "--json"))["categories"]
    assert {name: values["success@1"] for name, values in categories.items()} == {
        "faute": 1.0,
        "sigle": 0.0,
    }
    assert "faute" in run("evaluate_search", str(file))
