"""What makes a fiche publishable; the demonstration's own fiches all are."""

import datetime
import threading
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from allo3939.accounts.models import Secteur
from knowledge.author import (
    check_fiche,
    count_words,
    next_reference,
)
from knowledge.blocks import walk
from knowledge.enums import Etat
from knowledge.load import load_fiches, load_file, load_secteurs
from knowledge.models import Fiche, Theme
from knowledge.publish import publish
from knowledge.qualify import read

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_punctuation_alone_is_no_word():
    assert count_words("Vous avez un mois : c'est court !") == 6


def test_an_empty_fiche_is_told_what_is_missing(db):
    errors = check_fiche(Fiche(reference="A39-1", nature="escalade", origine="allo3939"))
    for what in ("un titre", "un texte à dire", "un thème", "une définition", "le secteur"):
        assert any(what in error for error in errors)
    assert any("A39-" in error for error in errors)


def test_links_need_a_title_and_an_address_of_the_web(db):
    fiche = Fiche(
        reference="A39-9999",
        nature="reponse",
        origine="allo3939",
        services=[{"titre": "", "url": "javascript:x"}, {"titre": "S", "url": ""}],
        sources=[{"titre": "", "url": "https://x"}],
    )
    errors = " ".join(check_fiche(fiche))
    for words in ("service n'a pas de titre", "javascript:x", "« S »", "Une source est vide"):
        assert words in errors


def test_an_imported_fiche_is_only_checked_on_what_we_add(db):
    fiche = Fiche(reference="F1", nature="reponse", origine="service_public", a_dire="mot " * 61)
    assert len(check_fiche(fiche)) == 1


@pytest.fixture
def secteurs(db):
    load_secteurs(FIXTURES / "secteurs.toml")


def test_the_sectors_and_their_themes_are_loaded_once(secteurs):
    assert load_secteurs(FIXTURES / "secteurs.toml") == (6, 70)
    assert Secteur.objects.count() == 6
    assert Theme.objects.authored().count() == 70
    interieur = Secteur.objects.get(slug="interieur")
    assert interieur.horaires[0] == {"jour": 0, "debut": "08:00", "fin": "19:00"}


def test_every_demonstration_fiche_is_published_and_a_second_run_changes_nothing(db, capsys):
    call_command("load_fiches")
    shown = capsys.readouterr()
    assert shown.err == ""
    fiches = list(Fiche.objects.published().native())
    assert len(fiches) >= 120
    assert all(fiche.demonstration and fiche.version == 1 for fiche in fiches)
    assert sum(fiche.nature == "escalade" for fiche in fiches) >= 30
    assert sum(bool(fiche.parcours["questions"]) for fiche in fiches) >= 10

    call_command("load_fiches")
    assert ", 0 modifiées" in capsys.readouterr().out
    assert set(Fiche.objects.native().values_list("version", flat=True)) == {1}


def test_every_path_of_the_demonstration_leads_to_something_to_say(db):
    call_command("load_fiches", verbosity=0)
    for fiche in Fiche.objects.published():
        paths = [[]]
        while paths:
            path = paths.pop()
            lecture = read(fiche.contenu, path, fiche.a_dire)
            assert lecture.a_dire, (fiche.reference, path)
            assert not any(b["type"] == "fourche" for b in walk(lecture.texte))
            if lecture.fourche:
                paths += [[*path, choice["rang"]] for choice in lecture.fourche["choix"]]


TOML = """
[[fiche]]
reference = "A39-9801"
nature = "reponse"
theme = "passeport"
titre = "Passeport"
mots_cles = ["passeport"]
a_dire = "Prenez rendez-vous en mairie."
sources = [{ titre = "Décret", url = "" }]
verifiee_le = 2026-10-14
"""


def test_a_faulty_fiche_is_set_aside_and_the_rest_goes_in(secteurs, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        TOML
        + TOML.replace("9801", "9802").replace("passeport", "zut", 1)
        + TOML.replace("9801", "9803").replace("titre = ", "titel = ", 1)
        + TOML.replace("9801", "9804").replace("Prenez", "mot " * 60)
        + TOML.replace("9801", "9805").replace("reponse", "autre")
        + TOML.replace("9801", "9806")
        + 'cible = "lune"\n'
        + TOML
    )
    bilan = load_file(path)
    assert bilan.ajoutees == 1
    reasons = {line["reference"]: line["reason"] for line in bilan.ecartees}
    assert "zut" in reasons["A39-9802"]
    assert "titel" in reasons["A39-9803"]
    assert "mots à dire" in reasons["A39-9804"]
    assert "autre" in reasons["A39-9805"]
    assert "lune" in reasons["A39-9806"]
    assert "déjà" in reasons["A39-9801"]


