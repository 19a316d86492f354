"""One field of a record → one column, and what the column does not say of it to the details."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from orientation.readjson import open_value
from orientation.translate.leftover import compact, is_empty, keep, leaves, plain

_PARIS = ZoneInfo("Europe/Paris")
_DAYS = {
    name: rank
    for rank, name in enumerate(
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    )
}
_LINE = (
    *("nom_jour_debut", "nom_jour_fin", "commentaire"),
    *("valeur_heure_debut_1", "valeur_heure_fin_1", "valeur_heure_debut_2", "valeur_heure_fin_2"),
)
_LINE_KEYS = frozenset(_LINE)
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: (\d\d):(\d\d):(\d\d))?")
_SECONDS = re.compile(r":\d\d:(?!00)\d\d$")  # the table counts in minutes
_PLACE, _POSTAL, _FRANCE = "Adresse", "Adresse postale", "France"
_LINES = ("complement1", "complement2", "numero_voie", "service_distribution")
_CARRIED = frozenset((*_LINES, "code_postal", "nom_commune", "pays", "type_adresse"))
_PLACED = _CARRIED | {"accessibilite", "note_accessibilite"}
_POINTED = _PLACED | {"latitude", "longitude"}
_DEAF = "pour les personnes sourdes"
Details = dict[str, Any]
Point = tuple[float | None, float | None]
dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
dump_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def text_of(value: Any) -> str:
    """Plain text: « » for what is absent; PostgreSQL stores no NUL."""
    if isinstance(value, str):
        return plain(value) if value else ""
    if is_empty(value) or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return " ".join(filter(None, map(text_of, value)))
    return str(value)


def told(key: str, record: dict[str, Any], details: Details, *, length: int = 0) -> str:
    """A field that is a text; ``length`` is that of its column, and the details tell the rest."""
    value = record.get(key)
    text = text_of(value)
    if length and len(text) > length:
        details[key] = keep(key, value)
        return f"{text[: length - 1]}…"
    if value.__class__ is not str and value:
        _rest(key, value, held=_In(text), details=details)
    return text


def _items(value: Any) -> list[Any]:
    """A field that holds a list, in any of its shapes."""
    if not value:
        return []
    if isinstance(value, str):
        value = open_value(value)
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> list[str]:
    """Non-empty texts of a list of strings, or of objects that hold them in ``valeur``."""
    if not value:
        return []
    found = []
    for item in _items(value):
        inner = item.get("valeur") if isinstance(item, dict) else item
        found += [text for each in _items(inner) if (text := text_of(each))]
    return list(dict.fromkeys(found))


class _In:
    """Holds what stands in a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, leaf: object) -> bool:
        return str(leaf) in self._text


def _rest(key: str, value: Any, *, held: Container[str], details: Details) -> None:
    """Keep a field whole in the details unless the columns hold each of its texts."""
    opened = open_value(value) if isinstance(value, str) else value
    for leaf in leaves(opened):
        if leaf not in held:
            details[key] = keep(key, opened)
            return


def read_emails(key: str, record: dict[str, Any], details: Details) -> list[str]:
    if not (value := record.get(key)):
        return []
    found = [text for text in _texts(value) if len(text) <= 200]
    _rest(key, value, held=found, details=details)
    return found


def read_links(key: str, record: dict[str, Any], details: Details, *, most: int = 100) -> list[str]:
    """Addresses that may be opened from a page: of the Web, and nothing else."""
    if not (value := record.get(key)):
        return []
    found: dict[str, str] = {}
    for text in _texts(value):
        link = f"https://{text}" if text.lower().startswith("www.") else text
        if link.lower().startswith(("http://", "https://")) and len(link) <= 500:
            found[text] = link
            if len(found) >= most:
                break
    _rest(key, value, held=found, details=details)
    return list(dict.fromkeys(found.values()))


def read_kinds(value: Any, commune: Any, details: Details) -> tuple[list[str], str]:
    """The codes of the kinds, and the INSEE code of the commune where the body stands."""
    listed = _items(value)
    pivots = [pivot for pivot in listed if isinstance(pivot, dict)]
    codes = [code for pivot in pivots if (code := text_of(pivot.get("type_service_local")))]
    types = list(dict.fromkeys(code[:60] for code in codes))
    told = text_of(commune)
    code = told or next(
        (text for each in pivots for text in _texts(each.get("code_insee_commune"))), ""
    )
    insee = code if _INSEE.fullmatch(code) else ""
    if listed:
        _rest("pivot", listed, held={*types, insee}, details=details)
    if told != insee and told:
        details["code_insee_commune"] = keep("code_insee_commune", commune)
    return types, insee


