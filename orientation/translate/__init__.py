"""One record of the source → one row of the table.

Whatever the copy: empty values are ``""``, ``[]`` or ``null``, keys may lack, lists of one may be
plain strings, and structures may be JSON strings. What the columns do not say, or say only in part,
goes to ``details`` under the source's keys. Names of officials (``affectation_personne``) are
personal data: they are looked at to be left out wherever they stand.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple
from uuid import UUID

from orientation.clean import place_columns
from orientation.translate.fields import (
    array_of,
    dump,
    dump_sorted,
    read_address,
    read_date,
    read_emails,
    read_kinds,
    read_links,
    read_phones,
    read_ranges,
    text_of,
    told,
)
from orientation.translate.leftover import (
    OFFICIALS,
    PERSON,
    hide_in,
    hide_people,
    keep,
    plain,
    read_officials,
)

_VERSION = "2"  # of this reading: a change of rule makes every row be written again


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
    details: str


_COLUMNED = frozenset(
    (
        *("id", "nom", "sigle", "ancien_code_pivot", "pivot", "code_insee_commune", "adresse"),
        *("telephone", "telephone_accessible", "adresse_courriel", "formulaire_contact"),
        *("site_internet", "plage_ouverture", "commentaire_plage_ouverture", "mission"),
        *("information_complementaire", "date_modification", "url_service_public"),
        *("statut_de_diffusion", OFFICIALS, *PERSON),
    )
)
"""The keys that columns are made of, or that are left out; what columns do not say of the former
goes to the details."""


def translate(record: Any) -> tuple[Row, list[str], str]:
    """The row, the codes of its kinds, and the fingerprint of the row's content.

    Raises `EnregistrementRefuse` when the record has no usable identifier or name, or is not to be
    published.
    """
    if not isinstance(record, dict):
        raise EnregistrementRefuse("enregistrement qui n'est pas un objet")
    identifier = _identifier(record.get("id"))
    if not text_of(record.get("nom")):
        raise EnregistrementRefuse("organisme sans nom")
    if str(record.get("statut_de_diffusion", "true")).lower() == "false":
        raise NonDiffuse("non diffusé par la source")
    try:
        row, types = _read(identifier, record)
        content = "\x1f".join(map(str, (_VERSION, *row))).encode()
    except UnicodeEncodeError as error:
        raise EnregistrementRefuse("texte mal codé") from error
    except RecursionError as error:
        raise EnregistrementRefuse("structure trop profonde") from error
    return row, types, hashlib.md5(content, usedforsecurity=False).hexdigest()


def _read(identifier: str, record: dict[str, Any]) -> tuple[Row, list[str]]:
    get = record.get
    details: dict[str, Any] = {}
    types, insee = read_kinds(get("pivot"), get("code_insee_commune"), details)
    adresse, (latitude, longitude) = read_address(get("adresse"), details)
    postcode, town = place_columns(adresse)
    phones = read_phones(get("telephone"), get("telephone_accessible"), details)
    functions, people = read_officials(value) if (value := get(OFFICIALS)) else ([], [])
    texts = [
        dump(phones),
        read_ranges(get("plage_ouverture"), details),
        told("commentaire_plage_ouverture", record, details),
        "\n\n".join(
            part
            for key in ("mission", "information_complementaire")
            if (part := told(key, record, details))
        ),
    ]
    if people:
        texts = [hide_people(text, people) for text in texts]
    telephones, plages, commentaire, informations = texts
    row = Row(
        identifier,
        told("nom", record, details, length=300),
        told("sigle", record, details, length=60),
        told("ancien_code_pivot", record, details, length=80),
        array_of(types),
        insee,
        departement_of(insee or ("" if "pays" in adresse else postcode)),
        dump(adresse),
        postcode,
        town,
        latitude,
        longitude,
        telephones,
        array_of(read_emails("adresse_courriel", record, details)),
        array_of(read_links("formulaire_contact", record, details)),
        array_of(read_links("site_internet", record, details)),
        plages,
        commentaire,
        informations,
        read_date("date_modification", record, details),
        next(iter(read_links("url_service_public", record, details, most=1)), ""),
        "",
    )
    if str(published := get("statut_de_diffusion") or "true").lower() != "true":
        details["statut_de_diffusion"] = keep("statut_de_diffusion", published)
    for key, value in record.items():
        # Nothing, but for False and 0.
        if not value and value is not False and value != 0:
            continue
        if key not in _COLUMNED:
            details[plain(key)] = keep(key, value)
    if people:
        details = hide_in(details, people)
    if functions:
        details[OFFICIALS] = functions
    return row._replace(
        details=dump_sorted({k: v for k, v in details.items() if v is not None})
    ), types


def departement_of(code: str) -> str:
    """The département of an INSEE code or postcode; Corsican postcodes do not tell which of two."""
    if code[:2] in ("97", "98"):
        return code[:3]
    if code[:2] == "20":
        return "2A" if code[:3] in ("200", "201") else "2B"
    return code[:2]


def _identifier(value: Any) -> str:
    try:
        return str(UUID(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise EnregistrementRefuse("identifiant absent ou mal formé") from error
