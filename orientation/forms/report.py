"""An agent's report, its answer, and the choice of reports to look at."""

from __future__ import annotations

from typing import Any

from django import forms

from allo3939.accounts.models import Secteur
from orientation.enums import EtatSignalement, ObjetSignalement
from orientation.models import Departement, TypeService
from orientation.querysets import SignalementQuerySet
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


class FileForm(forms.Form):
    """Which of the open reports to look at."""

    objet = forms.ChoiceField(
        label="Objet", required=False, choices=[("", "Tous"), *ObjetSignalement.choices]
    )
    type = forms.ModelChoiceField(
        TypeService.objects.all(),
        label="Type d'organisme",
        required=False,
        to_field_name="code",
        empty_label="Tous",
    )
    departement = forms.ModelChoiceField(
        Departement.objects.all(),
        label="Département",
        required=False,
        to_field_name="code",
        empty_label="Tous",
    )
    secteur = forms.ModelChoiceField(
        Secteur.objects.all(),
        label="Secteur",
        required=False,
        to_field_name="slug",
        empty_label="Tous",
    )

    def narrow(self, signalements: SignalementQuerySet) -> SignalementQuerySet:
        """Those that answer to every choice made; a choice that does not exist is not one."""
        self.is_valid()
        chosen: dict[str, Any] = getattr(self, "cleaned_data", {})
        if chosen.get("objet"):
            signalements = signalements.with_subject(chosen["objet"])
        if chosen.get("type"):
            signalements = signalements.of_kind(chosen["type"].code)
        if chosen.get("departement"):
            signalements = signalements.in_departement(chosen["departement"].code)
        if chosen.get("secteur"):
            signalements = signalements.of_sector(chosen["secteur"])
        return signalements
