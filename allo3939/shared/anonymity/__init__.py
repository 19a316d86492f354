"""The guard of free texts: what could identify a caller is refused, asked about or masked.

One place for every free-text field, in the browser as one types (which asks the server) and on the
server. What is certain is refused; what is doubtful is asked about, and the agent's answer is kept
only for the text it was given for. See ``docs/adr/0012-one-anonymity-guard.md``.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from allo3939.shared.anonymity import births, figures, mailboxes, names, papers
from allo3939.shared.anonymity.constat import LIBELLES, QUESTIONS, Constat, Genre, IsPublic
from allo3939.shared.anonymity.publics import Registered, register
from allo3939.shared.anonymity.reading import key, read

__all__ = [
    "LIBELLES",
    "Constat",
    "Examen",
    "Genre",
    "IsPublic",
    "TexteRefuse",
    "check",
    "find_identifiers",
    "guard",
    "mask",
    "register",
    "review",
    "signs",
]

_FIGURE = re.compile(r"\d")
LONGEST = 20_000  # characters: what is longer is no note, and is refused by its form


def check(text: str, *, is_public: IsPublic | None = None) -> list[Constat]:
    """What in the text may identify somebody, in its order; none overlaps another.

    Of two that overlap, the certain one is kept, else the longer. The time is linear in the text.
    ``is_public`` tells what is a public body's; by default, what `register` was given.
    """
    if not text.strip():
        return []
    reading = read(text[:LONGEST])
    is_public = is_public or Registered()
    found = [*mailboxes.find(reading, is_public), *names.find(reading)]
    if _FIGURE.search(reading.chiffres):
        found += papers.find_accounts(reading)
        found += figures.find(reading, is_public)
        found += papers.find_plates(reading)
        found += papers.find_files(reading)
        found += papers.find_far_files(reading)
        found += papers.find_papers(reading)
        found += papers.find_addresses(reading)
        found += births.find(reading)
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


@dataclass(frozen=True, slots=True)
class Vu:
    """A finding as an agent reads it."""

    libelle: str
    citation: str
    raison: str
    question: str
    signe: str
    """Stands for « this is nobody's », without saying what it is."""


@dataclass(frozen=True)
class Examen:
    """What the guard says of a text, the agent's answers taken into account."""

    certains: list[Vu]
    doutes: list[Vu]
    """Not answered yet."""
    signes: list[str]
    """The answers that hold for this text, to be sent again with it."""

    @property
    def passe(self) -> bool:
        return not self.certains and not self.doutes

    @property
    def message(self) -> str:
        """What to change in the text, or to confirm; "" when it passes."""
        if self.certains:
            found = " et ".join(dict.fromkeys(each.libelle for each in self.certains))
            return (
                f"Non enregistré\u00a0: le texte contient {found}. "
                "L'appelant reste anonyme, effacez-le."
            )
        if self.doutes:
            quoted = ", ".join(
                dict.fromkeys(f"«\u00a0{each.citation}\u00a0»" for each in self.doutes)
            )
            return (
                f"Non enregistré\u00a0: {quoted} désigne peut-être quelqu'un. L'appelant reste "
                "anonyme\u00a0: effacez, ou confirmez que ce n'est personne."
            )
        return ""


class TexteRefuse(Exception):
    """The text would identify somebody; the message is for the agent."""

    def __init__(self, examen: Examen) -> None:
        self.examen = examen
        super().__init__(examen.message)


def review(text: str, *, confirmed: Collection[str] = ()) -> Examen:
    """What the guard says of a text; ``confirmed``: signs of doubts that the agent answered."""
    composed = read(text[:LONGEST]).texte
    examen = Examen([], [], [])
    for each in check(text):
        seen = _seen(each, composed)
        if each.certain:
            examen.certains.append(seen)
        elif seen.signe in confirmed:
            examen.signes.append(seen.signe)
        else:
            examen.doutes.append(seen)
    return examen


def guard(text: str, *, confirmed: Collection[str] = ()) -> None:
    """Raise `TexteRefuse` unless the text identifies nobody, or its doubts were answered."""
    examen = review(text, confirmed=confirmed)
    if not examen.passe:
        raise TexteRefuse(examen)


def signs(text: str) -> set[str]:
    """The signs of all that is doubtful in a text that was kept: it was answered already."""
    composed = read(text[:LONGEST]).texte
    return {_seen(each, composed).signe for each in check(text) if not each.certain}


def _seen(constat: Constat, composed: str) -> Vu:
    quoted = composed[constat.debut : constat.fin]
    return Vu(
        constat.libelle,
        quoted,
        constat.raison,
        QUESTIONS.get(constat.genre, "Est-ce à l'usager\u00a0?"),
        _sign(constat, quoted),
    )


def _sign(constat: Constat, quoted: str) -> str:
    """The same words have the same sign in another text: nobody answers twice."""
    said = f"{constat.genre}:{key(quoted)}".encode()
    secret = f"anonymat:{settings.SECRET_KEY}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:24]
