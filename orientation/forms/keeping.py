"""Which of the bodies one keeps to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from orientation.locate import fold
from orientation.models import Departement, TypeService
from orientation.querysets import OrganismeQuerySet


class TenueForm(forms.Form):
    """Bodies by name, kind and département; each field may be left empty."""

    nom = forms.CharField(
        label="Nom, sigle ou commune",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"class": "fr-input", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    type = forms.ModelChoiceField(
        TypeService.objects.none(),
        label="Type d'organisme",
        required=False,
        to_field_name="code",
        empty_label="Tous",
        widget=forms.Select(attrs={"class": "fr-select"}),
    )
    departement = forms.ModelChoiceField(
        Departement.objects.all(),
        label="Département",
        required=False,
        to_field_name="code",
        empty_label="Tous",
        widget=forms.Select(attrs={"class": "fr-select"}),
    )
    signales = forms.BooleanField(label="Avec un signalement à traiter", required=False)

    def __init__(self, data: Any, *, kinds: QuerySet) -> None:
        super().__init__(data, label_suffix="")
        self.fields["type"].queryset = kinds  # type: ignore[attr-defined]

    def narrow(self, bodies: OrganismeQuerySet) -> OrganismeQuerySet:
        """Those that answer to every field that is valid."""
        self.is_valid()
        chosen = self.cleaned_data
        kind, departement = chosen.get("type"), chosen.get("departement")
        return bodies.narrowed(
            words=fold(chosen.get("nom", "")).split(),
            kind=kind.code if kind else "",
            departement=departement.code if departement else "",
            reported=bool(chosen.get("signales")),
        )
