"""A parcours as data: which issue each combination of answers leads to, and what is asked when.

``Fiche.parcours`` holds ``questions`` and ``issues``:

- a question: ``code``, ``texte`` (worded for speech), ``choix`` (list of ``{code, libelle}``) and
  ``aide``, what to say to a caller who does not know. Each question also takes « Ne sait pas »
  (code `NSP`), which is never listed among its choices;
- an issue: ``titre``, ``si`` (question code → accepted codes, `NSP` among them or not), what it
  adds to the fiche (``a_dire``, ``pieces``, ``cout``, ``delai``, ``organismes``), at most one
  target (``cible``: ``{fiche}``, ``{secteur}`` or ``{exterieur: {titre, telephone, url}}``), and
  ``inconnu`` on at most one issue: it takes every combination with a « Ne sait pas » that no other
  issue accepts.

An issue without a condition on a question accepts any answer to it, « Ne sait pas » included; a
condition refuses it unless it lists it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

NSP = "nsp"
NSP_LIBELLE = "Ne sait pas"
COMBINAISONS_MAX = 20_000


class TropDeCombinaisons(ValueError):
    """More combinations of answers than `COMBINAISONS_MAX`."""


@dataclass(frozen=True, slots=True, eq=False)
class Fin:
    """Where a path ends. One issue in a sound parcours; none is a dead end, two an overlap."""

    issues: tuple[dict, ...]

    @property
    def issue(self) -> dict | None:
        """The issue to show; the first one where a draft has several."""
        return self.issues[0] if self.issues else None


@dataclass(frozen=True, slots=True, eq=False)
class Etape:
    """A question asked at one point, and what follows each answer.

    Two answers with the same continuation share one object, wherever they stand.
    """

    question: dict
    suites: tuple[tuple[dict, Etape | Fin], ...]
    """(choice, what follows), « Ne sait pas » last."""

    def groups(self) -> list[tuple[list[dict], Suite]]:
        """The answers that lead to the same thing, together: (choices, what follows)."""
        found: dict[int, tuple[list[dict], Suite]] = {}
        for choice, after in self.suites:
            found.setdefault(id(after), ([], after))[0].append(choice)
        return list(found.values())


Suite = Etape | Fin


@dataclass(frozen=True, slots=True)
class Chemin:
    """The answers given from the first question on, and where they lead."""

    reponses: tuple[tuple[dict, dict], ...]
    """(question, choice)."""
    fin: Fin


def answers_to(question: dict) -> list[dict]:
    """Everything a caller may answer: the choices, then « Ne sait pas »."""
    return [*question["choix"], {"code": NSP, "libelle": NSP_LIBELLE}]


def matching(issues: list[dict], answers: Mapping[str, str]) -> list[dict]:
    """The issues that accept these answers (question code → choice code, or `NSP`).

    Exactly one in a sound parcours, when each question has its answer.
    """
    found = [issue for issue in issues if not issue.get("inconnu") and _accepts(issue, answers)]
    if found or NSP not in answers.values():
        return found
    return [issue for issue in issues if issue.get("inconnu")]


def count_combinations(questions: list[dict]) -> int:
    """How many combinations of answers there are, « Ne sait pas » included."""
    return math.prod(len(question["choix"]) + 1 for question in questions)


def decide(parcours: Mapping) -> Suite:
    """What to ask first, and so on to the end.

    A question is asked when, after the answers given, at least two of its answers lead to different
    things; no other is. Raises `TropDeCombinaisons`.
    """
    questions, issues = parcours.get("questions", []), parcours.get("issues", [])
    choices = [answers_to(question) for question in questions]
    seen: dict[tuple[int, tuple[int, ...]], Suite] = {}

    def build(rank: int, masks: tuple[int, ...]) -> Suite:
        # What each combination of the answers still to come leads to: as long as every answer to
        # a question leads to the same, the question has nothing to decide.
        while rank < len(questions):
            size = len(masks) // len(choices[rank])
            parts = [masks[at : at + size] for at in range(0, len(masks), size)]
            if any(part != parts[0] for part in parts):
                break
            masks, rank = parts[0], rank + 1
        if (rank, masks) not in seen:
            if rank == len(questions):
                found = (issue for bit, issue in enumerate(issues) if masks[0] >> bit & 1)
                seen[rank, masks] = Fin(tuple(found))
            else:
                suites = [build(rank + 1, part) for part in parts]
                seen[rank, masks] = Etape(
                    questions[rank], tuple(zip(choices[rank], suites, strict=True))
                )
        return seen[rank, masks]

    return build(0, _outcomes(questions, issues))


def count_paths(start: Suite) -> int:
    """How many paths there are from here to the ends."""

    @cache
    def count(suite: Suite) -> int:
        if isinstance(suite, Fin):
            return 1
        return sum(count(after) for _, after in suite.suites)

    return count(start)


def walk_paths(start: Suite) -> Iterator[Chemin]:
    """Every path from here to its end, in the order of the choices."""
    if isinstance(start, Fin):
        yield Chemin((), start)
        return
    for choice, after in start.suites:
        for path in walk_paths(after):
            yield Chemin(((start.question, choice), *path.reponses), path.fin)


def _accepts(issue: dict, answers: Mapping[str, str]) -> bool:
    return all(
        answers[question] in accepted
        for question, accepted in issue.get("si", {}).items()
        if question in answers
    )


def _outcomes(questions: list[dict], issues: list[dict]) -> tuple[int, ...]:
    """For each combination of answers, the issues that take it, one bit each.

    Combinations come in the order of the choices, the last question turning fastest.
    """
    if count_combinations(questions) > COMBINAISONS_MAX:
        raise TropDeCombinaisons
    ordinary = sum(1 << bit for bit, issue in enumerate(issues) if not issue.get("inconnu"))
    fallback = sum(1 << bit for bit, issue in enumerate(issues) if issue.get("inconnu"))
    known = 1 << len(issues)  # this bit stays as long as every answer is known
    masks = [ordinary | known]
    for question in questions:
        allowed = []
        for choice in answers_to(question):
            mask = 0 if choice["code"] == NSP else known
            for bit, issue in enumerate(issues):
                accepted = issue.get("si", {}).get(question["code"])
                if accepted is None or choice["code"] in accepted:
                    mask |= 1 << bit
            allowed.append(mask)
        masks = [mask & more for mask in masks for more in allowed]
    return tuple((mask & ordinary) or (0 if mask & known else fallback) for mask in masks)
