"""What a proposition changes: word by word, field by field, and where its parcours now leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from allo3939.shared.days import day_in_words
from knowledge.author import list_paths
from knowledge.blocks import Block
from knowledge.differ.words import Passage, compare_lines, compare_words
from knowledge.enums import TypeBureau
from knowledge.models import Fiche, Proposition
from knowledge.parcours import Chemin, answers_to, matching
from knowledge.propose.fields import as_fiche, labels
from knowledge.qualify import format_path
from knowledge.target import name_targets

# Read at the start of the fiche, whatever the caller answers.
_AT_THE_START = ("titre", "a_dire", "pieces", "cout", "delai", "note", "definition")
# Told as fields: the words of the content say nothing of them, or less than the field does.
_AS_FIELDS = (
    *("theme", "secteur", "cible", "confondu_avec", "mots_cles", "note", "services", "organismes"),
    *("sources", "verifiee_le"),
)
_TOLD_AS_FIELDS = ("service", "bureau", "source")
_SAID_OF_ISSUE = ("titre", "a_dire", "pieces", "cout", "delai", "organismes", "cible")


@dataclass(slots=True)
class _State:
    """A fiche as `compare_words` reads it."""

    titre: str
    a_dire: str
    contenu: list[Block]


@dataclass(frozen=True, slots=True)
class CheminTeste:
    """One path of the parcours: what is answered, where it leads, and where it led before."""

    reponses: list[str]
    """« Question ? Réponse », in the order asked."""
    issue: str
    """The case reached; "" for a dead end."""
    avant: str
    """The case reached by the same answers in the published fiche; "" when there was none."""
    change: bool
    chemin: str
    """As written in the address of a preview."""


def compare(
    proposition: Proposition, *, before: Fiche | None = None, after: Fiche | None = None
) -> list[Passage]:
    """Everything that the proposition changes, however long; ``after`` is `as_fiche` of it, and
    ``before`` the fiche as it stands by default.

    First what is read of the fiche, in its order, then the fields that its text does not show.
    """
    before, new = before or proposition.fiche, after or as_fiche(proposition)
    found = compare_words(*_states(before, new), limit=None)
    for name in _AS_FIELDS:
        if name in proposition.champs:
            [label] = labels([name])
            place = label[:1].upper() + label[1:]
            found += compare_lines(place, _lines(before, name), _lines(new, name))
    if "parcours" in proposition.champs:
        place = "Questions à poser"
        found += compare_lines(place, _beside(before.parcours), _beside(new.parcours))
    return found


def compare_written(proposition: Proposition) -> list[Passage]:
    """What its author wrote against what its author saw: the same once it is published."""
    seen = Proposition(
        fiche=proposition.fiche, champs=proposition.base, effet_le=proposition.effet_le
    )
    return compare(proposition, before=as_fiche(seen))


def compare_reading(proposition: Proposition) -> list[Passage]:
    """What agents will read otherwise, on its day."""
    before, new = proposition.fiche, as_fiche(proposition)
    found = compare_words(*_states(before, new, whole=True))
    if "note" in proposition.champs:
        found += compare_lines("Note du 3939", _lines(before, "note"), _lines(new, "note"))
    return found


def try_paths(proposition: Proposition, *, after: Fiche) -> list[CheminTeste]:
    """Every path of the parcours proposed and its issue, those that changed first; [] without a
    parcours, or when there are too many to show."""
    before = proposition.fiche.parcours if proposition.fiche.publiee_le else {}
    found = [_tested(path, before) for path in list_paths(after.parcours)]
    return sorted(found, key=lambda path: not path.change)


def first_change(proposition: Proposition, paths: Iterable[CheminTeste]) -> str:
    """Where to open the preview: the first case that changed, or the start when it changed too."""
    if any(name in proposition.champs for name in _AT_THE_START):
        return ""
    return next((path.chemin for path in paths if path.change), "")


def _states(before: Fiche, after: Fiche, *, whole: bool = False) -> tuple[_State, _State]:
    """Both as they are read, without what is the same: the content of an imported fiche is long,
    and only what the desk adds to it changes."""
    same = before.contenu == after.contenu
    kept = [
        [block for block in fiche.contenu if whole or block["type"] not in _TOLD_AS_FIELDS]
        for fiche in (before, after)
        if not same
    ] or [[], []]
    return (
        _State(before.titre, before.a_dire, kept[0]),
        _State(after.titre, after.a_dire, kept[1]),
    )


def _lines(fiche: Fiche, name: str) -> list[str]:
    """A field in words, a line for each of its items."""
    value: Any = getattr(fiche, name)
    if name == "confondu_avec":
        value = fiche.secteurs_confondus()
    elif name == "organismes":
        names = dict(TypeBureau.choices)
        value = [names.get(code, code) for code in value]
    if not value:
        return []
    if isinstance(value, date):
        return [day_in_words(value)]
    if isinstance(value, list):
        return [_line(item) for item in value]
    return [line for line in str(value).splitlines() if line.strip()]


def _line(item: Any) -> str:
    if isinstance(item, dict):
        return " · ".join(str(part) for part in item.values() if part)
    return str(item)


def _beside(parcours: dict) -> list[str]:
    """What the text of the cases does not say: what helps who does not know, where a case leads."""
    issues = parcours.get("issues", [])
    helped = [
        f"{question['texte']} Si l'usager ne sait pas\u00a0: {question['aide']}"
        for question in parcours.get("questions", [])
        if question.get("aide")
    ]
    targets = name_targets(issues)
    led = [f"{each['titre']} {targets[each['titre']]}" for each in issues if each.get("cible")]
    return [*helped, *led]


def _tested(path: Chemin, before: dict) -> CheminTeste:
    answers = {question["code"]: choice["code"] for question, choice in path.reponses}
    former = matching(before.get("issues", []), answers)
    issue = path.fin.issue
    ranks = [_rank(question, choice["code"]) for question, choice in path.reponses]
    return CheminTeste(
        reponses=[f"{question['texte']} {choice['libelle']}" for question, choice in path.reponses],
        issue=issue["titre"] if issue else "",
        avant=", ".join(each["titre"] for each in former),
        change=[_said(each) for each in former] != [_said(issue)] if issue else True,
        chemin=format_path(ranks),
    )


def _rank(question: dict, code: str) -> int:
    codes = [choice["code"] for choice in answers_to(question)]
    return codes.index(code) + 1


def _said(issue: dict) -> list[Any]:
    return [issue.get(name) or None for name in _SAID_OF_ISSUE]
