"""How a body of the directory is shown: hours in words, numbers in pairs."""

from __future__ import annotations

import re

from django import template
from django.utils import timezone

from orientation.dictate import Rubrique, dictate_body, shorten
from orientation.enums import Garantie
from orientation.hours import Ouverture, describe, describe_next
from orientation.models import Organisme
from orientation.phones import in_pairs

register = template.Library()
_HOUR = re.compile(r"\d+ h\b(?: \d\d\b)?")


@register.filter
def pairs(number: str) -> str:
    """A phone number as it is dictated."""
    return in_pairs(number)


@register.filter
def phrase(ouverture: Ouverture) -> str:
    """The state of the hours now, in words."""
    return describe(ouverture, at=timezone.now())


@register.filter
def ensuite(ouverture: Ouverture) -> str:
    """When the office opens next, in words; "" when it is not known."""
    return describe_next(ouverture, at=timezone.now())


@register.filter
def garantie_en_clair(garantie: str) -> str:
    """How far the competence of a body is certain, as agents read it."""
    return str(Garantie(garantie).label)


@register.filter
def sans_reserve(raison: str) -> str:
    """A reason without the reserve at its end, where this is said by a label already."""
    return raison.removesuffix(", compétence non garantie")


@register.filter
def insecable(text: str) -> str:
    """A sentence whose hours are never cut at the end of a line."""
    return _HOUR.sub(lambda hour: hour[0].replace(" ", "\u00a0"), text)


@register.filter
def a_dicter(organisme: Organisme) -> list[Rubrique]:
    """What is dictated of a body, part by part."""
    return dictate_body(organisme)


@register.filter
def sans_protocole(url: str) -> str:
    """A web address as one says it."""
    return shorten(url)


@register.filter
def organismes(count: int) -> str:
    """« Aucun organisme », « 1 organisme », « 55 000 organismes »."""
    return f"{milliers(count)} organisme{'s' if count > 1 else ''}" if count else "Aucun organisme"


@register.filter
def communes(count: int) -> str:
    """« Aucune commune », « 1 commune », « 2 030 communes »."""
    return f"{milliers(count)} commune{'s' if count > 1 else ''}" if count else "Aucune commune"


@register.filter
def milliers(count: int) -> str:
    """« 55 000 »."""
    return f"{count:,}".replace(",", "\u202f")


@register.filter
def nu(number: float) -> str:
    """A number as SVG writes it, whatever the language of the page."""
    return f"{number:g}"
