"""A fiche at one point of its forks."""

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.blocks import bullets, inline_text, paragraph, walk
from knowledge.compose import compose
from knowledge.qualify import FORK, PASSER, CheminInconnu, format_path, parse_path, read, unfold
from knowledge.readxml import read as read_xml
from tests.knowledge.test_compose import PARCOURS, make_fiche

REAL = Path(__file__).parents[3] / "shared/data/vosdroits/xml"


def case(titre, *blocs, **fields):
    empty = {"condition": "", "a_dire": "", "organismes": []}
    return empty | {"titre": titre, "blocs": list(blocs)} | fields


def fork(*cas, question=""):
    return {"type": "fourche", "question": question, "genre": "cas", "cas": list(cas)}


def chapter(titre, *blocs, role=""):
    return {
        "type": "chapitre",
        "titre": [titre],
        "niveau": 1,
        "role": role,
        "numerote": False,
        "blocs": list(blocs),
    }


def text(blocks):
    return " ".join(
        inline_text(block["texte"]) for block in walk(blocks) if block["type"] == "paragraphe"
    )


def lines(blocks):
    return [text([item]) for block in blocks for items in block["items"] for item in items]


VEHICULE = compose(
    make_fiche(
        pieces=["Carte grise"],
        cout=["Gratuit"],
        organismes=["prefecture"],
        texte="Texte long.",
        parcours=PARCOURS,
        sources=[{"titre": "Code", "url": ""}],
    )
)


def test_the_start_asks_the_first_question_and_shows_what_is_common():
    lecture = read(VEHICULE, [], "Commun.")
    assert not lecture.complet
    assert lecture.fourche["aloud"]
    assert [c["libelle"] for c in lecture.fourche["choix"]] == ["Gardé", "Vendu", "Ne sait pas"]
    assert [c["touche"] for c in lecture.fourche["choix"]] == ["1", "2", "9"]
    assert [c["rang"] for c in lecture.fourche["choix"]] == [1, 2, 3]
    assert [c["ne_sait_pas"] for c in lecture.fourche["choix"]] == [False, False, True]
    assert (lecture.a_dire, lecture.a_dire_origine) == ("Commun.", "fiche")
    assert lines(lecture.pieces) == ["Carte grise"]
    assert lines(lecture.couts) == ["Gratuit"]
    assert lecture.organismes == ["prefecture"]
    assert text(lecture.texte) == "Texte long."
    assert [source["titre"] for source in lecture.sources] == ["Code"]


def test_a_case_says_its_own_text_and_adds_to_the_common_lists():
    lecture = read(VEHICULE, [2], "Commun.")
    assert lecture.complet
    assert lecture.puces == ["Vendu"]
    assert lecture.questions == [PARCOURS["questions"][0]["texte"]]
    assert (lecture.a_dire, lecture.a_dire_origine, lecture.cas) == ("Vendez.", "cas", "vendu")
    assert lines(lecture.couts) == ["Gratuit", "10 €"]


def test_not_knowing_says_how_to_find_out_until_the_next_answer():
    parcours = copy.deepcopy(PARCOURS)
    parcours["questions"][1]["aide"] = "Demandez au notaire."
    parcours["issues"][3]["si"] = {}
    tree = compose(make_fiche(parcours=parcours))
    assert read(tree, [], "").aide == ""
    assert read(tree, [3], "").aide == ""
    unknown = read(tree, [1, 3], "")
    assert unknown.complet
    assert (unknown.cas, unknown.aide) == ("à préciser", "Demandez au notaire.")
    assert unknown.puces == ["Gardé", "Ne sait pas"]
    assert read(tree, [1, 1], "").aide == ""


def test_the_aide_is_shown_above_the_next_question():
    parcours = {
        "questions": [PARCOURS["questions"][0] | {"aide": "Regardez."}, PARCOURS["questions"][1]],
        "issues": [
            {"titre": "un", "si": {"heritiers": ["un"]}},
            {"titre": "plusieurs vendu", "si": {"vehicule": ["vendu"], "heritiers": ["deux"]}},
            {"titre": "repli", "inconnu": True},
            {"titre": "plusieurs gardé", "si": {"vehicule": ["garde"], "heritiers": ["deux"]}},
        ],
    }
    lecture = read(compose(make_fiche(parcours=parcours)), [3], "")
    assert lecture.fourche["question"] == PARCOURS["questions"][1]["texte"]
    assert lecture.aide == "Regardez."
    assert lecture.retour == ""


