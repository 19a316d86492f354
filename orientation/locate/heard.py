"""What was typed, as it may be meant: a code, or a name with where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orientation.locate.spell import normalise

_CODE = re.compile(r"\d{2,5}|2[abAB]\d{0,3}")
_CEDEX = re.compile(r"(?i)\bcedex\b")
_SHORT_CODE = r"(?P<code>\d{2,5}|2[ab])"
_NAME_THEN_CODE = re.compile(rf"(?P<nom>.*[a-z].*?) {_SHORT_CODE}")
_CODE_THEN_NAME = re.compile(rf"{_SHORT_CODE} (?P<nom>.*[a-z].*)")
# « Saint-Denis dans le 93 », « Saint-Denis, à la Réunion », « Fontaine, code postal 38600 »
_LINKS = frozenset(
    (
        *("a", "au", "aux", "dans", "en", "de", "du", "des", "d", "le", "la", "les", "l"),
        *("c", "est", "departement", "code", "postal", "cp"),
    )
)
_UNFINISHED = re.compile(r"(?P<nom>.+?) (?:dans|departement|code postal|cp)\b.*")
_CITIES = {"paris": 20, "lyon": 9, "marseille": 16}
_RANKS = (
    *("premier", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme"),
    *("huitieme", "neuvieme", "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme"),
    *("quinzieme", "seizieme", "dix septieme", "dix huitieme", "dix neuvieme", "vingtieme"),
)
_RANK_OF = {word: rank for rank, word in enumerate(_RANKS, 1)} | {"second": 2}
_CITY = rf"(?P<ville>{'|'.join(_CITIES)})"
_WORD = "|".join(sorted(_RANK_OF, key=len, reverse=True))
_RANK = rf"(?:(?P<rang>\d{{1,2}})(?P<fin> ?(?:er|e|eme|ere|ieme|nd))?|(?P<mot>{_WORD}))"
_ARRONDISSEMENT = r"(?P<arrondissement> arr\w*)?"
_LINK = r"(?: (?:dans|le|la|l|au|du|de|a))*"
_CITY_THEN_RANK = re.compile(rf"{_CITY}{_LINK} {_RANK}{_ARRONDISSEMENT}")
_RANK_THEN_CITY = re.compile(rf"(?:(?:dans|le|au) )*{_RANK}{_ARRONDISSEMENT}(?:{_LINK} {_CITY})?")


@dataclass(frozen=True, slots=True)
class Place:
    """A name, and the beginning of a code of where it is, or ""."""

    nom: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A code alone, or the places that a text may mean, the most literal first."""

    code: str = ""
    places: tuple[Place, ...] = ()
    arrondissements: tuple[str, ...] = ()
    """Normalised names of the arrondissements told: « paris 15e arrondissement »."""
    cedex: bool = False
    """The word itself was typed."""


def hear(text: str, *, departements: Mapping[str, str]) -> Heard:
    """Read a text; ``departements`` gives the code of each normalised name of one.

    Forms: « 93200 », « 2A », « le mans », « saint-denis 93 », « 93 saint-denis »,
    « saint-denis dans le 93 », « saint-denis en seine-saint-denis », « paris 15e »,
    « marseille huitième », « 38029 grenoble cedex 9 ».
    """
    before, *after = _CEDEX.split(text, maxsplit=1)
    cedex = bool(after)
    text = before if before.strip(" ,;.-") or not cedex else re.sub(r"^\s*\d{1,2}\b", "", after[0])
    code = re.sub(r"[\s.,;]", "", text).upper()
    if _CODE.fullmatch(code):
        return Heard(code=code, cedex=cedex)
    name = normalise(text)
    if not name:
        return Heard(cedex=cedex)
    arrondissements = tuple(_arrondissements(name))
    places = dict.fromkeys(_places(name, departements))
    if cedex:
        # No list holds such a postcode, but its town is named beside it.
        places = (
            dict.fromkeys(
                Place(each.nom, departement_of(each.code)) for each in places if each.code
            )
            or places
        )
    return Heard(places=tuple(places), arrondissements=arrondissements, cedex=cedex)


def departement_of(code: str) -> str:
    """The département that a code starts with."""
    return code[:3] if code[:2] in ("97", "98") else code[:2]


def _places(name: str, departements: Mapping[str, str]) -> Iterator[Place]:
    yield Place(name)
    if match := _NAME_THEN_CODE.fullmatch(name) or _CODE_THEN_NAME.fullmatch(name):
        yield from _linked(match["nom"], match["code"].upper())
        return
    words = name.split()
    for at in range(1, len(words)):
        if code := departements.get(" ".join(words[at:])):
            yield from _linked(" ".join(words[:at]), code)
            return
    if match := _UNFINISHED.fullmatch(name):
        yield Place(match["nom"])


def _linked(name: str, code: str) -> Iterator[Place]:
    """A name beside a code, as it is (« Cherré-Au ») and without what linked it to the code."""
    yield Place(name, code)
    if (bare := _unlinked(name)) != name:
        yield Place(bare, code)


def _unlinked(name: str) -> str:
    """A name without the small words that linked it to what followed; all of it if no other."""
    words = name.split()
    while len(words) > 1 and words[-1] in _LINKS:
        words.pop()
    return " ".join(words)


def _arrondissements(name: str) -> Iterator[str]:
    match = _CITY_THEN_RANK.fullmatch(name) or _RANK_THEN_CITY.fullmatch(name)
    if match is None:
        return
    # Without a city, only what cannot be anything else: « le 15e », not « 15 ».
    if not match["ville"] and not (match["fin"] or match["mot"] or match["arrondissement"]):
        return
    rank = int(match["rang"]) if match["rang"] else _RANK_OF[match["mot"]]
    for city in (match["ville"],) if match["ville"] else _CITIES:
        if 1 <= rank <= _CITIES[city]:
            yield f"{city} {rank}{'er' if rank == 1 else 'e'} arrondissement"
