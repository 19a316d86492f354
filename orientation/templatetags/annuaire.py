"""How a body of the directory is shown: hours in words, numbers in pairs."""

from __future__ import annotations

from django import template
from django.utils import timezone

from orientation.enums import Garantie
from orientation.hours import Ouverture, describe, describe_next
from orientation.phones import in_pairs

register = template.Library()


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
def organismes(count: int) -> str:
    """« Aucun organisme », « 1 organisme », « 55 000 organismes »."""
    if not count:
        return "Aucun organisme"
    return f"{milliers(count)} organisme{'s' if count > 1 else ''}"


@register.filter
def milliers(count: int) -> str:
    """« 55 000 »."""
    return f"{count:,}".replace(",", "\u202f")


@register.filter
def nu(number: float) -> str:
    """A number as SVG writes it, whatever the language of the page."""
    return f"{number:g}"
