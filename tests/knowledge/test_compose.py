"""Native fields become blocks."""

import copy

import pytest

from knowledge.blocks import inline_text, walk
from knowledge.compose import compile_parcours, compose
from knowledge.markdown import read_markdown
from knowledge.models import Fiche

VEHICULE = {
    "code": "vehicule",
    "texte": "Le véhicule est-il gardé, ou vendu ?",
    "choix": [{"code": "garde", "libelle": "Gardé"}, {"code": "vendu", "libelle": "Vendu"}],
}
HERITIERS = {
    "code": "heritiers",
    "texte": "Y a-t-il un seul héritier ?",
    "choix": [{"code": "un", "libelle": "Un seul"}, {"code": "deux", "libelle": "Plusieurs"}],
}
PARCOURS = {
    "questions": [VEHICULE, HERITIERS],
    "issues": [
        {"titre": "vendu", "si": {"vehicule": ["vendu"]}, "a_dire": "Vendez.", "cout": ["10 €"]},
        {"titre": "gardé, un", "si": {"vehicule": ["garde"], "heritiers": ["un"]}},
        {
            "titre": "gardé, plusieurs",
            "si": {"vehicule": ["garde"], "heritiers": ["deux"]},
            "pieces": ["Lettre"],
            "organismes": ["tj"],
        },
        {"titre": "à préciser", "inconnu": True, "a_dire": "Regardez la carte grise."},
    ],
}


def make_fiche(**fields) -> Fiche:
    return Fiche(
        **{"reference": "A39-9901", "nature": "reponse", "origine": "allo3939", "titre": "T"}
        | fields
    )


def types(blocks):
    return [block["type"] for block in blocks]


def test_an_answer_fiche_keeps_its_fields_in_reading_order():
    blocks = compose(
        make_fiche(
            titre="Carte grise",
            pieces=["Carte grise"],
            cout=["Gratuit"],
            delai=["Un mois"],
            texte="## Conditions\n\nTexte.",
            services=[{"titre": "ANTS", "url": "https://ants.gouv.fr"}],
            organismes=["prefecture"],
            sources=[{"titre": "Code de la route", "url": ""}],
        )
    )
    assert types(blocks) == ["chapitre"] * 4 + ["service", "bureau", "source"]
    assert [block["role"] for block in blocks[:4]] == ["pieces", "cout", "delai", "texte"]
    assert blocks[5]["pivot"] == "prefecture"
    assert blocks[5]["titre"] == "Préfecture"


def test_an_empty_fiche_has_no_block():
    assert compose(make_fiche()) == []


def test_an_escalation_fiche_starts_with_what_qualifies_it():
    blocks = compose(
        make_fiche(
            nature="escalade",
            definition="Une succession disputée.",
            exemples_dans=["Mon frère refuse."],
            exemples_hors=["Je veux un notaire. → annuaire"],
        )
    )
    assert [b["role"] for b in blocks] == ["definition", "exemples_dans", "exemples_hors"]


def test_an_example_links_to_the_fiche_where_it_goes():
    (chapter,) = compose(
        make_fiche(nature="escalade", exemples_hors=["Il ne paie plus. → fiche A39-0401, réponse"])
    )
    ((line,),) = chapter["blocs"][0]["items"]
    link = {"m": "fiche", "reference": "A39-0401", "c": ["A39-0401"]}
    assert line["texte"] == ["Il ne paie plus. → fiche ", link, ", réponse"]


def test_only_the_questions_that_still_discriminate_are_asked():
    (fork,) = compile_parcours(PARCOURS)
    kept, sold, unknown = fork["cas"]
    assert fork["question"] == VEHICULE["texte"]
    assert [b["type"] for b in kept["blocs"]] == ["fourche"]
    assert kept["blocs"][0]["question"] == HERITIERS["texte"]
    assert sold["issue"] == "vendu"
    assert sold["a_dire"] == "Vendez."
    assert "fourche" not in types(sold["blocs"])
    assert unknown["issue"] == "à préciser"
    assert "fourche" not in types(unknown["blocs"])


