"""OpenDocument spreadsheets, written row after row: the memory holds one row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

Cell = str | date

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("number", "datastyle"),
    )
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES}'
    ' office:version="1.2"><office:automatic-styles>'
    '<style:style style:name="co" style:family="table-column">'
    '<style:table-column-properties style:column-width="5cm"/></style:style>'
    '<style:style style:name="titre" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<number:date-style style:name="jour"><number:day number:style="long"/>'
    "<number:text>/</number:text>"
    '<number:month number:style="long"/><number:text>/</number:text>'
    '<number:year number:style="long"/></number:date-style>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="jour"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_FOOT = "</office:spreadsheet></office:body></office:document-content>"
# What XML cannot hold, even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_ods(target: IO[bytes], sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> None:
    """Write a spreadsheet to a seekable file: named sheets, the first row of each in bold.

    Text stays text, whatever it looks like: a postcode keeps its zero, nothing is a formula.
    """
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        # First and not compressed: the kind of the file is read there.
        archive.writestr("mimetype", _TYPE, ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w") as content:
            content.write(_HEAD.encode())
            for name, rows in sheets:
                content.write(
                    f"<table:table table:name={quoteattr(name)}>"
                    '<table:table-column table:style-name="co"'
                    ' table:number-columns-repeated="20"/>'.encode()
                )
                for rank, row in enumerate(rows):
                    cells = "".join(_cell(value, title=rank == 0) for value in row)
                    content.write(f"<table:table-row>{cells}</table:table-row>".encode())
                content.write(b"</table:table>")
            content.write(_FOOT.encode())


def _cell(value: Cell, *, title: bool) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        return (
            '<table:table-cell table:style-name="date" office:value-type="date"'
            f' office:date-value="{value.isoformat()}"><text:p>{value:%d/%m/%Y}</text:p>'
            "</table:table-cell>"
        )
    style = ' table:style-name="titre"' if title else ""
    lines = "".join(
        f"<text:p>{escape(line)}</text:p>" for line in _FORBIDDEN.sub("", value).splitlines()
    )
    return f'<table:table-cell{style} office:value-type="string">{lines}</table:table-cell>'
