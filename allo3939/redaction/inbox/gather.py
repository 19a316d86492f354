"""All that waits for a rédacteur, in one order: the most calls at stake first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count

from allo3939.accounts.models import Agent
from allo3939.redaction.inbox import around, blocks, fiches
from allo3939.redaction.inbox.items import Affaire, Genre, Pour
from calls.feedback import reasons
from calls.usage import STAKE
from knowledge import stakes
from knowledge.models import Fiche

REASONS = 2  # of an agent's report, on a line


@dataclass(frozen=True)
class Boite:
    """An inbox, ranked; `total` is what is to be done, programmed publications aside."""

    affaires: list[Affaire]

    @property
    def total(self) -> int:
        return len(self.affaires)

    @cached_property
    def appels(self) -> int:
        """The calls at stake, a fiche once however many things wait on it."""
        fiches = {each.fiche: each.appels for each in self.affaires if each.fiche is not None}
        return sum(fiches.values()) + sum(
            each.appels for each in self.affaires if each.fiche is None
        )

    def counts(self) -> dict[Genre, int]:
        """How many of each kind, in the order of the kinds; those without any too."""
        counted = Counter(each.genre for each in self.affaires)
        return {genre: counted[genre] for genre in Genre}

    def narrow(self, *, genre: str = "", secteur: str | None = None, pour: str = "") -> Boite:
        """Those of a kind, of a sector ("" is level 1), in somebody's hands.

        Without ``pour``, what the agent can do something about: a colleague's is left out.
        """
        kept = self.affaires
        if genre:
            kept = [each for each in kept if each.genre == genre]
        if secteur is not None:
            kept = [each for each in kept if each.secteur == secteur]
        if pour:
            kept = [each for each in kept if each.pour == pour]
        else:
            kept = [each for each in kept if each.pour != Pour.AUTRE]
        return Boite(kept)

    def to_do(self) -> Boite:
        """Without what is only programmed: nobody has anything to do about it."""
        return Boite([each for each in self.affaires if each.genre != Genre.PROGRAMMEE])

    def programmed(self) -> Boite:
        return Boite([each for each in self.affaires if each.genre == Genre.PROGRAMMEE])


def open_inbox(agent: Agent, *, on: date) -> Boite:
    """What waits for the agent that day, ranked; the same number of queries whatever waits."""
    propositions = fiches.pending_propositions()
    busy = {each.fiche__pk for each in propositions if each.etat in fiches.TAKEN}
    known = stakes.since(on - STAKE)
    found = [
        *fiches.of_propositions(propositions, agent=agent, on=on),
        *fiches.of_conflicts(),
        *fiches.of_feedback(busy=busy, on=on),
        *around.of_reports(on=on),
        *around.of_briefs(agent, busy=busy),
        *around.of_misses(),
        *fiches.of_pins(),
        *fiches.of_reviews(busy=busy, on=on),
        *blocks.of_blocks(agent, known=known, on=on),
    ]
    for each in found:
        if each.fiche is not None:  # what is not about one fiche brought its own
            each.appels, _ = known.get(each.fiche, (0, 0))
    found.sort(key=lambda each: each.rang)
    return Boite(found)


def tell_reasons(affaires: Iterable[Affaire]) -> None:
    """Add to the lines of a page what agents said was wrong; one query."""
    told = [each for each in affaires if each.retours]
    texts = reasons(key for each in told for key in each.retours[: REASONS * 2])
    for each in told:
        said = dict.fromkeys(texts[key] for key in each.retours if key in texts)
        each.raisons = list(said)[:REASONS]


def next_reviews(*, on: date) -> tuple[date, int] | None:
    """The next day with reviews and how many; None when nothing is planned."""
    ahead = Fiche.objects.published().filter(a_revoir_le__gt=on).order_by("a_revoir_le")
    return ahead.values_list("a_revoir_le").annotate(n=Count("pk")).first()
