"""The last word on the order of the candidates, from a few features that anybody can check.

BM25 alone lets an object win that says one of the words often, or is short. The candidates are
ordered again by four shares, each between 0 and 1:

- the score of the query, beside the best score;
- how much of what was asked the object says anywhere;
- how much of it is said where the object says what it is about (title, path, keywords);
- how much of the object's title was asked for.

"How much" is in masses: a rare word weighs more than a common one. The weights come from a plateau:
see docs/adr/0005-search-index.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SCORE, ANYWHERE, ABOUT, TITLE = 4.0, 4.0, 6.0, 3.0
POINTS = 10.0  # an object that has everything, for scores that are easy to read
CLEAR = 0.06  # the share by which a line must be better to overtake one that is being read


@dataclass(frozen=True, slots=True)
class Unite:
    """A word of the search: what it weighs, and the stems that stand for it with their worth.

    Several stems of one alternative must all be there.
    """

    masse: float
    options: tuple[tuple[tuple[str, ...], float], ...]

    def worth(self, racines: frozenset[str] | set[str]) -> float:
        """The worth, 0 to 1, of the best alternative among these stems."""
        best = 0.0
        for option, worth in self.options:
            if worth > best and racines.issuperset(option):
                best = worth
        return best


class Said:
    """How much of what was asked stems say; the same stems are weighed once."""

    def __init__(self, unites: Sequence[Unite]) -> None:
        self._unites = unites
        self._asked = frozenset(
            r for unite in unites for option, _ in unite.options for r in option
        )
        self._total = sum(unite.masse for unite in unites) or 1.0
        self._shares: dict[frozenset[str], float] = {}

    def share(self, racines: frozenset[str]) -> float:
        """Between 0 and 1."""
        found = self._asked & racines
        if found not in self._shares:
            said = sum(unite.masse * unite.worth(found) for unite in self._unites)
            self._shares[found] = said / self._total
        return self._shares[found]


def blend(*, score: float, anywhere: float, about: float, title: float) -> float:
    """The final score, in points."""
    total = SCORE + ANYWHERE + ABOUT + TITLE
    weighed = SCORE * score + ANYWHERE * anywhere + ABOUT * about + TITLE * title
    return POINTS * weighed / total


def agree_with(lines: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Scores that agree with an order: a line placed above a better one is clearly better."""
    scores: dict[str, float] = {}
    floor = 0.0
    for key, score in reversed(lines):
        floor = score if score >= floor else floor * (1 + 2 * CLEAR)
        scores[key] = floor
    return scores


def keep_order(
    scores: Mapping[str, float], *, shown: Sequence[str], limit: int, margin: float = CLEAR
) -> list[str]:
    """The best `limit` keys, those already `shown` kept in their order while typing goes on.

    A line only overtakes or replaces one on the screen when its score is better by `margin`, a
    share: what an agent is reading does not move for a hair. The other lines come in the order of
    their scores.
    """
    on_screen = {key: place for place, key in enumerate(shown) if key in scores}
    favour = {key: score * (1 + margin * (key in on_screen)) for key, score in scores.items()}
    kept = sorted(scores, key=lambda key: (-favour[key], -scores[key], key))[:limit]
    first = sorted((key for key in kept if key in on_screen), key=on_screen.__getitem__)
    order: list[str] = []
    for key in (*first, *(key for key in kept if key not in on_screen)):
        place = len(order)
        while place and _overtakes(key, order[place - 1], scores, on_screen, margin):
            place -= 1
        order.insert(place, key)
    return order


def _overtakes(
    key: str,
    above: str,
    scores: Mapping[str, float],
    on_screen: Mapping[str, int],
    margin: float,
) -> bool:
    needed = scores[above] * (1 + margin if above in on_screen else 1)
    return scores[key] > needed
