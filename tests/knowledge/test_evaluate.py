"""The measures of the search."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from allo3939.shared.analyse import stem
from allo3939.shared.index import Trouvaille
from knowledge.evaluate import (
    CLOSES,
    NoQuestion,
    Question,
    evaluate,
    read_questions,
    simulate_calls,
    split,
)
from knowledge.models import Apprentissage, Fiche


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


QUESTIONS = [Question(f"carte grise {word}", (f"F{n}",)) for n, word in enumerate("abcdefg")]


def test_calls_are_simulated_about_one_half_and_measured_on_the_other():
    asked, others = split(QUESTIONS, seed=1)
    assert (len(asked), len(others)) == (4, 3)
    assert sorted([*asked, *others], key=str) == sorted(QUESTIONS, key=str)
    assert split(QUESTIONS, seed=1) == (asked, others)


def test_simulated_calls_teach_the_good_fiches_mostly_by_words_that_fiches_hold():
    savoir = simulate_calls(
        [Question("passeport perdu Kowalczyk", ("F1", "F2"))],
        search=lambda text: lines("F9"),
        count=lambda form: form != "kowalczyk",
        seed=7,
    )
    assert set(savoir.fiches) == {stem("passeport"), stem("perdu")}
    learnt = savoir.fiches["passeport"]
    assert learnt["F1"] > learnt["F2"] > 0
    assert 0 < learnt["F9"] < learnt["F1"]
    assert sum(learnt.values()) <= CLOSES
    again = simulate_calls([], search=lambda text: [], count=lambda form: 1, seed=7)
    assert again.fiches == {}


def test_the_command_shows_the_effect_of_usage_and_writes_nothing(db, tmp_path, capsys):
    fiche = {"nature": "reponse", "origine": "allo3939", "etat": "publiee"}
    for n, word in enumerate(("alpha", "beta")):
        Fiche.objects.create(
            reference=f"F{n}", titre=f"Passeport {word}", publiee_le=timezone.now(), **fiche
        )
    file = tmp_path / "questions.jsonl"
    rows = [{"question": "passeport", "fiches": ["F1"]}] * 2
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    call_command("evaluate_search", str(file), "--with-usage", "--json")

    usage = json.loads(capsys.readouterr().out)["usage"]
    assert usage["questions déjà posées"]["sans"]["success@1"] == 0
    assert usage["questions déjà posées"]["avec"]["success@1"] == 1
    assert usage["autres questions"]["avec"]["success@1"] == 1
    assert not Apprentissage.objects.exists()

    call_command("evaluate_search", str(file), "--with-usage")
    assert "autres questions" in capsys.readouterr().out
