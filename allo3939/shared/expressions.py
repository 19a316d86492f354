"""Known expressions in a text, whether their words stand side by side or not.

Callers put words between those of an expression and turn them round: « ma carte, elle a été avalée
par le distributeur » says « carte avalée ».
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from allo3939.shared.analyse import Equivalents, Nom

LONGEST_EXPRESSION = 8  # words that matter in one known expression
APART = 6  # other words that may stand between those of a scattered expression
APART_WEAK = 1  # the same, when one word at most of the expression says something alone


class Passage(NamedTuple):
    """Places in a text, in order, and the other names of what is said there.

    ``beside``: its words belong to other passages too.
    """

    places: tuple[int, ...]
    noms: tuple[Nom, ...]
    beside: bool = False


class Expressions:
    """The expressions of one list, ready to be found in texts."""

    def __init__(self, equivalents: Equivalents) -> None:
        self.equivalents = equivalents
        self.racines = frozenset(racine for expression in equivalents for racine in expression)
        several = [expression for expression in equivalents if len(expression) > 1]
        held = Counter(racine for expression in several for racine in set(expression))
        self._by_rarest: dict[str, list[tuple[frozenset[str], tuple[str, ...]]]] = {}
        for expression in several:
            distinct = frozenset(expression)
            rarest = min(distinct, key=lambda racine: (held[racine], racine))
            self._by_rarest.setdefault(rarest, []).append((distinct, expression))

    def scattered(
        self, at: dict[str, list[int]], strong: Collection[int]
    ) -> Iterator[tuple[int, int, tuple[int, ...], tuple[str, ...]]]:
        """Expressions whose stems are all in ``at`` (stem → places), near one another.

        Yields minus their length, the words between theirs, their places, and their stems.
        """
        for racine, places in at.items():
            for distinct, expression in self._by_rarest.get(racine, ()):
                if not distinct <= at.keys():
                    continue
                for centre in places:
                    nearest = {
                        min(at[other], key=lambda place: abs(place - centre))
                        for other in expression
                    }
                    if len(nearest) < len(expression):
                        continue  # the same word twice
                    between = max(nearest) - min(nearest) + 1 - len(nearest)
                    alone = sum(place in strong for place in nearest)
                    if between <= (APART if alone > 1 else APART_WEAK):
                        yield -len(nearest), between, tuple(sorted(nearest)), expression


def find_expressions(
    racines: Sequence[str], lists: Sequence[Expressions], *, strong: Collection[int]
) -> list[Passage]:
    """Cut a text, given as stems, into known expressions and single words, in order.

    Words side by side and in order are read first, the longest expression before the others; then
    words that are scattered, the most of them and the closest first. At the end comes the best
    expression that shares words with those. An expression of several lists is read as the first of
    them says. ``strong`` are the places of the words that say
    something alone.
    """
    passages, free = _side_by_side(racines, lists)
    for *_, places, expression in _scattered(racines, free, lists, strong):
        if free.issuperset(places):
            passages.append(Passage(places, _names(expression, lists)))
            free.difference_update(places)
    passages += [Passage((place,), _names((racines[place],), lists)) for place in free]
    passages.sort(key=lambda passage: passage.places)
    return [*passages, *_beside(racines, passages, lists, strong)]


def _side_by_side(
    racines: Sequence[str], lists: Sequence[Expressions]
) -> tuple[list[Passage], set[int]]:
    """The expressions whose words follow one another, and the places of the other words."""
    passages: list[Passage] = []
    free: set[int] = set()
    start = 0
    while start < len(racines):
        size = min(LONGEST_EXPRESSION, len(racines) - start)
        while size > 1 and not _names(tuple(racines[start : start + size]), lists):
            size -= 1
        if size > 1:
            noms = _names(tuple(racines[start : start + size]), lists)
            passages.append(Passage(tuple(range(start, start + size)), noms))
        else:
            free.add(start)
        start += size
    return passages, free


def _beside(
    racines: Sequence[str],
    passages: Sequence[Passage],
    lists: Sequence[Expressions],
    strong: Collection[int],
) -> list[Passage]:
    """The best expression that takes a word of another one: « mon père est mort » is also heard
    in « mon père est mort avec des dettes »."""
    if all(len(passage.places) == 1 for passage in passages):
        return []
    owner = {place: passage for passage in passages for place in passage.places}
    for *_, places, expression in _scattered(racines, range(len(racines)), lists, strong):
        owners = {owner[place] for place in places}
        shared = any(len(passage.places) > 1 for passage in owners)
        if shared and len(owners) > 1 and sum(place in strong for place in places) > 1:
            return [Passage(places, _names(expression, lists), beside=True)]
    return []


def _scattered(
    racines: Sequence[str],
    places: Iterable[int],
    lists: Sequence[Expressions],
    strong: Collection[int],
) -> list[tuple[int, int, tuple[int, ...], tuple[str, ...]]]:
    at: dict[str, list[int]] = {}
    for place in sorted(places):
        at.setdefault(racines[place], []).append(place)
    return sorted(match for known in lists for match in known.scattered(at, strong))


def _names(expression: tuple[str, ...], lists: Sequence[Expressions]) -> tuple[Nom, ...]:
    return next((noms for known in lists if (noms := known.equivalents.get(expression))), ())
