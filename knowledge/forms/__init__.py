"""The forms of fiches: a fiche is written without any JSON to type.

`edition` holds the form of a proposition, the same in the admin and on the sectors' pages; its four
small tables (services, sources, questions, issues) are read and written with it. `writing` makes it
for an agent, keeps what is typed and tells what is wrong with it.
"""

from __future__ import annotations

from django import forms

from knowledge.forms.edition import FicheForm, OverlayEdition
from knowledge.forms.fusion import FusionForm
from knowledge.forms.overlay import OverlayForm
from knowledge.forms.tables import keep_codes
from knowledge.forms.writing import build, controle, keep

__all__ = [
    "FicheForm",
    "FusionForm",
    "LuForm",
    "OverlayEdition",
    "OverlayForm",
    "build",
    "controle",
    "keep",
    "keep_codes",
]


class LuForm(forms.Form):
    """The version whose change has been read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
