"""Documents of the shape that DILA's schema 3.5 describes, drawn by Hypothesis.

The schema is read as it is (elements, groups, types, attributes, cardinalities); every text and
every attribute drawn occurs once in its document, so that each one lost is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from hypothesis import strategies as st
from lxml import etree

from tests.knowledge.vosdroits import DATA

SCHEMA = DATA / "schema" / "3.5"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_DC = "http://purl.org/dc/elements/1.1/"
_DEPTH_MAX = 16  # elements inside elements; the readers refuse sixty
_ADDRESSES = {"URL", "URLcerfaGuide", "spUrl", "questionnaireUrl"}
_REFERENCES = {"ID", "LienPublication", "LienID"}
_OF_FICHES = {
    *("Fiche", "QuestionReponse", "CommentFaireSi", "FicheConnexe", "FicheLiee", "LienInterne"),
    *("FichePrecedente", "FicheSuivante"),
}
_OF_PLACES = {
    *("Dossier", "DossierPere", "SousDossier", "Theme", "SousThemePere", "SousTheme"),
    *("RechercheGuidee", "RechercheGuideePere"),
}


class Schema:
    """The declarations of a schema and of those it includes, by name."""

    def __init__(self, root: str) -> None:
        self.elements: dict[str, etree._Element] = {}
        self.groups: dict[str, etree._Element] = {}
        self.types: dict[str, etree._Element] = {}
        self.attributes: dict[str, etree._Element] = {}
        self._seen: set = set()
        self._load((SCHEMA / root).resolve())

    def _load(self, path) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        root = etree.parse(str(path), etree.XMLParser(remove_comments=True)).getroot()
        prefix = "dc:" if root.get("targetNamespace") == _DC else ""
        tables = {
            f"{_XS}element": self.elements,
            f"{_XS}group": self.groups,
            f"{_XS}complexType": self.types,
            f"{_XS}attribute": self.attributes,
        }
        for child in root:
            if child.tag in (f"{_XS}include", f"{_XS}import"):
                if (location := child.get("schemaLocation")) and "xml.xsd" not in location:
                    self._load((path.parent / location).resolve())
            elif child.tag in tables:
                child.set("prefix", prefix)
                tables[child.tag][prefix + child.get("name")] = child
                for inner in child.iter(f"{_XS}element"):
                    inner.set("prefix", prefix)

    def names(self, root: str) -> set[str]:
        """Every element that may stand in a document."""
        found: set[str] = set()
        todo, seen = [self.elements[root]], set()
        while todo:
            node = todo.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.tag == f"{_XS}element":
                declared = self.declared(node)
                found.add(declared.get("name"))
                if (kind := declared.get("type")) in self.types:
                    todo.append(self.types[kind])
                todo += list(declared)
            elif node.tag == f"{_XS}group" and node.get("ref"):
                todo += list(self.groups[node.get("ref")])
            else:
                todo += [child for child in node if isinstance(child.tag, str)]
        return found

    def declared(self, element: etree._Element) -> etree._Element:
        """The declaration behind a ``ref``."""
        reference = element.get("ref")
        if not reference:
            return element
        prefix = element.get("prefix", "")
        return self.elements[reference if reference in self.elements else prefix + reference]


class _Writer:
    """One document being drawn: how much is left to draw, and what was already said."""

    def __init__(self, schema: Schema, draw: Callable, budget: int) -> None:
        self.schema, self.draw, self.left, self.said = schema, draw, budget, 0

    def number(self) -> int:
        self.said += 1
        return self.said

    def text(self) -> str:
        return f"‹texte\u00a0{self.number()}›"

    def upto(self, most: int) -> int:
        return self.draw(st.integers(0, most)) if most > 0 else 0

    def element(self, node: etree._Element, depth: int = 0) -> etree._Element:
        declared = self.schema.declared(node)
        name = declared.get("name")
        dublin_core = declared.get("prefix") == "dc:"
        found = etree.Element(f"{{{_DC}}}{name}" if dublin_core else name)
        self.left -= 1
        kind = declared.get("type", "")
        model = self.schema.types.get(kind)
        if model is None:
            model = declared.find(f"{_XS}complexType")
        if model is None:
            found.text = "true" if kind == "xs:boolean" else self.text()
            return found
        self._attributes(found, model)
        mixed = model.get("mixed") == "true"
        if mixed:
            found.text = self.text()
        for child in self._content(model, depth):
            found.append(child)
            if mixed:
                child.tail = self.text()
        return found

    def _content(self, model: etree._Element, depth: int) -> Iterator[etree._Element]:
        for node in model:
            if node.tag in (f"{_XS}sequence", f"{_XS}choice", f"{_XS}group"):
                yield from self._particle(node, depth + 1)

    def _particle(self, node: etree._Element, depth: int) -> Iterator[etree._Element]:
        """One element, sequence, choice or group, as many times as drawn and allowed."""
        least = int(node.get("minOccurs", "1"))
        most = node.get("maxOccurs", "1")
        limit = least + 2 if most == "unbounded" else int(most)
        poor = self.left <= 0 or depth > _DEPTH_MAX
        for _ in range(least if poor else max(least, self.upto(limit))):
            yield from self._once(node, depth, poor)

    def _once(self, node, depth: int, poor: bool) -> Iterator[etree._Element]:
        inner = [child for child in node if child.tag != f"{_XS}annotation"]
        if node.tag == f"{_XS}element":
            yield self.element(node, depth)
        elif node.tag == f"{_XS}group":
            for child in self.schema.groups[node.get("ref")]:
                if child.tag != f"{_XS}annotation":
                    yield from self._particle(child, depth)
        elif node.tag == f"{_XS}choice":
            empty = [child for child in inner if child.get("minOccurs") == "0"]
            if not (poor and empty):
                chosen = inner[self.upto(len(inner) - 1)]
                yield from self._particle(chosen, depth)
        else:
            for child in inner:
                yield from self._particle(child, depth)

    def _attributes(self, found: etree._Element, model: etree._Element) -> None:
        declared = model.findall(f"{_XS}attribute")
        optional = sum(each.get("use") != "required" for each in declared)
        mask = self.upto(2**optional - 1)
        for each in declared:
            if each.get("use") != "required":
                mask, wanted = mask // 2, mask % 2
                if not wanted:
                    continue
            name = each.get("name") or each.get("ref")
            found.set(name, self._value(found.tag, name, each))

    def _value(self, element: str, name: str, declared: etree._Element) -> str:
        number = self.number()
        listed = [each.get("value") for each in declared.iter(f"{_XS}enumeration")]
        day = (date(2001, 1, 1) + timedelta(days=number)).isoformat()
        match declared.get("type", ""):
            case _ if listed:
                return listed[number % len(listed)]
            case "xs:boolean":
                return ("true", "false")[number % 2]
            case "xs:date":
                return day
            case "xs:dateTime":
                return f"{day}T00:00:00"
            case "xs:nonNegativeInteger" | "xs:positiveInteger":
                return str(number % 3 + 1) if name.startswith("fusion") else str(10_000 + number)
        if name in _ADDRESSES:
            return f"https://exemple.gouv.fr/{number}?a=1&b=é"
        if name in _REFERENCES:
            kind = "F" if element in _OF_FICHES else "N" if element in _OF_PLACES else "R"
            return f"{kind}{10_000 + number}"
        if name in ("important", "redimensionnable"):
            return ("oui", "non")[number % 2]
        return f"{name}-{number}" if name != "var" else f"T{number}"


@st.composite
def documents(draw, schema: Schema, root: str, reference: str):
    """A document with the root's required children and a few drawn ones, each with its part."""
    declared = schema.elements[root]
    writer = _Writer(schema, draw, 0)
    found = etree.Element(root)
    model = declared.find(f"{_XS}complexType")
    writer._attributes(found, model)
    found.set("ID", reference)
    children = [node for node in model.find(f"{_XS}sequence") if isinstance(node.tag, str)]
    ranks = st.integers(0, len(children) - 1)
    wanted = draw(st.sets(ranks, min_size=3, max_size=9))
    for rank in sorted(wanted | {0}):
        writer.left = 0 if rank == 0 else 60
        node = children[rank]
        once = writer._once(node, 1, poor=False) if rank else writer._particle(node, 1)
        for child in once:
            found.append(child)
    if found.find(f"{{{_DC}}}title") is None:
        title = etree.Element(f"{{{_DC}}}title")
        title.text = writer.text()
        found.insert(0, title)
    return found
