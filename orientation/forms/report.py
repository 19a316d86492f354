"""An agent's report and its answer."""

from __future__ import annotations

from django import forms

from orientation.enums import EtatSignalement, ObjetSignalement
from orientation.report import PRECISION_MAX, REPONSE_MAX


class PlainForm(forms.Form):
    """A form whose template writes its own fields and shows the faults as one sentence."""

    def faults(self) -> str:
        """What is wrong, in French."""
        return " ".join(str(fault) for faults in self.errors.values() for fault in faults)


class SignalementForm(PlainForm):
    """What is wrong with a body."""

    objet = forms.ChoiceField(
        choices=ObjetSignalement.choices,
        error_messages={
            "required": "Choisissez ce qui est faux, de 1 à 6.",
            "invalid_choice": "Choisissez ce qui est faux, de 1 à 6.",
        },
    )
    precision = forms.CharField(
        max_length=PRECISION_MAX,
        required=False,
        error_messages={
            "max_length": f"Une ligne suffit\u00a0: {PRECISION_MAX} caractères au plus."
        },
    )


class ReponseForm(PlainForm):
    """What is answered to the agent."""

    etat = forms.ChoiceField(
        choices=[choice for choice in EtatSignalement.choices if choice[0] != "a_traiter"],
        error_messages={
            "required": "Choisissez une réponse.",
            "invalid_choice": "Choisissez une réponse.",
        },
    )
    reponse = forms.CharField(
        label="Réponse, lue par l'agent",
        max_length=REPONSE_MAX,
        required=False,
        widget=forms.TextInput(attrs={"class": "fr-input vTextField", "autocomplete": "off"}),
        error_messages={
            "max_length": f"La réponse est trop longue\u00a0: {REPONSE_MAX} caractères au plus."
        },
    )