PARCOURS_TOML = """
[[fiche.questions]]
code = "perdu"
texte = "L'avez-vous perdu ?"
choix = [{ code = "oui", libelle = "Oui" }, { code = "non", libelle = "Non" }]
aide = "Regardez dans vos affaires."

[[fiche.issues]]
titre = "perdu"
si = { perdu = ["oui"] }
a_dire = "Déclarez la perte."
cible = { fiche = "A39-9802" }

[[fiche.issues]]
titre = "pas perdu"
si = { perdu = ["non"] }
cible = { exterieur = { titre = "Le médiateur", telephone = "39 39" } }

[[fiche.issues]]
titre = "à chercher"
inconnu = true
cible = { secteur = "interieur" }
"""


def test_a_parcours_is_read_whole_and_may_lead_to_a_fiche_that_comes_later(secteurs, tmp_path):
    (tmp_path / "a.toml").write_text(TOML + PARCOURS_TOML)
    (tmp_path / "b.toml").write_text(TOML.replace("9801", "9802"))
    first, second = load_fiches(tmp_path)
    assert (first.ajoutees, first.ecartees, second.ajoutees) == (1, [], 1)
    fiche = Fiche.objects.get(reference="A39-9801")
    (fork,) = [block for block in fiche.contenu if block["type"] == "fourche"]
    assert fork["aide"] == "Regardez dans vos affaires."
    assert [case["cible"] for case in fork["cas"]] == [
        {"fiche": "A39-9802"},
        {"exterieur": {"titre": "Le médiateur", "telephone": "39 39"}},
        {"secteur": "interieur"},
    ]
    assert [bilan.inchangees for bilan in load_fiches(tmp_path)] == [1, 1]


def test_a_fiche_that_leads_nowhere_is_set_aside_once(secteurs, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(TOML.replace("9801", "9803") + TOML + PARCOURS_TOML)
    bilan = load_file(path)
    assert bilan.ajoutees == 1
    (line,) = bilan.ecartees
    assert line["reference"] == "A39-9801"
    assert "aucune fiche A39-9802 n'est publiée" in line["reason"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (('texte = "L', 'text = "L'), "Champs manquants dans la question 1\xa0: texte"),
        (("inconnu = true", "inconu = true"), "Champs inconnus dans l'issue"),
        (('{ code = "oui", ', "{ "), "Champs manquants dans un choix de la question 1\xa0: code"),
    ],
)
def test_a_misspelt_field_of_a_parcours_is_named(secteurs, tmp_path, wrong, reason):
    path = tmp_path / "x.toml"
    path.write_text(TOML.replace("9801", "9802") + TOML + PARCOURS_TOML.replace(*wrong, 1))
    assert reason in load_file(path).ecartees[0]["reason"]


def test_a_changed_fiche_gets_a_new_version(secteurs, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(TOML)
    load_file(path)
    path.write_text(TOML.replace("en mairie", "à la mairie"))
    bilan = load_file(path)
    assert (bilan.modifiees, bilan.ecartees) == (1, [])
    assert Fiche.objects.get(reference="A39-9801").version == 2


def test_what_a_redacteur_wrote_is_never_overwritten(make_agent, secteurs, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(TOML)
    load_file(path)
    fiche = Fiche.objects.get(reference="A39-9801")
    fiche.a_dire = "Réécrit."
    publish(fiche, by=make_agent("redacteur"))
    bilan = load_file(path)
    assert "rédacteur" in bilan.ecartees[0]["reason"]
    fiche.refresh_from_db()
    assert (fiche.a_dire, fiche.etat) == ("Réécrit.", Etat.PUBLIEE)
    assert fiche.verifiee_le == datetime.date(2026, 10, 14)


def test_an_unreadable_file_is_set_aside_whole(secteurs, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("[[fiche")
    assert "illisible" in load_file(path).ecartees[0]["reason"]


def test_a_folder_without_sectors_is_refused(db, tmp_path):
    with pytest.raises(CommandError, match=r"secteurs\.toml"):
        call_command("load_fiches", fixtures=str(tmp_path))


@pytest.mark.django_db(transaction=True)
def test_two_fiches_created_together_get_two_references():
    given = threading.Event()
    second: list[str] = []

    def create_another() -> None:
        given.wait(10)
        with transaction.atomic():
            second.append(next_reference())
        connection.close()

    other = threading.Thread(target=create_another)
    other.start()
    with transaction.atomic():
        first = next_reference()
        given.set()
        time.sleep(0.3)
        assert not second
        Fiche.objects.create(
            reference=first, nature="reponse", origine="allo3939", titre="Première"
        )
    other.join(10)
    assert (first, second) == ("A39-1001", ["A39-1002"])
