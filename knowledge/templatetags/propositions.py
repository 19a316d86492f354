"""What the templates of a fiche tell of the propositions that wait for it."""

from __future__ import annotations

import re

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from knowledge.models import Fiche, Proposition
from knowledge.propose.compare import compare_reading

register = template.Library()
_OURS = re.compile(r'<a\b[^>]*\bhref="/[^"]*"[^>]*>(.*?)</a>', re.S)


@register.inclusion_tag("knowledge/_a_partir_du.html")
def a_partir_du(fiche: Fiche):
    """What will be said otherwise from a day to come; no query for a fiche without any.

    The fiche comes from a queryset that says so (`FicheQuerySet.with_coming`); of any other, a
    preview or a past version, nothing is told.
    """
    if not getattr(fiche, "a_venir", False):
        return {"a_venir": []}
    coming = Proposition.objects.of_fiche(fiche).told_ahead().for_page()
    told = [(each, compare_reading(each)) for each in coming]
    return {"a_venir": told, "aujourdhui": timezone.localdate()}


@register.filter
def sans_liens(html: str) -> SafeString:
    """The same HTML, links into the desk made plain words: whoever reads it has no account."""
    return mark_safe(_OURS.sub(r"\1", html))  # what was rendered, minus some tags
