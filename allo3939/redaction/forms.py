"""What of the inbox is asked for."""

from __future__ import annotations

from django import forms

from allo3939.accounts.models import Secteur
from allo3939.redaction.inbox import Boite, Genre, Pour

NIVEAU_1 = "niveau-1"


class BoiteForm(forms.Form):
    """The filters of the inbox; one that says nothing is left out."""

    genre = forms.ChoiceField(choices=[("", "Tout"), *Genre.choices], required=False)
    secteur = forms.ChoiceField(label="Secteur", required=False)
    pour = forms.ChoiceField(
        label="Qui",
        choices=[("", "Ce que je peux faire"), *Pour.choices],
        required=False,
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        sectors = Secteur.objects.values_list("slug", "nom")
        choices = [("", "Tous"), *sectors, (NIVEAU_1, "Niveau 1")]
        self.fields["secteur"].choices = choices  # type: ignore[attr-defined]

    def narrow(self, boite: Boite) -> tuple[Boite, Boite]:
        """The inbox for the sector and the hands asked for, and of it the kind asked for."""
        asked = {name: self.cleaned_data.get(name, "") for name in self.fields}
        secteur = "" if asked["secteur"] == NIVEAU_1 else asked["secteur"] or None
        around = boite.narrow(secteur=secteur, pour=asked["pour"])
        return around, around.narrow(genre=asked["genre"], pour=asked["pour"])

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())
