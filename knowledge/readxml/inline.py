"""Running text: paragraphs with marks inside (schema group ``TypeTexteStructure``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from knowledge.blocks import Block, Inline

# Real files are ten elements deep; anything much deeper is made to exhaust the reader.
DEPTH_MAX = 60
_BLANK = " \t\r\n"  # not non-breaking spaces, which are kept wherever they stand

MARKS = {
    "MiseEnEvidence": "fort",
    "Exposant": "exposant",
    "Indice": "indice",
    "Valeur": "valeur",
    "Citation": "citation",
    "Expression": "expression",
    "TermeEtranger": "langue",
    "Date": "date",
    "Variable": "variable",
    "Tel": "tel",
    "MathTex": "formule",
    "LienInterne": "interne",
    "LienIntra": "definition",
    "LienExterne": "externe",
    "LienRessource": "ressource",
    "Image": "image",
}
# Elements that stand in a sentence but hold blocks; `links` gives each its reader.
HOLDERS: dict[str, Callable[[etree._Element, Reading], list[Block]]] = {}
# The attributes of marks, with their names here.
_ATTRIBUTES = {
    "langue": "langue",
    "numerocerfa": "cerfa",
    "commentaireLien": "commentaire",
    "type": "genre",
    "audience": "audience",
    "format": "format",
    "poids": "poids",
}
_TOLD = frozenset(("LienPublication", "LienID", "URL", *_ATTRIBUTES))


class FicheIllisible(ValueError):
    """The document cannot be read as a fiche; the message, in French, says why."""


@dataclass(slots=True)
class Reading:
    """What one reading keeps in mind."""

    declared: frozenset[str] = frozenset()
    """Ids of the definitions and abbreviations that the file holds."""
    unknown: Counter[str] = field(default_factory=Counter)
    depth: int = 0
    chapters: int = 0

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise FicheIllisible(f"imbrication de plus de {DEPTH_MAX} éléments")


def tag_of(element: etree._Element) -> str:
    """The element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


def has_text(text: str | None) -> bool:
    return bool(text) and not text.isspace()  # type: ignore[union-attr]


def plain(element: etree._Element | None) -> str:
    """The element's text on one line; paragraphs inside it are set apart by a space."""
    if element is None:
        return ""
    if not len(element):
        return (element.text or "").strip(_BLANK)
    if element.find("Paragraphe") is None:
        return _all_text(element).strip(_BLANK)
    parts = [element.text or ""]
    for child in element:
        parts += [_all_text(child), child.tail or ""]
    return " ".join(stripped for part in parts if (stripped := part.strip(_BLANK)))


def _all_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def rich(element: etree._Element | None, reading: Reading) -> Inline:
    """A title in either of its shapes: plain string, or ``Titre/Paragraphe`` with marks."""
    if element is None:
        return []
    paragraphs = element.findall("Paragraphe")
    if not paragraphs:
        return inline(element, reading)
    alone = len(element) == 1 and not has_text(element.text) and not has_text(paragraphs[0].tail)
    return inline(paragraphs[0], reading) if alone else spaced(element, reading)


def inline(element: etree._Element, reading: Reading) -> Inline:
    """Text and marks of a mixed element, the tails of its children included."""
    parts: Inline = [element.text] if element.text else []
    if len(element):
        reading.deeper()
        for child in element:
            parts.append(mark(child, reading))
            if child.tail:
                parts.append(child.tail)
        reading.depth -= 1
    return parts


def spaced(element: etree._Element, reading: Reading) -> Inline:
    """The texts of an element that holds other elements, not running text: a space between."""
    parts: Inline = [element.text] if has_text(element.text) else []
    reading.deeper()
    for child in element:
        tag = tag_of(child)
        inner = inline(child, reading) if tag == "Paragraphe" else [mark(child, reading)]
        if inner:
            parts += [" ", *inner] if parts else inner
        if has_text(child.tail):
            parts.append(child.tail)
    reading.depth -= 1
    return parts


def mark(element: etree._Element, reading: Reading) -> dict:
    """One inline element as a mark with its own text inside."""
    tag = tag_of(element)
    kind = MARKS.get(tag)
    if kind is None:
        reading.unknown[tag] += 1
        return {"m": "inconnu", "element": tag, "c": inline(element, reading)}
    found: dict = {"m": kind}
    get = element.get
    if kind in ("ressource", "image"):
        return found | {
            "url": get("LienPublication", ""),
            "c": [],
            "blocs": HOLDERS[tag](element, reading),
        }
    if kind == "interne":
        _target(found, get("LienPublication", ""), reading)
    elif kind == "definition":
        found["id"] = get("LienID", "")
    elif kind == "externe":
        found["url"] = get("URL", "")
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES and value:
            found[_ATTRIBUTES[name]] = value
        elif name not in _TOLD and value:
            found.setdefault("attributs", {})[etree.QName(name).localname] = value
    found["c"] = inline(element, reading)
    return found


def _target(found: dict, reference: str, reading: Reading) -> None:
    """A link to a fiche, to a definition of the same file, or to another object of the source."""
    if reference in reading.declared:
        found["m"] = "definition"
        found["id"] = reference
        return
    found["m"] = "fiche" if reference[:1] == "F" else "interne"
    found["reference"] = reference
