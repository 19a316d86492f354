"""What callers say of imported fiches, as it is listed."""

import re
import tomllib
from collections import Counter

import pytest

from allo3939.shared.analyse import stems
from allo3939.shared.anonymity import find_identifiers
from knowledge.paroles import paroles, signature


@pytest.fixture
def lists_of_another_release(settings, tmp_path):
    """A directory of lists, read in place of the project's."""
    directory = tmp_path / "fixtures" / "langue" / "paroles"
    directory.mkdir(parents=True)
    settings.BASE_DIR = tmp_path
    forget()
    yield directory
    forget()


def forget():
    paroles.cache_clear()
    signature.cache_clear()


def test_each_fiche_has_one_line(settings):
    files = (settings.BASE_DIR / "fixtures" / "langue" / "paroles").glob("*.toml")
    held = Counter(
        reference for path in files for reference in tomllib.loads(path.read_text(encoding="utf-8"))
    )
    assert len(held) == len(paroles()) > 2000
    assert [reference for reference, lines in held.items() if lines > 1] == []
    assert [reference for reference in held if not re.fullmatch(r"F\d+", reference)] == []


def test_everything_that_is_said_tells_something_and_nobody():
    said = [(reference, part) for reference, text in paroles().items() for part in text.split(", ")]
    assert [pair for pair in said if not any(len(racine) > 1 for racine in stems(pair[1]))] == []
    assert [pair for pair in said if find_identifiers(pair[1])] == []


def test_nothing_is_said_twice_of_a_fiche():
    parts = {reference: Counter(text.split(", ")) for reference, text in paroles().items()}
    assert [reference for reference, counted in parts.items() if max(counted.values()) > 1] == []


def test_another_word_makes_another_signature(lists_of_another_release):
    (lists_of_another_release / "a.toml").write_text('F1 = "syndicat"\n', encoding="utf-8")
    first = signature()
    assert paroles() == {"F1": "syndicat"}
    forget()
    assert signature() == first
    (lists_of_another_release / "a.toml").write_text('F1 = "syndicats"\n', encoding="utf-8")
    forget()
    assert signature() != first
