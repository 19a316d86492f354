"""Escaped text, links, and the way from a block to what renders it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from django.urls import get_script_prefix, reverse
from django.utils.dateparse import parse_date

from allo3939.shared.days import day_in_words
from knowledge.blocks import Block, Inline

FICHE = re.compile(r"F\d{1,9}|A39-[\w-]{1,16}")
_RESSOURCE = re.compile(r"[NR]\d[\w-]{0,18}")
_REFERENCE = re.compile(r"[A-Z][\w-]{0,30}")
_URL = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]+", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_NAME = re.compile(r"[^\w-]+")
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
        both = member.get("url") and member.get("reference")
        more = f' data-reference="{escape(member["reference"])}"' if both else ""
        out.append(f"<li{data(member)}{more}>")
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
    if kind in _TAGS and len(part) == 2:
        opening, closing = _TAGS[kind]
        return opening + inner + closing
    if part.get("attributs"):
        return f"<span{other_data(part)}>{_mark({**part, 'attributs': None})}</span>"
    comment = part.get("commentaire", "")
    more = data({**part, "commentaire_lien": comment})
    match kind:
        case "fiche":
            return fiche_link(part.get("reference", ""), inner, more, comment)
        case "definition":
            identifier = escape(part.get("id", ""))
            # A button for those who listen: static/js/definitions.js opens it in place.
            titled = f' title="{escape(comment)}"' if comment else ""
            return (
                f'<a class="a39-lien-definition" href="#def-{identifier}" role="button"'
                f' aria-expanded="false" data-a39-definition="{identifier}"{more}{titled}>'
                f"{inner}</a>"
            )
        case "externe":
            return outside(part.get("url", ""), inner, comment, more)
        case "interne":
            audience = part.get("audience", "")
            return source_link(part.get("reference", ""), inner, audience, more, comment)
        case "langue" | "date":
            language = escape(part.get("langue", ""))
            lang = f' lang="{language}"' if language else ""
            tag = "i" if kind == "langue" else "span"
            return f'<{tag} class="a39-{kind}"{lang}>{inner}</{tag}>'
        case "ressource" | "image":
            file = escape(part.get("url", ""))
            blocks: list[str] = []
            write(part.get("blocs", []), 6, blocks)
            return f'<span class="a39-{kind}" data-fichier="{file}">{inner}{"".join(blocks)}</span>'
        case _ if kind in _TAGS:
            opening, closing = _TAGS[kind]
            return f"<span{more}>{opening}{inner}{closing}</span>"
    element = escape(part.get("element", ""))
    return f'<span class="a39-inconnu" data-element="{element}"{more}>{inner}</span>'


def page_address(name: str, reference: str) -> str:
    """The address of a page of the desk; resolved once, a long dossier has a hundred links."""
    return _address(name, get_script_prefix()).replace("F0", reference)


@lru_cache(maxsize=16)
def _address(name: str, prefix: str) -> str:
    return reverse(name, args=["F0"])


def fiche_link(reference: str, inner: str, more: str = "", comment: str = "") -> str:
    if not FICHE.fullmatch(reference):
        return inner
    url = page_address("fiche", reference)
    title = f' title="{escape(comment)}"' if comment else ""
    return (
        f'<a class="a39-lien-fiche" href="{url}" data-reference="{reference}"{more}{title}>'
        f"{inner}</a>"
    )


def source_link(
    reference: str, inner: str, audience: str, more: str = "", comment: str = ""
) -> str:
    """A resource (``R…``) or a dossier (``N…``): its page in the desk; else the public site."""
    if not _REFERENCE.fullmatch(reference):
        return f"<span{more}>{inner}</span>" if more else inner
    if not _RESSOURCE.fullmatch(reference):
        return outside(_SITES.get(audience, _SITE) + reference, inner, comment, more)
    url = page_address("ressource", reference)
    title = f' title="{escape(comment)}"' if comment else ""
    return (
        f'<a class="a39-lien-ressource" href="{url}" data-reference="{reference}"{more}{title}>'
        f"{inner or reference}</a>"
    )


def public_address(reference: str, audience: str = "") -> str:
    """Where the source shows a fiche, a resource or a place to everybody."""
    return _SITES.get(audience, _SITE) + reference


def outside(url: str, inner: str, comment: str = "", more: str = "") -> str:
    """A link out of the desk; an address of another kind than web, mail, phone is not one.

    That it opens a window stands in its title, so that no word comes between those of the source.
    """
    given, url = url, url.strip().replace(" ", "%20")
    if url.lower().startswith("www."):
        url = "https://" + url
    if not _URL.fullmatch(url):
        if not given and not more:
            return inner
        address = f' data-adresse="{escape(given)}"' if given else ""
        return f"<span{address}{more}>{inner}</span>"
    inner = inner if inner.strip() else escape(url)
    if not url.lower().startswith("http"):
        title = f' title="{escape(comment)}"' if comment else ""
        return f'<a href="{escape(url)}"{more}{title}>{inner}</a>'
    told = escape(comment) or _TAG.sub("", inner).strip()
    return (
        f'<a class="a39-externe" href="{escape(url)}" rel="noreferrer" target="_blank"{more}'
        f' title="{told} (nouvelle fenêtre)">{inner}</a>'
    )


def site_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


# What the source says of a thing without a word for it: ``data-`` attributes, under its own names.
_DATA = {
    "id": "id",
    "genre": "type",
    "condition": "condition",
    "audience": "audience",
    "format": "format",
    "poids": "poids",
    "langue": "langue",
    "cerfa": "numerocerfa",
    "modalite": "modalite",
    "groupe": "groupe",
    "pivot": "pivot",
    "statut": "statut",
    "fournisseur": "fournisseur",
    "principal": "principal",
    "important": "important",
    "indisponible": "indisponible",
    "france_connect": "franceconnect",
    "theme_reference": "theme",
    "source_reference": "source",
    "commentaire_lien": "commentaire",
}


def data(record: dict) -> str:
    """The ``data-`` attributes of a block, a mark or a record inside a block."""
    found = [
        f' data-{_DATA[key]}="{"true" if value is True else escape(str(value))}"'
        for key, value in record.items()
        if key in _DATA and value
    ]
    return "".join(found) + other_data(record)


def other_data(record: dict) -> str:
    """The attributes of the source that have no word in the block tree, under their own names."""
    return "".join(
        f' data-{_NAME.sub("-", name).lower()}="{escape(str(value))}"'
        for name, value in (record.get("attributs") or {}).items()
    )


def write_paragraph(text: str, out: list[str], css: str = "", more: str = "") -> None:
    """A paragraph; what holds blocks (a picture inside a sentence) may not be one in HTML."""
    if text:
        tag = "div" if holds_blocks(text) else "p"
        klass = f' class="{css}"' if css else ""
        out.append(f"<{tag}{klass}{more}>{text}</{tag}>")


def holds_blocks(text: str) -> bool:
    return 'data-fichier="' in text


def details_line(record: dict, names: Iterable[str]) -> str:
    """« Formulaire · Cerfa n° 10103*12 · 332.9 KB »: attributes worth reading, on one line."""
    shapes = {
        "cerfa": "Cerfa n°\u00a0{}",
        "autre_numero": "Autre numéro\u00a0: {}",
        "langue": "Langue\u00a0: {}",
    }
    told = []
    for name in names:
        if value := record.get(name):
            if name == "date":
                told.append(f"Mis à jour le {time_of(value)}")
            else:
                shown = value.removeprefix("application/").removeprefix("image/")
                told.append(escape(shapes.get(name, "{}").format(shown)))
    if record.get("france_connect"):
        told.append("Connexion possible avec FranceConnect")
    if record.get("indisponible"):
        told.append("Indisponible pour le moment")
    return " · ".join(told)


def time_of(text: str) -> str:
    """A day in words, with the date that machines read."""
    return f'<time datetime="{escape(text)}">{escape(say_day(text))}</time>'


def say_day(text: str) -> str:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return day_in_words(day) if day else text
