"""The columns of a body that may be put right, each beside what its source says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from orientation.amend import read_mark
from orientation.clean import ValeurRefusee, clean_value, same_value
from orientation.enums import Accessibilite, ChampOrganisme
from orientation.forms.week import week_formset
from orientation.models import Correction, Organisme

_LISTS = (ChampOrganisme.COURRIELS, ChampOrganisme.SITES, ChampOrganisme.FORMULAIRES)
_TEXTS = (ChampOrganisme.COMMENTAIRE_PLAGES, ChampOrganisme.INFORMATIONS)
_ONE_A_LINE = "Une adresse par ligne."
_HELP = {
    ChampOrganisme.TELEPHONES: "Le premier est celui que les agents dictent.",
    ChampOrganisme.PLAGES: (
        "9h-12h, 13h30-17h\u00a0; vide\u00a0: fermé\u00a0; =\u00a0: comme la ligne au-dessus."
    ),
    ChampOrganisme.COMMENTAIRE_PLAGES: "Ce qui vaut pour toute la semaine.",
    ChampOrganisme.COURRIELS: _ONE_A_LINE,
    ChampOrganisme.SITES: _ONE_A_LINE,
    ChampOrganisme.FORMULAIRES: _ONE_A_LINE,
}


class TelephoneForm(forms.Form):
    """A row of the table of phones."""

    numero = forms.CharField(
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"class": "fr-input", "autocomplete": "off", "inputmode": "tel"}
        ),
    )
    description = forms.CharField(
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "fr-input", "autocomplete": "off"}),
    )


_TelephoneFormSet = formset_factory(TelephoneForm, extra=1, max_num=30)


@dataclass(frozen=True, slots=True)
class Bloc:
    """A column on the page: how it is typed, what is wrong, what its source says."""

    champ: str
    titre: str
    aide: str
    fields: list[forms.BoundField]
    table: BaseFormSet | None
    fautes: list[str]
    correction: Correction | None


class OrganismeForm(forms.Form):
    """The columns ``champs`` of a body; valid, ``values`` holds those that were changed."""

    lu = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    motif = forms.CharField(
        label="Motif, ou d'où vous le tenez",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "fr-input vTextField", "autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organisme: Organisme,
        champs: Iterable[str] = ChampOrganisme.values,
        **options: Any,
    ) -> None:
        super().__init__(data, **options | {"label_suffix": ""})
        self.organisme = organisme
        self.champs = [ChampOrganisme(champ) for champ in champs]
        self.values: dict[str, Any] = {}
        self.refus = ""  # what a refused form, read again, has to say
        self.fautes: dict[str, list[str]] = {}
        self._tables: dict[str, BaseFormSet] = {}
        self._names: dict[str, list[str]] = {}
        self.initial["lu"] = read_mark(organisme)
        for champ in self.champs:
            self._add(champ)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.fautes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for champ in self.champs:
            held = getattr(self.organisme, champ)
            try:
                typed = self._typed(champ, cleaned)
                # What the source writes oddly stays as it is, until somebody changes it.
                if not same_value(champ, typed, held):
                    self.values[champ] = clean_value(champ, typed)
            except forms.ValidationError as error:
                self.fautes[champ] = error.messages
            except ValeurRefusee as error:
                self.fautes[champ] = [str(error)]
        return cleaned

    def blocs(self) -> list[Bloc]:
        """The columns in their order."""
        held = {each.champ: each for each in self.organisme.corrections.in_force().with_author()}
        return [
            Bloc(
                champ,
                str(champ.label),
                _HELP.get(champ, ""),
                [self[name] for name in self._names.get(champ, ())],
                self._tables.get(champ),
                self.fautes.get(champ, []),
                held.get(champ),
            )
            for champ in self.champs
        ]

    # --- One column each ------------------------------------------------------------------------

    def _add(self, champ: ChampOrganisme) -> None:
        held = getattr(self.organisme, champ)
        data = self.data if self.is_bound else None
        if champ == ChampOrganisme.PLAGES:
            self._tables[champ] = week_formset(data, held)
        elif champ == ChampOrganisme.TELEPHONES:
            self._tables[champ] = _TelephoneFormSet(data, initial=held, prefix="telephones")
        elif champ == ChampOrganisme.ADRESSE:
            self._add_address(held)
        else:
            listed = champ in _LISTS
            rows = max(2, len(held) + 1) if listed else max(2, min(12, len(held) // 80 + 2))
            self._field(
                champ,
                champ,
                str(champ.label),
                "\n".join(held) if listed else held,
                rows=rows,
                max_length=20_000,
            )

    def _add_address(self, adresse: dict[str, Any]) -> None:
        champ = ChampOrganisme.ADRESSE
        postal = adresse.get("postale", {})
        for prefix, place, labels in (
            ("adresse", adresse, ("Lignes de l'adresse", "Code postal", "Commune")),
            ("postale", postal, ("Adresse postale, si autre", "Son code postal", "Sa commune")),
        ):
            lines, postcode, town = labels
            typed = "\n".join(place.get("lignes", ()))
            self._field(champ, f"{prefix}_lignes", lines, typed, rows=2)
            self._field(champ, f"{prefix}_code_postal", postcode, place.get("code_postal", ""))
            self._field(champ, f"{prefix}_commune", town, place.get("commune", ""))
        self._names[champ].append("accessibilite")
        self.fields["accessibilite"] = forms.ChoiceField(
            label="Accessibilité",
            required=False,
            choices=[("", "Non précisée"), *Accessibilite.choices],
            initial=adresse.get("accessibilite", ""),
            widget=forms.Select(attrs={"class": "fr-select"}),
        )
        note = adresse.get("note_accessibilite", "")
        self._field(champ, "note_accessibilite", "Précision sur l'accès", note, max_length=1000)

    def _field(
        self,
        champ: str,
        name: str,
        label: str,
        initial: str,
        *,
        rows: int = 0,
        max_length: int = 2000,
    ) -> None:
        attrs: dict[str, Any] = {"class": "fr-input vTextField", "autocomplete": "off"}
        widget = forms.Textarea({**attrs, "rows": rows}) if rows else forms.TextInput(attrs)
        self._names.setdefault(champ, []).append(name)
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=max_length, initial=initial, widget=widget
        )

    def _typed(self, champ: ChampOrganisme, cleaned: dict[str, Any]) -> Any:
        """What the page says of a column; raises ``ValidationError``."""
        table = self._tables.get(champ)
        if table is not None:
            if not table.is_valid():
                raise forms.ValidationError(
                    "Le tableau n'a pas pu être lu\u00a0: une ligne est trop longue."
                )
            if champ == ChampOrganisme.PLAGES:
                return table.ranges()  # type: ignore[attr-defined]
            rows = [form.cleaned_data for form in table.forms]
            return [row for row in rows if row.get("numero") or row.get("description")]
        if champ == ChampOrganisme.ADRESSE:
            return self._typed_address(cleaned)
        text = _plain(cleaned.get(champ, ""))
        return _lines(text) if champ in _LISTS else text

    def _typed_address(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        held = self.organisme.adresse
        address = dict(held) | _place(cleaned, "adresse")
        address["accessibilite"] = cleaned.get("accessibilite", "")
        address["note_accessibilite"] = cleaned.get("note_accessibilite", "")
        postal = _place(cleaned, "postale")
        address["postale"] = held.get("postale", {}) | postal if any(postal.values()) else {}
        return address


def _place(cleaned: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        "lignes": _lines(_plain(cleaned.get(f"{prefix}_lignes", ""))),
        "code_postal": cleaned.get(f"{prefix}_code_postal", "").replace(" ", ""),
        "commune": cleaned.get(f"{prefix}_commune", ""),
    }


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
