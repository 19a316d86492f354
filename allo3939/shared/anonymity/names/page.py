"""The words of a text, with what the lists say of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from allo3939.shared.anonymity.constat import Constat, Genre
from allo3939.shared.anonymity.lists import Listes, lists
from allo3939.shared.anonymity.reading import Reading

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# « MmeDurand »
_GLUED_TITLE = re.compile(r"(?:Mme|Mlle|Mr|Monsieur|Madame)(?=[A-ZÀ-Ý][a-zà-ÿ])")
_ENDINGS = re.compile(
    r"(?:ments?|tions?|sions?|ites?|ances?|ences?|aires?|iques?|ables?|ibles?|ait|aient|erait|eurs?|"
    r"euses?|ages?|ismes?|istes?|ures?|elles?|ives?|rons|raient|ront|"
    r"[^\W_]{3}(?:era|ira))$"
)
# Those that few surnames have.
_PLAIN_ENDINGS = re.compile(r"(?:ments?|tions?|sions?|ites?|iques?|ismes?|ances?|ences?|ures?)$")
_BESIDE = frozenset([" ", "  ", "'", "-"])
_PARTICIPLE = re.compile(r"(?:é|ée|és|ées)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, and how it is tied to the one before."""

    texte: str
    cle: str
    debut: int
    fin: int
    avant: str
    """What stands between the word before and this one."""

    @property
    def capital(self) -> bool:
        return self.texte[0].isupper()

    @property
    def capitals(self) -> bool:
        return len(self.texte) > 1 and self.texte.isupper()


def words(reading: Reading) -> list[Word]:
    found: list[Word] = []
    last = 0
    for match in _TOKEN.finditer(reading.texte):
        start, end = match.span()
        glued = _GLUED_TITLE.match(match[0])
        middle = start + glued.end() if glued else end
        for begins, ends in ((start, middle), (middle, end)):
            if begins < ends:
                folded = reading.plie[begins:ends].replace("œ", "oe")
                before = reading.plie[last:begins] if begins == start else " "
                found.append(Word(reading.texte[begins:ends], folded, begins, ends, before))
        last = end
    return found


class Page:
    """The words of one text, with what the lists say of each."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = words(reading)
        self.known: Listes = lists()
        self.crie = reading.crie

    def at(self, place: int) -> Word | None:
        return self.words[place] if 0 <= place < len(self.words) else None

    def follows(self, place: int, signs: str = "") -> Word | None:
        """The word at a place when only such signs (a pattern) part it from the one before.

        By default a space, an apostrophe or a hyphen.
        """
        word = self.at(place)
        if word is None:
            return None
        tied = re.fullmatch(signs, word.avant) if signs else word.avant in _BESIDE
        return word if tied else None

    def is_first(self, word: Word) -> bool:
        """A first name of the list, each part of a compound one counting."""
        known = self.known
        if word.cle in known.prenoms:
            ends = word.texte.lower()[-1:] in "éè" or word.texte.lower().endswith(("ée", "és"))
            return not ends or any(form == word.texte.lower() for form in known.accents[word.cle])
        parts = word.cle.split("-")
        return len(parts) > 1 and all(part in known.prenoms for part in parts)

    def is_plain_first(self, word: Word) -> bool:
        """A first name that is no ordinary word."""
        known = self.known
        is_word = word.cle in known.prenoms_mots or word.cle in known.ordinaires
        return not is_word and self.is_first(word)

    def is_first_only(self, word: Word) -> bool:
        """A first name that is no surname, town, service nor car either."""
        known = self.known
        others = known.prenoms_faibles | known.prenoms_choses | known.lieux
        return word.cle not in others and not self.is_ordinary(word) and self.is_plain_first(word)

    def is_surname(self, word: Word) -> bool:
        known = self.known.noms
        return word.cle in known or any(part in known for part in word.cle.split("-")[:1] if part)

    def is_ordinary(self, word: Word) -> bool:
        """A word of the language or of the administration, by the lists or by its ending."""
        known = self.known
        if word.cle in known.ordinaires or word.cle in known.sigles:
            return True
        if word.cle in known.lieux or word.cle in known.institutions:
            return True
        if word.cle.rstrip("sx") in known.ordinaires:
            return True
        if any(part in known.parties for part in word.cle.split("-")):
            return True
        low = not word.capital or self.crie
        if low and word.cle in known.vocabulaire:
            return True
        endings = _ENDINGS if low else _PLAIN_ENDINGS
        if endings.search(word.cle) and len(word.cle) > 4:
            return True
        return low and bool(_PARTICIPLE.search(word.texte.lower())) and len(word.cle) > 3

    def is_place(self, place: int) -> bool:
        """Whether the words before make a name that of a street, a law, a school, a brand."""
        for back in range(place - 1, max(-1, place - 6), -1):
            word = self.words[back]
            short = len(word.cle) <= 4 and self.words[back + 1].avant == ". "
            if short and word.cle in self.known.lieux:
                return True  # « av. Jean Lolive »
            if re.search(r"[.;:!?,\n(]| - ", self.words[back + 1].avant):
                return False
            if word.cle in self.known.lieux or word.cle.rstrip("s") in self.known.lieux:
                return True
            if back < place - 1 and word.cle in self.known.titres and word.cle != "m":
                return False
            if word.cle in self.known.ordinaires and word.cle not in self.known.liaisons:
                return False
        return False

    def is_famous(self, place: int, end: int) -> bool:
        said = [part for word in self.words[place:end] for part in word.cle.split("-")]
        return any(
            tuple(said[at:until]) in self.known.celebres
            for at in range(len(said))
            for until in range(at + 1, len(said) + 1)
        )

    def is_distinct(self, place: int) -> bool:
        """A surname of the list that is no word, town, first name nor brand."""
        word, known = self.words[place], self.known
        return word.cle in known.noms_seuls and len(word.cle) > 3

    def constat(self, place: int, end: int, certain: bool, reason: str) -> Constat:
        """A finding about the words from a place to another."""
        first, last = self.words[place], self.words[end - 1]
        return Constat(Genre.NOM, first.debut, last.fin, certain, reason)
