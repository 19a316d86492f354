"""Fields of a fiche's form: lists typed one per line, kinds of office in their order."""

from __future__ import annotations

from typing import Any

from django import forms

from knowledge.author import A_DIRE_MAX
from knowledge.enums import TypeBureau

OFFICES_MAX = 4
OFFICES_LIST = "a39-organismes"  # id of the list the page offers
_BY_LABEL = {label.casefold(): code for code, label in TypeBureau.choices}


class LinesField(forms.CharField):
    """A list of texts, one per line; keywords may also be separated by commas."""

    def __init__(self, *, commas: bool = False, rows: int = 4, **options: Any) -> None:
        self.separator = ", " if commas else "\n"
        options.setdefault("required", False)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def prepare_value(self, value: Any) -> Any:
        return self.separator.join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value) or ""
        if self.separator == ", ":
            text = text.replace(",", "\n")
        return [line.strip(" \t-•") for line in text.splitlines() if line.strip(" \t-•")]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.clean(data)


class OfficeInput(forms.TextInput):
    """A kind of office, found by typing any part of its name in the list the page offers."""

    def __init__(self) -> None:
        super().__init__(attrs={"list": OFFICES_LIST, "autocomplete": "off"})

    def format_value(self, value: Any) -> str | None:
        return dict(TypeBureau.choices).get(value, value)


class OfficesWidget(forms.MultiWidget):
    """Several boxes one beside the other: the order matters, the most likely office first."""

    template_name = "knowledge/edition/_organismes.html"

    def __init__(self) -> None:
        super().__init__([OfficeInput() for _ in range(OFFICES_MAX)])

    def decompress(self, value: Any) -> list[str]:
        return [*(value or []), *[""] * OFFICES_MAX][:OFFICES_MAX]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for rank, box in enumerate(context["widget"]["subwidgets"], start=1):
            box["attrs"]["aria-label"] = f"Organisme {rank}"
        return context


class OfficeField(forms.CharField):
    """A kind of office by its name, or by its directory code; gives the code."""

    def clean(self, value: Any) -> str:
        text = super().clean(value) or ""
        code = _BY_LABEL.get(text.casefold(), text)
        if code and code not in TypeBureau.values:
            raise forms.ValidationError(
                f"«\u00a0{text}\u00a0» n'est pas un organisme de la liste\u00a0: "
                "tapez une partie de son nom, puis choisissez-le."
            )
        return code


class OfficesField(forms.MultiValueField):
    """The kinds of office competent, in order, as directory codes."""

    def __init__(self, **options: Any) -> None:
        fields = [OfficeField(required=False) for _ in range(OFFICES_MAX)]
        options.setdefault("required", False)
        super().__init__(fields, widget=OfficesWidget(), require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> list[str]:
        return list(dict.fromkeys(code for code in data_list if code))


def spoken(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-a39-mots": str(A_DIRE_MAX)})


def day() -> forms.DateInput:
    """A day picked in the browser's own calendar, which reads and writes ``2026-01-31``."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def dress(fields: dict[str, forms.Field]) -> None:
    """The classes of the State's design, and the browser's spelling where one writes French."""
    for field in fields.values():
        widget: Any = field.widget
        for part in getattr(widget, "widgets", [widget]):
            if isinstance(part, forms.Select) and not isinstance(
                part, forms.CheckboxSelectMultiple
            ):
                part.attrs.setdefault("class", "fr-select")
            elif isinstance(part, (forms.Textarea, forms.TextInput, forms.DateInput)):
                part.attrs.setdefault("class", "fr-input")
            if isinstance(part, forms.Textarea) or part.attrs.get("data-a39-francais"):
                part.attrs |= {"spellcheck": "true", "lang": "fr"}


def line(**attrs: Any) -> forms.TextInput:
    """A line of French."""
    return forms.TextInput(attrs={"data-a39-francais": "1", **attrs})
