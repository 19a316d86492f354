"""A parcours drawn: every path on the plates, nothing over anything else, the same as a table."""

import copy

import pytest
from django.urls import reverse
from hypothesis import given

from allo3939.accounts.enums import Role
from knowledge.diagram import COLUMNS_MAX, HEIGHT_MAX, describe, draw
from knowledge.models import Fiche
from knowledge.parcours import Fin, decide, walk_paths
from knowledge.publish import publish
from tests.knowledge.test_compose import PARCOURS, make_fiche
from tests.knowledge.test_parcours import any_parcours, largest


def plates(parcours):
    return draw(decide(parcours), questions=parcours["questions"], suites={})


def words(plate):
    return " ".join(line.texte for box in plate.boites for line in box.lignes)


def test_questions_answers_and_ends_are_drawn():
    (plate,) = plates(PARCOURS)
    assert [box.genre for box in plate.boites].count("question") == 2
    assert [box.genre for box in plate.boites].count("fin") == 5
    labels = [line.texte for link in plate.liens for line in link.lignes]
    assert sorted(labels) == [
        "Gardé",
        "Ne sait pas",
        "Ne sait pas",
        "Plusieurs",
        "Un seul",
        "Vendu",
    ]
    assert [link.nsp for link in plate.liens].count(True) == 2


def test_answers_that_lead_to_the_same_share_a_line():
    parcours = copy.deepcopy(PARCOURS)
    parcours["issues"][0]["si"]["vehicule"].append("nsp")
    (plate,) = plates(parcours)
    assert ["Vendu", "Ne sait pas"] in [[line.texte for line in k.lignes] for k in plate.liens]


def test_a_draft_with_faults_is_drawn_with_them():
    parcours = copy.deepcopy(PARCOURS)
    del parcours["issues"][1:3]
    (plate,) = plates(parcours)
    assert "Aucun cas" in words(plate)


def test_a_long_parcours_is_cut_into_plates_that_name_each_other():
    drawn = plates(largest(6))
    assert len(drawn) > 1
    for number in range(2, len(drawn) + 1):
        assert any(f"schéma {number}" in words(plate) for plate in drawn[: number - 1])


@given(any_parcours())
def test_every_question_and_end_has_its_place_and_none_lies_over_another(parcours):
    start = decide(parcours)
    drawn = plates(parcours)
    if isinstance(start, Fin):
        return
    said = " ".join(words(plate) for plate in drawn)
    for path in walk_paths(start):
        for question, _ in path.reponses:
            assert question["texte"].split(" ?")[0] in said
        for issue in path.fin.issues:
            assert issue["titre"] in said
    for plate in drawn:
        assert plate.hauteur <= HEIGHT_MAX + 200 or len(plate.boites) <= 12
        assert len({box.x for box in plate.boites}) <= COLUMNS_MAX + 1
        for rank, one in enumerate(plate.boites):
            assert one.x >= 0
            assert one.x + one.largeur <= plate.largeur
            assert one.y >= 0
            assert one.y + one.hauteur <= plate.hauteur
            for other in plate.boites[rank + 1 :]:
                assert (
                    one.x + one.largeur <= other.x
                    or other.x + other.largeur <= one.x
                    or one.y + one.hauteur <= other.y
                    or other.y + other.hauteur <= one.y
                )


def test_the_table_says_each_situation_with_what_is_said_and_where_it_leads(db):
    parcours = copy.deepcopy(PARCOURS)
    parcours["issues"][1]["cible"] = {"exterieur": {"titre": "Le médiateur", "telephone": "39 39"}}
    schema = describe(make_fiche(a_dire="Commun.", parcours=parcours))
    assert [(row.cas, row.a_dire, row.suite) for row in schema.situations][:3] == [
        ("gardé, un", "Commun.", "→ Le médiateur, 39 39"),
        ("gardé, plusieurs", "Commun.", "→ Tribunal judiciaire"),
        ("à préciser", "Regardez la carte grise.", "Réponse"),
    ]
    assert schema.situations[0].reponses[-1] == ("Y a-t-il un seul héritier ?", ["Un seul"])


def test_there_is_nothing_to_draw_without_questions_or_with_too_many_paths():
    assert describe(make_fiche()) is None
    assert describe(make_fiche(parcours=largest(8))) is None


# --- Its page -----------------------------------------------------------------------------------


@pytest.fixture
def fiche(secteur):
    from knowledge.models import Theme

    return publish(
        make_fiche(
            titre="Carte grise <b>",
            a_dire="Commun.",
            mots_cles=["x"],
            theme=Theme.objects.create(code="t", titre="T", secteur=secteur),
            sources=[{"titre": "Code", "url": ""}],
            verifiee_le="2026-10-14",
            parcours=PARCOURS,
        ),
        by=None,
    )


@pytest.mark.parametrize("role", Role.values)
def test_every_role_reads_the_drawing_of_a_published_fiche(client, login, fiche, role):
    login(role)
    html = client.get(reverse("fiche-parcours", args=[fiche.reference])).content.decode()
    for said in ("<svg", "A39-9901", "version 1", "Toutes les situations (5)", "Vendez."):
        assert said in html, said
    assert "<b>&lt;b&gt;" not in html
    assert "Carte grise &lt;b&gt;" in html


def test_the_page_of_the_fiche_leads_to_it(client, login, fiche):
    login()
    assert (
        reverse("fiche-parcours", args=[fiche.reference])
        in client.get(fiche.get_absolute_url()).content.decode()
    )


def test_a_fiche_without_questions_or_never_published_has_no_drawing(client, login, fiche):
    login()
    url = reverse("fiche-parcours", args=[fiche.reference])
    Fiche.objects.update(parcours={"questions": [], "issues": []})
    assert client.get(url).status_code == 404
    Fiche.objects.update(parcours=PARCOURS, etat="brouillon", publiee_le=None)
    assert client.get(url).status_code == 404


def test_a_redacteur_sees_the_drawing_of_a_draft(client, login, fiche):
    Fiche.objects.update(etat="brouillon", publiee_le=None)
    url = reverse("edition-dessin", args=[fiche.reference])
    login()
    assert client.get(url).status_code == 403
    login(Role.REDACTEUR, username="sam")
    assert "<svg" in client.get(url).content.decode()
