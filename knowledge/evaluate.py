"""How well a search answers questions whose good fiches are known."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from allo3939.shared.index import Trouvaille
from knowledge.models import Fiche

RANKS = (1, 3, 5, 10)


@dataclass(frozen=True)
class Question:
    texte: str
    fiches: tuple[str, ...]


class NoQuestion(Exception):
    """No question of the file has an expected fiche in this database."""


def read_questions(path: Path) -> list[Question]:
    """Questions of a JSON Lines file (``question``, ``fiches``).

    Expected fiches that are not in the database do not count; a question left without any is left
    out. Raises ValueError, with the number of the line, on one that cannot be read.
    """
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rows.append((str(row["question"]), [str(fiche) for fiche in row["fiches"]]))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"ligne {number} : {error!r}") from error
    expected = {fiche for _, fiches in rows for fiche in fiches}
    held = set(
        Fiche.objects.published().filter(reference__in=expected).values_list("reference", flat=True)
    )
    questions = [Question(text, tuple(f for f in fiches if f in held)) for text, fiches in rows]
    return [question for question in questions if question.fiches]


def evaluate(
    questions: Iterable[Question], *, search: Callable[[str], Sequence[Trouvaille]]
) -> dict[str, float]:
    """Success at 1, 3, 5 and 10, mean reciprocal rank, share without result, and milliseconds."""
    ranks: list[int] = []
    empty = 0
    times: list[float] = []
    for question in questions:
        start = time.perf_counter()
        found = search(question.texte)
        times.append((time.perf_counter() - start) * 1000)
        empty += not found
        places = [place for place, line in enumerate(found, 1) if line.cle in question.fiches]
        ranks.append(min(places, default=0))
    if not ranks:
        raise NoQuestion
    count = len(ranks)
    times.sort()
    return {
        "questions": count,
        **{f"success@{k}": round(sum(0 < rank <= k for rank in ranks) / count, 4) for k in RANKS},
        "mrr": round(sum(1 / rank for rank in ranks if rank) / count, 4),
        "zero_results": round(empty / count, 4),
        "p50_ms": round(times[(count - 1) // 2], 2),
        "p95_ms": round(times[min(count - 1, int(count * 0.95))], 2),
    }
