"""The guard of free texts: what could identify a caller is refused or masked.

One place for every free-text field. It recognises, in written form, e-mail addresses, runs of nine
digits or more (telephone, social security, tax and card numbers), IBAN and number plates.
"""

from __future__ import annotations

import re

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("une adresse électronique", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        (
            "un IBAN",
            r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){3,7}(?:[ .-]?[A-Z0-9]{1,3})?\b",
        ),
        (
            "un numéro (téléphone, sécurité sociale, fiscal)",
            r"(?:\+\s?)?\d(?:[ .\-/\u00a0\u202f]?\d){8,}",
        ),
        ("une plaque d'immatriculation", r"\b[A-HJ-NP-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NP-TV-Z]{2}\b"),
    )
)


def find_identifiers(text: str) -> list[str]:
    """What in the text could identify somebody, in words an agent reads; empty when nothing."""
    return [reason for reason, pattern in PATTERNS if pattern.search(text)]


def mask(text: str) -> str:
    """The text with each identifying run replaced by « … »."""
    for _, pattern in PATTERNS:
        text = pattern.sub("…", text)
    return text
