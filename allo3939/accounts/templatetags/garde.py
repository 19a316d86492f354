"""The anonymity guard on a free-text field, as one types."""

import json

from django import template
from django.urls import reverse
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def garde(champ: str, zone: str = ""):
    """The attributes of a free-text field named `champ`, in a form.

    What the guard sees comes into ``{% garde_zone champ %}``, to be written below the field. `zone`
    is the identifier of that place, where two forms of a page have a field of the same name.
    """
    place = zone or f"garde-{champ}"
    return format_html(
        'data-a39-garde autocomplete="off" aria-describedby="{0}" hx-post="{1}" '
        'hx-trigger="input changed delay:250ms" hx-target="#{0}" hx-swap="innerHTML" '
        "hx-sync=\"this:replace\" hx-vals='{2}'",
        place,
        reverse("anonymat-controle"),
        json.dumps({"champ": champ}),
    )


@register.inclusion_tag("accounts/_garde_zone.html")
def garde_zone(champ: str, examen=None, zone: str = ""):
    """Where the guard answers for a field; `examen` when the page already knows it."""
    return {"champ": champ, "examen": examen, "zone": zone or f"garde-{champ}"}
