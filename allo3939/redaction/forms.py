"""What a sector's people fill in: filters, a comment, a choice between two texts."""

from __future__ import annotations

from typing import Any

from django import forms

from allo3939.accounts.forms import confirmed_in
from allo3939.redaction.sector import VUES
from allo3939.shared.anonymity import Examen, review
from knowledge.enums import EtatProposition


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
