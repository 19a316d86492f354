"""Text and plan: paragraphs, lists, tables, call-outs, chapters, forks, guided questions."""

from __future__ import annotations

import re
from html import escape
from zlib import crc32

from knowledge.render.pieces import (
    RENDERERS,
    data,
    html,
    inline_html,
    other_data,
    outside,
    time_of,
    write,
    write_heading,
    write_paragraph,
)

_CALLOUTS = {
    "a_noter": "À noter",
    "a_savoir": "À savoir",
    "attention": "Attention",
    "rappel": "Rappel",
    "exemple": "Exemple",
    "consigne": "Consigne",
    "complement": "Complément",
    "aide": "Aide",
}
# --- Text ---------------------------------------------------------------------------------------


def _paragraphe(block, level, out):
    write_paragraph(inline_html(block["texte"]), out, more=data(block))


def _intertitre(block, level, out):
    write_paragraph(inline_html(block["texte"]), out, "a39-intertitre")


def _liste(block, level, out):
    tag = "ol" if block["genre"] == "numero" else "ul"
    css = ' class="a39-a-cocher"' if block["genre"] == "case" else ""
    out.append(f"<{tag}{css}{other_data(block)}>")
    for item in block["items"]:
        if not item:
            continue
        out.append("<li>")
        if item[0]["type"] == "paragraphe" and "attributs" not in item[0]:
            out.append(inline_html(item[0]["texte"]))
            write(item[1:], level, out)
        else:
            write(item, level, out)
        out.append("</li>")
    out.append(f"</{tag}>")


def _tableau(block, level, out):
    title = html(block.get("titre", ""))
    label = re.sub(r"<[^>]*>", "", title) or "Tableau"
    out.append(f'<div class="a39-tableau" role="region" tabindex="0" aria-label="{label}">')
    line = block.get("linearisation")
    linear = f' data-linearisation="{escape(line)}"' if line else ""
    out.append(f"<table{linear}{other_data(block)}>")
    summary = block.get("resume")
    if title or summary:
        out.append(f"<caption>{title}")
        write(summary or [], level, out)
        out.append("</caption>")
    if widths := block.get("largeurs"):
        columns = (f'<col data-largeur="{escape(width)}">' for width in widths)
        out.append(f"<colgroup>{''.join(columns)}</colgroup>")
    section, prefix = "", _header_prefix(block)
    for row in block["rangees"]:
        wanted = "thead" if row["entete"] and section != "tbody" else "tbody"
        if wanted != section:
            out.append((f"</{section}>" if section else "") + f"<{wanted}>")
            section = wanted
        out.append(f"<tr{other_data(row)}>")
        for cell in row["cellules"]:
            _cellule(cell, level, out, prefix, in_header=row["entete"])
        out.append("</tr>")
    out.append((f"</{section}>" if section else "") + "</table></div>")


def _header_prefix(block: dict) -> str:
    """What makes the ids of a table's headers its own: two tables of a page may name them alike."""
    if not any("id" in cell for row in block["rangees"] for cell in row["cellules"]):
        return ""
    return f"t{crc32(repr(block['rangees']).encode()):x}-"


def _cellule(cell: dict, level: int, out: list[str], prefix: str, *, in_header: bool) -> None:
    attributes = other_data(cell)
    if identifier := cell.get("id"):
        shown = escape(identifier)
        attributes += f' id="{prefix}{_anchor(shown)}" data-headerid="{shown}"'
    if refs := cell.get("refs"):
        headers = " ".join(prefix + _anchor(escape(ref)) for ref in refs)
        attributes += f' headers="{headers}" data-refheaderid="{escape(" ".join(refs))}"'
    width, height = int(cell.get("colonnes") or 1), int(cell.get("lignes") or 1)
    tag = "th" if cell.get("entete") else "td"
    if tag == "th":
        spread = width if in_header else height
        scope = ("col" if in_header else "row") + ("group" if spread > 1 else "")
        attributes += f' scope="{scope}"'
    if width > 1:
        attributes += f' colspan="{width}"'
    if height > 1:
        attributes += f' rowspan="{height}"'
    out.append(f"<{tag}{attributes}>")
    first = cell["blocs"][0] if len(cell["blocs"]) == 1 else {"type": ""}
    if first["type"] == "paragraphe" and "attributs" not in first:
        out.append(inline_html(cell["blocs"][0]["texte"]))
    else:
        write(cell["blocs"], level, out)
    out.append(f"</{tag}>")


def _encart(block, level, out):
    genre = block["genre"] if block["genre"] in _CALLOUTS else "a_noter"
    out.append(f'<div class="a39-encart a39-encart-{genre}"{data(block)}>')
    write_paragraph(html(block.get("titre") or _CALLOUTS[genre]), out, "a39-encart-titre")
    write(block["blocs"], level, out)
    out.append("</div>")


