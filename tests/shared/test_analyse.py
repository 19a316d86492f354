"""One analyser for index and query."""

import tomllib
from collections import Counter

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from allo3939.shared.analyse import (
    NOT,
    fold,
    highlight,
    lexicon,
    read_expression,
    sound,
    stem,
    stems,
    words,
)


def test_a_text_becomes_the_stems_of_the_words_that_matter():
    assert stems("Le renouvellement des passeports") == [stem("renouvellement"), stem("passeport")]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("declaration", "Déclaration"),
        ("declares", "déclaré"),
        ("identite", "d'identité"),
        ("ecole", "L’École"),
        ("prudhommes", "prud'hommes"),
        ("apl", "A.P.L."),
        ("coeur", "cœur"),
        ("cheval", "chevaux"),
        ("étranger", "étrangères"),
    ],
)
def test_accents_elisions_plurals_and_endings_do_not_matter(typed, written):
    assert stems(typed) == stems(written) != []


def test_an_acronym_in_capitals_is_not_taken_for_grammar():
    assert stems("taux PAS") == [stem("taux"), "pas"]
    assert stems("ne pas payer") == [stem("payer")]
    assert stems("JE NE PEUX PAS PAYER") == [stem("payer")]


def read_list(name: str) -> list[dict[str, list[str]]]:
    """The sections of one of the lists of ``fixtures/langue``."""
    text = (settings.BASE_DIR / "fixtures" / "langue" / name).read_text(encoding="utf-8")
    return list(tomllib.loads(text).values())


def names_of(expression: str) -> list[tuple[str, ...]]:
    return [nom.racines for nom in lexicon().equivalents.get(read_expression(expression), ())]


def test_acronyms_are_known_both_ways():
    spelled = "revenu de solidarité active"
    assert tuple(stems(spelled)) in names_of("RSA")
    assert ("rsa",) in names_of(spelled)


def test_everyday_words_lead_to_the_official_ones_only():
    assert tuple(stems("médecin traitant")) in names_of("médecin généraliste")
    assert not names_of("médecin traitant")


def test_no_expression_of_the_lists_is_lost_to_grammar():
    assert all(
        left and all(n.racines for n in rights) for left, rights in lexicon().equivalents.items()
    )


@pytest.mark.parametrize("name", ["courants.toml", "parler.toml"])
def test_each_everyday_expression_has_one_line(name):
    lines = Counter(
        tuple(word.forme for word in words(expression))
        for section in read_list(name)
        for expression in section
    )
    assert [expression for expression, count in lines.items() if count > 1] == []


def test_a_name_is_given_by_one_list_only():
    official, spoken = (
        {
            (tuple(word.forme for word in words(expression)), tuple(stems(meaning)))
            for section in read_list(name)
            for expression, meanings in section.items()
            for meaning in meanings
        }
        for name in ("courants.toml", "parler.toml")
    )
    assert not official & spoken


def test_what_is_said_in_conversation_never_rests_on_grammar_alone():
    assert [
        expression
        for section in read_list("parler.toml")
        for expression in section
        if set(read_expression(expression)) <= {NOT}
    ] == []


def test_a_denial_is_read_in_expressions_and_an_acronym_is_not_one():
    assert read_expression("pas de logement") == (NOT, stem("logement"))
    assert read_expression("jamais payé") == (NOT, stem("paye"))
    assert read_expression("taux PAS") == (stem("taux"), "pas")


def test_a_word_alone_has_the_names_of_its_own_forms_only():
    (nom, *_) = lexicon().equivalents[read_expression("procuration")]
    assert nom.is_of("procuration")
    assert nom.is_of("procurations")
    assert not nom.is_of("procurer")


def test_each_acronym_has_one_line_and_is_written_folded():
    acronyms = [acronym for section in read_list("sigles.toml") for acronym in section]
    assert [acronym for acronym, count in Counter(acronyms).items() if count > 1] == []
    assert [acronym for acronym in acronyms if acronym != fold(acronym)] == []


@pytest.mark.parametrize("ordinary", ["ça", "prépare", "vie", "pass", "but"])
def test_an_ordinary_word_is_not_read_as_an_acronym(ordinary):
    acronyms = {acronym for section in read_list("sigles.toml") for acronym in section}
    assert fold(ordinary) not in acronyms


@pytest.mark.parametrize(
    ("typed", "right"),
    [("fotovoltaique", "photovoltaique"), ("paneau", "panneau"), ("rezidence", "residence")],
)
def test_words_that_sound_alike_share_a_key(typed, right):
    assert sound(typed) == sound(right)


def test_words_tell_where_they_stand():
    text = "L'acte de décès"
    assert [text[word.debut : word.fin] for word in words(text)] == ["acte", "de", "décès"]


def test_what_matches_is_marked_in_the_text():
    assert highlight("Carte d'identité perdue", racines={stem("identite")}, prefixe="per") == [
        ("Carte d'", False),
        ("identité", True),
        (" ", False),
        ("perdue", True),
    ]


@given(st.text())
def test_any_text_is_read_and_cut_without_loss(text):
    segments = highlight(text, racines=set(stems(text)))
    assert "".join(segment for segment, _ in segments) == text
    assert all(word.forme == fold(word.forme) for word in words(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("vendu", "vente"), ("perdue", "perte"), ("achetés", "achat"), ("inscrit", "inscriptions")],
)
def test_words_of_one_family_share_a_stem(one, other):
    assert stems(one) == stems(other)


@pytest.mark.parametrize(("one", "other"), [("permis", "permettre"), ("département", "partir")])
def test_words_with_a_life_of_their_own_keep_their_stem(one, other):
    assert stem(fold(one)) != stem(fold(other))


def test_weak_words_are_neither_grammar_nor_chatter():
    lists = lexicon()
    assert not lists.faibles & (lists.outils | lists.bavardage["bavardage"])
