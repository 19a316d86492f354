"""Fields of a fiche's form: lists typed one per line, kinds of office in their order."""

from __future__ import annotations

from typing import Any

from django import forms

from knowledge.author import A_DIRE_MAX
from knowledge.enums import TypeBureau

OFFICES_MAX = 4


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


class OfficesWidget(forms.MultiWidget):
    """Several lists one beside the other: the order matters, the most likely office first."""

    template_name = "admin/knowledge/organismes.html"

    def __init__(self) -> None:
        choices = [("", "—"), *sorted(TypeBureau.choices, key=lambda choice: choice[1])]
        super().__init__([forms.Select(choices=choices) for _ in range(OFFICES_MAX)])

    def decompress(self, value: Any) -> list[str]:
        return [*(value or []), *[""] * OFFICES_MAX][:OFFICES_MAX]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for rank, select in enumerate(context["widget"]["subwidgets"], start=1):
            select["attrs"]["aria-label"] = f"Organisme {rank}"
        return context


class OfficesField(forms.MultiValueField):
    """The kinds of office competent, in order, as directory codes."""

    def __init__(self, **options: Any) -> None:
        fields = [
            forms.ChoiceField(choices=[("", "—"), *TypeBureau.choices], required=False)
            for _ in range(OFFICES_MAX)
        ]
        options.setdefault("required", False)
        super().__init__(fields, widget=OfficesWidget(), require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> list[str]:
        return list(dict.fromkeys(code for code in data_list if code))


def wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "vTextField"})


def spoken(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-a39-mots": str(A_DIRE_MAX)})
