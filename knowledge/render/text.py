"""Text and plan: paragraphs, lists, tables, call-outs, chapters, forks, guided questions."""

from __future__ import annotations

import re
from html import escape

from knowledge.render.pieces import (
    RENDERERS,
    condition_attribute,
    day_in_words,
    html,
    inline_html,
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
    out.append(f"<p>{inline_html(block['texte'])}</p>")


def _intertitre(block, level, out):
    out.append(f'<p class="a39-intertitre">{inline_html(block["texte"])}</p>')


def _liste(block, level, out):
    tag = "ol" if block["genre"] == "numero" else "ul"
    out.append('<ul class="a39-a-cocher">' if block["genre"] == "case" else f"<{tag}>")
    for item in block["items"]:
        if not item:
            continue
        out.append("<li>")
        if item[0]["type"] == "paragraphe":
            out.append(inline_html(item[0]["texte"]))
            write(item[1:], level, out)
        else:
            write(item, level, out)
        out.append("</li>")
    out.append(f"</{tag}>")


def _tableau(block, level, out):
    title = html(block.get("titre", ""))
    label = re.sub(r"<[^>]*>", "", title) or "Tableau"
    out.append(f'<div class="a39-tableau" role="region" tabindex="0" aria-label="{label}"><table>')
    summary = block.get("resume")
    if title or summary:
        out.append(f"<caption>{title}")
        write(summary or [], level, out)
        out.append("</caption>")
    section = ""
    for row in block["rangees"]:
        wanted = "thead" if row["entete"] and section != "tbody" else "tbody"
        if wanted != section:
            out.append((f"</{section}>" if section else "") + f"<{wanted}>")
            section = wanted
        out.append("<tr>")
        for cell in row["cellules"]:
            _cellule(cell, level, out, in_header=row["entete"])
        out.append("</tr>")
    out.append((f"</{section}>" if section else "") + "</table></div>")


def _cellule(cell: dict, level: int, out: list[str], *, in_header: bool) -> None:
    attributes = ""
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
    if len(cell["blocs"]) == 1 and cell["blocs"][0]["type"] == "paragraphe":
        out.append(inline_html(cell["blocs"][0]["texte"]))
    else:
        write(cell["blocs"], level, out)
    out.append(f"</{tag}>")


def _encart(block, level, out):
    genre = block["genre"] if block["genre"] in _CALLOUTS else "a_noter"
    out.append(f'<div class="a39-encart a39-encart-{genre}"{condition_attribute(block)}>')
    write_paragraph(html(block.get("titre") or _CALLOUTS[genre]), out, "a39-encart-titre")
    write(block["blocs"], level, out)
    out.append("</div>")


def _avertissement(block, level, out):
    out.append('<div class="a39-avertissement">')
    write_paragraph(html(block.get("titre") or "Avertissement"), out, "a39-encart-titre")
    if day := block.get("date"):
        shown = escape(day_in_words(day))
        out.append(f'<p class="a39-date"><time datetime="{escape(day)}">{shown}</time></p>')
    write(block["blocs"], level, out)
    out.append("</div>")


def _introduction(block, level, out):
    out.append(f'<div class="a39-introduction"{condition_attribute(block)}>')
    write_paragraph(html(block.get("titre", "")), out, "a39-intertitre")
    write(block["blocs"], level, out)
    out.append("</div>")


def _conditionne(block, level, out):
    out.append(f'<div class="a39-conditionne"{condition_attribute(block)}>')
    write(block["blocs"], level, out)
    out.append("</div>")


def _unknown(block, level, out):
    element = escape(block.get("element") or block["type"])
    out.append(f'<div class="a39-inconnu" data-element="{element}">')
    write_paragraph(html(block.get("titre", "")), out)
    write(block.get("blocs", []), level, out)
    out.append("</div>")


# --- Plan ---------------------------------------------------------------------------------------


def _chapitre(block, level, out):
    css = "a39-chapitre" + (f" a39-{escape(block['role'])}" if block.get("role") else "")
    css += " a39-etape" if block.get("numerote") else ""
    out.append(f'<div class="{css}"{condition_attribute(block)}>')
    write_heading(html(block["titre"]), level, out)
    if other := block.get("titre_alternatif"):
        write_paragraph(html(other), out, "a39-titre-alternatif")
    write(block["blocs"], level + 1, out)
    out.append("</div>")


def _conclusion(block, level, out):
    out.append(f'<div class="a39-conclusion"{condition_attribute(block)}>')
    write_heading(html(block.get("titre", "")), level, out)
    write(block["blocs"], level + 1, out)
    out.append("</div>")


def _fourche(block, level, out):
    out.append(f'<div class="a39-fourche" data-genre="{escape(block.get("genre", ""))}">')
    write_paragraph(html(block.get("question", "")), out, "a39-question")
    for rank, case in enumerate(block["cas"], start=1):
        out.append(f'<section class="a39-cas" data-cas="{rank}"{condition_attribute(case)}>')
        write_heading(html(case["titre"]), level, out, "a39-cas-titre")
        write_paragraph(html(case.get("a_dire", "")), out, "a39-adire")
        write(case["blocs"], level + 1, out)
        out.append("</section>")
    out.append("</div>")


def _questionnaire(block, level, out):
    out.append('<div class="a39-questionnaire">')
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
    return f' data-variables="{escape(", ".join(found))}"' if found else ""


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
}
