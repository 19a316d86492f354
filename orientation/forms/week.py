"""Opening hours as one types them: « 9h-12h, 14h-17h30 »."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
COMME_AVANT = "="
_HOUR = r"(\d{1,2})\s*(?:[:hH.]\s*(\d{2})?)?"
_RANGE = re.compile(rf"{_HOUR}\s*(?:-|–|—|à|a)\s*{_HOUR}")
_BETWEEN = re.compile(r"\s*(?:[,;/]|\bet\b)\s*")
_ALWAYS = re.compile(r"24\s*h?\s*(?:/|sur)\s*24\s*h?", re.IGNORECASE)
_SPARE_ROWS = 2


def read_hours(text: str) -> list[tuple[str, str]]:
    """« 9h-12h, 14h à 17h30 » as (from, to) pairs of ``HH:MM``; none for « fermé » or nothing.

    A range that ends before it starts runs past midnight; « 24h/24 » is « 00:00-23:59 », as the
    directory writes it. Raises ``ValidationError`` with what to type instead.
    """
    text = text.strip()
    if not text or text.lower() in ("fermé", "ferme", "fermée"):
        return []
    if _ALWAYS.fullmatch(text):
        return [("00:00", "23:59")]
    return [_read_range(part) for part in _BETWEEN.split(text) if part]


def _read_range(part: str) -> tuple[str, str]:
    match = _RANGE.fullmatch(part.strip())
    if match is None:
        raise forms.ValidationError(
            f"«\u00a0{part}\u00a0» n'est pas une plage. Exemple\u00a0: 9h-12h, 13h30-17h."
        )
    start, end = _hour(*match.group(1, 2)), _hour(*match.group(3, 4))
    end = "23:59" if end == "24:00" else end
    if max(start, end) > "23:59" or start[3:] > "59" or end[3:] > "59":
        raise forms.ValidationError(f"«\u00a0{part}\u00a0»\u00a0: cette heure n'existe pas.")
    return start, end


def _hour(hours: str, minutes: str | None) -> str:
    return f"{int(hours):02}:{minutes or '00'}"


def write_hours(plages: list[dict[str, Any]]) -> str:
    """Ranges as they are typed; what has no hours is left out."""
    return ", ".join(
        f"{each['debut']}-{each['fin']}" for each in plages if each["debut"] and each["fin"]
    )


class JourForm(forms.Form):
    """The ranges of a day that share one remark."""

    jour = forms.TypedChoiceField(
        choices=[("", "Jour…"), *((rank, name.capitalize()) for rank, name in enumerate(JOURS))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "fr-select"}),
    )
    heures = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"class": "fr-input", "autocomplete": "off", "placeholder": "fermé"}
        ),
    )
    remarque = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "fr-input", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.initial and self.initial["remarque"]:
            self.fields["heures"].widget.attrs["placeholder"] = "sans heures"

    @property
    def nom(self) -> str:
        """The day of a row that has one from the start; "" for a spare row."""
        return JOURS[self.initial["jour"]].capitalize() if self.initial else ""


class _Week(BaseFormSet):
    """The days, and spare rows for a day whose ranges have several remarks."""

    def ranges(self) -> list[dict[str, Any]]:
        """The column ``plages`` as typed; raises ``ValidationError`` naming the day."""
        found: list[dict[str, Any]] = []
        before: tuple[str, str] = ("", "")
        for form in self.forms:
            data = form.cleaned_data
            day = data.get("jour")
            hours, remark = data.get("heures", ""), data.get("remarque", "")
            if hours == COMME_AVANT:
                hours, remark = before[0], remark or before[1]
            before = (hours, remark)
            if not hours and not remark:
                continue
            if day is None:
                raise forms.ValidationError("Choisissez le jour de chaque ligne ajoutée.")
            found += _of_day(day, hours, remark)
        return found


def _of_day(day: int, hours: str, remark: str) -> list[dict[str, Any]]:
    try:
        pairs = read_hours(hours) or [("", "")]
    except forms.ValidationError as error:
        raise forms.ValidationError(
            f"{JOURS[day].capitalize()}\u00a0: {error.messages[0]}"
        ) from error
    if pairs == [("", "")] and not remark:
        return []  # « fermé », in so many letters
    for (_, end), (start, _) in pairwise(pairs):
        if start < end:
            raise forms.ValidationError(
                f"{JOURS[day].capitalize()}\u00a0: {start} précède la fin de la plage d'avant."
            )
    return [
        {"jour": day, "debut": start, "fin": end, "commentaire": remark} for start, end in pairs
    ]


_WeekFormSet = formset_factory(JourForm, formset=_Week, extra=_SPARE_ROWS, max_num=60)


def week_formset(data: Any, plages: list[dict[str, Any]]) -> _Week:
    """The seven days as rows, in their order; a day whose ranges have several remarks has as many
    rows. Nothing typed gives back the same ranges."""
    rows: list[dict[str, Any]] = []
    for day in range(7):
        by_remark: dict[str, list[dict[str, Any]]] = {}
        for each in plages:
            if each.get("jour") == day:
                by_remark.setdefault(each.get("commentaire") or "", []).append(each)
        rows += [
            {"jour": day, "heures": write_hours(ranges), "remarque": remark}
            for remark, ranges in (by_remark or {"": []}).items()
        ]
    return _WeekFormSet(data, initial=rows, prefix="plages")  # type: ignore[return-value]
