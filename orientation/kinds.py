"""The codes of a kind of office; they outlive renames."""

from __future__ import annotations

from collections.abc import Iterable

# A fiche may still ask for the old code, the directory hold the new one.
_RENAMED = (
    ("france_travail", "pole_emploi"),
    ("france_services", "msap"),
    ("tj", "tgi", "ti", "te"),
    ("ddets", "ddcspp", "direccte_ut"),
    ("commissariat_police", "ddsp"),
    ("gendarmerie", "gendarmerie_departementale"),
)
_SYNONYMS = {code: group for group in _RENAMED for code in group}


def same_kind(code: str) -> tuple[str, ...]:
    """Every code of the kind that a code means, itself among them."""
    return _SYNONYMS.get(code, (code,))


def same_kinds(codes: Iterable[str]) -> set[str]:
    """Every code of the kinds that codes mean."""
    return {each for code in codes for each in same_kind(code)}
