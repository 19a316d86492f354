"""French text → the words that an index and a query share.

One analyser for both sides: lower case, folded accents, elisions, dotted acronyms, stems, families
of words. What callers add around their subject, acronyms and everyday words are lists of
``fixtures/langue``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from django.conf import settings

TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’ʼ][^\W_]+)*")
ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ]", re.IGNORECASE)
PUNCTUATION = str.maketrans("", "", "'’ʼ.")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})

# Endings of verbs, nouns and adjectives in one list, so that « déclarer », « déclaré »,
# « déclaration » and « déclarations » meet with or without their accents. Snowball's French
# stemmer needs accents, which typed queries have lost; folding before it gave 1 to 4 points less
# at success@1 on both development files.
ENDINGS = tuple(
    sorted(
        """
        issements issement atrices atrice ateurs ateur ations ation itions ition utions ution
        trices trice teurs teur ements ement ments ment ances ance ences ence euses euse eux
        ables able ibles ible ives ive ifs if ites ite ants ante antes ant ees ee es e er ez
        iennes ienne iens ien aires aire istes iste ages age iques ique ions ion ir is it ie
        ies eres ere i x s
        """.split(),  # noqa: SIM905
        key=len,
        reverse=True,
    )
)
SHORTEST_STEM = 4

# Endings that leave a word what it is: number, gender, person, tense.
INFLECTIONS = re.compile(
    r"(?:aient|erent|eront|erait|erais|ees|ait|ais|ant|ent|era|ez|er|ee|es|re|e|s|x)$"
)

NEGATIONS = frozenset({"pas", "aucun", "aucune", "jamais"})
NOT = "ne-pas"  # the stem of all of them in expressions, which no word has

# What sounds alike in French, in the order of application; capitals stand for one sound.
SOUNDS = (
    *(("ph", "f"), ("qu", "k"), ("eau", "o"), ("au", "o"), ("ai", "e"), ("ei", "e"), ("oe", "e")),
    *(("ch", "C"), ("gn", "N"), ("ss", "S"), ("ce", "se"), ("ci", "si"), ("ge", "je")),
    *(("gi", "ji"), ("c", "k"), ("q", "k"), ("th", "t"), ("y", "i"), ("z", "s"), ("em", "an")),
    *(("en", "an"), ("am", "an"), ("h", "")),
)
DOUBLED = re.compile(r"(.)\1+")
SILENT = re.compile(r"(es|[estxdr])$")


@dataclass(frozen=True, slots=True)
class Mot:
    """A word of a text: folded, its stem, its place, and whether written as a known acronym."""

    forme: str
    racine: str
    debut: int
    fin: int
    sigle: bool

    @property
    def denies(self) -> bool:
        return self.forme in NEGATIONS and not self.sigle


@dataclass(frozen=True, slots=True)
class Nom:
    """What else a thing is called: as it is written, and in stems.

    ``formes`` are the folded words that are called so, when one word is: « procuration » is not
    said by « procurer », though they share a stem.
    """

    texte: str
    racines: tuple[str, ...]
    formes: frozenset[str] = frozenset()

    def is_of(self, forme: str) -> bool:
        """Whether a word alone says it: as it is in the list, or with another ending."""
        if not self.formes or forme in self.formes:
            return True
        return forme not in lexicon().faibles and any(
            _inflected(forme) == _inflected(known) for known in self.formes
        )


# For the stems of an expression, what else it is called.
Equivalents = Mapping[tuple[str, ...], tuple[Nom, ...]]


@dataclass(frozen=True)
class Lexique:
    """The lists of ``fixtures/langue``."""

    outils: frozenset[str]
    faibles: frozenset[str]
    bavardage: dict[str, frozenset[str]]
    sigles: frozenset[str]
    equivalents: Equivalents


def _read(name: str) -> dict:
    with (settings.BASE_DIR / "fixtures" / "langue" / name).open("rb") as handle:
        return tomllib.load(handle)


@cache
def _sigles() -> frozenset[str]:
    return frozenset(sigle for section in _read("sigles.toml").values() for sigle in section)


@cache
def _outils() -> frozenset[str]:
    return frozenset(_read("mots_vides.toml")["outils"].split())


@cache
def _families() -> dict[str, str]:
    """Each stem of ``familles.toml`` → the stem of the first word of its line."""
    found: dict[str, str] = {}
    for line in _read("familles.toml")["familles"].strip().splitlines():
        head, *others = line.split()
        for word in (head, *others):
            found.setdefault(_strip(word), _strip(head))
    return found


@cache
def lexicon() -> Lexique:
    """The language lists, read once per process."""
    links: list[tuple[str, str]] = []
    for section in _read("sigles.toml").values():
        for sigle, meanings in section.items():
            for meaning in meanings:
                links += [(sigle.upper(), meaning), (meaning, sigle.upper())]
    for name in ("courants.toml", "parler.toml"):
        for section in _read(name).values():
            for expression, meanings in section.items():
                links += [(expression, meaning) for meaning in meanings]
    empty = _read("mots_vides.toml")
    return Lexique(
        outils=_outils(),
        faibles=frozenset(empty["faibles"].split()),
        bavardage={
            name: frozenset(text.split())
            for name, text in empty.items()
            if name not in ("outils", "faibles")
        },
        sigles=_sigles(),
        equivalents=link_names(links),
    )


def read_expression(text: str) -> tuple[str, ...]:
    """The stems by which an expression is known: those of its words, and that something is not.

    Articles, pronouns and the like are left out, « pas » is kept: « pas de logement » is not
    « logement ».
    """
    kept = (word for word in words(text) if word.sigle or word.forme not in _outils() - NEGATIONS)
    return tuple(NOT if word.denies else word.racine for word in kept)


def link_names(links: Iterable[tuple[str, str]]) -> Equivalents:
    """Other names from pairs (what is said, what is written); those that say nothing left out."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], Nom]] = {}
    for said, written in links:
        left, right = read_expression(said), tuple(stems(written))
        if not left or not right or left == right:
            continue
        names = found.setdefault(left, {})
        formes = frozenset(index_words(said)[1]) if len(left) == 1 else frozenset()
        if known := names.get(right):
            names[right] = replace(known, formes=known.formes | formes)
        else:
            names[right] = Nom(written, right, formes)
    return {left: tuple(names.values()) for left, names in found.items()}


