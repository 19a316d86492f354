"""Whether an office is open at an instant, until when, and when it opens next.

The rule above all others: never a false « ouvert ». A range whose comment is not understood
(« hors vacances scolaires ») answers « inconnu » while it lasts, and is the next opening
« en principe » at most. One closed at a time of the year is sure the rest of the year.
"""

from orientation.hours.bodies import (
    CLOCKS,
    concerns,
    follows_clock,
    lasting,
    opening_of,
    openings_of,
    own_closure,
    territory_of,
)
from orientation.hours.calendar import Calendar
from orientation.hours.state import Ouverture, opening
from orientation.hours.territory import PARIS, feast_of, zone_of
from orientation.hours.words import clock, describe, describe_next, moment, week

__all__ = [
    "CLOCKS",
    "PARIS",
    "Calendar",
    "Ouverture",
    "clock",
    "concerns",
    "describe",
    "describe_next",
    "feast_of",
    "follows_clock",
    "lasting",
    "moment",
    "opening",
    "opening_of",
    "openings_of",
    "own_closure",
    "territory_of",
    "week",
    "zone_of",
]
