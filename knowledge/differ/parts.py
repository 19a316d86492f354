"""A content as parts: a chapter, a case, an office, a service… with facts and lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.blocks import Block, Inline, inline_text, texts

# kind: (how it is named, whether the noun is feminine)
KINDS = {
    "chapitre": ("chapitre", False),
    "cas": ("cas", False),
    "situation": ("situation", True),
    "question": ("réponse", True),
    "avertissement": ("avertissement", False),
    "introduction": ("introduction", True),
    "conclusion": ("conclusion", True),
    "bureau": ("organisme", False),
    "service": ("service en ligne", False),
    "reference": ("texte de référence", False),
    "definition": ("définition", True),
    "lien": ("lien", False),
    "image": ("image", True),
    "video": ("vidéo", True),
    "source": ("source", True),
    "tableau": ("tableau", False),
    "questionnaire": ("questionnaire", False),
    "choix": ("question", True),
    "dossier": ("dossier", False),
}
FACTS = {
    "url": "adresse",
    "urls": "adresse",
    "cerfa": "numéro de Cerfa",
    "autre_numero": "autre numéro",
    "pivot": "type d'organisme",
    "date": "date",
    "format": "format",
    "poids": "poids",
    "guide": "adresse du guide",
    "complement": "précision",
    "source": "source",
    "titre_alternatif": "autre titre",
    "condition": "condition",
    "indisponible": "indisponible",
    "legende": "légende",
}
TARGET = {"reference": "fiche ou ressource visée"}  # of links without an address
# Blocks that are parts; the others only hold lines of the part around them.
_PARTS = frozenset(KINDS) - {"cas", "situation", "question", "dossier"}


@dataclass(slots=True)
class Line:
    text: str
    links: list[tuple[str, str]]


@dataclass(slots=True)
class Part:
    kind: str
    title: str
    facts: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def all_text(self) -> str:
        inner = [part.all_text() for part in self.parts]
        return " ".join([self.title, *(line.text for line in self.lines), *inner])


def read_parts(
    kind: str, title: str, blocks: list[Block], facts: dict[str, str] | None = None
) -> Part:
    part = Part(kind, title, facts or {})
    for block in blocks:
        _add(block, part)
    return part


def _add(block: Block, part: Part) -> None:
    kind = block["type"]
    if kind in ("paragraphe", "intertitre"):
        _add_line(block["texte"], part)
    elif kind == "fourche":
        _add_text(block.get("question", ""), part)
        for case in block["cas"]:
            facts = _facts(case, ("condition",))
            inner = read_parts(block.get("genre") or "cas", _title(case), case["blocs"], facts)
            if case.get("a_dire"):
                inner.lines.insert(0, Line(case["a_dire"], []))
            part.parts.append(inner)
    elif kind == "liste":
        for item in block["items"]:
            for inner_block in item:
                _add(inner_block, part)
    elif kind == "tableau":
        part.parts.append(_table(block))
    elif kind == "cadre":
        _add_frame(block, part)
    elif kind == "donnee":
        dates = [block[key] for key in ("debut", "fin") if key in block]
        _add_text(" ".join([f"{block['libelle']}\u00a0: {block['texte']}", *dates]), part)
    elif kind in _PARTS:
        part.parts.append(_record(block))
    else:
        _add_text(_title(block), part)
        for inner_block in block.get("blocs", ()):
            _add(inner_block, part)


def _record(block: Block) -> Part:
    facts = _facts(block, FACTS)
    if block["type"] == "lien" and "url" not in facts:
        facts |= _facts(block, ("reference",))
    found = read_parts(block["type"], _title(block), block.get("blocs", []), facts)
    for key in ("commentaire", "illustration", "acces", "introduction", "resume"):
        for inner in block.get(key) or ():
            _add(inner, found)
    for key, kind in (("notices", "service"), ("annexes", "service"), ("reponses", "choix")):
        for record in block.get(key) or ():
            found.parts.append(_record({**record, "type": kind}))
    return found


def _table(block: Block) -> Part:
    """A table's rows are lines: a change is told by its row."""
    found = read_parts("tableau", _title(block), block.get("resume", []))
    for row in block["rangees"]:
        cells = (" ".join(texts(cell["blocs"])) for cell in row["cellules"])
        _add_text(" | ".join(cell for cell in cells if cell.strip()), found)
    return found


def _add_frame(block: Block, part: Part) -> None:
    """Of the place in the source, what an agent may notice: whom it is for, the sister fiches."""
    dossier = block.get("dossier")
    for key in ("surtitre", "cible"):
        _add_text(block.get(key, ""), part)
    if dossier is None:
        return
    found = Part("dossier", dossier["titre"])
    for group in (*dossier["groupes"], dossier):
        if group is not dossier:
            _add_text(group["titre"], found)
        for link in group["liens"]:
            _add_text(link["titre"], found)
    part.parts.append(found)


def _title(record: dict) -> str:
    title = record.get("titre") or record.get("ancre") or ""
    return title if isinstance(title, str) else inline_text(title)


def _facts(record: dict, names) -> dict[str, str]:
    found = {}
    for name in names:
        value = record.get(name)
        if not value or isinstance(value, dict):
            continue
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        found[name] = "oui" if value is True else str(value)
    return found


def _add_text(text: str, part: Part) -> None:
    if text.strip():
        part.lines.append(Line(text.strip(), []))


def _add_line(inline: Inline, part: Part) -> None:
    text = inline_text(inline).strip()
    if text:
        part.lines.append(Line(text, list(_links(inline))))


def _links(inline: Inline) -> Iterator[tuple[str, str]]:
    for piece in inline:
        if isinstance(piece, dict):
            target = piece.get("url") or piece.get("reference")
            if target and piece["m"] in ("externe", "fiche", "interne"):
                yield inline_text(piece["c"]), target
            yield from _links(piece["c"])
