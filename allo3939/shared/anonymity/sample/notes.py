"""Notes of agents, from the phrases of ``fixtures/anonymat/phrases.toml``."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings

from allo3939.shared.anonymity.sample.spoken import amount, date

_SLOT = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")
_MADE: dict[str, Callable[[random.Random], str]] = {"montant": amount, "date": date}
# Where a name in small letters could not be told from a word.
_CAPITAL_ONLY = ("née {x}", "au nom de {x}", "Me {x} notaire", "docteur {x} n'a pas signé")


@cache
def _phrases() -> dict[str, Any]:
    path = settings.BASE_DIR / "fixtures" / "anonymat" / "phrases.toml"
    with path.open("rb") as handle:
        return tomllib.load(handle)


def around(draw: random.Random, kind: str, value: str) -> str:
    """A note that holds what identifies: alone, before, after or within the question."""
    frame = draw.choice(_phrases()["cadres"][kind])
    if kind == "nom" and draw.random() < 0.25 and frame not in _CAPITAL_ONLY:
        value = value.lower() if draw.random() < 0.7 else value.upper()
    said = frame.replace("{x}", value)
    subject = draw.choice(_phrases()["sujets"])
    notes = (
        said,
        f"{subject}, {said}",
        f"{said}, {subject}",
        f"{subject}. {said[:1].upper()}{said[1:]}",
        f"{subject} - {said} - urgent",
    )
    return draw.choice(notes)


def harmless(draw: random.Random) -> str:
    """A note of one to three parts that identify nobody."""
    kinds = list(_phrases()["anodin"])
    parts = [
        _fill(draw, draw.choice(_phrases()["anodin"][draw.choice(kinds)]))
        for _ in range(draw.randint(1, 3))
    ]
    if draw.random() < 0.6:
        parts.insert(draw.randrange(len(parts) + 1), draw.choice(_phrases()["sujets"]))
    if draw.random() < 0.2:
        parts.append(_fill(draw, "{mot}"))
    if draw.random() < 0.1:
        parts.append(_fill(draw, "{role} n'a pas répondu"))
    return draw.choice([", ", ". ", " - ", " ; ", ", "]).join(parts)


def _fill(draw: random.Random, phrase: str) -> str:
    def put(slot: re.Match[str]) -> str:
        name, low, high = slot.groups()
        if low:
            return str(draw.randint(int(low), int(high)))
        made = _MADE.get(name)
        return made(draw) if made else draw.choice(_phrases()["mots"][name])

    return _SLOT.sub(put, phrase)
