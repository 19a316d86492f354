"""The measures of the search."""

import json

import pytest
from django.utils import timezone

from allo3939.shared.index import Trouvaille
from knowledge.evaluate import NoQuestion, Question, evaluate, read_questions
from knowledge.models import Fiche


def lines(*keys):
    return [Trouvaille(key, "reponse", [], "", 1.0) for key in keys]


def test_ranks_are_counted():
    answers = {"a": lines("F1"), "b": lines("F9", "F8", "F2"), "c": [], "d": lines("F7")}
    questions = [
        Question("a", ("F1",)),
        Question("b", ("F2", "F3")),
        Question("c", ("F4",)),
        Question("d", ("F5",)),
    ]
    measures = evaluate(questions, search=answers.__getitem__)
    assert list(measures) == [
        *("questions", "success@1", "success@3", "success@5", "success@10"),
        *("mrr", "zero_results", "p50_ms", "p95_ms"),
    ]
    assert measures["questions"] == 4
    assert (measures["success@1"], measures["success@3"]) == (0.25, 0.5)
    assert measures["mrr"] == pytest.approx((1 + 1 / 3) / 4, abs=1e-4)
    assert measures["zero_results"] == 0.25
    assert 0 <= measures["p50_ms"] <= measures["p95_ms"]


def test_without_a_question_there_is_no_measure():
    with pytest.raises(NoQuestion):
        evaluate([], search=lambda text: [])


def test_expected_fiches_that_the_base_does_not_hold_do_not_count(db, tmp_path):
    Fiche.objects.create(
        reference="F1",
        titre="Passeport",
        nature="reponse",
        origine="allo3939",
        etat="publiee",
        publiee_le=timezone.now(),
    )
    file = tmp_path / "questions.jsonl"
    rows = [
        {"question": "passeport", "fiches": ["F1", "F404"]},
        {"question": "divorce", "fiches": ["F404"]},
    ]
    file.write_text("\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert read_questions(file) == [Question("passeport", ("F1",))]


@pytest.mark.parametrize("line", ["{", '{"question": "x"}', "[]"])
def test_a_line_that_cannot_be_read_is_named(db, tmp_path, line):
    file = tmp_path / "questions.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="ligne 2"):
        read_questions(file)
