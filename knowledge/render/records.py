"""Offices, services, references, definitions, links, pictures, and the fiche's place."""

from __future__ import annotations

from html import escape

from knowledge.render.pieces import (
    FICHE,
    MEMBERS,
    RENDERERS,
    condition_attribute,
    day_in_words,
    details_line,
    fiche_link,
    html,
    outside,
    site_name,
    source_link,
    write,
    write_paragraph,
)

# --- Offices, services, references --------------------------------------------------------------


def _bureau(block, level, out):
    pivot = f' data-pivot="{escape(block["pivot"])}"' if block.get("pivot") else ""
    out.append(f'<div class="a39-bureau"{pivot}{condition_attribute(block)}>')
    write_paragraph(html(block["titre"]), out, "a39-bureau-titre")
    write_paragraph(html(block.get("complement", "")), out)
    sites = [outside(url, escape(site_name(url))) for url in block.get("urls", [])]
    write_paragraph(" · ".join(sites), out, "a39-adresse")
    write_paragraph(html(block.get("source", "")), out, "a39-source")
    write_paragraph(details_line(block, ()), out, "a39-details")
    write(block.get("blocs", []), level, out)
    out.append("</div>")


def _service(block, level, out):
    out.append(f'<div class="a39-service"{condition_attribute(block)}>')
    _service_fields(block, level, out)
    out.append("</div>")


def _service_fields(record: dict, level: int, out: list[str]) -> None:
    """A service, or one of its annexes or notices."""
    title = html(record["titre"]) or escape(record.get("genre", ""))
    link = outside(record.get("url", ""), title, record.get("commentaire_lien", ""))
    write_paragraph(link, out, "a39-service-titre")
    write_paragraph(html(record.get("titre_alternatif", "")), out, "a39-titre-alternatif")
    write(record.get("acces", []), level, out)
    write_paragraph(html(record.get("source", "")), out, "a39-source")
    names = ("genre", "cerfa", "autre_numero", "format", "poids", "langue", "date")
    write_paragraph(details_line(record, names), out, "a39-details")
    if guide := record.get("guide"):
        write_paragraph(outside(guide, "Guide du formulaire"), out)
    write(record.get("blocs", []), level, out)
    for key in ("notices", "annexes"):
        if record.get(key):
            out.append(f'<ul class="a39-{key}">')
            for other in record[key]:
                out.append("<li>")
                _service_fields(other, level, out)
                out.append("</li>")
            out.append("</ul>")


def _reference(block, level, out):
    out.append(outside(block.get("url", ""), html(block["titre"])))
    write_paragraph(html(block.get("source", "")), out, "a39-source")
    write_paragraph(html(block.get("complement", "")), out, "a39-complement")
    write_paragraph(details_line(block, ("format", "poids", "langue")), out, "a39-details")
    write(block.get("blocs", []), level, out)


def _source(block, level, out):
    out.append(outside(block.get("url", ""), html(block["titre"])))


def _definition(block, level, out):
    identifier = escape(block.get("id", ""))
    anchor = f' id="def-{identifier}"' if identifier else ""
    out.append(f'<div class="a39-definition"{anchor}><dt>{html(block["titre"])}</dt><dd>')
    write(block["blocs"], level, out)
    out.append("</dd></div>")


def _link(block, level, out):
    write(block.get("commentaire", []), level, out)
    url, reference = block.get("url", ""), block.get("reference", "")
    title = html(block["titre"])
    if not title and not block.get("ancre"):
        title = escape(site_name(url) or block.get("genre", "") or reference)
    anchor = html(block.get("ancre", ""))
    target = anchor or title
    if FICHE.fullmatch(reference):
        link = fiche_link(reference, target)
    elif url:
        link = outside(url, target, block.get("commentaire_lien", ""))
    else:
        link = source_link(reference, target, block.get("audience", ""))
    out.append(title if anchor else link)
    if theme := block.get("theme"):
        out.append(f' <span class="a39-theme">{html(theme)}</span>')
    write(block.get("illustration", []), level, out)
    write_paragraph(html(block.get("complement", "")), out, "a39-complement")
    write_paragraph(html(block.get("source", "")), out, "a39-source")
    if anchor:
        write_paragraph(link, out)
    names = ("cerfa", "autre_numero", "format", "poids", "langue")
    write_paragraph(details_line(block, names), out, "a39-details")
    write(block.get("blocs", []), level, out)


# --- Pictures, place ----------------------------------------------------------------------------


def _image(block, level, out):
    """The files of pictures are not delivered with the fiches: their texts stand in for them."""
    out.append(f'<figure class="a39-image" data-fichier="{escape(block["url"])}">')
    write_paragraph(html(block.get("titre", "")), out, "a39-intertitre")
    write(block.get("introduction", []), level, out)
    if legend := block.get("legende"):
        out.append(f"<p>{html(legend)}</p>")
    write_paragraph(html(block.get("credits", "")), out, "a39-source")
    write_paragraph(html(block.get("alternative", "")), out)
    write(block.get("blocs", []), level, out)
    out.append("</figure>")


def _video(block, level, out):
    out.append('<div class="a39-video">')
    title = html(block.get("titre", "")) or "Vidéo"
    write_paragraph(outside(block.get("url", ""), title), out)
    write(block.get("blocs", []), level, out)
    out.append("</div>")


def _cadre(block, level, out):
    out.append('<details class="a39-cadre"><summary>Place de la fiche dans sa source</summary>')
    for name in ("surtitre", "cible", "couverture"):
        write_paragraph(html(block.get(name, "")), out)
    if day := block.get("importante_le"):
        shown = f"Dernière modification importante le {day_in_words(day)}"
        out.append(f'<p><time datetime="{escape(day)}">{escape(shown)}</time></p>')
    if dossier := block.get("dossier"):
        write_paragraph(source_link(dossier["reference"], html(dossier["titre"]), ""), out)
        for group in (*dossier["groupes"], {"titre": "", "liens": dossier["liens"]}):
            write_paragraph(html(group["titre"]), out, "a39-intertitre")
            _sisters(group["liens"], out)
    write(block.get("liens", []), level, out)
    out.append("</details>")


def _sisters(links: list[dict], out: list[str]) -> None:
    if links:
        items = (f"<li>{fiche_link(link['reference'], html(link['titre']))}</li>" for link in links)
        out.append(f"<ul>{''.join(items)}</ul>")


RENDERERS |= {
    "bureau": _bureau,
    "service": _service,
    "image": _image,
    "video": _video,
    "cadre": _cadre,
}
MEMBERS |= {
    "reference": _reference,
    "source": _source,
    "definition": _definition,
    "lien": _link,
}
