"""The last word on an order, and what stays under the eye while typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allo3939.shared.rank import Said, Unite, agree_with, blend, keep_order

CARTE = Unite(1.0, ((("carte",), 1.0), (("certificat", "immatriculation"), 0.8)))
GRISE = Unite(3.0, ((("grise",), 1.0), (("certificat", "immatriculation"), 0.8)))


def test_the_share_said_weighs_words_and_their_other_names():
    said = Said([CARTE, GRISE])
    assert said.share(frozenset({"carte", "grise"})) == 1
    assert said.share(frozenset({"carte", "identite"})) == pytest.approx(0.25)
    assert said.share(frozenset({"certificat", "immatriculation"})) == pytest.approx(0.8)
    assert said.share(frozenset({"certificat"})) == 0


def test_an_object_that_has_everything_gets_ten_points():
    assert blend(score=1, anywhere=1, about=1, title=1) == pytest.approx(10)
    assert blend(score=0, anywhere=0, about=0, title=0) == 0


def test_without_lines_on_the_screen_the_order_is_that_of_the_scores():
    assert keep_order({"a": 1.0, "b": 3.0, "c": 2.0}, shown=(), limit=2) == ["b", "c"]


def test_a_hair_does_not_move_the_line_under_the_eye():
    scores = {"a": 5.0, "b": 5.1, "c": 4.0}
    assert keep_order(scores, shown=["a", "b"], limit=3) == ["a", "b", "c"]


def test_a_line_that_is_clearly_better_goes_first():
    scores = {"a": 5.0, "b": 9.0, "c": 5.1, "new": 8.0}
    assert keep_order(scores, shown=["a", "b", "c"], limit=4) == ["b", "new", "a", "c"]


def test_a_new_line_replaces_the_last_one_only_when_clearly_better():
    assert keep_order({"a": 5.0, "b": 4.0, "new": 4.1}, shown=["a", "b"], limit=2) == ["a", "b"]
    assert keep_order({"a": 5.0, "b": 4.0, "new": 4.9}, shown=["a", "b"], limit=2) == ["a", "new"]


def test_a_line_placed_above_a_better_one_is_clearly_better():
    scores = agree_with([("pinned", 1.0), ("a", 5.0), ("b", 4.0)])
    assert keep_order(scores, shown=["a", "b", "pinned"], limit=3) == ["pinned", "a", "b"]


SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 10), min_size=1)


@given(SCORES, st.integers(1, 8))
def test_the_same_search_again_changes_nothing(scores, limit):
    shown = keep_order(scores, shown=(), limit=limit)
    assert keep_order(scores, shown=shown, limit=limit) == shown


@given(SCORES, st.permutations("abcdefgh"), st.integers(1, 8))
def test_no_line_is_lost_or_doubled(scores, shown, limit):
    order = keep_order(scores, shown=shown, limit=limit)
    assert len(order) == len(set(order)) == min(limit, len(scores))
    assert set(order) <= set(scores)
