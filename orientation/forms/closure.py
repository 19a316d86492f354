"""Exceptional hours: one body's days, and a closure of many."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.utils import timezone

from orientation.close import MOTIF_MAX, concerned
from orientation.enums import Certitude
from orientation.forms.week import read_hours
from orientation.hours import lasting
from orientation.models import Departement, TypeService
from orientation.querysets import OrganismeQuerySet

_INPUT = {"class": "fr-input vTextField", "autocomplete": "off"}


class JoursForm(forms.Form):
    """Other hours of one body, from one day to another; no hours: closed."""

    du = forms.DateField(
        label="Du",
        widget=forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Dites le premier jour.", "invalid": "Ce jour n'existe pas."},
    )
    au = forms.DateField(
        label="Au, compris",
        required=False,
        help_text="Vide\u00a0: ce seul jour.",
        widget=forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Ce jour n'existe pas."},
    )
    heures = forms.CharField(
        label="Heures",
        required=False,
        max_length=200,
        help_text="9h-12h, 14h-16h\u00a0; vide\u00a0: fermé.",
        widget=forms.TextInput(attrs={**_INPUT, "placeholder": "fermé"}),
    )
    motif = forms.CharField(
        label="Motif, lu à l'usager",
        max_length=MOTIF_MAX,
        widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": "Dites le motif\u00a0: il est lu à l'usager."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"label_suffix": "", "prefix": "jours"})

    def clean_heures(self) -> list[dict[str, str]]:
        return [
            {"debut": start, "fin": end} for start, end in read_hours(self.cleaned_data["heures"])
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["au"] = cleaned.get("au") or cleaned.get("du")
        return cleaned


class InstantField(forms.SplitDateTimeField):
    """A day and an hour, of the clock of Paris or of what stands for it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "class": "vDateField"},
            time_attrs={"type": "time", "class": "vTimeField"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
        options.setdefault(
            "error_messages",
            {
                "required": "Dites le jour et l'heure.",
                "incomplete": "Dites le jour et l'heure.",
                "invalid_date": "Ce jour n'existe pas.",
                "invalid_time": "Cette heure n'existe pas.",
            },
        )
        super().__init__(widget=widget, **options)


class FermetureForm(forms.Form):
    """A closure of many bodies, counted before it is announced."""

    motif = forms.CharField(
        label="Motif, lu à l'usager",
        max_length=MOTIF_MAX,
        help_text="«\u00a0grève nationale\u00a0», «\u00a0vigilance rouge\u00a0»",
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        error_messages={"required": "Dites le motif\u00a0: il est lu à l'usager."},
    )
    certitude = forms.ChoiceField(
        label="Ce qu'on peut dire",
        choices=Certitude.choices,
        initial=Certitude.FERME,
        widget=forms.RadioSelect,
    )
    du = InstantField(label="Du", help_text="heure locale de chaque organisme")
    au = InstantField(label="Au", help_text="heure locale de chaque organisme")
    types = forms.MultipleChoiceField(
        label="Types d'organisme", required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.MultipleChoiceField(
        label="Régions", required=False, widget=forms.CheckboxSelectMultiple
    )
    departements = forms.MultipleChoiceField(
        label="Départements", required=False, widget=forms.CheckboxSelectMultiple
    )
    compte = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"label_suffix": ""})
        self._regions: dict[str, list[str]] = {}
        for departement in Departement.objects.all():
            self._regions.setdefault(departement.region or departement.nom, []).append(
                departement.code
            )
        several = sorted(name for name, codes in self._regions.items() if len(codes) > 1)
        self._choices("types", [(kind.code, kind.libelle) for kind in TypeService.objects.all()])
        self._choices("regions", [(name, name) for name in several])
        self._choices(
            "departements",
            [(each.code, f"{each.code} {each.nom}") for each in Departement.objects.all()],
        )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        places = {
            code for region in cleaned.get("regions", ()) for code in self._regions.get(region, ())
        }
        cleaned["territoires"] = sorted(places | set(cleaned.get("departements", ())))
        if not self.errors:
            if not cleaned["types"] and not cleaned["territoires"]:
                self.add_error(
                    None, "Choisissez au moins un type d'organisme, une région ou un département."
                )
            if cleaned["au"] <= cleaned["du"]:
                self.add_error("au", "La fin précède le début.")
            elif self._over(cleaned):
                self.add_error("au", "Cette fermeture est déjà finie.")
        return cleaned

    @staticmethod
    def _over(cleaned: dict[str, Any]) -> bool:
        span = lasting(cleaned["du"], cleaned["au"], departements=cleaned["territoires"])
        return span[1] <= timezone.now()

    def concerned(self) -> OrganismeQuerySet:
        """The bodies that the closure would close; the form must be valid."""
        return concerned(
            types=self.cleaned_data["types"], departements=self.cleaned_data["territoires"]
        )

    def mark(self) -> str:
        """What was typed, in 32 characters: the count that was read is of this and no other."""
        names = ("motif", "certitude", "du", "au", "types", "territoires")
        typed = json.dumps([str(self.cleaned_data[name]) for name in names])
        return hashlib.md5(typed.encode(), usedforsecurity=False).hexdigest()

    @property
    def counted(self) -> bool:
        """Whether the bodies were counted for exactly what is typed; the form must be valid."""
        return self.cleaned_data["compte"] == self.mark()
