"""The tables of a fiche's form: services, sources, questions and the cases they lead to.

A row is removed by emptying it; the browser also removes and reorders rows, the order being that of
their numbers.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.text import slugify

from allo3939.accounts.models import Secteur
from knowledge.author.speech import AIDE_MAX, CHOIX_MAX_MOTS, QUESTION_MAX
from knowledge.forms.fields import LinesField, OfficesField, dress, line, spoken
from knowledge.parcours import NSP, answers_to

CODE_MAX = 30


class LinkForm(forms.Form):
    """A row of the tables of services and of sources."""

    titre = forms.CharField(label="Titre", required=False, widget=line())
    url = forms.URLField(label="Adresse", required=False, assume_scheme="https")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        dress(self.fields)

    def row(self) -> dict | None:
        link = {"titre": self.cleaned_data["titre"].strip(), "url": self.cleaned_data["url"]}
        return link if any(link.values()) else None


class QuestionForm(forms.Form):
    """A question to ask aloud.

    Codes are never seen: they keep the issues' conditions tied to a question and to its choices
    while their texts change, from one check of the form to the next. ``connus`` holds the choices
    as last read, with their codes.
    """

    code = forms.CharField(required=False, widget=forms.HiddenInput)
    connus = forms.CharField(required=False, widget=forms.HiddenInput)
    texte = forms.CharField(
        label="Question, telle qu'on la dit",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-a39-mots": str(QUESTION_MAX)}),
    )
    choix = LinesField(label="Choix, un par ligne", rows=4)
    aide = forms.CharField(
        label="À dire si l'usager ne sait pas",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-a39-mots": str(AIDE_MAX)}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"label_suffix": ""})
        self.kept: dict | None = None
        dress(self.fields)
        self.fields["choix"].widget.attrs["data-a39-mots-ligne"] = str(CHOIX_MAX_MOTS)
        if self.initial:
            choices = self.initial["choix"]
            self.initial = {
                **self.initial,
                "choix": [choice["libelle"] for choice in choices],
                "connus": json.dumps(choices),
            }

    def asked(self) -> list[forms.BoundField]:
        """What the rédacteur sees of the row."""
        return [self[name] for name in ("texte", "choix", "aide")]

    def keep(self, question: dict | None) -> None:
        """Carry the codes of the question read from this row to the next reading."""
        self.kept = question

    def hidden(self) -> dict[str, str]:
        """The values of the hidden fields, by name in the page."""
        question = self.kept or {"code": "", "choix": []}
        return {
            self["code"].html_name: question["code"],
            self["connus"].html_name: json.dumps(question["choix"]),
        }

    def row(self) -> dict | None:
        data = self.cleaned_data
        texte, labels, aide = data["texte"].strip(), data["choix"], data["aide"].strip()
        if not texte and not labels and not aide:
            return None
        question = {
            "code": data["code"] or _code(texte, "question"),
            "texte": texte,
            "choix": keep_codes(_read_choices(data["connus"]), labels),
        }
        return question | {"aide": aide} if aide else question


class ConditionField(forms.MultipleChoiceField):
    """The answers an issue accepts; a choice removed meanwhile is let go without an error."""

    def valid_value(self, value: str) -> bool:
        return True


class IssueForm(forms.Form):
    """An outcome: its conditions on the answers, what it adds to the fiche, where it leads."""

    SUITES = (
        ("", "Rien : ce qui est dit suffit"),
        ("fiche", "Une autre fiche"),
        ("secteur", "Un secteur"),
        ("exterieur", "Un organisme hors de l'annuaire"),
    )

    titre = forms.CharField(label="Nom du cas", required=False, widget=line())
    inconnu = forms.BooleanField(
        label="Cas de repli : l'usager ne sait pas, et aucun autre cas ne prévoit ses réponses",
        required=False,
    )
    a_dire = forms.CharField(label="À dire dans ce cas", required=False, widget=spoken())
    pieces = LinesField(label="Pièces en plus, une par ligne", rows=3)
    cout = LinesField(label="Coût, un par ligne", rows=2)
    delai = LinesField(label="Délai, un par ligne", rows=2)
    organismes = OfficesField(label="Organismes, si ce ne sont pas ceux de la fiche")
    suite = forms.ChoiceField(label="Puis", choices=SUITES, required=False)
    suite_fiche = forms.CharField(
        label="Référence de la fiche",
        required=False,
        widget=forms.TextInput(attrs={"data-a39-fiche": "reference", "size": 14}),
    )
    suite_secteur = forms.ChoiceField(label="Secteur", required=False)
    suite_titre = forms.CharField(label="Nom de l'organisme", required=False, widget=line())
    suite_telephone = forms.CharField(
        label="Téléphone", required=False, widget=forms.TextInput(attrs={"size": 16})
    )
    suite_url = forms.CharField(label="Site", required=False)

    def __init__(
        self, *args: Any, questions: list[dict], secteurs: list[Secteur], **options: Any
    ) -> None:
        super().__init__(*args, **options | {"label_suffix": ""})
        self.questions = questions
        self.fields["suite_secteur"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((secteur.slug, secteur.nom) for secteur in secteurs),
        ]
        if self.initial:
            self.initial = {**self.initial, **_read_target(self.initial.get("cible") or {})}
        accepted = (self.initial or {}).get("si", {})
        for question in questions:
            self.fields[f"si_{question['code']}"] = ConditionField(
                label=question["texte"] or "Question sans texte",
                required=False,
                initial=accepted.get(question["code"], []),
                choices=[(answer["code"], answer["libelle"]) for answer in answers_to(question)],
                widget=forms.CheckboxSelectMultiple,
            )
        dress(self.fields)

    def conditions(self) -> list[forms.BoundField]:
        """The fields of the conditions, one per question."""
        return [self[f"si_{question['code']}"] for question in self.questions]

    def said(self) -> list[forms.BoundField]:
        """What the agent says and dictates in this case."""
        return [self[name] for name in ("a_dire", "pieces", "cout", "delai")]

    def targets(self) -> dict[str, list[forms.BoundField]]:
        """The fields of each kind of target."""
        return {
            "fiche": [self["suite_fiche"]],
            "secteur": [self["suite_secteur"]],
            "exterieur": [self["suite_titre"], self["suite_telephone"], self["suite_url"]],
        }

    def row(self) -> dict | None:
        data = self.cleaned_data
        issue: dict[str, Any] = {"titre": data["titre"].strip(), "a_dire": data["a_dire"].strip()}
        issue |= {name: data[name] for name in ("pieces", "cout", "delai", "organismes")}
        conditions = {}
        for question in self.questions:
            ticked = set(data[f"si_{question['code']}"])
            codes = [code["code"] for code in answers_to(question) if code["code"] in ticked]
            if codes:
                conditions[question["code"]] = codes
        if data["suite"]:
            issue["cible"] = self._target()
        if data["inconnu"]:
            issue["inconnu"] = True
        return issue | {"si": conditions} if any(issue.values()) or conditions else None

    def _target(self) -> dict:
        data = {name: value.strip() for name, value in self.cleaned_data.items() if name in _TARGET}
        match self.cleaned_data["suite"]:
            case "fiche":
                return {"fiche": data["suite_fiche"].upper()}
            case "secteur":
                return {"secteur": data["suite_secteur"]}
            case _:
                outside = {key: data[f"suite_{key}"] for key in ("titre", "telephone", "url")}
                kept = {key: value for key, value in outside.items() if value or key == "titre"}
                return {"exterieur": kept}


_TARGET = ("suite_fiche", "suite_secteur", "suite_titre", "suite_telephone", "suite_url")


class Table(BaseFormSet):
    """Rows that may be empty."""

    def rows(self) -> list[dict]:
        """The rows that say something; the table must be valid."""
        return [row for row in self.all_rows() if row]

    def all_rows(self) -> list[dict | None]:
        """Every row as shown, None for one that says nothing; the table must be valid."""
        return [form.row() if form.cleaned_data else None for form in self.forms]


def keep_codes(known: list[dict], labels: list[str]) -> list[dict]:
    """Choices with codes that survive an edit.

    A label keeps its code; a label reworded in place keeps the code of its place; anything else
    is new.
    """
    by_label = {choice["libelle"]: choice["code"] for choice in known}
    codes = [by_label.get(label, "") for label in labels]
    if len(known) == len(labels):
        for place, choice in enumerate(known):
            if not codes[place] and choice["code"] not in codes:
                codes[place] = choice["code"]
    taken = {choice["code"] for choice in known} | set(codes) | {NSP}
    for place, label in enumerate(labels):
        if not codes[place]:
            codes[place] = free_code(_code(label, "choix"), taken)
            taken.add(codes[place])
    return [{"code": code, "libelle": label} for code, label in zip(codes, labels, strict=True)]


def free_code(code: str, taken: set[str]) -> str:
    """The code, or the code with the first number that makes it free."""
    rank, free = 2, code
    while free in taken:
        free, rank = f"{code}-{rank}", rank + 1
    return free


def _code(text: str, default: str) -> str:
    return slugify(text)[:CODE_MAX].strip("-") or default


def _read_choices(text: str) -> list[dict]:
    """The choices of a hidden field; none when it was tampered with."""
    try:
        return [
            {"code": str(choice["code"]), "libelle": str(choice["libelle"])}
            for choice in json.loads(text)
        ]
    except (ValueError, TypeError, KeyError):
        return []


def _read_target(cible: dict) -> dict[str, str]:
    """A target as the fields of a row."""
    outside = cible.get("exterieur") or {}
    return {
        "suite": next((genre for genre in ("fiche", "secteur", "exterieur") if genre in cible), ""),
        "suite_fiche": cible.get("fiche", ""),
        "suite_secteur": cible.get("secteur", ""),
        **{f"suite_{key}": outside.get(key, "") for key in ("titre", "telephone", "url")},
    }
