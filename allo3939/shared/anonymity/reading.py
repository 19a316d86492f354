"""A text as the rules read it: folded, the spoken numbers in figures, every place kept."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

_DASHES = "‐‑‒–—―−"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_APOSTROPHES = "’ʼ‘`´"


class _Folding(dict):
    """One character for one: lower case, no accent, plain spaces, dashes and digits."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _DASHES:
            folded = "-"
        elif character in _APOSTROPHES:
            folded = "'"
        elif character in _INVISIBLE or (character.isspace() and character != "\n"):
            folded = " "
        elif unicodedata.category(character) == "Nd":
            folded = str(unicodedata.decimal(character))
        else:
            base = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", character))[:1]
            folded = base.lower() if len(base.lower()) == 1 else character
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower case, no accents, plain spaces, dashes and digits; as long as the text."""
    return text.translate(_FOLDING)


def key(word: str) -> str:
    """A word as the lists hold it."""
    return fold(word).replace("œ", "oe")


UNITS = {
    "zero": 0, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9,
}  # fmt: skip
TEENS = {
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_SPOKEN = frozenset([*UNITS, *TEENS, *TENS, "cent", "cents", "mille"])
_MISSPELT = {
    "zerro": "zero", "zeros": "zero", "catre": "quatre", "quattre": "quatre", "cinque": "cinq",
    "onse": "onze", "douse": "douze", "treise": "treize", "quatorse": "quatorze",
    "quinse": "quinze", "seise": "seize", "ving": "vingt", "vint": "vingt", "trante": "trente",
    "quarente": "quarante", "carante": "quarante", "cinquente": "cinquante",
    "soissante": "soixante", "soisante": "soixante", "soixente": "soixante",
    "septente": "septante", "nonente": "nonante", "milles": "mille",
}  # fmt: skip
_ONE_NUMBER = "|".join(sorted([*_SPOKEN, *_MISSPELT], key=len, reverse=True))
_SPOKEN_WORD = re.compile(rf"(?<![^\W_])(?:{_ONE_NUMBER}){{1,12}}(?![^\W_])")
# « soixantedixhuit »: number words with nothing between them.
_GLUED = re.compile(rf"(?:{_ONE_NUMBER}){{2,12}}")
_PART = re.compile(rf"(?:{_ONE_NUMBER})(?=(?:{_ONE_NUMBER}){{0,12}}$)")
_ATOM = re.compile(r"\d+|[^\W\d_]+")
_LINKS = frozenset(["puis", "et", "euh", "heu", "tiret", "point", "espace", "ensuite"])
_REPEATED = {"double": 2, "triple": 3}


@dataclass(frozen=True, slots=True)
class _Atom:
    word: str
    start: int
    end: int
    joined: bool
    """Only spaces or a hyphen stand before it."""


def _atoms(text: str) -> list[_Atom]:
    found: list[_Atom] = []
    last = 0
    for match in _ATOM.finditer(text):
        joined = text[last : match.start()] in (" ", "-", "  ", " - ")
        for start, end in _parts(match):
            word = text[start:end]
            found.append(_Atom(_MISSPELT.get(word, word), start, end, joined))
            joined = True
        last = match.end()
    return found


def _parts(match: re.Match[str]) -> list[tuple[int, int]]:
    """The places of a word, or of each number word of those that were written as one."""
    if match[0] in _SPOKEN or not _GLUED.fullmatch(match[0]):
        return [match.span()]
    return [
        (match.start() + part.start(), match.start() + part.end())
        for part in _PART.finditer(match[0])
    ]


class _Speech:
    """The grammar of French numbers, over the words of a text."""

    def __init__(self, atoms: list[_Atom]) -> None:
        self.atoms = atoms

    def word(self, at: int, *, first: bool = False) -> str:
        if at >= len(self.atoms) or not (first or self.atoms[at].joined):
            return ""
        return self.atoms[at].word

    def below_hundred(self, at: int, *, first: bool) -> tuple[int, int] | None:
        """Value and next place; None when no number begins there."""
        word = self.word(at, first=first)
        if word == "quatre" and self.word(at + 1) in ("vingt", "vingts"):
            return self._after_tens(80, at + 2, teens=True)
        if word in TENS:
            return self._after_tens(TENS[word], at + 1, teens=word == "soixante")
        if word == "dix" and self.word(at + 1) in ("sept", "huit", "neuf"):
            return 10 + UNITS[self.word(at + 1)], at + 2
        value = TEENS.get(word, UNITS.get(word))
        return None if value is None else (value, at + 1)

    def _after_tens(self, tens: int, at: int, *, teens: bool) -> tuple[int, int]:
        step = 1 if self.word(at) == "et" and self.word(at + 1) in ("un", "onze") else 0
        word = self.word(at + step)
        if teens and word == "dix" and self.word(at + step + 1) in ("sept", "huit", "neuf"):
            return tens + 10 + UNITS[self.word(at + step + 1)], at + step + 2
        if teens and word in TEENS:
            return tens + TEENS[word], at + step + 1
        if UNITS.get(word):
            return tens + UNITS[word], at + step + 1
        return tens, at

    def below_thousand(self, at: int, *, first: bool) -> tuple[int, int] | None:
        if self.word(at, first=first) in ("cent", "cents"):
            value, after = 100, at + 1
        else:
            low = self.below_hundred(at, first=first)
            if low is None:
                return None
            value, after = low
            if not (2 <= value <= 9 and self.word(after) in ("cent", "cents")):
                return low
            value, after = value * 100, after + 1
        rest = self.below_hundred(after, first=False)
        return (value + rest[0], rest[1]) if rest and rest[0] else (value, after)

    def number(self, at: int) -> tuple[int, int] | None:
        if self.word(at, first=True) == "mille":
            value, after = 1000, at + 1
        else:
            low = self.below_thousand(at, first=True)
            if low is None:
                return None
            value, after = low
            if not (value >= 2 and self.word(after) == "mille"):
                return low
            if value <= 12 and self._is_year(after):
                return low
            value, after = value * 1000, after + 1
        rest = self.below_thousand(after, first=False)
        return (value + rest[0], rest[1]) if rest and rest[0] else (value, after)

    def _is_year(self, at: int) -> bool:
        """« mille neuf cent soixante-douze » after a month: « le douze trois mille neuf cent… »."""
        if [self.word(at + step) for step in (1, 2)] != ["neuf", "cent"]:
            return False
        rest = self.below_hundred(at + 3, first=False)
        return rest is not None and rest[0] >= 20


@dataclass
class Reading:
    """What the rules read of a text, and where each thing stands in it."""

    texte: str
    """The text, composed (NFC): places are in it."""
    plie: str
    """The text folded, character for character."""
    chiffres: str = ""
    """The same with the spoken numbers in figures; not as long: see `place`."""
    _starts: list[int] = field(default_factory=lambda: [0])
    _shifts: list[int] = field(default_factory=lambda: [0])

    def place(self, at: int) -> int:
        """Where the character `at` of `chiffres` stands in the text."""
        shift = self._shifts[bisect_right(self._starts, at) - 1]
        return min(max(at + shift, 0), len(self.texte))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Places in the text of a part of `chiffres` that is not empty."""
        last = self.place(end)
        return self.place(start), max(last, self.place(end - 1) + 1)

    @cached_property
    def crie(self) -> bool:
        """Written in capitals: they tell no name from a word."""
        letters = [character for character in self.texte if character.isalpha()]
        capitals = sum(character.isupper() for character in letters)
        return len(letters) > 5 and capitals > 0.7 * len(letters)

    def before(self, at: int, length: int) -> str:
        return self.chiffres[max(0, at - length) : at]

    def after(self, at: int, length: int) -> str:
        return self.chiffres[at : at + length]


