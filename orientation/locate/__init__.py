"""The caller's commune, from whatever was heard: a name, a postcode, an INSEE code, an old name."""

from orientation.locate.answer import Communes, Proposition
from orientation.locate.find import (
    codes_proposed,
    commune_of,
    find_communes,
    find_communes_page,
    look_up,
)
from orientation.locate.names import read_names, warm
from orientation.locate.spell import fold, normalise

__all__ = [
    "Communes",
    "Proposition",
    "codes_proposed",
    "commune_of",
    "find_communes",
    "find_communes_page",
    "fold",
    "look_up",
    "normalise",
    "read_names",
    "warm",
]
