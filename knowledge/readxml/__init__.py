"""Reading the XML of service-public.fr's fiches (schemas 3.0 to 3.5) into the block tree.

Tolerant by design: DILA may add elements and attributes to a live schema any day, and its real
files carry values its schema does not list. What is not known is kept as text and reported, never
an error. Only a document that is no fiche, or made to harm, is refused (`FicheIllisible`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from knowledge.blocks import Block, texts
from knowledge.readxml import guided, records, resources, tables  # noqa: F401  readers
from knowledge.readxml.head import DC, frame, in_head, iso
from knowledge.readxml.inline import FicheIllisible, Reading, plain, tag_of
from knowledge.readxml.structure import blocks, pivots

__all__ = [
    "Entete",
    "FicheIllisible",
    "FicheLue",
    "Place",
    "RessourceLue",
    "as_text",
    "audience_rank",
    "fingerprint",
    "parse",
    "peek",
    "read",
    "read_fragment",
    "read_resource",
]

# Part of each fingerprint: raised when this reader gives another tree for the same XML, so that
# the next import reads every fiche again.
VERSION = 2

_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
_SCHEMA = re.compile(r"Schemas/(\d+\.\d+)/")
_REFERENCE = re.compile(r"F\d{1,9}")
_RESOURCES = {
    "ServiceComplementaire": re.compile(r"R\d{1,9}"),
    "Publication": re.compile(r"N\d[\w-]{0,18}"),
}
_PIVOT = re.compile(r"[\w-]{1,60}")
# The site changed its domain on 1 October 2025; the addresses lead to the same pages.
_DOMAIN = re.compile(rb"service-public\.(?:gouv\.)?fr")
_AUDIENCES = {"Particuliers": 0, "Professionnels": 1, "Associations": 2}
_TITLE_MAX = 400

_STATUTS = {
    "enCoursDeMiseAJour": "Fiche en cours de mise à jour",
    "miseAJourAVenir": "Mise à jour à venir",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One step of the way from a theme to the fiche; the code may be missing in the source."""

    code: str
    titre: str


@dataclass(frozen=True, slots=True)
class Entete:
    """What can be told of a file without reading its body."""

    reference: str
    audience: str
    """The audience it was delivered for, from the first step of its breadcrumb."""
    date: str
    schema: str


@dataclass(frozen=True, slots=True)
class FicheLue:
    """A fiche as its file tells it."""

    reference: str
    type_source: str
    titre: str
    audiences: list[str]
    """The audience it was delivered for comes first."""
    places: list[Place]
    """Theme, sub-theme, dossier, sub-dossier: those that the file names."""
    url: str
    modifiee_le: date | None
    importante_le: date | None
    statut: str
    schema: str
    contenu: list[Block]
    organismes: list[str]
    """Directory codes of the offices named anywhere in the fiche, the main ones first."""
    introduction: str
    inconnus: Counter[str]
    """Elements this reader does not know, and how often each stands there."""

    @property
    def fil(self) -> list[str]:
        return [place.titre for place in self.places]

    @property
    def theme(self) -> str:
        """Code of the deepest place that has one."""
        return next((place.code for place in reversed(self.places) if place.code), "")


@dataclass(frozen=True, slots=True)
class RessourceLue:
    """What stands beside the fiches, as its file tells it."""

    reference: str
    genre: str
    titre: str
    contenu: list[Block]
    modifiee_le: date | None
    inconnus: Counter[str]


def parse(xml: bytes) -> etree._Element:
    """The root of a document; raises `FicheIllisible` for what is no XML or is made to harm.

    No entity is ever declared by a real file: a document that declares some, or points at an
    external definition, is refused rather than read without them.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FicheIllisible(f"XML illisible\u00a0: {error}") from error
    if _declares_something(root.getroottree().docinfo.internalDTD):
        raise FicheIllisible("le document déclare des entités ou une DTD externe")
    return root


def _declares_something(doctype: Any) -> bool:
    return doctype is not None and bool(doctype.system_url or any(doctype.iterentities()))


def peek(root: etree._Element) -> Entete:
    """What is needed to choose between two files of one fiche."""
    level = root.find("FilDAriane/Niveau")
    audience = "" if level is None else level.get("ID", "")
    if audience not in _AUDIENCES:
        audience = plain(root.find("Audience"))
    return Entete(
        reference=root.get("ID") or plain(root.find(f"{DC}identifier")),
        audience=audience,
        date=iso(plain(root.find(f"{DC}date"))),
        schema=_schema(root),
    )


def fingerprint(root: etree._Element) -> str:
    """SHA-256 of the canonical XML; a change of the site's domain alone does not change it."""
    canonical = _DOMAIN.sub(b"service-public", etree.tostring(root, method="c14n"))
    return hashlib.sha256(b"%d\n" % VERSION + canonical).hexdigest()


