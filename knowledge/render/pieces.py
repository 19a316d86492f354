"""Escaped text, links, and the way from a block to what renders it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from knowledge.blocks import Block, Inline

FICHE = re.compile(r"F\d{1,9}|A39-[\w-]{1,16}")
_REFERENCE = re.compile(r"[A-Z][\w-]{0,30}")
_URL = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]+", re.IGNORECASE)
_WINDOW = '<span class="fr-sr-only"> (nouvelle fenêtre)</span>'
_SITES = {
    "Professionnels": "https://entreprendre.service-public.gouv.fr/vosdroits/",
    "Associations": "https://www.service-public.gouv.fr/associations/vosdroits/",
}
_SITE = "https://www.service-public.gouv.fr/particuliers/vosdroits/"

_TAGS = {
    "fort": ("<strong>", "</strong>"),
    "exposant": ("<sup>", "</sup>"),
    "indice": ("<sub>", "</sub>"),
    "valeur": ('<span class="a39-valeur">', "</span>"),
    "citation": ('<span class="a39-citation">', "</span>"),
    "expression": ("<i>", "</i>"),
    "tel": ('<span class="a39-tel">', "</span>"),
    "date": ('<span class="a39-date">', "</span>"),
    "variable": ('<span class="a39-variable">', "</span>"),
    "formule": ('<code class="a39-formule">', "</code>"),
}
_GROUP_TITLES = {
    "reference": "Textes de référence",
    "source": "Sources",
    "definition": "Définitions",
    "voir_aussi": "Voir aussi",
    "question": "Questions et réponses",
    "savoir_plus": "Pour en savoir plus",
    "lien_externe": "Pour en savoir plus",
    "partenaire": "Partenaires",
}


Renderer = Callable[[Block, int, list[str]], None]
# Filled by the modules of this package.
RENDERERS: dict[str, Renderer] = {}
MEMBERS: dict[str, Renderer] = {}


def write(blocks: Iterable[Block], level: int, out: list[str], *, top: bool = False) -> None:
    """Add the HTML of blocks to ``out``; lists that follow each other get a title at the top."""
    for group, members in groupby(blocks, _group):
        if group:
            _list_of(group, list(members), level, out, titled=top)
        else:
            for block in members:
                RENDERERS.get(block["type"], RENDERERS["inconnu"])(block, level, out)


def _group(block: Block) -> str:
    """Blocks that follow each other and make one list; "" for a block that stands alone."""
    kind = block["type"]
    if kind == "lien":
        return block.get("role") or "lien"
    return kind if kind in ("reference", "source", "definition") else ""


def _list_of(group: str, members: list[Block], level: int, out: list[str], *, titled: bool) -> None:
    title = _GROUP_TITLES.get(group)
    if titled and title:
        write_heading(title, level, out, "a39-groupe")
    if group == "definition":
        out.append('<dl class="a39-definitions">')
        for member in members:
            MEMBERS["definition"](member, level + titled, out)
        out.append("</dl>")
        return
    out.append(f'<ul class="a39-liens" data-role="{escape(group)}">')
    for member in members:
        out.append(f"<li{condition_attribute(member)}>")
        MEMBERS[member["type"]](member, level + titled, out)
        out.append("</li>")
    out.append("</ul>")


def write_heading(text: str, level: int, out: list[str], css: str = "") -> None:
    """A heading of escaped text; below level 6 a page has none, so the last level stays."""
    if text:
        rank = min(level, 6)
        klass = f' class="{css}"' if css else ""
        out.append(f"<h{rank}{klass}>{text}</h{rank}>")


def html(value: str | Inline) -> str:
    """The HTML of a text, in either shape."""
    return escape(value) if isinstance(value, str) else inline_html(value)


def inline_html(inline: Inline) -> str:
    """The HTML of running text."""
    return "".join(escape(part) if isinstance(part, str) else _mark(part) for part in inline)


def _mark(part: dict) -> str:
    kind, inner = part["m"], inline_html(part["c"])
    if kind in _TAGS:
        opening, closing = _TAGS[kind]
        return opening + inner + closing
    match kind:
        case "fiche":
            return fiche_link(part.get("reference", ""), inner)
        case "definition":
            identifier = escape(part.get("id", ""))
            # A button for those who listen: static/js/definitions.js opens it in place.
            return (
                f'<a class="a39-lien-definition" href="#def-{identifier}" role="button"'
                f' aria-expanded="false" data-a39-definition="{identifier}">{inner}</a>'
            )
        case "externe":
            return outside(part.get("url", ""), inner, part.get("commentaire", ""))
        case "interne":
            return source_link(part.get("reference", ""), inner, part.get("audience", ""))
        case "langue":
            language = escape(part.get("langue", ""))
            return f'<i lang="{language}">{inner}</i>' if language else f"<i>{inner}</i>"
        case "ressource" | "image":
            file = escape(part.get("url", ""))
            return f'<span class="a39-{kind}" data-fichier="{file}">{inner}</span>'
    element = escape(part.get("element", ""))
    return f'<span class="a39-inconnu" data-element="{element}">{inner}</span>'


def fiche_link(reference: str, inner: str) -> str:
    if not FICHE.fullmatch(reference):
        return inner
    url = reverse("fiche", args=[reference])
    return f'<a class="a39-lien-fiche" href="{url}" data-reference="{reference}">{inner}</a>'


def source_link(reference: str, inner: str, audience: str) -> str:
    """A dossier or resource that has no page here opens on the public site."""
    if not _REFERENCE.fullmatch(reference):
        return inner
    return outside(_SITES.get(audience, _SITE) + reference, inner)


def outside(url: str, inner: str, comment: str = "") -> str:
    """A link out of the desk; an address of another kind than web, mail, phone is not one."""
    url = url.strip().replace(" ", "%20")
    if url.lower().startswith("www."):
        url = "https://" + url
    if not _URL.fullmatch(url):
        return inner
    title = f' title="{escape(comment)}"' if comment else ""
    inner = inner if inner.strip() else escape(url)
    if not url.lower().startswith("http"):
        return f'<a href="{escape(url)}"{title}>{inner}</a>'
    return (
        f'<a class="a39-externe" href="{escape(url)}" rel="noreferrer" target="_blank"{title}>'
        f"{inner}{_WINDOW}</a>"
    )


def site_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def condition_attribute(block: dict) -> str:
    condition = block.get("condition")
    return f' data-condition="{escape(condition)}"' if condition else ""


def write_paragraph(text: str, out: list[str], css: str = "") -> None:
    if text:
        out.append(f'<p class="{css}">{text}</p>' if css else f"<p>{text}</p>")


def details_line(record: dict, names: Iterable[str]) -> str:
    """« Formulaire · Cerfa n° 10103*12 · 332.9 KB »: attributes worth reading, on one line."""
    shapes = {
        "cerfa": "Cerfa n°\u00a0{}",
        "autre_numero": "Autre numéro\u00a0: {}",
        "langue": "Langue\u00a0: {}",
        "date": "Mis à jour le {}",
    }
    told = []
    for name in names:
        if value := record.get(name):
            value = day_in_words(value) if name == "date" else value.removeprefix("application/")
            told.append(escape(shapes.get(name, "{}").format(value)))
    if record.get("indisponible"):
        told.append("Indisponible pour le moment")
    return " · ".join(told)


def day_in_words(text: str) -> str:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return date_format(day, "j F Y") if day else text
