"""The directory's search form, and what becomes of it in an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from orientation.columns import Columns
from orientation.enums import Accessibilite
from orientation.facets import UNKNOWN_ACCESS, Criteres

# What may stand in an address, be kept in the history and come back from a body's page. What is
# typed may not: it may be a caller's own words.
CHOSEN = ("ouvert", "type", "dep", "acces")
_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class AnnuaireForm(forms.Form):
    """Bodies by name, place, kind, département, access and openness; each may be left empty."""

    nom = forms.CharField(
        label="Nom ou sigle",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=_TYPED),
    )
    lieu = forms.CharField(
        label="Commune, code postal ou département",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_TYPED),
    )
    ouvert = forms.BooleanField(required=False)
    type = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "Type d'organisme inconnu."}
    )
    dep = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "Département inconnu."}
    )
    acces = forms.MultipleChoiceField(
        required=False,
        choices=[(code, code) for code in (*Accessibilite.values, UNKNOWN_ACCESS)],
        error_messages={"invalid_choice": "Accès inconnu."},
    )
    voir = forms.MultipleChoiceField(
        required=False,
        choices=[(name, name) for name in CHOSEN],
        error_messages={"invalid_choice": "Liste inconnue."},
    )

    def __init__(self, data: QueryDict, *, columns: Columns) -> None:
        super().__init__(data)
        for name, known in (("type", columns.kinds), ("dep", columns.departements)):
            choices = forms.MultipleChoiceField(choices=[(code, code) for code in known])
            self.fields[name].choices = choices.choices  # type: ignore[attr-defined]

    @property
    def criteres(self) -> Criteres:
        """What a valid form asks for."""
        cleaned: dict[str, Any] = self.cleaned_data
        return Criteres(
            nom=cleaned["nom"],
            lieu=cleaned["lieu"],
            types=cleaned["type"],
            departements=cleaned["dep"],
            acces=cleaned["acces"],
            ouverts=cleaned["ouvert"],
        )


def without_dropped(query: QueryDict) -> QueryDict:
    """The query without what its ``sans`` takes away: « nom », « type:mairie », « tout »."""
    left = query.copy()
    dropped = left.pop("sans", [])
    for each in dropped:
        name, _, value = str(each).partition(":")
        if name == "tout":
            return QueryDict(mutable=True)
        left.setlist(name, [kept for kept in left.getlist(name) if value and kept != value])
    if dropped:
        left.pop("page", None)
    return left


def shareable(query: QueryDict) -> str:
    """What of a query may stand in an address: the facets and the page, never what was typed."""
    kept = QueryDict(mutable=True)
    for name in (*CHOSEN, "page"):
        values = [str(value) for value in query.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def without_page(query: QueryDict) -> str:
    """The whole query but its page, for the other pages of the list and its exports."""
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()
