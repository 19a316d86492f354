"""Where a fiche stands in its source: folded, at the end of its page."""

from __future__ import annotations

import re
from html import escape

from knowledge.render.pieces import (
    RENDERERS,
    data,
    fiche_link,
    html,
    outside,
    source_link,
    time_of,
    write,
    write_paragraph,
)

# The fifteen mentions of Dublin Core.
_MENTIONS = {
    "title": "Titre",
    "creator": "Auteur",
    "subject": "Sujet",
    "description": "Description",
    "publisher": "Éditeur",
    "contributor": "Contributeur",
    "date": "Date",
    "type": "Nature",
    "format": "Format",
    "identifier": "Identifiant",
    "source": "Sources",
    "language": "Langue",
    "relation": "Fait partie de",
    "coverage": "Portée",
    "rights": "Droits",
}
_ADDRESS = re.compile(r"https?://[^\s,]+")


def _cadre(block, level, out):
    opened = " open" if block.get("ouvert") else ""
    out.append(f'<details class="a39-cadre"{opened}{data(block)}>')
    out.append("<summary>Place de la fiche dans sa source</summary>")
    if mentions := block.get("mentions"):
        out.append('<dl class="a39-mentions">')
        for mention in mentions:
            name = mention["nom"]
            out.append(
                f'<div data-mention="{escape(name)}"><dt>{_MENTIONS.get(name, escape(name))}'
            )
            out.append(f"</dt><dd>{_with_links(mention['texte'])}</dd></div>")
        out.append("</dl>")
    write_paragraph(html(block.get("surtitre", "")), out)
    _list((html(public["titre"]) for public in block.get("publics", [])), out, "a39-publics")
    for name in ("canal", "cible"):
        write_paragraph(html(block.get(name, "")), out)
    _list(map(_step, block.get("fil", [])), out, "a39-fil")
    write(block.get("voisines", []), level, out)
    _list(map(_theme, block.get("themes", [])), out, "a39-themes")
    _where(block.get("sous_theme"), out)
    if dossier := block.get("dossier"):
        write_paragraph(source_link(dossier["reference"], html(dossier["titre"]), ""), out)
        for group in (*dossier["groupes"], {"titre": "", "liens": dossier["liens"]}):
            reference = group.get("reference", "")
            more = f' data-reference="{escape(reference)}"' if reference else ""
            write_paragraph(html(group["titre"]), out, "a39-intertitre", more)
            sisters = group["liens"]
            _list((fiche_link(x["reference"], html(x["titre"])) for x in sisters), out)
    _where(block.get("sous_dossier"), out)
    write(block.get("liens", []), level, out)
    write(block.get("blocs", []), level, out)
    _dates_and_addresses(block, out)
    out.append("</details>")


def _dates_and_addresses(block, out) -> None:
    if day := block.get("importante_le"):
        out.append(f"<p>Dernière modification importante le {time_of(day)}</p>")
    if profiles := block.get("profils"):
        write_paragraph(f"Profils professionnels\u00a0: {escape(profiles)}", out)
    if url := (block.get("attributs") or {}).get("spUrl"):
        write_paragraph(outside(url, "Page publique de la fiche"), out)
    if url := block.get("questionnaire"):
        write_paragraph(outside(url, "Questionnaire de la source"), out)


def _where(place: dict | None, out) -> None:
    if place:
        write_paragraph(source_link(place["reference"], html(place["titre"]), ""), out)


def _list(items, out, css: str = "") -> None:
    shown = "".join(f"<li>{item}</li>" for item in items)
    if shown:
        klass = f' class="{css}"' if css else ""
        out.append(f"<ul{klass}>{shown}</ul>")


def _step(step: dict) -> str:
    reference = step.get("reference", "")
    more = f' data-reference="{escape(reference)}"' if reference else ""
    return f"<span{more}{data(step)}>{html(step['titre'])}</span>"


def _theme(theme: dict) -> str:
    publics = "".join(
        f" <span>{html(public['titre'])}</span>" for public in theme.get("publics", [])
    )
    return source_link(theme["reference"], html(theme["titre"]), "") + publics


def _with_links(text: str) -> str:
    """A mention, its addresses opened; the text stays as it is."""
    parts, cursor = [], 0
    for found in _ADDRESS.finditer(text):
        parts.append(escape(text[cursor : found.start()]))
        parts.append(outside(found[0], escape(found[0])))
        cursor = found.end()
    return "".join((*parts, escape(text[cursor:])))


RENDERERS["cadre"] = _cadre
