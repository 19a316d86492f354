"""One record of the source → one row of the table.

Whatever the copy: empty values are ``""``, ``[]`` or ``null``, keys may lack, lists of one may be
plain strings, and structures may be JSON strings. Names of officials (``affectation_personne``) are
personal data: they are never looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from orientation.readjson import open_value

_VERSION = "1"  # of this reading: a change of rule makes every row be written again
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
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_POSTCODE = re.compile(r"\d{5}")
_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: (\d\d):(\d\d):(\d\d))?")
_POSTAL = "Adresse postale"
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class EnregistrementRefuse(ValueError):
    """The record cannot be taken; the message, in French, says why."""


class NonDiffuse(EnregistrementRefuse):
    """The source holds the record but does not publish it."""


class Row(NamedTuple):
    """The columns of the table that come from the source, as PostgreSQL's text form takes them."""

    id: str
    nom: str
    sigle: str
    ancien_code_pivot: str
    types: str
    commune_insee: str
    departement_code: str
    adresse: str
    code_postal: str
    commune_nom: str
    latitude: float | None
    longitude: float | None
    telephones: str
    courriels: str
    formulaires: str
    sites: str
    plages: str
    commentaire_plages: str
    informations: str
    source_modifiee_le: str | None
    url: str


def translate(record: Any) -> tuple[Row, list[str], str]:
    """The row, the codes of its kinds, and the fingerprint of the row's content.

    Raises `EnregistrementRefuse` when the record has no usable identifier or name, or is not to be
    published.
    """
    if not isinstance(record, dict):
        raise EnregistrementRefuse("enregistrement qui n'est pas un objet")
    get = record.get
    identifier = _identifier(get("id"))
    nom = _text(get("nom"))
    if not nom:
        raise EnregistrementRefuse("organisme sans nom")
    if str(get("statut_de_diffusion", "true")).lower() == "false":
        raise NonDiffuse("non diffusé par la source")
    pivots = [pivot for pivot in _items(get("pivot")) if isinstance(pivot, dict)]
    types = list(
        dict.fromkeys(
            code[:60] for pivot in pivots if (code := _text(pivot.get("type_service_local")))
        )
    )
    adresse, (latitude, longitude) = _address(get("adresse"))
    postcode = adresse.get("code_postal", "")
    if not _POSTCODE.fullmatch(postcode):  # abroad
        postcode = ""
    insee = _insee(get("code_insee_commune"), pivots)
    row = Row(
        identifier,
        _cut(nom, 300),
        _cut(_text(get("sigle")), 60),
        _text(get("ancien_code_pivot"))[:80],
        _array(types),
        insee,
        departement_of(insee or ("" if "pays" in adresse else postcode)),
        _dump(adresse),
        postcode,
        _cut(adresse.get("commune", ""), 120),
        latitude,
        longitude,
        _dump(_phones(get("telephone"), get("telephone_accessible"))),
        _array(text for text in _texts(get("adresse_courriel")) if len(text) <= 200),
        _array(_links(get("formulaire_contact"))),
        _array(_links(get("site_internet"))),
        _ranges(get("plage_ouverture")),
        _text(get("commentaire_plage_ouverture")),
        "\n\n".join(
            part
            for part in (_text(get("mission")), _text(get("information_complementaire")))
            if part
        ),
        _date(get("date_modification")),
        next(iter(_links(get("url_service_public"))), ""),
    )
    try:
        content = "\x1f".join(map(str, (_VERSION, *row))).encode()
    except UnicodeEncodeError as error:
        raise EnregistrementRefuse("texte mal codé") from error
    return row, types, hashlib.md5(content, usedforsecurity=False).hexdigest()


def departement_of(code: str) -> str:
    """The département of an INSEE code or postcode; Corsican postcodes do not tell which of two."""
    if code[:2] in ("97", "98"):
        return code[:3]
    if code[:2] == "20":
        return "2A" if code[:3] in ("200", "201") else "2B"
    return code[:2]


# --- Fields -------------------------------------------------------------------------------------


