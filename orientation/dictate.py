"""A body as it is dictated: its sentence, its numbers in pairs, its addresses letter by letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orientation.models import Organisme
from orientation.phones import in_pairs

# What is said for each sign; the same word never stands for two signs.
SIGNS = {
    "@": "arobase",
    ".": "point",
    "-": "tiret",
    "_": "tiret bas",
    "/": "barre oblique",
    ":": "deux-points",
    "?": "point d'interrogation",
    "=": "égal",
    "&": "et commercial",
    "#": "dièse",
    "%": "pour cent",
    "+": "plus",
    "~": "tilde",
    ",": "virgule",
    ";": "point-virgule",
    "'": "apostrophe",
    "!": "point d'exclamation",
    "*": "astérisque",
    "(": "parenthèse ouvrante",
    ")": "parenthèse fermante",
    "$": "dollar",
    " ": "espace",
}
_ACCENTS = {
    "\u0301": "accent aigu",
    "\u0300": "accent grave",
    "\u0302": "accent circonflexe",
    "\u0308": "tréma",
    "\u0327": "cédille",
}
CAPITAL = "majuscule"
# The alphabet of the French telephone service.
ALPHABET = (
    *("Anatole", "Berthe", "Célestin", "Désiré", "Eugène", "François", "Gaston", "Henri", "Irma"),
    *("Joseph", "Kléber", "Louis", "Marcel", "Nicolas", "Oscar", "Pierre", "Quintal", "Raoul"),
    *("Suzanne", "Thérèse", "Ursule", "Victor", "William", "Xavier", "Yvonne", "Zoé"),
)
_WORD_OF = {name[0]: name for name in ALPHABET}
# Words of an address that everybody writes alike: said, not spelled.
_PLAIN = frozenset(
    (
        *("a", "allee", "au", "aux", "avenue", "batiment", "bis", "boulevard", "bp", "cedex"),
        *("centre", "chemin", "cite", "cours", "cs", "d", "de", "des", "du", "en", "esplanade"),
        *("et", "etage", "faubourg", "hotel", "immeuble", "impasse", "l", "la", "le", "les"),
        *("mairie", "maison", "parc", "passage", "place", "pont", "port", "quai", "residence"),
        *("rond", "route", "rue", "saint", "sainte", "square", "sur", "ter", "tour", "ville"),
    )
)
_LONGEST = 60  # characters: a longer address cannot be taken down by ear
_PARTS = re.compile(r"[a-zA-Z]+|[0-9]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ligne:
    """One thing to dictate: as it is written, as it is said, and with a first name per letter."""

    texte: str
    epele: str = ""
    alphabet: str = ""
    remarque: str = ""
    """What is not dictated: whose number it is, why an address is not spelled."""


@dataclass(frozen=True, slots=True)
class Rubrique:
    """Lines of one kind: « Téléphone », « Adresse »."""

    titre: str
    lignes: tuple[Ligne, ...]


def dictate_body(organisme: Organisme) -> list[Rubrique]:
    """Phones, electronic addresses and addresses of a body, each ready to be dictated.

    What the body does not have is left out.
    """
    adresse = organisme.adresse
    places = [("Adresse", adresse)]
    if adresse.get("postale"):
        places.append(("Adresse postale", adresse["postale"]))
    rubriques = (
        Rubrique("Téléphone", tuple(_phone(each) for each in organisme.telephones)),
        *(Rubrique(title, tuple(_address(place))) for title, place in places),
        Rubrique("Courriel", tuple(_mail(each) for each in organisme.courriels)),
        Rubrique("Site", tuple(_web(each) for each in organisme.sites)),
        Rubrique("Formulaire de contact", tuple(_web(each) for each in organisme.formulaires)),
    )
    return [rubrique for rubrique in rubriques if rubrique.lignes]


def spell(text: str) -> str:
    """Letter by letter: « m a i r i e, tiret, m e l u n, arobase, o r a n g e, point, f r ».

    Letters that follow one another are one part, figures another, each sign its name; parts are set
    apart by commas. A capital is said to be one, an accent is named. `read_back` gives the text.
    """
    return ", ".join(_named(part) for part in _PARTS.findall(_composed(text)))


def spell_with_names(text: str) -> str:
    """The same with a first name for each letter: « M comme Marcel, A comme Anatole, tiret »."""
    return ", ".join(said for part in _PARTS.findall(_composed(text)) for said in _with_names(part))


def spell_words(line: str) -> str:
    """A line of an address: its usual words as they are, the others letter by letter.

    « 3 · rue · du · G é n é r a l, tiret, R o u x »: words are set apart by a dot.
    """
    return " · ".join(_spelled_word(word) for word in line.split())


def read_back(spelled: str) -> str:
    """The text that a spelling stands for: what the one who takes it down writes."""
    return "".join(_written(part) for part in spelled.split(", ")) if spelled else ""


def shorten(url: str) -> str:
    """A web address as one says it: without « https:// » nor a slash at its end."""
    return re.sub(r"^https?://", "", url.strip(), flags=re.IGNORECASE).rstrip("/")


