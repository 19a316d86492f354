"""What the templates of a fiche ask of its reading."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import timezone

from knowledge.blocks import Block, Inline
from knowledge.blocks import sections as split
from knowledge.freshness import Etiquette, day_in_words, label
from knowledge.models import Fiche

register = template.Library()


@register.filter
def fraicheur(fiche: Fiche) -> Etiquette:
    """How fresh the fiche is today."""
    return label(fiche, on=timezone.localdate())


@register.filter
def jour(day: date) -> str:
    """« 1er mars 2024 »."""
    return day_in_words(day)


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