def _identifier(value: Any) -> str:
    try:
        return str(UUID(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise EnregistrementRefuse("identifiant absent ou mal formé") from error


def _text(value: Any) -> str:
    """Plain text: « » for what is absent; PostgreSQL stores no NUL."""
    if not value:
        return "" if value in (None, "", []) else str(value)
    if isinstance(value, str):
        return (value.replace("\x00", "") if "\x00" in value else value).strip()
    if isinstance(value, list):
        return " ".join(filter(None, map(_text, value)))
    return "" if isinstance(value, dict) else str(value)


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
        found += [text for each in _items(inner) if (text := _text(each))]
    return list(dict.fromkeys(found))


def _links(value: Any) -> list[str]:
    """Addresses that may be opened from a page: of the Web, and nothing else."""
    found = []
    for text in _texts(value):
        link = f"https://{text}" if text.lower().startswith("www.") else text
        if link.lower().startswith(("http://", "https://")) and len(link) <= 500:
            found.append(link)
    return found


def _insee(value: Any, pivots: list[dict[str, Any]]) -> str:
    code = _text(value)
    if not code:
        code = next(
            (text for each in pivots for text in _texts(each.get("code_insee_commune"))), ""
        )
    return code if _INSEE.fullmatch(code) else ""


def _address(value: Any) -> tuple[dict[str, Any], tuple[float | None, float | None]]:
    """The place one goes to, the postal address and other places beside it, and its coordinates."""
    listed = [each for each in _items(value) if isinstance(each, dict)]
    places = [each for each in listed if _text(each.get("type_adresse")) != _POSTAL] or listed
    if not places:
        return {}, (None, None)
    first = places[0]
    adresse = _lines(first)
    adresse["accessibilite"] = _text(first.get("accessibilite"))
    adresse["note_accessibilite"] = _text(first.get("note_accessibilite"))
    if others := [_lines(each) for each in places[1:]]:
        adresse["autres"] = others
    if postal := [_lines(each) for each in listed if each not in places]:
        adresse["postale"] = postal[0]
    return adresse, _point(first)


def _lines(each: dict[str, Any]) -> dict[str, Any]:
    keys = ("complement1", "complement2", "numero_voie", "service_distribution")
    country = _text(each.get("pays"))
    return {
        "lignes": [text for key in keys if (text := _text(each.get(key)))],
        "code_postal": _text(each.get("code_postal")).replace(" ", ""),
        "commune": _text(each.get("nom_commune")),
    } | ({"pays": country} if country and country != "France" else {})


def _point(each: dict[str, Any]) -> tuple[float | None, float | None]:
    try:
        latitude, longitude = float(each["latitude"]), float(each["longitude"])
    except (KeyError, TypeError, ValueError):
        return None, None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or latitude == longitude == 0:
        return None, None
    return latitude, longitude


def _phones(plain: Any, accessible: Any) -> list[dict[str, str]]:
    found = []
    for item in _items(plain):
        if isinstance(item, dict):
            number, words = _text(item.get("valeur")), _text(item.get("description"))
        else:
            number, words = _text(item), ""
        if number:
            found.append({"numero": number, "description": words})
    for number in _texts(accessible):
        found.append({"numero": number, "description": "pour les personnes sourdes"})
    return found


def _ranges(value: Any) -> str:
    """Weekly ranges as JSON, day by day; see `_unfold`."""
    lines = (
        _unfold(*(_text(line.get(key)) for key in _LINE))
        for line in _items(value)
        if isinstance(line, dict)
    )
    return f"[{','.join(filter(None, lines))}]"


@lru_cache(maxsize=8192)  # thousands of offices share « du lundi au vendredi, 9 h – 12 h »
def _unfold(first: str, last: str, comment: str, *hours: str) -> str:
    """The ranges of one line, as JSON without brackets.

    An empty second range is none; a line without hours but with a comment keeps its place, empty.
    """
    start, end = _DAYS.get(first.lower()), _DAYS.get((last or first).lower())
    if start is None or end is None:
        return ""
    read = [_hour(hour) for hour in hours]
    ranges = [(read[at], read[at + 1]) for at in (0, 2) if read[at] and read[at + 1]]
    if not ranges and comment:
        ranges = [("", "")]
    days = [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return ",".join(
        _dump({"jour": day, "debut": debut, "fin": fin, "commentaire": comment})
        for day in days
        for debut, fin in ranges
    )


def _hour(text: str) -> str:
    return text[:5] if _HOUR.fullmatch(text) else ""


def _date(value: Any) -> str | None:
    """« 09/08/2023 13:30:19 », French order and local time; ISO form as the API may write it."""
    text = _text(value)
    try:
        if match := _DATE.fullmatch(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=_PARIS)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=_PARIS)
    except ValueError:
        return None
    return moment.isoformat()


# --- PostgreSQL's text form ---------------------------------------------------------------------


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _array(texts: Any) -> str:
    quoted = (text.replace("\\", r"\\").replace('"', r"\"") for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"
