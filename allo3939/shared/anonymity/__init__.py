"""The guard of free texts: what could identify a caller is refused, asked about or masked.

One place for every free-text field, in the browser as one types (which asks the server) and on the
server. What is certain is refused; what is doubtful is asked about, and the agent's answer is kept
only for the text it was given for. See ``docs/adr/0012-one-anonymity-guard.md``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection

from django.conf import settings

from allo3939.shared.anonymity import births, figures, mailboxes, names, papers, publics
from allo3939.shared.anonymity.constat import LIBELLES, Constat, Genre, IsPublic
from allo3939.shared.anonymity.publics import register
from allo3939.shared.anonymity.reading import Reading, key, read

__all__ = [
    "LIBELLES",
    "Constat",
    "Genre",
    "TexteRefuse",
    "check",
    "find_identifiers",
    "guard",
    "mask",
    "register",
    "sign",
]

LONGEST = 20_000  # characters: what is longer is no note, and is refused by its form


class TexteRefuse(Exception):
    """The text would identify somebody; the message is for the agent.

    ``doutes`` are those that the agent may answer, when nothing in the text is certain.
    """

    def __init__(self, constats: list[Constat], texte: str) -> None:
        self.constats = constats
        self.doutes = [] if any(each.certain for each in constats) else constats
        super().__init__(explain(constats, texte))


def check(text: str, *, is_public: IsPublic = publics.is_public) -> list[Constat]:
    """What in the text may identify somebody, in its order; none overlaps another.

    Of two that overlap, the certain one is kept, else the longer. The time is linear in the text.
    """
    if not text.strip():
        return []
    reading = read(text[:LONGEST])
    found = [
        *mailboxes.find(reading, is_public),
        *papers.find_accounts(reading),
        *figures.find(reading, is_public),
        *papers.find_plates(reading),
        *papers.find_files(reading),
        *papers.find_papers(reading),
        *papers.find_addresses(reading),
        *births.find(reading),
        *names.find(reading),
    ]
    found += births.find_beside_names(reading, found)
    return _apart(found)


def _apart(found: list[Constat]) -> list[Constat]:
    kept: list[Constat] = []
    for each in sorted(found, key=lambda item: (not item.certain, item.debut - item.fin)):
        if all(each.fin <= other.debut or other.fin <= each.debut for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda item: item.debut)


def find_identifiers(text: str) -> list[str]:
    """What in the text surely identifies somebody, in words an agent reads; else empty."""
    return list(dict.fromkeys(each.libelle for each in check(text) if each.certain))


def mask(text: str) -> str:
    """The text with all that may identify somebody, certain or not, replaced by « … »."""
    found = check(text)
    if not found:
        return text
    composed = read(text).texte
    pieces, last = [], 0
    for each in found:
        pieces += [composed[last : each.debut], "…"]
        last = each.fin
    return "".join([*pieces, composed[last:]])


def guard(text: str, *, confirmes: Collection[str] = ()) -> None:
    """Raise `TexteRefuse` unless the text identifies nobody, or its doubts were answered.

    ``confirmes``: the answers of the agent, as `sign` gave them with each doubt.
    """
    found = check(text)
    left = [each for each in found if each.certain or sign(each, text) not in confirmes]
    if left:
        raise TexteRefuse(left, text)


def quote(constat: Constat, text: str) -> str:
    """The words of the text that a finding is about."""
    return read(text).texte[constat.debut : constat.fin]


def sign(constat: Constat, text: str) -> str:
    """A word that stands for « this, here, is nobody's »: it says nothing of the text.

    The same words in another text of the agent have the same sign: nobody answers twice.
    """
    said = f"{constat.genre}:{key(quote(constat, text))}".encode()
    secret = f"anonymat:{settings.SECRET_KEY}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:24]


def explain(constats: list[Constat], text: str) -> str:
    """What to change in the text, or to confirm, as an agent reads it."""
    certain = list(dict.fromkeys(each.libelle for each in constats if each.certain))
    if certain:
        return (
            f"Non enregistré\u00a0: le texte contient {' et '.join(certain)}. "
            "L'appelant reste anonyme, effacez-le."
        )
    doubts = " et ".join(
        dict.fromkeys(f"«\u00a0{quote(each, text)}\u00a0» ({each.libelle})" for each in constats)
    )
    return f"Non enregistré\u00a0: est-ce que {doubts} désigne quelqu'un\u00a0? Effacez ou confirmez."
