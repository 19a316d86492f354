"""What a line of results asks for, once for each of a dozen lines at every letter typed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ADDRESSES = 10_000  # kept: those of the lines that come back with each letter


@register.filter
def surligne(segments: Iterable[tuple[str, bool]]) -> SafeString:
    """A title cut in segments, as HTML, with the words of the search marked.

    In one piece: a loop of the template costs ten times more.
    """
    escaped = ((escape(text), hit) for text, hit in segments)
    return mark_safe("".join(f"<mark>{text}</mark>" if hit else text for text, hit in escaped))


@register.filter
def adresse(cle: str, vue: str) -> str:
    """The address that opens the object of this key on a page, by the page's URL name."""
    return _address(vue, cle, get_script_prefix())


@lru_cache(maxsize=ADDRESSES)
def _address(vue: str, cle: str, prefix: str) -> str:
    return reverse(vue, args=[cle])
