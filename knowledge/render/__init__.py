"""The block tree as HTML: semantic, every text escaped, every address checked.

Python rather than templates: a long fiche has a thousand blocks and must cost a few milliseconds.
This is the only place that marks imported text as safe. No inline style or script ever comes out
of it, and no element of the tree is left out.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from knowledge.blocks import Block, Inline
from knowledge.render import place, records, text  # noqa: F401  they fill the table of renderers
from knowledge.render.pieces import inline_html, public_address, write

__all__ = ["public_address", "render_blocks", "render_inline"]


def render_blocks(blocks: list[Block], *, level: int = 3) -> SafeString:
    """The HTML of blocks, forks unfolded; headings start at ``level``.

    A case stands in ``<section data-cas="1">`` (its rank, as in a path) under its title.
    """
    out: list[str] = []
    write(blocks, level, out, top=True)
    return mark_safe("".join(out))  # every piece was escaped on its way in


def render_inline(inline: Inline) -> SafeString:
    """The HTML of running text."""
    return mark_safe(inline_html(inline))
