"""Offices, services, references, definitions, links, pictures."""

from __future__ import annotations

from html import escape

from knowledge.render.pieces import (
    FICHE,
    MEMBERS,
    RENDERERS,
    data,
    details_line,
    fiche_link,
    html,
    other_data,
    outside,
    site_name,
    source_link,
    write,
    write_paragraph,
)

# --- Offices, services, references --------------------------------------------------------------


def _bureau(block, level, out):
    out.append(f'<div class="a39-bureau"{data(block)}>')
    write_paragraph(html(block["titre"]), out, "a39-bureau-titre")
    write_paragraph(html(block.get("complement", "")), out)
    more = block.get("sites") or [{}] * len(block.get("urls", []))
    sites = [
        outside(url, escape(site_name(url)), said.get("commentaire_lien", ""), data(said))
        for url, said in zip(block.get("urls", []), more, strict=False)
    ]
    write_paragraph(" · ".join(sites), out, "a39-adresse")
    write_paragraph(html(block.get("source", "")), out, "a39-source")
    write_paragraph(details_line(block, ()), out, "a39-details")
    write(block.get("blocs", []), level, out)
    out.append("</div>")


def _service(block, level, out):
    out.append(f'<div class="a39-service"{data(block)}>')
    _service_fields(block, level, out)
    out.append("</div>")


def _service_fields(record: dict, level: int, out: list[str]) -> None:
    """A service, or one of its annexes or notices; without an address its resource has it."""
    title = html(record["titre"]) or escape(record.get("genre", ""))
    comment = record.get("commentaire_lien", "")
    if record.get("url"):
        link = outside(record["url"], title, comment)
    else:
        link = resource_link(record.get("id", ""), title, comment)
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
                out.append(f"<li{data(other)}>")
                _service_fields(other, level, out)
                out.append("</li>")
            out.append("</ul>")


def resource_link(reference: str, inner: str, comment: str = "") -> str:
    """A link to the page of a resource, where the reference is one."""
    return source_link(reference, inner, "", "", comment) if reference[:1] in "NR" else inner


def _reference(block, level, out):
    out.append(
        outside(block.get("url", ""), html(block["titre"]), block.get("commentaire_lien", ""))
    )
    write_paragraph(html(block.get("source", "")), out, "a39-source")
    write_paragraph(html(block.get("complement", "")), out, "a39-complement")
    write_paragraph(details_line(block, ("format", "poids", "langue")), out, "a39-details")
    write(block.get("blocs", []), level, out)


def _source(block, level, out):
    out.append(outside(block.get("url", ""), html(block["titre"])))


def _definition(block, level, out):
    identifier = escape(block.get("id", ""))
    anchor = f' id="def-{identifier}" data-id="{identifier}"' if identifier else ""
    out.append(f'<div class="a39-definition"{anchor}{other_data(block)}>')
    out.append(f"<dt>{html(block['titre'])}</dt><dd>")
    write(block["blocs"], level, out)
    out.append("</dd></div>")


def _link(block, level, out):
    write(block.get("commentaire", []), level, out)
    url, reference = block.get("url", ""), block.get("reference", "")
    title = html(block["titre"])
    if not title and not block.get("ancre"):
        title = escape(site_name(url) or block.get("genre", "") or reference)
    anchor = html(block.get("ancre", ""))
    target, comment = anchor or title, block.get("commentaire_lien", "")
    before = title if anchor else ""
    if "<a " in target:  # a title with a link of its own cannot be inside another one
        before, target = title, escape(site_name(url) or reference)
    if FICHE.fullmatch(reference):
        link = fiche_link(reference, target, "", comment)
    elif url:
        link = outside(url, target, comment)
    else:
        link = source_link(reference, target, block.get("audience", ""), "", comment)
    out.append(before or link)
    for public in block.get("publics", []):
        out.append(f' <span class="a39-public">{html(public["titre"])}</span>')
    if theme := block.get("theme"):
        out.append(f' <span class="a39-theme">{html(theme)}</span>')
    for public in block.get("theme_publics", []):
        out.append(f' <span class="a39-public">{html(public["titre"])}</span>')
    write(block.get("illustration", []), level, out)
    write_paragraph(html(block.get("complement", "")), out, "a39-complement")
    write_paragraph(html(block.get("source", "")), out, "a39-source")
    if before:
        write_paragraph(link, out)
    names = ("cerfa", "autre_numero", "format", "poids", "langue")
    write_paragraph(details_line(block, names), out, "a39-details")
    write(block.get("blocs", []), level, out)


# --- Pictures -----------------------------------------------------------------------------------


def _image(block, level, out):
    """The files of pictures are not delivered with the fiches: their texts stand in for them."""
    out.append(f'<figure class="a39-image" data-fichier="{escape(block["url"])}"{data(block)}>')
    write_paragraph(html(block.get("titre", "")), out, "a39-intertitre")
    write(block.get("introduction", []), level, out)
    if legend := block.get("legende"):
        out.append(f"<p>{html(legend)}</p>")
    write_paragraph(html(block.get("credits", "")), out, "a39-source")
    write_paragraph(html(block.get("alternative", "")), out)
    write_paragraph(details_line(block, ("format", "poids")), out, "a39-details")
    write(block.get("blocs", []), level, out)
    out.append("</figure>")


def _video(block, level, out):
    out.append(f'<div class="a39-video"{data(block)}>')
    title = html(block.get("titre", "")) or "Vidéo"
    write_paragraph(outside(block.get("url", ""), title, block.get("commentaire_lien", "")), out)
    write_paragraph(details_line(block, ("fournisseur", "poids")), out, "a39-details")
    write(block.get("blocs", []), level, out)
    out.append("</div>")


RENDERERS |= {
    "bureau": _bureau,
    "service": _service,
    "image": _image,
    "video": _video,
}
MEMBERS |= {
    "reference": _reference,
    "source": _source,
    "definition": _definition,
    "lien": _link,
}
