"""How a day looks: opening hours, the rush of each hour, shares of sectors and outcomes.

Hours, the share of level 1 and the sectors' are the service's own figures of 2009; the rush of each
hour, the small shares and the durations are assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from calls.enums import Motif, MotifRefus, Niveau1, Resultat
from orientation.hours import PARIS

WEEK = (time(8, 0), time(20, 0))
SATURDAY = (time(8, 30), time(18, 30))
SUNDAY = 6

# Share of the day's calls that come within each hour; the quarters of an hour follow smoothly.
RUSH = {
    **{8: 6.0, 9: 10.0, 10: 12.0, 11: 10.5, 12: 7.0, 13: 7.5},
    **{14: 11.5, 15: 10.0, 16: 9.0, 17: 7.5, 18: 5.5, 19: 3.5},
}

ESCALATED = 0.44  # of the calls in which somebody asks something: 665,000 of 1,516,000
# Calls in thousands; fiscalité has the rest of 1,516.
SECTORS = {
    **{"interieur": 485, "travail": 288, "consommation": 182},
    **{"justice": 121, "logement": 106, "fiscalite": 334},
}
GENERALIST = ""
LEVEL_1 = {**SECTORS, GENERALIST: 300}

# Outcomes without an answer, as shares of all calls; the others are answered.
WITHOUT_QUESTION = {"AB": 0.03, "MU": 0.02, "AA": 0.006, "UR": 0.003}
UNMET = {"PF": 0.02, "FI": 0.015, "HC": 0.015}

# Of what level 1 deals with: a body is given without any fiche.
ORIENTED = 0.22
KINDS = {"mairie": 5, "caf": 4, "cpam": 4, "prefecture": 3, "sip": 2, "tribunal_judiciaire": 1}

SECOND_QUESTION = 0.14
THIRD_QUESTION = 0.2  # of the calls that have two

# How a sector answers.
REFUSED, EXPIRED, LEFT = 0.05, 0.04, 0.015
TAKEN = 0.96  # what that leaves of the questions offered, the second offer included
REFUSALS = {
    MotifRefus.NIVEAU_1: 4,
    MotifRefus.INDISPONIBLE: 3,
    MotifRefus.MAUVAIS_SECTEUR: 2,
    MotifRefus.CARTE_INCOMPLETE: 1,
}
REASONS = {
    Motif.SITUATION_PERSONNELLE: 5,
    Motif.TROP_COMPLEXE: 4,
    Motif.FICHE_INSUFFISANTE: 2,
    Motif.USAGER_INSISTE: 1,
}
RESULTS = {Resultat.REPONDU: 78, Resultat.ORIENTE: 17, Resultat.SANS_REPONSE: 5}
COULD_LEVEL_1 = {
    Niveau1.NON: 72,
    Niveau1.OUI: 16,
    Niveau1.FICHE_A_CREER: 9,
    Niveau1.MAUVAIS_SECTEUR: 3,
}
USEFUL = {None: 62, True: 34, False: 4}


T = TypeVar("T")


class JourImpossible(Exception):
    """No day can be simulated then; the message is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """A duration drawn around a median: most are near it, a few much longer."""

    median: float
    spread: float = 0.4

    def draw(self, chance: Random) -> float:
        return min(self.median * chance.lognormvariate(0, self.spread), 8 * self.median)


GREETING = Seconds(7)
TYPING = Seconds(12)
ANSWERING = Seconds(9)  # a question of the fiche
SAYING = Seconds(55)
LOCATING = Seconds(18)
EXPLAINING = Seconds(40)  # no fiche: the agent looks for another way
CLOSING = Seconds(8)
SILENCE = Seconds(14)
ANSWER_OF_SECTOR = Seconds(9, 0.5)
LEVEL_2 = Seconds(330, 0.5)


def draw(shares: Mapping[T, float], chance: Random) -> T:
    """One of the keys, by its share."""
    return chance.choices(list(shares), list(shares.values()))[0]


def dealt_with() -> float:
    """Share of the calls in which something is asked whose question has a fiche or a body."""
    asked = 1 - sum(WITHOUT_QUESTION.values())
    return 1 - sum(UNMET.values()) / asked


def opening_hours(day: date) -> tuple[datetime, datetime]:
    """When the line opens and closes; raises `JourImpossible` on a Sunday."""
    if day.weekday() == SUNDAY:
        raise JourImpossible("Le 3939 est fermé le dimanche.")
    start, end = SATURDAY if day.weekday() == SUNDAY - 1 else WEEK
    return datetime.combine(day, start, PARIS), datetime.combine(day, end, PARIS)


def draw_pick_ups(day: date, *, calls: int, chance: Random) -> list[datetime]:
    """The instants at which the calls of a day are picked up, in order."""
    start, end = opening_hours(day)
    minutes = [start + timedelta(minutes=step) for step in range((end - start) // _MINUTE)]
    drawn = chance.choices(minutes, [_rush(minute) for minute in minutes], k=calls)
    return sorted(minute + timedelta(seconds=chance.uniform(0, 60)) for minute in drawn)


def _rush(at: datetime) -> float:
    """The rush of the hour, sliding to the next one's in its second half, from the last in its
    first."""
    within = (at.minute - 30) / 60
    neighbour = RUSH.get(at.hour + (1 if within > 0 else -1), 0.0) or RUSH[at.hour]
    return RUSH[at.hour] * (1 - abs(within)) + neighbour * abs(within)


_MINUTE = timedelta(minutes=1)