# --- Lines --------------------------------------------------------------------------------------


def _phone(phone: Mapping[str, str]) -> Ligne:
    return Ligne(in_pairs(phone["numero"]), remarque=phone.get("description", ""))


def _mail(address: str) -> Ligne:
    written = address.strip().lower()
    return Ligne(written, spell(written), spell_with_names(written))


def _web(url: str) -> Ligne:
    written = shorten(url)
    if len(written) > _LONGEST:
        return Ligne(
            written,
            remarque="Trop longue pour être dictée\u00a0: donnez plutôt le nom de l'organisme, "
            "à chercher sur service-public.gouv.fr.",
        )
    return Ligne(written, spell(written), spell_with_names(written.removeprefix("www.")))


def _address(adresse: Mapping[str, Any]) -> Iterator[Ligne]:
    town = f"{adresse.get('code_postal', '')} {adresse.get('commune', '')}".strip()
    for line in (*adresse.get("lignes", ()), town, adresse.get("pays", "")):
        if line := " ".join(line.split()):
            spelled = spell_words(line)
            yield Ligne(line, spelled if spelled.replace(" · ", " ") != line else "")


# --- Spelling -----------------------------------------------------------------------------------


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _named(part: str) -> str:
    if part in SIGNS:
        return SIGNS[part]
    if part.isascii() and part.isalpha():
        return " ".join(f"{char} {CAPITAL}" if char.isupper() else char for char in part)
    if part.isascii() and part.isdigit():
        return " ".join(part)
    return _accented(part)


def _accented(char: str) -> str:
    """« e accent aigu »; a character without a name in French stays as it is."""
    letter, *marks = list(unicodedata.normalize("NFD", char))
    if len(marks) != 1 or marks[0] not in _ACCENTS or not letter.isascii():
        return char
    said = f"{letter.lower()} {_ACCENTS[marks[0]]}"
    return f"{said} {CAPITAL}" if letter.isupper() else said


def _with_names(part: str) -> Iterator[str]:
    if not (part.isascii() and part.isalpha()):
        yield _named(part)
        return
    for char in part:
        name = f"{char.upper()} comme {_WORD_OF[char.upper()]}"
        yield f"{name}, {CAPITAL}" if char.isupper() else name


def _spelled_word(word: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFD", word.lower()) if char.isalnum())
    if len(word) < 2 or not any(char.isalpha() for char in word) or plain in _PLAIN:
        return word
    parts = re.findall(r"[^\W\d_]+|\d+|.", _composed(word))
    return ", ".join(SIGNS.get(part, " ".join(part)) for part in parts)


_WRITTEN = {said: sign for sign, said in SIGNS.items()}
_MARKS = {said: mark for mark, said in _ACCENTS.items()}


def _written(part: str) -> str:
    if part in _WRITTEN:
        return _WRITTEN[part]
    for said, mark in _MARKS.items():
        if match := re.fullmatch(rf"([a-z]) {said}( {CAPITAL})?", part):
            letter = match[1].upper() if match[2] else match[1]
            return unicodedata.normalize("NFC", letter + mark)
    return re.sub(rf" {CAPITAL}", "", part).replace(" ", "") if part != " " else part
