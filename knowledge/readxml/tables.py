"""Tables: rows, merged cells, headers of rows and columns."""

from __future__ import annotations

from knowledge.readxml.inline import rich
from knowledge.readxml.structure import READERS, blocks, others, some

_SPAN_MAX = 100
_CELL = ("fusionHorizontale", "fusionVerticale", "headerID", "refHeaderID")


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _SPAN_MAX) if value and value.strip().isdecimal() else 1


def _table(element, reading):
    title = element.find("TitreRiche")
    if title is None:
        title = element.find("Titre")
    summary = element.find("Resume")
    columns, rows = element.findall("Colonne"), element.findall("Rangée")
    display = element.find("Affichage")
    kinds = ["header" if column.get("type") == "header" else "normal" for column in columns]
    found = {
        "type": "tableau",
        "titre": rich(title, reading),
        **({} if summary is None else {"resume": blocks(summary, reading)}),
        "entetes": kinds,
        **some(
            largeurs=[column.get("largeur", "") for column in columns]
            if any(column.get("largeur") for column in columns)
            else [],
            linearisation="" if display is None else display.get("linearisation"),
        ),
        **others(element),
        "rangees": [_row(row, kinds, reading) for row in rows],
    }
    return [found, *blocks(element, reading, (title, summary, display, *columns, *rows))]


def _row(row, kinds: list[str], reading) -> dict:
    header = row.get("type") == "header"
    cells, position, taken = [], 0, []
    for cell in row.findall("Cellule"):
        taken.append(cell)
        width = _span(cell.get("fusionHorizontale"))
        is_header = header or (position < len(kinds) and kinds[position] == "header")
        cells.append(
            {
                "blocs": blocks(cell, reading),
                "colonnes": width,
                "lignes": _span(cell.get("fusionVerticale")),
                "entete": is_header,
                **some(id=cell.get("headerID"), refs=(cell.get("refHeaderID") or "").split()),
                **others(cell, *_CELL),
            }
        )
        position += width
    rest = blocks(row, reading, tuple(taken))
    if rest:
        cells.append({"blocs": rest, "colonnes": 1, "lignes": 1, "entete": header})
    return {"entete": header, "cellules": cells, **others(row, "type")}


READERS["Tableau"] = _table