def _avertissement(block, level, out):
    out.append(f'<div class="a39-avertissement"{data(block)}>')
    write_paragraph(html(block.get("titre") or "Avertissement"), out, "a39-encart-titre")
    if day := block.get("date"):
        out.append(f'<p class="a39-date">{time_of(day)}</p>')
    write(block["blocs"], level, out)
    out.append("</div>")


def _introduction(block, level, out):
    out.append(f'<div class="a39-introduction"{data(block)}>')
    write_paragraph(html(block.get("titre", "")), out, "a39-intertitre")
    write(block["blocs"], level, out)
    out.append("</div>")


def _conditionne(block, level, out):
    out.append(f'<div class="a39-conditionne"{data(block)}>')
    write(block["blocs"], level, out)
    out.append("</div>")


def _unknown(block, level, out):
    element = escape(block.get("element") or block["type"])
    out.append(f'<div class="a39-inconnu" data-element="{element}"{other_data(block)}>')
    write_paragraph(html(block.get("titre", "")), out)
    write(block.get("blocs", []), level, out)
    out.append("</div>")


# --- Plan ---------------------------------------------------------------------------------------


def _chapitre(block, level, out):
    css = "a39-chapitre" + (f" a39-{escape(block['role'])}" if block.get("role") else "")
    css += " a39-etape" if block.get("numerote") else ""
    more = _role(block) + (' data-numerote="true"' if block.get("numerote") else "")
    out.append(f'<div class="{css}"{more}{data(block)}>')
    write_heading(html(block["titre"]), level, out)
    if other := block.get("titre_alternatif"):
        write_paragraph(html(other), out, "a39-titre-alternatif")
    write(block["blocs"], level + 1, out)
    out.append("</div>")


def _conclusion(block, level, out):
    out.append(f'<div class="a39-conclusion"{_role(block)}{data(block)}>')
    write_heading(html(block.get("titre", "")), level, out)
    write(block["blocs"], level + 1, out)
    out.append("</div>")


def _fourche(block, level, out):
    genre = escape(block.get("genre", ""))
    out.append(f'<div class="a39-fourche" data-genre="{genre}"{other_data(block)}>')
    write_paragraph(html(block.get("question", "")), out, "a39-question")
    for rank, case in enumerate(block["cas"], start=1):
        out.append(f'<section class="a39-cas" data-cas="{rank}"{data(case)}>')
        write_heading(html(case["titre"]), level, out, "a39-cas-titre")
        write_paragraph(html(case.get("a_dire", "")), out, "a39-adire")
        write(case["blocs"], level + 1, out)
        out.append("</section>")
    out.append("</div>")


def _questionnaire(block, level, out):
    out.append(f'<div class="a39-questionnaire"{data(block)}>')
    write_heading(html(block.get("titre", "")), level, out)
    write(block["blocs"], level + 1, out)
    out.append("</div>")


def _choix(block, level, out):
    out.append(f'<div class="a39-choix"{_variables(block)}>')
    write_paragraph(html(block.get("titre", "")), out, "a39-question")
    write_paragraph(html(block.get("libelle", "")), out)
    write(block["blocs"], level, out)
    if block["reponses"]:
        out.append("<ul>")
        for answer in block["reponses"]:
            out.append(f"<li{_variables(answer)}>{html(answer['titre'])}")
            write_paragraph(html(answer["libelle"]), out, "a39-libelle")
            write(answer["blocs"], level, out)
            out.append("</li>")
        out.append("</ul>")
    out.append("</div>")


def _variables(record: dict) -> str:
    found = record.get("affecte")
    told = f' data-variables="{escape(", ".join(found))}"' if found else ""
    return told + data(record)


def _role(block: dict) -> str:
    role = block.get("role")
    return f' data-role="{escape(role)}"' if role else ""


def _anchor(text: str) -> str:
    return re.sub(r"\s+", "-", text)


def _donnee(block, level, out):
    """One fact of a resource: what it is, and its value, for a period if it has one."""
    name = escape(block["libelle"])
    value = html(block["texte"])
    if url := block.get("url"):
        write_paragraph(outside(url, value or name), out, "a39-donnee", data(block))
        return
    period = ""
    if day := block.get("debut"):
        period += f" à partir du {time_of(day)}"
    if day := block.get("fin"):
        period += f" jusqu'au {time_of(day)}"
    shown = f'<span class="a39-libelle">{name}\u00a0:</span> {value}{period}'
    write_paragraph(shown, out, "a39-donnee", data(block))
    write(block.get("blocs", []), level, out)


RENDERERS |= {
    "paragraphe": _paragraphe,
    "intertitre": _intertitre,
    "liste": _liste,
    "tableau": _tableau,
    "encart": _encart,
    "avertissement": _avertissement,
    "introduction": _introduction,
    "conditionne": _conditionne,
    "inconnu": _unknown,
    "chapitre": _chapitre,
    "conclusion": _conclusion,
    "fourche": _fourche,
    "questionnaire": _questionnaire,
    "choix": _choix,
    "donnee": _donnee,
}
