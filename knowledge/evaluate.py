"""How well a search answers questions whose good fiches are known."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from allo3939.shared.analyse import words
from allo3939.shared.index import Trouvaille
from knowledge.learn import Savoir, words_to_learn
from knowledge.models import Fiche
from knowledge.vocabulary import mattering

RANKS = (1, 3, 5, 10)

# Simulated calls.
CLOSES = 10  # calls about each question
WRONG = 0.15  # of them closed after a fiche that does not answer
BEST_FICHE = 0.7  # of the others after the first of the good fiches
KEPT_WORD = 0.75  # of the words that matter are said again by the next caller


@dataclass(frozen=True)
class Question:
    texte: str
    fiches: tuple[str, ...]
    categorie: str = ""


class NoQuestion(Exception):
    """No question of the file has an expected fiche in this database."""


def read_questions(path: Path) -> list[Question]:
    """Questions of a JSON Lines file (``question``, ``fiches``; ``categorie`` when there is one).

    Expected fiches that are not in the database do not count; a question left without any is left
    out. Raises ValueError, with the number of the line, on one that cannot be read.
    """
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            fiches = tuple(str(fiche) for fiche in row["fiches"])
            rows.append(Question(str(row["question"]), fiches, str(row.get("categorie", ""))))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"ligne {number} : {error!r}") from error
    expected = {fiche for question in rows for fiche in question.fiches}
    held = set(
        Fiche.objects.published().filter(reference__in=expected).values_list("reference", flat=True)
    )
    questions = [
        replace(row, fiches=tuple(fiche for fiche in row.fiches if fiche in held)) for row in rows
    ]
    return [question for question in questions if question.fiches]


@dataclass(frozen=True)
class Reponse:
    """What a search answered to a question: the rank of a good fiche (0 when absent)."""

    question: Question
    rang: int
    vide: bool
    millisecondes: float


def ask(
    questions: Iterable[Question], *, search: Callable[[str], Sequence[Trouvaille]]
) -> list[Reponse]:
    """Ask every question, and time each."""
    answers = []
    for question in questions:
        start = time.perf_counter()
        found = search(question.texte)
        spent = (time.perf_counter() - start) * 1000
        places = [place for place, line in enumerate(found, 1) if line.cle in question.fiches]
        answers.append(Reponse(question, min(places, default=0), not found, spent))
    return answers


def measure(answers: Sequence[Reponse]) -> dict[str, float]:
    """Success at 1, 3, 5 and 10, mean reciprocal rank, share without result, and milliseconds."""
    if not answers:
        raise NoQuestion
    count = len(answers)
    times = sorted(answer.millisecondes for answer in answers)
    return {
        "questions": count,
        **{
            f"success@{k}": round(sum(0 < answer.rang <= k for answer in answers) / count, 4)
            for k in RANKS
        },
        "mrr": round(sum(1 / answer.rang for answer in answers if answer.rang) / count, 4),
        "zero_results": round(sum(answer.vide for answer in answers) / count, 4),
        "p50_ms": round(times[(count - 1) // 2], 2),
        "p95_ms": round(times[min(count - 1, int(count * 0.95))], 2),
    }


def measure_categories(answers: Sequence[Reponse]) -> dict[str, dict[str, float]]:
    """The same measures for each category of the file, in the order of their names."""
    names = sorted({answer.question.categorie for answer in answers} - {""})
    return {
        name: measure([answer for answer in answers if answer.question.categorie == name])
        for name in names
    }


def evaluate(
    questions: Iterable[Question], *, search: Callable[[str], Sequence[Trouvaille]]
) -> dict[str, float]:
    """Ask and measure in one go. Raises NoQuestion without any."""
    return measure(ask(questions, search=search))


def split(questions: Sequence[Question], *, seed: int) -> tuple[list[Question], list[Question]]:
    """Two halves at random: those that calls are simulated about, and the others."""
    shuffled = list(questions)
    random.Random(seed).shuffle(shuffled)  # noqa: S311  # repeatable on purpose
    middle = (len(shuffled) + 1) // 2
    return shuffled[:middle], shuffled[middle:]


def simulate_calls(
    questions: Iterable[Question],
    *,
    search: Callable[[str], Sequence[Trouvaille]],
    count: Callable[[str], int],
    seed: int,
) -> Savoir:
    """What calls about these questions would teach; in memory, nothing is written.

    Each is asked by `CLOSES` callers, in words of their own: some of the words that matter, in any
    order. It is closed after a good fiche, or (`WRONG`) after another one that the search showed,
    as an agent in a hurry would. `count` gives the fiches that hold a word, as for real calls.
    """
    chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
    savoir = Savoir()
    for question in questions:
        for _ in range(CLOSES):
            said = _said_again(question.texte, chance)
            fiche = chance.choice(question.fiches)
            if chance.random() < BEST_FICHE:
                fiche = question.fiches[0]
            if chance.random() < WRONG:
                others = [line.cle for line in search(said)[:5] if line.cle not in question.fiches]
                fiche = chance.choice(others) if others else fiche
            for mot in words_to_learn(said, count=count):
                savoir.add(mot, {fiche: 1.0})
    return savoir


def _said_again(texte: str, chance: random.Random) -> str:
    written = [texte[word.debut : word.fin] for word in mattering(texte) or words(texte)]
    kept = [word for word in written if chance.random() < KEPT_WORD]
    kept = kept or [chance.choice(written)] if written else []
    chance.shuffle(kept)
    return " ".join(kept)
