"""Shared blocks written into the texts that name them: ``{bloc:code}`` becomes today's value.

A fiche keeps what was typed in ``gabarits`` and what is read in its own fields, so that nothing but
publication and edition knows of shared blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from datetime import date
from typing import Any

from knowledge.models import Fiche, ValeurBloc

MARKER = re.compile(r"\{bloc:([a-z0-9-]+)\}")
FIELDS = ("a_dire", "pieces", "cout", "delai", "texte", "parcours", "definition", "note")
"""The fields of a fiche in which a shared block may be named."""


def codes_in(value: Any) -> Iterator[str]:
    """The codes named in a text, a list or a tree, in their order, repeated as they are."""
    if isinstance(value, str):
        yield from MARKER.findall(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from codes_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from codes_in(inner)


def values_on(codes: set[str], *, on: date) -> dict[str, str]:
    """The value in force of each block on a day; one without is absent. At most one query."""
    if not codes:
        return {}
    rows = ValeurBloc.objects.in_force(on=on).of_codes(codes)
    return {row.bloc.code: row.texte for row in rows}


def as_typed(fiche: Fiche) -> Fiche:
    """A copy whose fields are as they were typed, shared blocks named: what a form shows."""
    typed = copy(fiche)
    for name, value in fiche.gabarits.items():
        setattr(typed, name, value)
    typed.gabarits = {}
    return typed


def expand(fiche: Fiche, *, on: date) -> Fiche:
    """Write the values of the day into fields as typed, and keep what was typed; in memory.

    A block without a value that day stays named: `missing` tells it, and the checks refuse it.
    """
    typed = {name: getattr(fiche, name) for name in FIELDS}
    kept = {name: value for name, value in typed.items() if any(codes_in(value))}
    codes = {code for value in kept.values() for code in codes_in(value)}
    known = values_on(codes, on=on)
    for name, value in kept.items():
        setattr(fiche, name, _replace(value, known.get))
    fiche.gabarits, fiche.blocs = kept, sorted(codes)
    return fiche


def typed_value(fiche: Fiche, name: str) -> Any:
    """A field as it is typed, shared blocks named."""
    return fiche.gabarits.get(name, getattr(fiche, name))


def missing(fiche: Fiche) -> list[str]:
    """The codes that an expanded fiche still names: blocks that are unknown, or without a value."""
    return sorted({code for name in FIELDS for code in codes_in(getattr(fiche, name))})


def _replace(value: Any, text_of: Callable[[str], str | None]) -> Any:
    if isinstance(value, str):
        return MARKER.sub(lambda found: text_of(found[1]) or found[0], value)
    if isinstance(value, dict):
        return {key: _replace(inner, text_of) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replace(inner, text_of) for inner in value]
    return value
