"""The grid of outcomes beside the call."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from calls.models import CodeIssue

register = template.Library()


class Touche(NamedTuple):
    """What the grid shows of an outcome."""

    code: str
    libelle: str
    sans_question: bool
    demande_precision: bool


@register.simple_tag
def grille_issues(codes: Iterable[CodeIssue], choisie: str) -> SafeString:
    """The outcomes with one chosen; written once for each, the same for all agents."""
    shown = (
        Touche(each.code, each.libelle, each.sans_question, each.demande_precision)
        for each in codes
    )
    return _write(tuple(shown), str(choisie))


@lru_cache(maxsize=64)
def _write(touches: tuple[Touche, ...], choisie: str) -> SafeString:
    context = {
        "issues": [each for each in touches if not each.sans_question],
        "sans_question": [each for each in touches if each.sans_question],
        "choisie": choisie,
    }
    return render_to_string("calls/_issues_grille.html", context)
