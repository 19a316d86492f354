"""A change of answer word by word: what is no longer to be said, and what is to be said instead.

Both states are read into lines (`knowledge.differ.parts`); only the lines that differ are told,
each with its words kept, taken away and added, so that the change can be read aloud.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from knowledge.blocks import Block
from knowledge.differ import match, neutral
from knowledge.differ.parts import FACTS, TARGET, Part, read_parts
from knowledge.differ.wording import WORDS, even_spaces

KEPT, GONE, NEW = "garde", "retire", "ajoute"
_ALIKE = 0.4  # below, the line is another one: told whole, not word by word
_PAIRS_MAX = 400  # beyond, likeness of every pair would cost too much
_CONTEXT = 10  # words kept on each side of a change
PASSAGES_MAX = 30

Piece = tuple[str, str]  # one of KEPT, GONE, NEW, and the words


class State(Protocol):
    """A fiche, or one of its past versions."""

    titre: str
    a_dire: str
    contenu: list[Block]


@dataclass(frozen=True, slots=True)
class Passage:
    """A line that changed: where it stands, and its words."""

    lieu: str
    morceaux: tuple[Piece, ...]


def compare_words(
    before: State, after: State, *, limit: int | None = PASSAGES_MAX
) -> list[Passage]:
    """The lines that changed: title, spoken text, then the blocks in the order of the new state.

    [] when nothing readable changed. What stands under several answers of the caller is told once.
    ``limit`` None tells all of it, however long.
    """
    old = read_parts("", "", neutral(before.contenu))
    new = read_parts("", "", neutral(after.contenu))
    found = [
        *_compare_lines("Titre", [before.titre], [after.titre]),
        *_compare_lines("À dire", _spoken(before), _spoken(after)),
        *_compare_parts(old, new, ()),
    ]
    once: dict[tuple[Piece, ...], Passage] = {}
    for passage in found:
        once.setdefault(passage.morceaux, passage)
    return list(once.values())[:limit]


def compare_lines(place: str, old: list[str], new: list[str]) -> list[Passage]:
    """The lines that differ between two lists of them, word by word, all told at ``place``."""
    return list(_compare_lines(place, old, new))


def _spoken(state: State) -> list[str]:
    return [line.strip() for line in state.a_dire.splitlines() if line.strip()]


def _compare_parts(old: Part, new: Part, path: tuple[str, ...]) -> Iterator[Passage]:
    place = " › ".join(path)
    yield from _compare_lines(place, _own_lines(old), _own_lines(new))
    pairs, gone, added = match(old.parts, new.parts)
    for before, after in pairs:
        yield from _compare_lines(place, _title(before), _title(after))
        yield from _compare_parts(before, after, (*path, *_title(after)))
    for part in added:
        yield from _whole(part, path, NEW)
    for part in gone:
        yield from _whole(part, path, GONE)


def _whole(part: Part, path: tuple[str, ...], kind: str) -> Iterator[Passage]:
    """A part that is new, or gone: its title, then each of its lines."""
    inside = (*path, *_title(part))
    for title in _title(part):
        yield Passage(" › ".join(path), ((kind, title),))
    for line in _own_lines(part):
        yield Passage(" › ".join(inside), ((kind, line),))
    for inner in part.parts:
        yield from _whole(inner, inside, kind)


def _title(part: Part) -> list[str]:
    return [part.title.strip()] if part.title.strip() else []


def _own_lines(part: Part) -> list[str]:
    # The directory's code of an office is not said: its name is.
    facts = [
        f"{(FACTS | TARGET)[key]}\u00a0: {value}"
        for key, value in part.facts.items()
        if key != "pivot"
    ]
    return [*facts, *(line.text for line in part.lines)]


def _compare_lines(place: str, old: list[str], new: list[str]) -> Iterator[Passage]:
    old, new = [[even_spaces(line) for line in lines] for lines in (old, new)]
    gone: list[str] = []
    added: list[str] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            gone += old[i1:i2]
            added += new[j1:j2]
    # What only stands elsewhere in the same part is said as before.
    moved = Counter(gone) & Counter(added)
    left = list((Counter(gone) - moved).elements())
    yield from _pair(place, left, list((Counter(added) - moved).elements()))


def _pair(place: str, gone: list[str], added: list[str]) -> Iterator[Passage]:
    """Each line added beside the one it replaces; then those that nothing replaces."""
    few = len(gone) * len(added) <= _PAIRS_MAX
    for line in added:
        best = max(gone, key=lambda other: _likeness(other, line), default=None)
        if few and best is not None and _likeness(best, line) >= _ALIKE:
            gone.remove(best)
            yield Passage(place, tuple(_words(best, line)))
        else:
            yield Passage(place, ((NEW, line),))
    for line in gone:
        yield Passage(place, ((GONE, line),))


def _likeness(before: str, after: str) -> float:
    return SequenceMatcher(None, WORDS.split(before), WORDS.split(after), autojunk=False).ratio()


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = WORDS.split(before), WORDS.split(after)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for rank, (tag, i1, i2, j1, j2) in enumerate(codes):
        if tag == "equal":
            yield KEPT, _context(new[j1:j2], first=rank == 0, last=rank == len(codes) - 1)
            continue
        if i2 > i1:
            yield GONE, " ".join(old[i1:i2])
        if j2 > j1:
            yield NEW, " ".join(new[j1:j2])


def _context(words: list[str], *, first: bool, last: bool) -> str:
    """Words that did not change, cut to those near a change."""
    before = [] if first else words[:_CONTEXT]
    after = [] if last else words[-_CONTEXT:]
    if len(words) <= len(before) + len(after) + 2:
        return " ".join(words)
    return " ".join([*before, "…", *after])
