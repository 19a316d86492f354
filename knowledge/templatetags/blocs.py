"""Blocks in templates."""

from django import template
from django.utils.safestring import SafeString

from knowledge.blocks import Block, Inline
from knowledge.render import render_blocks, render_inline

register = template.Library()


@register.filter
def blocs(blocks: list[Block], level: int = 3) -> SafeString:
    """The HTML of a list of blocks, its headings from ``level`` on."""
    return render_blocks(blocks, level=level)


@register.filter
def en_ligne(inline: Inline) -> SafeString:
    """The HTML of running text."""
    return render_inline(inline)
