"""What a record says beyond the columns, under the source's own keys; never the names of officials.

A value is kept as it stands, but for what only the copy changes: JSON strings opened, empty values
left out, spaces around texts, a list of one text that the API writes as the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from orientation.readjson import open_value

OFFICIALS = "affectation_personne"
PERSON = ("personne", "prenom", "civilite")  # one of them, and the object describes somebody
_FUNCTION = "fonction"
_NAMING = re.compile(r"\bnomination\b|\bnomm(?:é|ée|és|ées|ant)\b", re.IGNORECASE)
_HIDDEN = "…"
# Lists of texts in the dump, of which the API makes a text when there is one.
_LISTS = frozenset(
    (
        *("ancien_nom", "ancien_identifiant", "telecopie", "sve", "tchat", "annuaire"),
        *("adresse_courriel", "telephone_accessible", "formulaire_contact"),
    )
)
_SPECIAL = _LISTS | {"texte_reference"}
Person = tuple[str, str]  # first name, name


def is_empty(value: Any) -> bool:
    """Whether the value says nothing; False and 0 do say something."""
    return value is None or value == "" or value == [] or value == {}


def plain(value: str) -> str:
    """A text as PostgreSQL stores it, without the spaces around."""
    return (value.replace("\x00", "") if "\x00" in value else value).strip()


def keep(key: str, value: Any) -> Any:
    """What ``details`` hold of a field; None when nothing is left of it."""
    if value.__class__ is str and value[:1] not in "[{" and key not in _SPECIAL:
        return plain(value) or None
    kept = compact(open_value(value) if isinstance(value, str) else value)
    if key == "texte_reference":  # a decree that names somebody
        kept = _without_nominations(kept)
    if is_empty(kept):
        return None
    if key in _LISTS:
        return kept if isinstance(kept, list) else [kept]
    alone = isinstance(kept, list) and len(kept) == 1 and not isinstance(kept[0], list | dict)
    return kept[0] if alone else kept


def compact(value: Any) -> Any:
    """The value without what is empty in it, nor what describes a person."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [each for item in value if not is_empty(each := compact(item))]
    if isinstance(value, dict):
        somebody = any(key in value for key in PERSON)
        return {
            plain(key): each
            for key, item in value.items()
            if (not somebody or key == _FUNCTION) and not is_empty(each := compact(item))
        }
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no such number
    return value


def leaves(value: Any) -> list[str]:
    """Every text and number of a value, as text."""
    found: list[str] = []
    _gather(value, found)
    return found


def _gather(value: Any, found: list[str]) -> None:
    if isinstance(value, str):
        if value and (text := plain(value)):
            found.append(text)
    elif isinstance(value, list):
        for item in value:
            _gather(item, found)
    elif isinstance(value, dict):
        for item in value.values():
            _gather(item, found)
    elif value is not None:
        found.append(str(value))


# --- Officials ----------------------------------------------------------------------------------


def read_officials(value: Any) -> tuple[list[dict[str, str]], list[Person]]:
    """The functions held in a body, and who holds them: names to be hidden wherever they stand."""
    functions, people = [], []
    opened = open_value(value) if isinstance(value, str) else value
    for item in opened if isinstance(opened, list) else [opened]:
        if not isinstance(item, dict):
            continue
        person = item.get("personne")
        person = open_value(person) if isinstance(person, str) else person
        mine = [_name(each) for each in (item, person) if isinstance(each, dict)]
        mine = [each for each in mine if any(each)]
        people += mine
        function = item.get(_FUNCTION)
        if isinstance(function, str) and (text := plain(function)):
            words = {word for each in mine for word in each if word}
            functions.append({_FUNCTION: _hide_words(text, words)})
    return functions, people


def hide_people(text: str, people: Iterable[Person]) -> str:
    """The text without the first name and name of a person that stand side by side in it."""
    for first, name in people:
        if first and name and name.lower() in text.lower():
            one, other = re.escape(first), re.escape(name)
            text = re.sub(
                rf"\b(?:{one}\s+{other}|{other}\s+{one})\b", _HIDDEN, text, flags=re.IGNORECASE
            )
    return text


def hide_in(value: Any, people: list[Person]) -> Any:
    """`hide_people` in every text of a value."""
    if isinstance(value, str):
        return hide_people(value, people)
    if isinstance(value, list):
        return [hide_in(item, people) for item in value]
    if isinstance(value, dict):
        return {key: hide_in(item, people) for key, item in value.items()}
    return value


def _name(value: dict[str, Any]) -> Person:
    first, name = (value.get(key) for key in ("prenom", "nom"))
    return (
        plain(first) if isinstance(first, str) else "",
        plain(name) if isinstance(name, str) else "",
    )


def _hide_words(text: str, words: set[str]) -> str:
    for word in words:
        if word.lower() in text.lower():
            text = re.sub(rf"\b{re.escape(word)}\b", _HIDDEN, text, flags=re.IGNORECASE)
    return text


def _without_nominations(kept: Any) -> Any:
    if isinstance(kept, list):
        return [item for item in kept if not any(map(_NAMING.search, leaves(item)))]
    return None if any(map(_NAMING.search, leaves(kept))) else kept
