"""Invented notes of agents, with and without what identifies somebody, the same for one seed.

Half of the lines hold one identifier, in turn of each kind; the other half holds none, though most
are full of figures, names of places and titles. What is drawn is nobody's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from allo3939.shared.anonymity.sample.identifiers import KINDS
from allo3939.shared.anonymity.sample.notes import around, harmless

RIEN = "rien"


@dataclass(frozen=True, slots=True)
class NoteInventee:
    """A line of the set and what is expected of it."""

    id: str
    texte: str
    attendu: bool
    """Whether somebody could be identified."""
    genre: str
    """The kind of the identifier, `RIEN` for none."""


def generate(*, seed: int, lines: int) -> Iterator[NoteInventee]:
    """So many lines, as many harmless ones as others."""
    draw = random.Random(seed)  # noqa: S311  # invented notes, no secret
    kinds = list(KINDS)
    for rank in range(lines):
        if rank % 2:
            yield NoteInventee(f"{seed}-{rank + 1}", harmless(draw), False, RIEN)
        else:
            kind = kinds[rank // 2 % len(kinds)]
            text = around(draw, kind, KINDS[kind](draw))
            yield NoteInventee(f"{seed}-{rank + 1}", text, True, kind)