def as_text(content: bytes, root: etree._Element) -> str:
    """The file as it was; written anew when it was not in UTF-8, as all of DILA's are."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return etree.tostring(root, encoding="unicode")


def audience_rank(audience: str) -> int:
    """3939 serves the general public first: the order in which audiences win over each other."""
    return _AUDIENCES.get(audience, len(_AUDIENCES))


def read(xml: bytes | etree._Element) -> FicheLue:
    """A fiche (``Publication`` with an ``F`` identifier) from its file or its parsed root.

    Raises `FicheIllisible`.
    """
    root = parse(xml) if isinstance(xml, bytes) else xml
    entete = peek(root)
    titre = plain(root.find(f"{DC}title"))
    if root.tag != "Publication" or not _REFERENCE.fullmatch(entete.reference):
        raise FicheIllisible("le document n'est pas une fiche (Publication d'identifiant F…)")
    if not titre:
        raise FicheIllisible("fiche sans titre")
    if len(titre) > _TITLE_MAX:
        raise FicheIllisible(f"titre de plus de {_TITLE_MAX} caractères")

    reading = _start(root)
    body, statut = _body(root, reading), root.get("statut", "")
    organismes = pivots(body, through_forks=True)
    introduction = next((block for block in body if block["type"] == "introduction"), None)
    audiences = [entete.audience, *(plain(found) for found in root.findall("Audience"))]
    return FicheLue(
        reference=entete.reference,
        type_source=root.get("type", "")[:80],
        titre=titre,
        audiences=[found[:40] for found in dict.fromkeys(audiences) if found],
        places=_places(root, entete.reference),
        url=_web(root.get("spUrl", "")),
        modifiee_le=_date(entete.date),
        importante_le=_date(iso(root.get("dateDerniereModificationImportante", ""))),
        statut=statut,
        schema=entete.schema,
        contenu=[*body, frame(root, reading)],
        organismes=[pivot for pivot in organismes if _PIVOT.fullmatch(pivot)],
        introduction="\n".join(texts(introduction["blocs"])) if introduction else "",
        inconnus=reading.unknown,
    )


def read_resource(xml: bytes | etree._Element) -> RessourceLue:
    """A resource (``ServiceComplementaire``, ``R…``) or a place (``Publication``, ``N…``).

    Raises `FicheIllisible`.
    """
    root = parse(xml) if isinstance(xml, bytes) else xml
    entete = peek(root)
    shape = _RESOURCES.get(tag_of(root))
    if shape is None or not shape.fullmatch(entete.reference):
        raise FicheIllisible("le document n'est ni une ressource (R…) ni un thème (N…)")
    titre = plain(root.find(f"{DC}title")) or root.get("type") or entete.reference
    reading = _start(root)
    return RessourceLue(
        reference=entete.reference,
        genre=root.get("type", "")[:80],
        titre=titre[:_TITLE_MAX],
        contenu=[*_body(root, reading), frame(root, reading)],
        modifiee_le=_date(entete.date),
        inconnus=reading.unknown,
    )


def read_fragment(root: etree._Element) -> tuple[list[Block], Counter[str]]:
    """The blocks of any piece of a fiche, and the elements that are not known in it."""
    reading = _start(root)
    return blocks(root, reading), reading.unknown


def _start(root: etree._Element) -> Reading:
    declared = [
        found.get("ID", "") for tag in ("Definition", "Abreviation") for found in root.iter(tag)
    ]
    return Reading(declared=frozenset(declared))


def _body(root: etree._Element, reading: Reading) -> list[Block]:
    """What a document says, its status and its warnings first."""
    body = blocks(root, reading, tuple(child for child in root if in_head(child)))
    body.sort(key=lambda block: block["type"] != "avertissement")
    if root.get("indisponible") in ("true", "1"):
        body.insert(0, _notice("Service indisponible pour le moment"))
    if statut := root.get("statut", ""):
        title = _STATUTS.get(statut, f"Statut de la fiche\u00a0: {statut}")
        body.insert(0, _notice(title, statut=statut))
    return body


def _notice(title: str, **more: str) -> Block:
    return {"type": "avertissement", "titre": title, "date": "", **more, "blocs": []}


def _places(root: etree._Element, reference: str) -> list[Place]:
    """Theme, sub-theme, dossier, sub-dossier.

    ``SousDossierPere`` went with schema 3.4: since then the sub-dossier is the one of
    ``DossierPere`` that lists the fiche itself.
    """
    places = []
    theme, dossier = root.find("Theme"), root.find("DossierPere")
    sub_theme, sub_dossier = root.find("SousThemePere"), root.find("SousDossierPere")
    if theme is not None:
        places.append(Place(theme.get("ID", ""), plain(theme.find("Titre"))))
    if sub_theme is not None:
        places.append(Place(sub_theme.get("ID", ""), plain(sub_theme)))
    if dossier is not None:
        places.append(Place(dossier.get("ID", ""), plain(dossier.find("Titre"))))
        for group in dossier.findall("SousDossier"):
            if any(child.get("ID") == reference for child in group.findall("Fiche")):
                places.append(Place(group.get("ID", ""), plain(group.find("Titre"))))
                break
        else:
            if sub_dossier is not None:
                places.append(Place(sub_dossier.get("ID", ""), plain(sub_dossier)))
    return [Place(place.code[:80], place.titre[:300]) for place in places if place.titre]


def _schema(root: etree._Element) -> str:
    found = _SCHEMA.search(root.get(_SCHEMA_LOCATION, ""))
    return found[1][:10] if found else ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) and len(url) <= 500 else ""
