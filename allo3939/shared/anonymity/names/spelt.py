"""Names said letter by letter: « elle épelle D U R A N D », « bé e enne a elle i »."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat, Genre
from allo3939.shared.anonymity.names.page import Page

# Letters as they are called.
_CALLED = (
    "double ve|effe?|hache|ache|ji|ka|emme?|enne?|cu|ku|erre|esse|ixe|i ?grec|y ?grec|zede?|be|ce|"
    "de|ge|pe|te|ve|el|elle|em|en|er|es"
)
_LETTER = rf"(?:{_CALLED}|[a-z])"
_SAME_SIGN = re.compile(
    r"(?<![^\W_])(?<![^\W_]['.-])[a-z](?P<signe>[ .\-]|, ?|\. )[a-z](?:(?P=signe)[a-z]){2,25}"
    r"(?![^\W_])(?!['-][^\W_])"
)
_SAID = re.compile(
    rf"(?<![^\W_])(?<!['-]){_LETTER}(?![^\W_])(?:[ ,\-]{{1,2}}{_LETTER}(?![^\W_'])){{2,25}}"
)
# Those that are no other word.
_OWN = re.compile(
    r"\b(?:double ve|effe?|hache|ji|ka|emme|enne|cu|erre|esse|ixe|y ?grec|zede?|be|ge|pe|ve)\b"
)
_SPELLS = re.compile(r"\b(?:epel\w*|s'ecrit|ecrit|nom|lettres?|comme)\b[^.,;!?\n]{0,30}$")
_LISTED = re.compile(r"\b(?:permis|categories?|cases?|classes?|cadres?|lots?|annexes?)\b[ :]{1,3}$")


def spelt(page: Page) -> Iterator[Constat]:
    """Five letters and more that stand apart; four after « épelle » or when a list holds the name.

    Doubtful unless the word before says that they are spelt.
    """
    text = page.reading.plie
    for match in _SAME_SIGN.finditer(text):
        yield from _judge(page, match, re.findall("[a-z]", match[0]))
    for match in _SAID.finditer(text):
        own = len(_OWN.findall(match[0]))
        if own >= 2 or (own and _SPELLS.search(_before(page, match))):
            yield from _judge(page, match, re.findall(_LETTER, match[0]))


def _before(page: Page, match: re.Match[str]) -> str:
    return page.reading.plie[max(0, match.start() - 45) : match.start()]


def _judge(page: Page, match: re.Match[str], letters: list[str]) -> Iterator[Constat]:
    before = _before(page, match)
    told = bool(_SPELLS.search(before))
    word, known = "".join(letters), page.known
    named = word in known.noms or word in known.prenoms
    listed = letters == sorted(letters)  # « cases A, B, C, D »
    if listed or _LISTED.search(before) or word in known.sigles or word in known.institutions:
        return
    if word in known.ordinaires and not named:
        return
    if len(letters) >= (3 if told else 4 if named else 5):
        yield Constat(Genre.NOM, match.start(), match.end(), told, "c'est un nom épelé")
