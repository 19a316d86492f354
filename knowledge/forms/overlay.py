"""What the desk adds to a fiche of service-public.fr, revised after an import."""

from __future__ import annotations

from typing import Any

from django import forms

from knowledge.author import check_fiche
from knowledge.forms.fields import LinesField, dress, spoken
from knowledge.models import Fiche

LUE_ENTRE_TEMPS = (
    "Quelqu'un a enregistré cette fiche depuis que vous l'avez ouverte. Copiez ce que vous venez "
    "de saisir, puis rouvrez la fiche."
)


class OverlayFields(forms.ModelForm):
    """The fields that are ours on an imported fiche."""

    lue = forms.IntegerField(required=False, widget=forms.HiddenInput)
    mots_cles = LinesField(
        label="Mots-clés",
        commas=True,
        rows=2,
        help_text="Les mots des usagers, séparés par des virgules.",
    )

    class Meta:
        model = Fiche
        fields = ("a_dire", "note", "mots_cles", "secteur")
        widgets = {"a_dire": spoken(), "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "a_dire": "Ce que l'agent lit à voix haute\u00a0: 60 mots au plus, à la place de "
            "l'introduction de la fiche.",
            "secteur": "Le secteur qui reçoit les appels trop difficiles pour le niveau 1.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        dress(self.fields)
        self.fields["lue"].initial = last_saved(self.instance)


class OverlayForm(OverlayFields):
    """The overlay as a conflict's page revises it: checked whole, on the fiche as it was opened."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.cleaned_data.get("lue") not in (None, last_saved(self.instance)):
            self.add_error(None, LUE_ENTRE_TEMPS)
        for error in check_fiche(self.instance):
            self.add_error(None, error)


def last_saved(fiche: Fiche) -> int | None:
    """The line of history that a form is built on."""
    if not fiche.pk:
        return None
    return fiche.history.values_list("history_id", flat=True).first()