def test_a_case_says_where_it_leads_once_reached():
    parcours = copy.deepcopy(PARCOURS)
    parcours["issues"][2]["cible"] = {"fiche": "A39-0402"}
    tree = compose(make_fiche(parcours=parcours))
    assert read(tree, [1], "").cible is None
    assert read(tree, [1, 1], "").cible is None
    assert read(tree, [1, 2], "").cible == {"fiche": "A39-0402"}


def test_eight_choices_leave_the_nine_to_not_knowing():
    choices = [{"code": f"c{n}", "libelle": f"C{n}"} for n in range(1, 9)]
    parcours = {
        "questions": [{"code": "q", "texte": "?", "choix": choices}],
        "issues": [
            {"titre": "x", "si": {"q": ["c1"]}},
            {"titre": "y", "si": {"q": [f"c{n}" for n in range(2, 9)] + ["nsp"]}},
        ],
    }
    shown = read(compose(make_fiche(parcours=parcours)), [], "").fourche["choix"]
    assert [choice["touche"] for choice in shown] == [*"123456789"]
    assert shown[-1]["rang"] == 9
    assert read(compose(make_fiche(parcours=parcours)), [9], "").cas == "y"


def test_an_amount_stays_inside_its_case():
    for path in ([], [1], [1, 1], [1, 2]):
        assert "10 €" not in lines(read(VEHICULE, path, "").couts)


def test_the_offices_of_the_case_replace_those_of_the_fiche():
    lecture = read(VEHICULE, [1, 2], "")
    assert lecture.organismes == ["tj"]
    assert [bureau["pivot"] for bureau in lecture.bureaux] == ["tj"]


def test_a_document_named_twice_is_shown_once():
    blocks = [
        chapter("Pièces à réunir", bullets(["Passeport"]), role="pieces"),
        fork(case("A", chapter("Pièces à réunir", bullets(["Passeport", "Photo"]), role="pieces"))),
    ]
    assert lines(read(blocks, [1], "").pieces) == ["Passeport", "Photo"]


def test_sibling_forks_are_asked_in_reading_order():
    blocks = [
        fork(case("CDI", fork(case("a"), case("b"))), case("CDD")),
        fork(case("x"), case("y")),
    ]
    assert [c["libelle"] for c in read(blocks, [1], "").fourche["choix"]] == ["a", "b"]
    assert [c["libelle"] for c in read(blocks, [2], "").fourche["choix"]] == ["x", "y"]
    assert read(blocks, [1, 2, 2], "").puces == ["CDI", "b", "y"]


def test_a_fork_in_a_chapter_takes_its_title_and_may_be_passed_over():
    blocks = [
        chapter("Quel préavis ?", paragraph("Toujours."), fork(case("VRP", paragraph("3 mois")))),
        fork(case("x"), case("y")),
    ]
    start = read(blocks, [], "")
    assert start.fourche["question"] == "Quel préavis ?"
    assert not start.fourche["aloud"]
    assert start.fourche["choix"][-1]["rang"] == PASSER
    assert text(start.texte) == "Toujours."
    assert text(read(blocks, [1], "").texte) == "Toujours. VRP 3 mois"
    passed = read(blocks, [PASSER], "")
    assert passed.puces == []
    assert text(passed.texte) == "Toujours."
    assert [c["libelle"] for c in passed.fourche["choix"]] == ["x", "y"]


def test_a_fork_of_the_fiche_itself_may_not_be_passed_over():
    with pytest.raises(CheminInconnu):
        read([fork(case("x"), case("y"))], [PASSER], "")


def test_a_chapter_emptied_of_its_fork_is_not_shown():
    assert read([chapter("Vide", fork(case("a"), case("b")))], [], "").texte == []