def fold(text: str) -> str:
    """Lower case without accents or ligatures: « Œuvre d'Évêché » → « oeuvre d'eveche »."""
    text = text.lower()
    if text.isascii():
        return text
    # Compatibility forms (« ℂ », « 𝕬 ») only show their capitals once decomposed.
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES)).lower()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word, one for a verb, its participles and its nouns.

    Acronyms and words with a digit stay whole, and short words but for those of a family.
    """
    root = _strip(word)
    return _families().get(root, root)


def _strip(word: str) -> str:
    if len(word) < SHORTEST_STEM or not word.isalpha() or word in _sigles():
        return word
    if word.endswith("aux") and len(word) > SHORTEST_STEM + 1:
        word = word[:-3] + "al"
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=50_000)
def _inflected(word: str) -> str:
    return INFLECTIONS.sub("", word) if len(word) >= SHORTEST_STEM else word


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """A rough key of how a folded word sounds: « fotovoltaique » and « photovoltaïques » agree."""
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    word = DOUBLED.sub(r"\1", word.replace("S", "s"))
    return SILENT.sub("", word) if len(word) > SHORTEST_STEM else word


@lru_cache(maxsize=200_000)
def _word(written: str) -> tuple[str, str, bool, int]:
    """A word as written → folded, its stem, whether an acronym, letters elided before it."""
    bare = written
    while elision := ELISION.match(bare):
        bare = bare[elision.end() :]
    form = fold(bare.translate(PUNCTUATION))
    return form, stem(form), form in _sigles() and bare.isupper(), len(written) - len(bare)


def words(text: str) -> Iterator[Mot]:
    """Every word of a text with its place; elided articles are not words."""
    shouted = " " in text.strip() and text.isupper()
    for match in TOKEN.finditer(text):
        form, racine, sigle, elided = _word(match.group())
        yield Mot(form, racine, match.start() + elided, match.end(), sigle and not shouted)


def index_words(text: str, *, grammar: bool = False) -> tuple[list[str], set[str]]:
    """The stems an index keeps of a text, in order, and the distinct words as written, folded.

    Articles, pronouns and the like are left out of both; with `grammar`, of the words only.
    """
    outils = _outils()
    shouted = " " in text.strip() and text.isupper()
    kept: list[str] = []
    forms: set[str] = set()
    for written in TOKEN.findall(text):
        form, racine, sigle, _ = _word(written)
        if (sigle and not shouted) or form not in outils:
            kept.append(racine)
            forms.add(form)
        elif grammar:
            kept.append(racine)
    return kept, forms


def stems(text: str) -> list[str]:
    """The stems of a text, without those of articles, pronouns and the like."""
    return index_words(text)[0]


@lru_cache(maxsize=2_000)
def _words_of_title(text: str) -> tuple[Mot, ...]:
    return tuple(words(text))


def highlight(text: str, *, racines: Collection[str], prefixe: str = "") -> list[tuple[str, bool]]:
    """A text cut in segments, True for the words whose stem is among `racines`."""
    segments: list[tuple[str, bool]] = []
    end = 0
    for word in _words_of_title(text):
        starts = prefixe and word.forme.startswith(prefixe)
        if not (starts or word.racine in racines):
            continue
        if word.debut > end:
            segments.append((text[end : word.debut], False))
        segments.append((text[word.debut : word.fin], True))
        end = word.fin
    if end < len(text):
        segments.append((text[end:], False))
    return segments
