"""The directory's search form."""

from __future__ import annotations

import django_filters
from django import forms

from orientation.locate import find_communes, fold, normalise
from orientation.models import Organisme, TypeService
from orientation.querysets import OrganismeQuerySet

_PLACES = 20  # communes of one name looked into


class AnnuaireFilter(django_filters.FilterSet):
    """Bodies by name, kind and place; each field may be left empty."""

    nom = django_filters.CharFilter(
        label="Nom ou sigle",
        method="filter_nom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    type = django_filters.ModelChoiceFilter(
        label="Type d'organisme",
        method="filter_type",
        queryset=TypeService.objects.all(),
        to_field_name="code",
        empty_label="Tous",
    )
    lieu = django_filters.CharFilter(
        label="Commune, code postal ou département",
        method="filter_lieu",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    class Meta:
        model = Organisme
        fields: tuple[str, ...] = ()

    def filter_nom(self, bodies: OrganismeQuerySet, name: str, value: str) -> OrganismeQuerySet:
        words = fold(value).split()
        return bodies.named(words) if words else bodies

    def filter_type(
        self, bodies: OrganismeQuerySet, name: str, value: TypeService
    ) -> OrganismeQuerySet:
        return bodies.of_kind(value.code)

    def filter_lieu(self, bodies: OrganismeQuerySet, name: str, value: str) -> OrganismeQuerySet:
        code = value.replace(" ", "").upper()
        if len(code) < 5 and (code.isdecimal() or code in ("2A", "2B")):
            return bodies.in_departement(code)
        communes = find_communes(value, limit=_PLACES)
        exact = [each for each in communes if each.nom_recherche == normalise(value)]
        return bodies.standing_in(
            communes=[each.code_insee for each in exact or communes],
            postcode=code if code.isdecimal() else "",
        )
