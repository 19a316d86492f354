"""The demonstration's fiches as a whole: what they cover, where they lead, how they sound.

That each one can be published, and that all are, is for `test_author` to say.
"""

import re
import tomllib
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from knowledge.author import notice_parcours
from knowledge.author.speech import doubtful_speech
from knowledge.parcours import NSP, Etape, decide, walk_paths

FIXTURES = Path(__file__).parents[2] / "fixtures"
_REFERENCE = re.compile(r"A39-\d{4}")
_CORPUS = 120
_TWO_QUESTIONS = 40
_SAME_KEYWORD = 4
"""At most this many fiches answer to one keyword: beyond, it no longer tells them apart."""


def read_toml(path):
    with path.open("rb") as stream:
        return tomllib.load(stream)


SECTEURS = read_toml(FIXTURES / "secteurs.toml")["secteur"]
FICHES = {
    entry["reference"]: entry
    for path in sorted((FIXTURES / "fiches").glob("*.toml"))
    for entry in read_toml(path)["fiche"]
}
WITH_QUESTIONS = {code: entry for code, entry in FICHES.items() if entry.get("questions")}


def parcours(entry):
    return {"questions": entry.get("questions", []), "issues": entry.get("issues", [])}


def targets(entry):
    """(kind, what it names) of each issue that leads somewhere."""
    return [next(iter(issue["cible"].items())) for issue in entry["issues"] if "cible" in issue]


def test_a_reference_is_given_once_over_all_the_files():
    written = sum(len(read_toml(path)["fiche"]) for path in (FIXTURES / "fiches").glob("*.toml"))
    assert len(FICHES) == written >= _CORPUS


@pytest.mark.parametrize("secteur", SECTEURS, ids=lambda secteur: secteur["slug"])
def test_each_theme_of_a_sector_has_an_answer_and_the_way_to_the_sector(secteur):
    assert len(secteur["themes"]) == 10
    for theme, _ in secteur["themes"]:
        entries = [entry for entry in FICHES.values() if entry["theme"] == theme]
        assert any(entry["nature"] == "reponse" for entry in entries), theme
        assert any(entry.get("cible") == secteur["slug"] for entry in entries), theme


def test_enough_fiches_really_ask_two_questions():
    longest = {
        code: max(len(path.reponses) for path in walk_paths(decide(parcours(entry))))
        for code, entry in WITH_QUESTIONS.items()
    }
    assert sum(length >= 2 for length in longest.values()) >= _TWO_QUESTIONS


def test_every_kind_of_target_is_used_and_every_sector_is_reached():
    reached = defaultdict(Counter)
    for entry in WITH_QUESTIONS.values():
        for kind, named in targets(entry):
            reached[kind][str(named)] += 1
    assert reached.keys() == {"fiche", "secteur", "exterieur"}
    assert reached["secteur"].keys() == {secteur["slug"] for secteur in SECTEURS}
    assert reached["fiche"].keys() <= FICHES.keys()
    assert any(issue.get("organismes") for e in WITH_QUESTIONS.values() for issue in e["issues"])


def test_an_escalation_that_asks_may_lead_to_its_own_sector():
    for code, entry in WITH_QUESTIONS.items():
        if entry["nature"] == "escalade":
            assert ("secteur", entry["cible"]) in targets(entry), code


def test_who_never_knows_is_told_something_on_every_fiche():
    for code, entry in WITH_QUESTIONS.items():
        step = decide(parcours(entry))
        while isinstance(step, Etape):
            step = next(after for choice, after in step.suites if choice["code"] == NSP)
        assert step.issue["a_dire"], code


def test_an_outside_body_has_one_way_to_be_reached():
    bodies = defaultdict(set)
    for entry in WITH_QUESTIONS.values():
        for kind, body in targets(entry):
            if kind == "exterieur":
                assert body.get("telephone") or body.get("url"), body["titre"]
                bodies[body["titre"]].add((body.get("telephone"), body.get("url")))
    assert [name for name, ways in bodies.items() if len(ways) > 1] == []


def test_everything_to_be_said_can_be_said_aloud():
    doubts = [
        f"{code} : {doubt}"
        for code, entry in FICHES.items()
        for doubt in [*doubtful_speech(entry["a_dire"]), *notice_parcours(parcours(entry))]
    ]
    assert doubts == []


def test_no_text_to_say_and_no_title_serves_twice():
    said = Counter(
        part["a_dire"]
        for entry in FICHES.values()
        for part in [entry, *entry.get("issues", [])]
        if part.get("a_dire")
    )
    titles = Counter(entry["titre"].casefold() for entry in FICHES.values())
    assert [text for text, times in (said + titles).items() if times > 1] == []


def test_keywords_tell_the_fiches_apart():
    words = {
        code: [word.casefold() for word in entry["mots_cles"]] for code, entry in FICHES.items()
    }
    for code, own in words.items():
        assert len(own) >= 5, code
        assert len(own) == len(set(own)), code
    shared = Counter(word for own in words.values() for word in own)
    assert [word for word, times in shared.items() if times > _SAME_KEYWORD] == []
    twins = [
        pair
        for pair in combinations(words, 2)
        if len({*words[pair[0]]} & {*words[pair[1]]}) * 2 > min(len(words[c]) for c in pair)
    ]
    assert twins == []


def test_an_example_that_is_not_theirs_says_where_it_goes():
    for code, entry in FICHES.items():
        if entry["nature"] == "escalade":
            assert entry["confondu_avec"], code
            assert entry["cible"] not in entry["confondu_avec"], code
            assert 2 <= len(entry["exemples_dans"]) <= 5, code
            assert 2 <= len(entry["exemples_hors"]) <= 5, code
            for example in entry["exemples_hors"]:
                assert re.search(r"[.?!…] → \S", example), (code, example)


def test_a_fiche_named_in_a_text_exists():
    for code, entry in FICHES.items():
        assert set(_REFERENCE.findall(str(entry))) <= FICHES.keys(), code
