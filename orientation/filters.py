"""What narrows the lists of those who keep the directory."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms

from allo3939.accounts.models import Secteur
from orientation.enums import ObjetSignalement
from orientation.locate import fold
from orientation.models import Departement, Organisme, Signalement, TypeService
from orientation.querysets import OrganismeQuerySet, SignalementQuerySet

_SELECT = forms.Select(attrs={"class": "fr-select"})
_TYPED = {"class": "fr-input", "autocomplete": "off", "spellcheck": "false"}


class PlacedFilter(django_filters.FilterSet):
    """By kind of office and département, asked of whatever rows know them."""

    type = django_filters.ModelChoiceFilter(
        label="Type d'organisme",
        method="of_kind",
        queryset=TypeService.objects.all(),
        to_field_name="code",
        empty_label="Tous",
        widget=_SELECT,
    )
    departement = django_filters.ModelChoiceFilter(
        label="Département",
        method="in_departement",
        queryset=Departement.objects.all(),
        to_field_name="code",
        empty_label="Tous",
        widget=_SELECT,
    )

    def of_kind(self, rows: Any, name: str, value: TypeService) -> Any:
        return rows.of_kind(value.code)

    def in_departement(self, rows: Any, name: str, value: Departement) -> Any:
        return rows.in_departement(value.code)


class TenueFilter(PlacedFilter):
    """Bodies by name, kind, département, with a report or not; each field may be left empty.

    ``kinds``: those the agent keeps, the only ones offered.
    """

    nom = django_filters.CharFilter(
        label="Nom, sigle ou commune",
        method="named",
        max_length=100,
        widget=forms.TextInput(attrs=_TYPED),
    )
    signales = django_filters.BooleanFilter(
        label="Avec un signalement à traiter",
        method="reported",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Organisme
        fields = ("nom", "type", "departement", "signales")

    def __init__(self, *args: Any, kinds: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["type"].queryset = kinds
        self.form.label_suffix = ""

    def named(self, bodies: OrganismeQuerySet, name: str, value: str) -> OrganismeQuerySet:
        words = fold(value).split()
        return bodies.named(words) if words else bodies

    def reported(self, bodies: OrganismeQuerySet, name: str, value: bool) -> OrganismeQuerySet:
        return bodies.reported() if value else bodies


class FileFilter(PlacedFilter):
    """Which of the open reports to look at; a choice that does not exist is not one."""

    objet = django_filters.ChoiceFilter(
        label="Objet", method="with_subject", choices=ObjetSignalement.choices, empty_label="Tous"
    )
    secteur = django_filters.ModelChoiceFilter(
        label="Secteur",
        method="of_sector",
        queryset=Secteur.objects.all(),
        to_field_name="slug",
        empty_label="Tous",
    )

    class Meta:
        model = Signalement
        fields = ("objet", "type", "departement", "secteur")

    def with_subject(self, said: SignalementQuerySet, name: str, value: str) -> Any:
        return said.with_subject(value)

    def of_sector(self, said: SignalementQuerySet, name: str, value: Secteur) -> Any:
        return said.of_sector(value)