def test_a_case_brings_its_own_documents_and_offices():
    (fork,) = compile_parcours(PARCOURS)
    several = fork["cas"][0]["blocs"][0]["cas"][1]
    assert several["organismes"] == ["tj"]
    assert types(several["blocs"]) == ["chapitre", "bureau"]


def test_not_knowing_is_the_last_case_of_each_fork():
    parcours = copy.deepcopy(PARCOURS)
    parcours["questions"][0]["aide"] = "C'est écrit sur la carte grise."
    (fork,) = compile_parcours(parcours)
    assert fork["aide"] == "C'est écrit sur la carte grise."
    for each in (fork, fork["cas"][0]["blocs"][0]):
        assert [case.get("ne_sait_pas", False) for case in each["cas"]] == [False, False, True]
        assert each["cas"][-1]["titre"] == "Ne sait pas"


def test_the_last_case_of_a_path_says_where_the_issue_leads():
    parcours = copy.deepcopy(PARCOURS)
    parcours["issues"][0]["cible"] = {"secteur": "justice"}
    (fork,) = compile_parcours(parcours)
    assert [case.get("cible") for case in fork["cas"]] == [None, {"secteur": "justice"}, None]


def test_a_question_that_tells_nothing_apart_is_left_out():
    idle = {"code": "idle", "texte": "Et ?", "choix": [{"code": "a", "libelle": "A"}] * 2}
    (fork,) = compile_parcours(PARCOURS | {"questions": [idle, VEHICULE, HERITIERS]})
    assert fork["question"] == VEHICULE["texte"]


def test_an_answer_without_issue_leaves_an_empty_case():
    broken = {"questions": [VEHICULE], "issues": PARCOURS["issues"][:1]}
    (fork,) = compile_parcours(broken)
    assert fork["cas"][0]["blocs"] == []
    assert "issue" not in fork["cas"][0]


def test_a_draft_with_too_many_combinations_compiles_to_nothing():
    choices = [{"code": f"c{n}", "libelle": f"C{n}"} for n in range(9)]
    questions = [{"code": f"q{n}", "texte": "?", "choix": choices} for n in range(8)]
    issues = [{"titre": "x", "si": {"q7": ["c1"]}}]
    assert compile_parcours({"questions": questions, "issues": issues}) == []


def test_markdown_becomes_chapters_lists_and_marks():
    blocks = read_markdown(
        "Un **mot** *souple*.\n\n## Titre\n\n- un\n- deux [lien](https://a.fr)\n\n1. pas"
    )
    assert types(blocks) == ["paragraphe", "chapitre"]
    assert {"m": "fort", "c": ["mot"]} in blocks[0]["texte"]
    bulleted, numbered = blocks[1]["blocs"]
    assert (bulleted["genre"], numbered["genre"]) == ("puce", "numero")
    assert bulleted["items"][1][0]["texte"][1] == {
        "m": "externe",
        "url": "https://a.fr",
        "c": ["lien"],
    }


def test_a_link_to_a_reference_leads_to_a_fiche():
    ((mark,),) = [block["texte"] for block in read_markdown("[la fiche](A39-0101)")]
    assert mark == {"m": "fiche", "reference": "A39-0101", "c": ["la fiche"]}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<b>gras</b>",
        "[x](javascript:alert(1))",
        "![i](http://a/b.png)",
    ],
)
def test_html_and_hostile_links_are_plain_text(text):
    for block in walk(read_markdown(text)):
        if block["type"] == "paragraphe":
            assert all(isinstance(part, str) for part in block["texte"])


def test_nothing_of_a_text_is_lost():
    text = "Un mot\nà la ligne `code`.\n\n> cité\n\n***\n\n    bloc\n\n### Petit titre\n\nfin"
    said = " ".join(
        inline_text(block.get("texte") or block.get("titre") or [])
        for block in walk(read_markdown(text))
    )
    for word in ("Un mot à la ligne code.", "cité", "bloc", "Petit titre", "fin"):
        assert word in said
