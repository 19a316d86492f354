"""How long a caller waits for an informateur: a range, from the last hour's pace.

A number is shown only when enough was observed: a sector that answered fewer than
`MINIMUM` offers in the hour tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor

from calls.models import Transfert
from calls.presence import Equipe, read_teams

WINDOW = timedelta(hours=1)
MINIMUM = 5
FAR = 60  # minutes, beyond which only « plus de » is said


@dataclass(frozen=True, slots=True)
class Attente:
    """An expected wait, in seconds, from the shortest to the longest likely."""

    mini: float
    maxi: float

    def __str__(self) -> str:
        """« 1 à 3 min », « moins de 2 min », « environ 4 min », « plus de 60 min »."""
        low, high = floor(self.mini / 60), max(1, ceil(self.maxi / 60))
        if low >= FAR:
            return f"plus de {FAR}\u00a0min"
        if low == 0:
            return f"moins de {min(high, FAR)}\u00a0min"
        if low == high:
            return f"environ {low}\u00a0min"
        return f"{low} à {min(high, FAR)}\u00a0min"


def estimate(
    answers: Sequence[float], calls: Sequence[float], *, ahead: int, free: int, working: int
) -> Attente | None:
    """The wait of an offer that comes behind ``ahead`` others, or None when it cannot be told.

    ``answers``: seconds from offer to acceptance of those accepted in the hour; ``calls``: seconds
    that calls stayed in hand. ``free``: informateurs free now; ``working``: free or in a call.

    With somebody free for it, the wait is that of the middle half of the answers. Otherwise one
    call must end for each offer too many: between the shortest case, where the first is about to,
    and the longest, where all have just begun.
    """
    if len(answers) < MINIMUM or not working:
        return None
    low, high = _middle_half(answers)
    turns = max(0, ahead + 1 - free)
    if turns:
        if len(calls) < MINIMUM:
            return None
        short, long = _middle_half(calls)
        low += (turns - 1) * short / working
        high += turns * long / working
    return Attente(low, high)


def _middle_half(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4]


@dataclass(slots=True)
class _Hour:
    answers: list[float]
    calls: list[float]
    waiting: list[datetime]


def expected_waits(teams: Mapping[str, Equipe], *, at: datetime) -> dict[str, Attente | None]:
    """Sector slug → the wait of a question offered now, behind those that wait. Two queries."""
    hours = _read_hours(teams, at=at)
    return {
        slug: estimate(
            hour.answers,
            hour.calls,
            ahead=len(hour.waiting),
            free=teams[slug].disponibles,
            working=teams[slug].au_travail,
        )
        for slug, hour in hours.items()
    }


def expected_wait_of(transfert: Transfert, *, at: datetime) -> Attente | None:
    """The wait left for an offer, behind the older ones of its sector."""
    slug = transfert.secteur.slug
    team = read_teams(at=at)[slug]
    hour = _read_hours([slug], at=at)[slug]
    offered = transfert.propose_le or at
    return estimate(
        hour.answers,
        hour.calls,
        ahead=sum(other < offered for other in hour.waiting),
        free=team.disponibles,
        working=team.au_travail,
    )


def _read_hours(slugs: Iterable[str], *, at: datetime) -> dict[str, _Hour]:
    hours = {slug: _Hour([], [], []) for slug in slugs}
    answered = Transfert.objects.of_sectors(hours).accepted_since(at - WINDOW)
    for slug, offered, taken, ended in answered.values_list(
        "secteur__slug", "propose_le", "repondu_le", "fin_en_main"
    ):
        hours[slug].answers.append((taken - offered).total_seconds())
        if ended:
            hours[slug].calls.append((ended - taken).total_seconds())
    waiting = Transfert.objects.of_sectors(hours).waiting()
    for slug, offered in waiting.values_list("secteur__slug", "propose_le"):
        hours[slug].waiting.append(offered)
    return hours
