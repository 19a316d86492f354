"""What is asked for of the inbox and of a sector's pages, and what is said of a proposition."""

from __future__ import annotations

from typing import Any

from django import forms

from allo3939.accounts.forms import confirmed_in
from allo3939.accounts.models import Secteur
from allo3939.redaction.inbox import Boite, Genre, Pour
from allo3939.redaction.sector import VUES
from allo3939.shared.anonymity import Examen, review
from knowledge.enums import EtatProposition

NIVEAU_1 = "niveau-1"


class FichesForm(forms.Form):
    """Which fiches of the sector."""

    q = forms.CharField(
        label="Mots du titre ou mots-clés",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "fr-input", "type": "search"}),
    )
    voir = forms.ChoiceField(
        label="Fiches",
        choices=VUES,
        required=False,
        widget=forms.Select(attrs={"class": "fr-select"}),
        error_messages={"invalid_choice": "Choisissez parmi la liste."},
    )


class PropositionsForm(forms.Form):
    """Which propositions of the sector."""

    etat = forms.ChoiceField(
        label="État",
        choices=[("", "Tous"), *EtatProposition.choices],
        required=False,
        widget=forms.Select(attrs={"class": "fr-select"}),
        error_messages={"invalid_choice": "Choisissez parmi la liste."},
    )
    miennes = forms.BooleanField(label="Les miennes seulement", required=False)


class GardeForm(forms.Form):
    """A form whose free text goes through the anonymity guard: ``garde`` names it."""

    garde: str

    @property
    def examen(self) -> Examen | None:
        """What the guard sees in the text sent; None for a form not sent."""
        if not self.is_bound:
            return None
        return review(self[self.garde].value() or "", confirmed=confirmed_in(self.data))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.examen is not None and not self.examen.passe:
            self.add_error(self.garde, self.examen.message)
        return cleaned


class CommentaireForm(GardeForm):
    """What one has to say of a proposition."""

    garde = "commentaire"
    commentaire = forms.CharField(
        label="Votre commentaire",
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "fr-input", "rows": 3}),
        error_messages={
            "required": "Écrivez votre commentaire.",
            "max_length": "Le commentaire est trop long\u00a0: 1 000 caractères au plus.",
        },
    )


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
