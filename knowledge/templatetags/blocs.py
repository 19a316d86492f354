"""Blocks in templates."""

from django import template
from django.utils.safestring import SafeString

from knowledge.blocks import Block
from knowledge.render import render_blocks

register = template.Library()


@register.filter
def blocs(blocks: list[Block]) -> SafeString:
    """The HTML of a list of blocks."""
    return render_blocks(blocks)