def test_the_deepest_introduction_stands_in_for_the_spoken_text():
    def intro(words):
        return {"type": "introduction", "blocs": [paragraph(words)]}

    blocks = [intro("Général."), fork(case("CDI", intro("Le CDI.")), case("CDD"))]
    start, chosen = read(blocks, [], ""), read(blocks, [1], "")
    assert (start.a_dire, start.a_dire_origine) == ("Général.", "introduction")
    assert text(start.introduction) == "Général."
    assert chosen.a_dire == "Le CDI."
    assert text(chosen.texte) == "Général."
    ours = read(blocks, [], "À nous.")
    assert (ours.a_dire, ours.a_dire_origine, ours.introduction) == ("À nous.", "fiche", [])
    assert text(ours.texte) == "Général."
    assert read([paragraph("x")], [], "").a_dire_origine == ""


def test_warnings_and_qualifying_chapters_have_their_places():
    warning = {"type": "avertissement", "titre": "Réforme", "date": "", "blocs": []}
    escalade = compose(make_fiche(nature="escalade", definition="D.", exemples_dans=["E."]))
    lecture = read([warning, *escalade], [], "")
    assert lecture.haut == [warning]
    assert [block["role"] for block in lecture.reperes] == ["definition", "exemples_dans"]


def test_an_imported_list_of_documents_keeps_its_title_at_any_depth():
    blocks = [
        chapter(
            "Demande",
            paragraph("Écrire."),
            chapter("Justificatifs", bullets(["Bail"]), role="pieces"),
        )
    ]
    lecture = read(blocks, [], "")
    assert [block["titre"] for block in lecture.pieces] == [["Justificatifs"]]
    assert text(lecture.texte) == "Écrire."


def test_services_and_offices_are_gathered_once():
    service = {"type": "service", "titre": "Simulateur", "url": "https://x", "blocs": []}
    office = {"type": "bureau", "id": "R40", "titre": "CPAM", "pivot": "cpam", "blocs": []}
    lecture = read([chapter("C", service, office), service, office], [], "")
    assert len(lecture.services) == 1
    assert lecture.organismes == ["cpam"]
    assert [block["type"] for block in lecture.texte] == ["chapitre"]


def test_forks_in_tables_and_lists_are_asked_too():
    inner = fork(case("a", paragraph("A")), case("b"))
    table = {
        "type": "tableau",
        "titre": [],
        "entetes": [],
        "rangees": [{"entete": False, "cellules": [{"blocs": [inner], "colonnes": 1}]}],
    }
    items = {"type": "liste", "genre": "puce", "items": [[inner], [paragraph("reste")]]}
    assert "A" in text(read([table], [1], "").texte)
    assert text(read([items], [], "").texte) == "reste"


@pytest.mark.parametrize("path", [[0], [4], [1, 4], [2, 1], [3, 1], [-1], [1, 1, 1]])
def test_an_unknown_path_is_refused(path):
    with pytest.raises(CheminInconnu):
        read(VEHICULE, path, "")


@pytest.mark.parametrize("written", ["x", "1.", ".1", "1..2", "-1", "²", "1.2345", "1." * 70 + "1"])
def test_a_path_badly_written_is_refused(written):
    with pytest.raises(CheminInconnu):
        parse_path(written)


def test_a_path_is_written_with_dots():
    assert parse_path("1.0.12") == [1, 0, 12]
    assert parse_path("") == []
    assert format_path([1, 0, 12]) == "1.0.12"
    assert read(VEHICULE, [1, 2], "").retour == "1"


@pytest.mark.skipif(not REAL.is_dir(), reason="shared/data is not beside the project")
@pytest.mark.parametrize("name", ["F2883", "F2918", "F303", "F33754"])
def test_every_path_of_a_real_fiche_ends(name):
    tree = read_xml((REAL / f"{name}.xml").read_bytes()).contenu
    paths, ended = [[]], 0
    while paths:
        path = paths.pop()
        pending = read(tree, path, "").fourche
        if pending is None:
            ended += 1
        else:
            # Passing over or choosing leads on; three choices of each fork are enough here.
            paths += [[*path, choice["rang"]] for choice in pending["choix"][:3]]
    assert ended > 1


