"""The guard is judged on a file of lines; the lines are invented by another command."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def run(path):
    out = StringIO()
    call_command("check_anonymity", str(path), stdout=out, stderr=StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def write(tmp_path):
    def write_lines(*lines):
        path = tmp_path / "lignes.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write_lines


def test_each_line_has_its_verdict(db, write):
    lines = [{"id": 1, "texte": "au 06 39 98 12 45"}, {"id": "b", "texte": "le 39 39"}]

    first, second = run(write(*map(json.dumps, lines)))

    assert first["id"] == 1
    assert first["flag"] is True
    assert first["bloque"] is True
    assert "téléphone" in first["reasons"][0]
    assert second == {"id": "b", "flag": False, "bloque": False, "reasons": []}


def test_a_doubt_is_flagged_without_blocking(db, write):
    (row,) = run(write(json.dumps({"id": 1, "texte": "voir karim benhaddou"})))

    assert (row["flag"], row["bloque"]) == (True, False)


def test_empty_lines_are_passed(db, write):
    assert len(run(write("", json.dumps({"id": 1, "texte": ""}), ""))) == 1


@pytest.mark.parametrize("line", ["{0639981245", '{"id": 1}', '["0639981245"]'])
def test_a_line_that_cannot_be_read_is_named_by_its_number_only(db, write, line):
    with pytest.raises(CommandError, match="Ligne 1") as error:
        run(write(line))
    assert "0639981245" not in str(error.value)


def test_a_missing_file_is_told(db, tmp_path):
    with pytest.raises(CommandError, match="fichier"):
        run(tmp_path / "absent.jsonl")


def test_the_generated_set_is_judged_line_by_line(db, tmp_path):
    out = StringIO()
    call_command("generate_anonymity_set", seed=7, lines=40, stdout=out)
    path = tmp_path / "set.jsonl"
    path.write_text(out.getvalue(), encoding="utf-8")

    expected = [json.loads(line) for line in out.getvalue().splitlines()]

    assert {row["attendu"] for row in expected} == {True, False}
    assert [row["id"] for row in run(path)] == [row["id"] for row in expected]