def read_address(value: Any, details: Details) -> tuple[dict[str, Any], Point]:
    """The place one goes to, the postal address and other places beside it, and its coordinates.

    What is left of each address stands in the details at the same rank.
    """
    every = _items(value)
    listed = [each for each in every if isinstance(each, dict)]
    places = [each for each in listed if text_of(each.get("type_adresse")) != _POSTAL] or listed
    if not places:
        if every:
            _rest("adresse", every, held=(), details=details)
        return {}, (None, None)
    first = places[0]
    adresse, point = _lines(first), _point(first)
    adresse["accessibilite"] = text_of(first.get("accessibilite"))
    adresse["note_accessibilite"] = text_of(first.get("note_accessibilite"))
    if others := [_lines(each) for each in places[1:]]:
        adresse["autres"] = others
    postal = [each for each in listed if each not in places][:1]
    if postal:
        adresse["postale"] = _lines(postal[0])
    left: list[Any] = []
    for each in every:
        if each is first:
            here = _PLACED if point == (None, None) else _POINTED
            left.append(_left(each, here, kind=_PLACE))
        elif any(each is other for other in places):
            left.append(_left(each, _CARRIED, kind=_PLACE))
        elif any(each is other for other in postal):
            left.append(_left(each, _CARRIED, kind=_POSTAL))
        else:
            left.append(compact(each))
    if any(left):
        details["adresse"] = left
    return adresse, point


def _left(place: dict[str, Any], carried: frozenset[str], *, kind: str) -> Any:
    """What the columns do not say of an address; where it stands says it is of that ``kind``."""
    left = {}
    for key, value in place.items():
        if not value:
            continue
        said = key in carried and value.__class__ not in (list, dict)
        if said and key == "pays":
            said = text_of(value) != _FRANCE
        elif said and key == "type_adresse":
            said = text_of(value) == kind
        if not said:
            left[key] = value
    return compact(left) if left else left


def _lines(each: dict[str, Any]) -> dict[str, Any]:
    country = text_of(each.get("pays"))
    return {
        "lignes": [text for key in _LINES if (text := text_of(each.get(key)))],
        "code_postal": text_of(each.get("code_postal")).replace(" ", ""),
        "commune": text_of(each.get("nom_commune")),
    } | ({"pays": country} if country and country != _FRANCE else {})


def _point(each: dict[str, Any]) -> Point:
    try:
        latitude, longitude = float(each["latitude"]), float(each["longitude"])
    except (KeyError, TypeError, ValueError):
        return None, None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or latitude == longitude == 0:
        return None, None
    return latitude, longitude


def read_phones(plain_: Any, accessible: Any, details: Details) -> list[dict[str, str]]:
    found = []
    held = set()
    for item in _items(plain_):
        if isinstance(item, dict):
            numbers, words = _texts(item.get("valeur")), text_of(item.get("description"))
        else:
            numbers, words = [text_of(item)], ""
        for number in filter(None, numbers):
            found.append({"numero": number, "description": words})
            held |= {number, words}
    if plain_:
        _rest("telephone", plain_, held=held, details=details)
    if accessible:
        numbers = _texts(accessible)
        found += [{"numero": number, "description": _DEAF} for number in numbers]
        _rest("telephone_accessible", accessible, held=numbers, details=details)
    return found


def read_ranges(value: Any, details: Details) -> str:
    """Weekly ranges as JSON, day by day; see `_unfold`."""
    texts, left = [], []
    for line in _items(value):
        if not isinstance(line, dict):
            left.append(line)
            continue
        values = tuple(map(line.get, _LINE))
        try:
            text, whole = _unfold(values)
        except TypeError:  # lists and objects have no hash
            text, whole = _unfold(tuple(map(text_of, values)))
            whole = False
        if text:
            texts.append(text)
        if not whole or not _LINE_KEYS.issuperset(line):
            left.append(line)
    if left and (kept := compact(left)):
        details["plage_ouverture"] = kept
    return f"[{','.join(texts)}]"


@lru_cache(maxsize=8192)  # thousands of offices share « du lundi au vendredi, 9 h – 12 h »
def _unfold(values: tuple[Any, ...]) -> tuple[str, bool]:
    """The ranges of one line (values of `_LINE`), as JSON without brackets, and whether they say
    all of it.

    An empty second range is none; a line without hours but with a comment keeps its place, empty.
    """
    first, last, comment, *hours = map(text_of, values)
    start, end = _DAYS.get(first.lower()), _DAYS.get((last or first).lower())
    if start is None or end is None:
        return "", not any((first, last, comment, *hours))
    read = [_hour(hour) for hour in hours]
    ranges = [(read[at], read[at + 1]) for at in (0, 2) if read[at] and read[at + 1]]
    whole = 2 * len(ranges) == sum(map(bool, hours)) and not any(map(_SECONDS.search, hours))
    if not ranges and comment:
        ranges = [("", "")]
    days = [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    text = ",".join(
        dump({"jour": day, "debut": debut, "fin": fin, "commentaire": comment})
        for day in days
        for debut, fin in ranges
    )
    return text, whole and bool(ranges)


def _hour(text: str) -> str:
    return text[:5] if _HOUR.fullmatch(text) else ""


def read_date(key: str, record: dict[str, Any], details: Details) -> str | None:
    """« 09/08/2023 13:30:19 », French order and local time; ISO form as the API may write it."""
    text = text_of(value := record.get(key))
    try:
        if match := _DATE.fullmatch(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=_PARIS)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=_PARIS)
    except ValueError:
        if text:
            details[key] = keep(key, value)
        return None
    return moment.isoformat()


# --- PostgreSQL's text form ---------------------------------------------------------------------


def array_of(texts: Any) -> str:
    quoted = (text.replace("\\", r"\\").replace('"', r"\"") for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"
