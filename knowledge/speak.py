"""A fiche at one point of its path as plain text, to dictate or to send: what copy puts down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count

from knowledge import freshness
from knowledge.blocks import Block, Inline, children, inline_text
from knowledge.enums import Origine
from knowledge.models import Fiche
from knowledge.qualify import Lecture

CALLOUTS = {"attention": "Attention", "exemple": "Exemple", "rappel": "Rappel"}
INDENT = "   "
_BLANKS = re.compile(r"[ \t\r\n]+")


def dictate(fiche: Fiche, lecture: Lecture, *, bodies: Sequence[str] = (), on: date) -> str:
    """What is said at this point of the path, in the order of the page.

    Title, case, spoken text, documents numbered, cost, delay, services with their addresses,
    ``bodies`` (the offices given to the caller, one text each) or else the kinds of office, then
    source and date. Each part stands under its name in capitals; a part without content is left
    out. Warnings and the desk's own note are for the agent, and stay out.
    """
    parts = [
        _head(fiche, lecture),
        _said(lecture),
        _part("Pièces à réunir", _numbered(lecture.pieces)),
        _part("Coût", plain_lines(lecture.couts)),
        _part("Délai", plain_lines(lecture.delais)),
        _part("En ligne", [line for block in lecture.services for line in _service(block)]),
        _part("Où s'adresser", bodies or [_office(block) for block in lecture.bureaux]),
        _part("Source", [_source(fiche, on=on)]),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def plain_lines(blocks: Iterable[Block], *, indent: str = "") -> list[str]:
    """Blocks as lines of text, one for each paragraph, item of a list and row of a table."""
    return [line for block in blocks for line in _lines(block, indent)]


def _lines(block: Block, indent: str) -> list[str]:
    match block["type"]:
        case "paragraphe" | "intertitre":
            return _line(indent, block["texte"])
        case "liste":
            return [line for item in block["items"] for line in _item(item, indent, "- ")]
        case "tableau":
            rows = (_cells(row) for row in block["rangees"])
            return [indent + row for row in rows if row]
        case "encart":
            inside = plain_lines(block["blocs"], indent=indent)
            title = _text(block.get("titre", "")) or CALLOUTS.get(block["genre"], "À noter")
            return [f"{indent}{title}\u00a0: {inside[0].strip()}", *inside[1:]] if inside else []
        case "service":
            return [indent + line for line in _service(block)]
        case "bureau":
            return [indent + _office(block)]
    heading = _line(indent, block.get("titre", ""))
    parts = (plain_lines(inner, indent=indent) for inner in children(block))
    return heading + [line for lines in parts for line in lines]


def _item(item: list[Block], indent: str, mark: str) -> list[str]:
    """An item: its first line behind the mark, what follows set in under it."""
    inside = plain_lines(item)
    if not inside:
        return []
    margin = indent + " " * len(mark)
    return [indent + mark + inside[0], *(margin + line for line in inside[1:])]


def _numbered(blocks: list[Block]) -> list[str]:
    """Documents one by one: the numbers run through the lists, whatever chapters they stand in."""
    rank = count(1)

    def number(blocks: list[Block]) -> Iterable[str]:
        for block in blocks:
            if block["type"] == "liste":
                for item in block["items"]:
                    if plain_lines(item):
                        yield from _item(item, "", f"{next(rank)}. ")
            elif block["type"] == "chapitre":
                yield from _line("", block["titre"])
                yield from number(block["blocs"])
            else:
                yield from plain_lines([block])

    return list(number(blocks))


def _cells(row: dict) -> str:
    cells = (" ".join(plain_lines(cell["blocs"])) for cell in row["cellules"])
    return " ; ".join(cell for cell in cells if cell)


def _head(fiche: Fiche, lecture: Lecture) -> list[str]:
    lines = [fiche.titre]
    if lecture.puces:
        lines.append(f"Situation\u00a0: {', '.join(lecture.puces)}")
    if lecture.fourche is not None:
        lines.append(f"Reste à demander\u00a0: {lecture.fourche['question']}")
    return lines


def _said(lecture: Lecture) -> list[str]:
    if lecture.introduction:
        return _part("Introduction de la fiche", plain_lines(lecture.introduction))
    return _part("À dire", lecture.a_dire.splitlines() if lecture.a_dire else [])


def _part(name: str, lines: Sequence[str]) -> list[str]:
    return [name.upper(), *lines] if lines else []


def _service(record: dict) -> list[str]:
    """A service with its address; its notices and annexes under it."""
    title = _text(record["titre"]) or record.get("genre", "")
    number = f" (cerfa n°\u00a0{record['cerfa']})" if record.get("cerfa") else ""
    line = f"- {title}{number}" + (f"\u00a0: {record['url']}" if record.get("url") else "")
    others = [*record.get("notices", ()), *record.get("annexes", ())]
    return [line, *(INDENT + inner for other in others for inner in _service(other))]


def _office(block: Block) -> str:
    told = (_text(block["titre"]), _text(block.get("complement", "")), *block.get("urls", ()))
    return "- " + ", ".join(part for part in told if part)


def _source(fiche: Fiche, *, on: date) -> str:
    since = freshness.label(fiche, on=on).depuis
    where = "3939 Allo Service-Public"
    if fiche.origine == Origine.SERVICE_PUBLIC:
        where = f"Service-Public.gouv.fr / DILA {fiche.url}".strip()
    return ", ".join(
        part
        for part in (where, f"fiche {fiche.reference}", f"version {fiche.version}", since)
        if part
    )


def _line(indent: str, text: str | Inline) -> list[str]:
    plain = _text(text)
    return [indent + plain] if plain else []


def _text(text: str | Inline) -> str:
    """Running text on one line, its non-breaking spaces kept."""
    plain = text if isinstance(text, str) else inline_text(text)
    return _BLANKS.sub(" ", plain).strip()
