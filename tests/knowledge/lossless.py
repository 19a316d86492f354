"""What must be kept of an XML document, and whether a tree and a page have it all.

Written from the XML alone: it knows nothing of the readers, so that what they forget is seen.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from knowledge.blocks import Block, texts
from knowledge.render import render_blocks
from tests.knowledge.vosdroits import squeeze

# Codes: kept as ``data-`` attributes, not as texts to read.
CODES = {"PivotLocal", "FranceConnect"}
HEAD = {
    *("SurTitre", "Audience", "Canal", "Cible", "FilDAriane", "FichePrecedente", "FicheSuivante"),
    *("Theme", "SousThemePere", "DossierPere", "SousDossierPere", "RechercheGuideePere"),
}
RUNNING = {"Paragraphe"}
_APART = {"Image", "LienRessource"}  # files in a sentence, with blocks of their own
# Attributes that HTML says otherwise: the shape of lists and tables, and the file's own schema.
_SHAPE = {
    *(("Colonne", "type"), ("Rangée", "type"), ("Liste", "type")),
    *(("Cellule", "fusionHorizontale"), ("Cellule", "fusionVerticale")),
}
_NOTHING_SAID = {"", "false", "0", "non"}
_ADDRESSES = {"URL", "toUrl", "URLcerfaGuide", "spUrl", "questionnaireUrl"}
_WEB = re.compile(r"https?://|mailto:|tel:")


def name_of(element) -> str:
    return etree.QName(element).localname


def split(root) -> tuple[list, list]:
    """The head's elements and the body's, in the order of the source, warnings first."""
    head, body = [], []
    for child in root:
        mention = etree.QName(child).namespace is not None
        (head if mention or name_of(child) in HEAD else body).append(child)
    return head, sorted(body, key=lambda element: name_of(element) != "Avertissement")


def pieces(element) -> Iterator[str]:
    """What is to be read: whole paragraphs, their marks included, and every other text."""
    name = name_of(element)
    whole = name in RUNNING and not any(name_of(inner) in _APART for inner in element.iter())
    if whole:
        yield "".join(element.itertext())
        return
    if name not in CODES and (element.text or "").strip():
        yield element.text
    for child in element:
        yield from pieces(child)
        if (child.tail or "").strip():
            yield child.tail


def lost(expected: list[str], text: str) -> list[str]:
    """The pieces that do not occur, each after the one before."""
    text, cursor, missing = squeeze(text), 0, []
    for piece in filter(None, map(squeeze, expected)):
        found = text.find(piece, cursor)
        if found < 0:
            missing.append(piece)
        else:
            cursor = found + len(piece)
    return missing


def said(root) -> Iterator[tuple[str, str, str]]:
    """``(element, attribute, value)`` of every attribute that says something."""
    for element in root.iter():
        name = name_of(element)
        if name == "Fragment":  # what our pieces of real files are wrapped in
            continue
        for key, value in element.attrib.items():
            namespaced = key.startswith("{")
            if not namespaced and (name, key) not in _SHAPE and value not in _NOTHING_SAID:
                yield name, key, value


class Page:
    """The HTML of a tree, and what can be looked up in it."""

    def __init__(self, html: str) -> None:
        self.root = lxml_html.fromstring(f"<div>{html}</div>")
        self.frame = self.root.find(".//details[@class='a39-cadre']")
        self.head = "" if self.frame is None else self.frame.text_content()
        whole = self.root.text_content()
        self.body = whole[: len(whole) - len(self.head)] if self.head else whole
        self.values: set[str] = set()
        self.words: set[str] = set()
        self.hrefs: set[str] = set()
        self.flags: Counter[str] = Counter()
        for element in self.root.iter():
            for key, value in element.attrib.items():
                self.values.add(value)
                if key == "href":
                    self.hrefs.add(value)
                elif value in ("true", "1", "oui"):
                    self.flags[key] += 1
                elif key in ("data-condition", "data-variables", "headers", "data-refheaderid"):
                    self.words.update(re.findall(r"[\w-]+", value))

    def has(self, value: str) -> bool:
        found = value in self.values or value in self.words
        return found or squeeze(value) in squeeze(self.body) or squeeze(value) in squeeze(self.head)


def strings(value) -> Iterator[str]:
    """Every string of a tree, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def check(root, tree: list[Block], *, unique: bool = False) -> list[str]:
    """What is in the document and not in the tree or on the page; nothing when all is kept.

    With ``unique`` every value of the document occurs once in it: booleans are then counted too.
    """
    faults: list[str] = []
    page = Page(str(render_blocks(tree)))
    head, body = split(root)
    *_, last = tree or [{"type": ""}]
    frame = [last] if last["type"] == "cadre" else []
    rest = tree[: len(tree) - len(frame)]
    for where, elements, blocks, shown in (
        ("body", body, rest, page.body),
        ("head", head, frame, page.head),
    ):
        expected = [piece for element in elements for piece in pieces(element)]
        tails = [child.tail for child in elements if (child.tail or "").strip()]
        kept = "\n".join(texts(blocks))
        faults += [f"{where}, tree: {text!r}" for text in lost(expected, kept)]
        faults += [f"{where}, page: {text!r}" for text in lost(expected, shown)]
        faults += [f"tail: {text!r}" for text in tails if squeeze(text) not in squeeze(shown)]
    held = set(strings(tree))
    joined = json.dumps(tree, ensure_ascii=False)
    for name, key, value in said(root):
        if value in ("true", "1", "oui"):
            continue
        if value not in held and json.dumps(value, ensure_ascii=False)[1:-1] not in joined:
            faults.append(f"tree: {name}@{key}={value!r}")
        if not page.has(value):
            faults.append(f"page: {name}@{key}={value!r}")
        if key in _ADDRESSES and _WEB.match(value):
            wanted = value.strip().replace(" ", "%20")
            if wanted not in page.hrefs:
                faults.append(f"no link: {name}@{key}={value!r}")
    for name in ("LienInterne", "Fiche", "QuestionReponse"):
        for element in root.iter(name):
            reference = element.get("LienPublication") or element.get("ID") or ""
            if re.fullmatch(r"F\d{1,9}", reference) and f"/fiches/{reference}/" not in page.hrefs:
                faults.append(f"no link: {name} {reference}")
    for code in CODES:
        for element in root.iter(code):
            if (element.text or "").strip() not in _NOTHING_SAID and not page.has(element.text):
                faults.append(f"page: {code} {element.text!r}")
    if unique:
        faults += _flags(root, page)
    return faults


def _flags(root, page: Page) -> list[str]:
    """Booleans: as many on the page as in the document, attribute by attribute."""
    wanted = Counter(
        f"data-{key.lower()}"
        for name, key, value in said(root)
        if value in ("true", "1", "oui") and name != "VoirAussi"  # told by each of its links
    )
    return [
        f"page: {count} times {name}, not {page.flags[name]}"
        for name, count in wanted.items()
        if page.flags[name] < count
    ]
