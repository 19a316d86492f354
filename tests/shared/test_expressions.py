"""Known expressions found in a text, side by side or scattered."""

import pytest

from allo3939.shared.analyse import link_names, read_expression
from allo3939.shared.expressions import APART, Expressions, find_expressions

KNOWN = Expressions(
    link_names(
        [
            ("carte avalée", "distributeur de billets"),
            ("père mort", "décès d'un proche"),
            ("mort dettes", "renoncer à la succession"),
            ("pas de logement", "hébergement"),
            ("rester debout", "carte de priorité"),
            ("docteur", "médecin"),
        ]
    )
)


def found(text, *lists, weak=()):
    """The other names of each expression in a text, with how many words say it."""
    racines = read_expression(text)
    strong = {place for place, racine in enumerate(racines) if racine not in weak}
    passages = find_expressions(racines, lists or (KNOWN,), strong=strong)
    return [
        (len(passage.places), passage.noms[0].texte, passage.beside)
        for passage in passages
        if passage.noms
    ]


@pytest.mark.parametrize(
    "said",
    [
        "carte avalée",
        "la machine a avalé ma carte",
        "ma carte, elle s'est fait avaler ce matin devant moi",
    ],
)
def test_an_expression_is_found_however_its_words_are_placed(said):
    assert found(said) == [(2, "distributeur de billets", False)]


def test_a_word_alone_is_one_expression_and_the_others_are_themselves():
    assert found("docteur ouvert dimanche") == [(1, "médecin", False)]


def test_words_too_far_apart_say_something_else():
    between = " ".join(f"chose{number}" for number in range(APART + 1))
    assert found(f"carte {between} avalée") == []


def test_a_word_that_says_little_alone_must_stand_near():
    weak = {read_expression("rester")[0]}
    assert found("ne peut rester longtemps debout", weak=weak) == [(2, "carte de priorité", False)]
    assert found("rester deux heures dehors debout", weak=weak) == []


def test_a_denial_is_a_word_of_the_expression():
    assert found("je n'ai pas trouvé de logement") == [(2, "hébergement", False)]
    assert found("j'ai trouvé un logement") == []


def test_the_best_expression_that_shares_a_word_is_heard_beside():
    assert found("mon père est mort avec des dettes") == [
        (2, "décès d'un proche", False),
        (2, "renoncer à la succession", True),
    ]


def test_the_first_list_that_knows_an_expression_is_read():
    ours = Expressions(link_names([("carte avalée", "opposition")]))
    assert found("avalée, ma carte", ours, KNOWN) == [(2, "opposition", False)]
