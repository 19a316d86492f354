"""Names of persons, by pattern: a title, a label, a first name with a surname.

A list of names alone says little: « Pierre », « Rose », « Martin » are also a stone, a flower and a
saint's street. What stands before and after a word decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat
from allo3939.shared.anonymity.names.announced import labelled, titled
from allo3939.shared.anonymity.names.page import Page
from allo3939.shared.anonymity.names.paired import alone, paired
from allo3939.shared.anonymity.names.spelt import spelt
from allo3939.shared.anonymity.reading import Reading


def find(reading: Reading) -> Iterator[Constat]:
    """The names of a text, those that overlap included."""
    page = Page(reading)
    yield from spelt(page)
    for place in range(len(page.words)):
        yield from titled(page, place)
        yield from labelled(page, place)
        yield from paired(page, place)
        yield from alone(page, place)