def read(text: str) -> Reading:
    """The text as the rules read it."""
    composed = unicodedata.normalize("NFC", text)
    reading = Reading(composed, fold(composed))
    folded = _figures(reading.plie)
    if not _SPOKEN_WORD.search(folded):
        reading.chiffres = folded
        return reading
    _speak(reading, folded)
    return reading


# « o6 » typed for « 06 », and the two départements of Corsica as the key of a number counts them.
_LETTER_O = re.compile(
    r"(?<![^\W_])o(?=[1-9](?:[ .-]?[\do]){4})|(?<=\d)o(?=[ .-]?\d)|(?<=[ .-])o(?=\d)"
    r"|(?<![^\W_])o(?= (?:un|deux|trois|quatre|cinq|six|sept|neuf) )"
)
_G = r"[ .\-_/]{0,3}"
_CORSE = re.compile(rf"((?<!\d)[12](?:{_G}\d){{4}}{_G})2([ab])(?={_G}\d(?:{_G}\d){{2}})")


def _figures(folded: str) -> str:
    folded = _LETTER_O.sub("0", folded)
    return _CORSE.sub(lambda match: match[1] + ("19" if match[2] == "a" else "18"), folded)


def _speak(reading: Reading, folded: str) -> None:
    atoms = _atoms(folded)
    speech = _Speech(atoms)
    pieces: list[str] = []
    done = length = at = 0

    def put(start: int, end: int, figures: str) -> None:
        nonlocal done, length
        pieces.append(folded[done:start])
        length += start - done
        reading._starts.append(length)
        reading._shifts.append(start - length)
        pieces.append(figures)
        length += len(figures)
        reading._starts.append(length)
        reading._shifts.append(end - length)
        done = end

    while at < len(atoms):
        times, first = _repeated(speech, at)
        if times > 1 and first < len(atoms) and re.fullmatch(r"\d\d?", atoms[first].word):
            put(atoms[at].start, atoms[first].end, atoms[first].word * times)
            at = first + 1
            continue
        found = speech.number(first) if first < len(atoms) else None
        if found is None or (atoms[at].word == "un" and not _counts(atoms, at, found[1])):
            at += 1
            continue
        value, after = found
        beside = speech.number(after) if value == 0 and speech.word(after) else None
        if times == 1 and beside is not None and 0 < beside[0] < 10:
            # « zéro six » is one figure, as « 06 ».
            put(atoms[at].start, atoms[beside[1] - 1].end, f"0{beside[0]}")
            at = beside[1]
            continue
        put(atoms[at].start, atoms[after - 1].end, str(value) * (times if value < 100 else 1))
        at = after
    pieces.append(folded[done:])
    reading.chiffres = "".join(pieces)


def _repeated(speech: _Speech, at: int) -> tuple[int, int]:
    """How often the next number is said, and its place: « double zéro », « deux fois 12 »."""
    word = speech.word(at, first=True)
    if word in _REPEATED:
        return _REPEATED[word], at + 1
    if word in ("deux", "trois") and speech.word(at + 1) == "fois" and speech.word(at + 2):
        following = speech.word(at + 2)
        if following in _SPOKEN or re.fullmatch(r"\d\d?", following):
            return UNITS[word], at + 2
    return 1, at


def _counts(atoms: list[_Atom], at: int, after: int) -> bool:
    """Whether « un » is a figure here: another number stands beside it."""
    link = 1 if after < len(atoms) and atoms[after].word in _LINKS else 0
    beside = [atoms[at - 1]] if at else []
    beside += atoms[after + link : after + link + 1]
    return any(atom.word.isdigit() or atom.word in _SPOKEN for atom in beside)
