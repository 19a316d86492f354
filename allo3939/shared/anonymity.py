"""The guard of free texts: what could identify a caller is refused or masked.

One place for every free-text field. It recognises, in written form, e-mail addresses, runs of nine
digits or more (telephone, social security, tax and card numbers), IBAN and number plates.
"""

from __future__ import annotations

import re

# Between two digits of one number: nothing, or a few of the signs people put there.
_GAP = r"(?:[ .·\-–\u00a0\u202f]{0,3}|,)"

# Each pattern starts at the start of a run and is bounded: a text of any length takes linear time.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "une adresse électronique",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    ),
    (
        "un IBAN",
        re.compile(
            r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){3,7}(?:[ .-]?[A-Z0-9]{1,3})?\b", re.IGNORECASE
        ),
    ),
    (
        # « 2A » and « 2B » stand in the social security numbers of Corsica.
        "un numéro (téléphone, sécurité sociale, fiscal)",
        re.compile(rf"(?<!\d)\+?\d(?:{_GAP}(?:\d|(?<=2)[ABab](?={_GAP}\d))){{8,40}}"),
    ),
    (
        "une plaque d'immatriculation",
        re.compile(
            r"\b[A-HJ-NP-TV-Za-hj-np-tv-z]{2}[ -]?\d{3}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]{2}\b"
            r"|\b\d{2,4} ?[A-Z]{2,3} ?(?:\d{2}|2[AB])\b"
        ),
    ),
)


def find_identifiers(text: str) -> list[str]:
    """What in the text could identify somebody, in words an agent reads; empty when nothing."""
    return [reason for reason, pattern in PATTERNS if pattern.search(text)]


def mask(text: str) -> str:
    """The text with each identifying run replaced by « … »."""
    for _, pattern in PATTERNS:
        text = pattern.sub("…", text)
    return text
