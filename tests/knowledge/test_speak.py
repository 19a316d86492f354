"""What is copied to be dictated: the page at this point of the path, as plain text."""

import datetime

import pytest

from knowledge.compose import compose
from knowledge.models import Fiche
from knowledge.qualify import read
from knowledge.readxml import read as read_xml
from knowledge.speak import dictate, plain_lines
from tests.knowledge.test_compose import PARCOURS, make_fiche
from tests.knowledge.vosdroits import needs_data, real_files

TODAY = datetime.date(2026, 11, 26)


@pytest.fixture
def fiche():
    made = make_fiche(
        reference="A39-1",
        titre="Carte grise",
        a_dire="Commun.",
        pieces=["Carte grise", "Photo"],
        cout=["Gratuit"],
        delai=["Un mois"],
        services=[{"titre": "France Titres", "url": "https://ants.gouv.fr"}],
        organismes=["prefecture"],
        parcours=PARCOURS,
        verifiee_le=datetime.date(2026, 11, 1),
    )
    made.origine = "allo3939"
    made.contenu = compose(made)
    return made


def test_a_case_is_dictated_part_by_part(fiche):
    text = dictate(fiche, read(fiche.contenu, [2], fiche.a_dire), on=TODAY)

    assert text.split("\n\n") == [
        "Carte grise\nSituation\u00a0: Vendu",
        "À DIRE\nVendez.",
        "PIÈCES À RÉUNIR\n1. Carte grise\n2. Photo",
        "COÛT\n- Gratuit\n- 10 €",
        "DÉLAI\n- Un mois",
        "EN LIGNE\n- France Titres\u00a0: https://ants.gouv.fr",
        "OÙ S'ADRESSER\n- Préfecture",
        "SOURCE\n3939 Allo Service-Public, fiche A39-1, version 1, vérifiée le 1er novembre 2026\n",
    ]


def test_what_is_left_to_ask_is_told_and_no_amount_of_a_case(fiche):
    text = dictate(fiche, read(fiche.contenu, [], fiche.a_dire), on=TODAY)

    assert f"Reste à demander\u00a0: {PARCOURS['questions'][0]['texte']}" in text
    assert "10 €" not in text


def test_bodies_given_replace_the_kinds_of_office(fiche):
    lecture = read(fiche.contenu, [], fiche.a_dire)

    text = dictate(fiche, lecture, bodies=["- Préfecture de la Sarthe, 02 43 39 72 72"], on=TODAY)

    assert "OÙ S'ADRESSER\n- Préfecture de la Sarthe, 02 43 39 72 72\n" in text
    assert "- Préfecture\n" not in text


def test_nested_lists_and_tables_have_one_line_each():
    def paragraph(text):
        return {"type": "paragraphe", "texte": [text]}

    inner = {"type": "liste", "genre": "puce", "items": [[paragraph("b")]]}
    cells = [{"blocs": [paragraph("x")]}, {"blocs": [paragraph("y")]}]
    table = {"type": "tableau", "titre": [], "rangees": [{"entete": False, "cellules": cells}]}
    blocks = [{"type": "liste", "genre": "puce", "items": [[paragraph("a"), inner]]}, table]

    assert plain_lines(blocks) == ["- a", "  - b", "x ; y"]


@needs_data
@pytest.mark.parametrize("path", real_files("xml"), ids=lambda path: path.name)
def test_a_real_fiche_says_no_amount_before_its_fork_is_answered(path):
    """The amounts of a case not chosen stand neither on the page nor in what is copied."""
    contenu = read_xml(path.read_bytes()).contenu
    fiche = Fiche(reference="F1", origine="service_public", titre="F1", contenu=contenu)
    tried = [[]]
    while tried:
        chemin = tried.pop()
        lecture = read(contenu, chemin, "")
        shown = [
            *lecture.introduction, *lecture.pieces, *lecture.couts, *lecture.delais,
            *lecture.services, *lecture.texte, *lecture.reperes, *lecture.haut,
        ]  # fmt: skip
        assert not any(forks(block) for block in shown)
        said = dictate(fiche, lecture, on=TODAY)
        outside = amounts_outside_forks(contenu, lecture.chemin)
        assert all(amount in outside for amount in amounts(shown)), chemin
        assert said.startswith("F1\n")
        if lecture.fourche and len(chemin) < 3:
            tried += [[*chemin, choice["rang"]] for choice in lecture.fourche["choix"]]


def amounts(value):
    """The texts of the amounts (``valeur`` marks) of a tree."""
    if isinstance(value, dict):
        if value.get("m") == "valeur":
            yield "".join(part for part in value["c"] if isinstance(part, str))
        for inner in value.values():
            yield from amounts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from amounts(inner)


def forks(value):
    if isinstance(value, dict):
        return value.get("type") == "fourche" or any(forks(inner) for inner in value.values())
    return isinstance(value, list) and any(forks(inner) for inner in value)


def amounts_outside_forks(contenu, chemin):
    """The amounts that stand in no fork, or in the cases that the path chose."""
    ranks = list(chemin)

    def keep(value):
        if isinstance(value, dict):
            if value.get("type") == "fourche":
                rank = ranks.pop(0) if ranks else 0
                return keep(value["cas"][rank - 1]) if rank else []
            return {key: keep(inner) for key, inner in value.items()}
        return [keep(inner) for inner in value] if isinstance(value, list) else value

    return set(amounts(keep(contenu)))
