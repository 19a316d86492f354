"""What the templates of a fiche ask of its reading."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import timezone

from allo3939.shared.days import day_in_words
from knowledge.blocks import Block, Inline
from knowledge.blocks import sections as split
from knowledge.freshness import Etiquette, label
from knowledge.models import Fiche

register = template.Library()


@register.filter
def fraicheur(fiche: Fiche) -> Etiquette:
    """How fresh the fiche is today."""
    return label(fiche, on=timezone.localdate())


@register.filter(expects_localtime=True)
def jour(day: date | None, form: str = "j F Y") -> str:
    """« 1er mars 2024 », or the same day in another of Django's formats; "" without a day."""
    return day_in_words(day, form) if day else ""


@register.filter
def sections(blocks: list[Block]) -> list[tuple[Inline, list[Block]]]:
    """The plan of a long text: (title, blocks) for each of its chapters."""
    return split(blocks)


@register.filter
def numerotes(blocks: list[Block]) -> list[Block]:
    """The same blocks, their lists numbered, so that documents are dictated one by one."""
    return [_numbered(block) for block in blocks]


def _numbered(block: Block) -> Block:
    if block["type"] == "liste":
        return block | {"genre": "numero"}
    if block["type"] == "chapitre":
        return block | {"blocs": numerotes(block["blocs"])}
    return block