leaves = st.text("ab", max_size=3).map(paragraph)


def _grow(inner):
    blocks = st.lists(inner, max_size=3)
    cases = st.builds(lambda b: case("c", *b), blocks)
    return st.one_of(
        st.builds(lambda c: fork(*c), st.lists(cases, max_size=3)),
        st.builds(lambda b: chapter("t", *b), blocks),
        st.builds(lambda b: {"type": "liste", "genre": "puce", "items": [b]}, blocks),
    )


trees = st.lists(st.recursive(leaves, _grow, max_leaves=12), max_size=4)


@given(trees, st.data())
def test_every_path_ends_and_each_of_its_prefixes_is_one_step_back(tree, data):
    path, forks = [], sum(block["type"] == "fourche" for block in walk(tree))
    seen = []
    while (pending := (lecture := read(tree, path, "")).fourche) is not None:
        assert len(path) < forks
        assert not any(block["type"] == "fourche" for block in walk(lecture.texte))
        seen.append((list(path), lecture))
        path.append(data.draw(st.sampled_from([choice["rang"] for choice in pending["choix"]])))
    for prefix, lecture in seen:
        assert read(tree, prefix, "") == lecture
    with pytest.raises(CheminInconnu):
        read(tree, [*path, 1], "")


def follow(tree, forks, path):
    """What a page without a server asks at a path (`static/js/copie.js`)."""
    left, dropped = list(path), set()

    def drop(blocks):
        dropped.update(int(b["attributs"][FORK]) for b in walk(blocks) if b["type"] == "fourche")

    marked = [b for b in walk(tree) if b["type"] == "fourche"]
    for block in sorted(marked, key=lambda b: int(b["attributs"][FORK])):
        number = int(block["attributs"][FORK])
        if number in dropped:
            continue
        if not left:
            return forks[number]
        rank = left.pop(0)
        for place, chosen in enumerate(block["cas"], start=1):
            if place != rank:
                drop(chosen["blocs"])
    return None


@given(trees, st.data())
def test_the_tree_unfolded_asks_at_every_path_what_is_read_there(tree, data):
    bare = [fork(case("x", paragraph("a"), *tree), case("y", *tree)), *tree]
    whole, forks = unfold(bare)
    path = []
    while (pending := read(bare, path, "").fourche) is not None:
        asked = follow(whole, forks, path)
        assert {key: asked[key] for key in ("question", "aloud", "genre")} == {
            key: pending[key] for key in ("question", "aloud", "genre")
        }
        assert [choice["rang"] for choice in asked["choix"]] == [
            choice["rang"] for choice in pending["choix"]
        ]
        path.append(data.draw(st.sampled_from([choice["rang"] for choice in pending["choix"]])))
    assert follow(whole, forks, path) is None


def test_the_tree_unfolded_leaves_the_fiche_as_it_was():
    before = copy.deepcopy(VEHICULE)

    whole, forks = unfold(VEHICULE)

    assert before == VEHICULE
    marks = [int(b["attributs"][FORK]) for b in walk(whole) if b["type"] == "fourche"]
    assert marks == list(range(len(forks)))
    assert forks[0]["choix"][0]["libelle"] == read(VEHICULE, [], "").fourche["choix"][0]["libelle"]


@pytest.mark.skipif(not REAL.is_dir(), reason="shared/data is not beside the project")
@pytest.mark.parametrize("name", ["F2883", "F2918", "F303", "F33754"])
def test_a_real_fiche_unfolded_asks_the_same_on_its_first_and_last_paths(name):
    tree = read_xml((REAL / f"{name}.xml").read_bytes()).contenu
    whole, forks = unfold(tree)
    for side in (0, -1):
        path = []
        while (pending := read(tree, path, "").fourche) is not None:
            assert follow(whole, forks, path)["question"] == pending["question"]
            path.append(pending["choix"][side]["rang"])
        assert follow(whole, forks, path) is None


@given(trees)
def test_reading_never_changes_the_tree(tree):
    before = repr(tree)
    read(tree, [], "")
    assert repr(tree) == before
