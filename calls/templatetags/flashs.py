"""The banner of flash news, on whole pages."""

from __future__ import annotations

from typing import Any

from django import template

from calls.flash import Affichage, read_banner
from calls.views.flash import HIDDEN

register = template.Library()


@register.inclusion_tag("calls/_flash.html", takes_context=True)
def bandeau_flash(context: dict[str, Any]) -> dict[str, Any]:
    """The flashes of the agent whose page it is, one query; none on a page without an agent."""
    request = context.get("request")
    agent = getattr(request, "user", None)
    if request is None or agent is None or not agent.is_authenticated:
        return {"affichage": Affichage([])}
    return {"affichage": read_banner(agent, hidden=request.session.get(HIDDEN, ()))}
