"""Known expressions in a text, whether their words stand side by side or not.

Callers put words between those of an expression and turn them round: « ma carte, elle a été avalée
par le distributeur » says « carte avalée ».
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from allo3939.shared.analyse import Equivalents, Nom

LONGEST_EXPRESSION = 8  # words that matter in one known expression
APART = 6  # other words that may stand between those of a scattered expression
APART_WEAK = 1  # the same, when one word at most of the expression says something alone

# Places in a text, in order, and the other names of what is said there.
Passage = tuple[tuple[int, ...], tuple[Nom, ...]]


class Expressions:
    """The expressions of one list, ready to be found in texts."""

    def __init__(self, equivalents: Equivalents) -> None:
        self.equivalents = equivalents
        self.racines = frozenset(racine for expression in equivalents for racine in expression)
        several = [expression for expression in equivalents if len(expression) > 1]
        held = Counter(racine for expression in several for racine in set(expression))
        self._by_rarest: dict[str, list[tuple[str, ...]]] = {}
        for expression in several:
            rarest = min(set(expression), key=lambda racine: (held[racine], racine))
            self._by_rarest.setdefault(rarest, []).append(expression)

    def scattered(
        self, at: dict[str, list[int]], strong: Collection[int]
    ) -> Iterator[tuple[int, int, tuple[int, ...], tuple[str, ...]]]:
        """Expressions whose stems are all in ``at`` (stem → places), near one another.

        Yields minus their length, the words between theirs, their places, and their stems.
        """
        for racine, places in at.items():
            for expression in self._by_rarest.get(racine, ()):
                if not all(other in at for other in expression):
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
    words that are scattered, the most of them and the closest first. An expression of several
    lists is read as the first of them says. ``strong`` are the places of the words that say
    something alone.
    """
    passages: list[Passage] = []
    free: set[int] = set()
    start = 0
    while start < len(racines):
        size = min(LONGEST_EXPRESSION, len(racines) - start)
        while size > 1 and not _names(tuple(racines[start : start + size]), lists):
            size -= 1
        if size > 1:
            places = tuple(range(start, start + size))
            passages.append((places, _names(tuple(racines[start : start + size]), lists)))
        else:
            free.add(start)
        start += size
    at: dict[str, list[int]] = {}
    for place in sorted(free):
        at.setdefault(racines[place], []).append(place)
    found = (match for known in lists for match in known.scattered(at, strong))
    for *_, places, expression in sorted(found):
        if free.issuperset(places):
            passages.append((places, _names(expression, lists)))
            free.difference_update(places)
    passages += [((place,), _names((racines[place],), lists)) for place in free]
    return sorted(passages, key=lambda passage: passage[0])


def _names(expression: tuple[str, ...], lists: Sequence[Expressions]) -> tuple[Nom, ...]:
    return next((noms for known in lists if (noms := known.equivalents.get(expression))), ())
