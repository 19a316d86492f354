"""The rédacteur's form: a fiche without any JSON to type.

A fiche's form carries four small tables (services, sources, questions, issues) that are read and
written with it. A row is removed by emptying it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.text import slugify

from allo3939.accounts.models import Secteur
from knowledge.author import A_DIRE_MAX, check_fiche, next_reference
from knowledge.enums import Etat, Origine, TypeBureau
from knowledge.models import Fiche, Theme

OFFICES_MAX = 4
SPARE_ROWS = 2
LUE_ENTRE_TEMPS = (
    "Quelqu'un a enregistré cette fiche depuis que vous l'avez ouverte. Copiez ce que vous venez "
    "de saisir, puis rouvrez la fiche."
)


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


def _wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "vTextField"})


def _spoken(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-a39-mots": str(A_DIRE_MAX)})


class LinkForm(forms.Form):
    """A row of the tables of services and of sources."""

    titre = forms.CharField(label="Titre", required=False, widget=_wide())
    url = forms.URLField(
        label="Adresse",
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vTextField"}),
    )

    def row(self) -> dict | None:
        link = {"titre": self.cleaned_data["titre"].strip(), "url": self.cleaned_data["url"]}
        return link if any(link.values()) else None


class QuestionForm(forms.Form):
    """A question to ask aloud. Codes are never seen: they keep the issues' conditions tied."""

    code = forms.SlugField(required=False, widget=forms.HiddenInput)
    texte = forms.CharField(label="Question, telle qu'on la dit", required=False, widget=_wide())
    choix = LinesField(label="Choix, un par ligne", rows=3)

    def __init__(self, *args: Any, known: dict[str, list[dict]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known
        if self.initial:
            labels = [choice["libelle"] for choice in self.initial["choix"]]
            self.initial = {**self.initial, "choix": labels}

    def row(self) -> dict | None:
        texte, labels = self.cleaned_data["texte"].strip(), self.cleaned_data["choix"]
        if not texte and not labels:
            return None
        code = self.cleaned_data["code"] or slugify(texte)[:30].strip("-") or "question"
        return {
            "code": code,
            "texte": texte,
            "choix": keep_codes(self.known.get(code, []), labels),
        }


class ConditionField(forms.MultipleChoiceField):
    """The answers an issue accepts; a choice removed meanwhile is let go without an error."""

    def valid_value(self, value: str) -> bool:
        return True


class IssueForm(forms.Form):
    """An outcome: its conditions on the answers, and what it adds to the fiche."""

    titre = forms.CharField(label="Cas", required=False, widget=_wide())
    a_dire = forms.CharField(label="À dire dans ce cas", required=False, widget=_spoken())
    pieces = LinesField(label="Pièces en plus, une par ligne", rows=3)
    cout = LinesField(label="Coût, un par ligne", rows=2)
    delai = LinesField(label="Délai, un par ligne", rows=2)
    organismes = OfficesField(label="Organismes, si ce ne sont pas ceux de la fiche")

    def __init__(self, *args: Any, questions: list[dict], **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = questions
        accepted = (self.initial or {}).get("si", {})
        for question in questions:
            self.fields[f"si_{question['code']}"] = ConditionField(
                label=question["texte"] or "Question sans texte",
                required=False,
                initial=accepted.get(question["code"], []),
                choices=[(choice["code"], choice["libelle"]) for choice in question["choix"]],
                widget=forms.CheckboxSelectMultiple,
            )

    def conditions(self) -> list[forms.BoundField]:
        """The fields of the conditions, one per question."""
        return [self[f"si_{question['code']}"] for question in self.questions]

    def said(self) -> list[forms.BoundField]:
        """What the agent says and dictates in this case."""
        return [self[name] for name in ("a_dire", "pieces", "cout", "delai")]

    def row(self) -> dict | None:
        data = self.cleaned_data
        issue: dict[str, Any] = {"titre": data["titre"].strip(), "a_dire": data["a_dire"].strip()}
        issue |= {name: data[name] for name in ("pieces", "cout", "delai", "organismes")}
        if not any(issue.values()):
            return None
        issue["si"] = {}
        for question in self.questions:
            ticked = set(data[f"si_{question['code']}"])
            codes = [choice["code"] for choice in question["choix"] if choice["code"] in ticked]
            if codes:
                issue["si"][question["code"]] = codes
        return issue


class Table(BaseFormSet):
    """Rows that may be empty."""

    def rows(self) -> list[dict]:
        """The rows that say something; the table must be valid."""
        return [row for form in self.forms if form.cleaned_data and (row := form.row())]


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
    taken = {choice["code"] for choice in known} | set(codes)
    for place, label in enumerate(labels):
        if not codes[place]:
            codes[place] = _free(slugify(label)[:30].strip("-") or "choix", taken)
            taken.add(codes[place])
    return [{"code": code, "libelle": label} for code, label in zip(codes, labels, strict=True)]


def _free(code: str, taken: set[str]) -> str:
    rank, free = 2, code
    while free in taken:
        free, rank = f"{code}-{rank}", rank + 1
    return free


class LueForm(forms.ModelForm):
    """A form that knows the state of the fiche when it was opened: two may have it open at once."""

    lue = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["lue"].initial = self._last_saved()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance.pk and self.cleaned_data.get("lue") not in (None, self._last_saved()):
            self.add_error(None, LUE_ENTRE_TEMPS)

    def _last_saved(self) -> int | None:
        """The line of history that the form is built on."""
        if not self.instance.pk:
            return None
        return self.instance.history.values_list("history_id", flat=True).first()


class OverlayForm(LueForm):
    """What the desk adds to a fiche of service-public.fr."""

    mots_cles = LinesField(
        label="Mots-clés",
        commas=True,
        rows=2,
        help_text="Les mots des usagers, séparés par des virgules.",
    )

    class Meta:
        model = Fiche
        fields = ("a_dire", "note", "mots_cles", "secteur")
        widgets = {"a_dire": _spoken()}
        help_texts = {
            "a_dire": "Ce que l'agent lit à voix haute : 60 mots au plus, à la place de "
            "l'introduction de la fiche.",
            "secteur": "Le secteur qui reçoit les appels trop difficiles pour le niveau 1.",
        }

    def _post_clean(self) -> None:
        super()._post_clean()
        for error in check_fiche(self.instance):
            self.add_error(None, error)


class FicheForm(LueForm):
    """A fiche born here, with its tables."""

    mots_cles = LinesField(
        label="Mots-clés",
        commas=True,
        rows=2,
        help_text="Les mots des usagers, sigles et anciens noms, séparés par des virgules.",
    )
    pieces = LinesField(
        label="Pièces à réunir", help_text="Une par ligne, dans l'ordre où on les dicte."
    )
    cout = LinesField(label="Coût", rows=2, help_text="Une information par ligne.")
    delai = LinesField(label="Délai", rows=2, help_text="Une information par ligne.")
    exemples_dans = LinesField(
        label="Exemples qui en relèvent", help_text="Une phrase d'usager par ligne."
    )
    exemples_hors = LinesField(
        label="Exemples qui n'en relèvent pas",
        help_text="Une phrase d'usager par ligne, et où elle va : « … → Justice ».",
    )
    confondu_avec = forms.MultipleChoiceField(
        label="Secteurs souvent confondus",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils seront proposés en second au moment d'escalader.",
    )
    organismes = OfficesField(
        label="Organismes compétents",
        help_text="Le plus probable d'abord : l'agent verra celui de la commune de l'usager.",
    )

    class Meta:
        model = Fiche
        fields = (
            *("nature", "titre", "theme", "secteur", "mots_cles", "a_dire"),
            *("pieces", "cout", "delai", "organismes", "texte"),
            *("definition", "exemples_dans", "exemples_hors", "cible", "confondu_avec"),
            "verifiee_le",
        )
        widgets = {
            "a_dire": _spoken(),
            "titre": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }
        help_texts = {
            "a_dire": "60 mots au plus, dits à l'usager. Avec des questions à poser : ce qui est "
            "vrai dans tous les cas, sans montant propre à un cas.",
            "texte": "Pour l'agent : ## titre, - liste, **gras**, [lien](https://…) ; "
            "[une fiche](A39-0101).",
            "definition": "Une à trois phrases : ce qu'est la question, comment la reconnaître.",
            "cible": "Le secteur qui reçoit l'appel.",
            "secteur": "Le secteur qui tient la fiche à jour ; vide : le niveau 1.",
            "verifiee_le": "La date du dernier contrôle du texte par rapport à ses sources.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "nature" in self.fields and self.instance.pk:
            self.fields["nature"].disabled = True
        if "theme" in self.fields:
            self.fields["theme"].queryset = Theme.objects.authored()  # type: ignore[attr-defined]
        if "confondu_avec" in self.fields:
            self.fields["confondu_avec"].choices = [  # type: ignore[attr-defined]
                (secteur.slug, secteur.nom) for secteur in Secteur.objects.all()
            ]
        parcours = self.instance.parcours
        self.services = self._table("services", LinkForm, self.instance.services)
        self.sources = self._table("sources", LinkForm, self.instance.sources)
        self.questions = self._table(
            "questions",
            QuestionForm,
            parcours["questions"],
            known={question["code"]: question["choix"] for question in parcours["questions"]},
        )
        asked = parcours["questions"]
        if self.is_bound and self.questions.is_valid():
            asked = _unique_codes(self.questions.rows())
        self.issues = self._table("issues", IssueForm, parcours["issues"], questions=asked)
        self.asked = asked

    @property
    def action(self) -> str:
        """What the button pressed asks for: ``publier``, ``tableau`` (more rows) or ``""``."""
        return next((name for name in ("publier", "tableau") if f"_{name}" in self.data), "")

    @property
    def tables(self) -> list[Table]:
        return [self.services, self.sources, self.questions, self.issues]

    def is_valid(self) -> bool:
        valid = super().is_valid() and all(table.is_valid() for table in self.tables)
        # Asked for more rows: the page comes back as typed, nothing is saved.
        return valid and self.action != "tableau"

    def has_changed(self) -> bool:
        return super().has_changed() or any(table.has_changed() for table in self.tables)

    def _post_clean(self) -> None:
        super()._post_clean()
        if not all(table.is_valid() for table in self.tables):
            self.add_error(None, "Une adresse du formulaire n'est pas valable : voir les tableaux.")
            return
        fiche = self.instance
        fiche.services = self.services.rows()
        fiche.sources = self.sources.rows()
        fiche.parcours = {"questions": self.asked, "issues": self.issues.rows()}
        if fiche._state.adding:
            fiche.origine = Origine.ALLO3939
            fiche.reference = fiche.reference or next_reference()
        if self.action == "publier":
            for error in check_fiche(fiche):
                self.add_error(None, error)
        elif self.action == "" and fiche.etat == Etat.PUBLIEE:
            self.add_error(None, "La fiche est publiée : publiez la nouvelle version.")

    def _table(self, prefix: str, row: type[forms.Form], initial: list[dict], **row_options: Any):
        factory = forms.formset_factory(row, formset=Table, extra=SPARE_ROWS)
        if not self.is_bound:
            return factory(prefix=prefix, initial=initial, form_kwargs=row_options)
        data = self.data
        if self.action == "tableau":
            data = data.copy()  # type: ignore[attr-defined]
            total = f"{prefix}-TOTAL_FORMS"
            data[total] = str(int(data.get(total) or 0) + SPARE_ROWS)
        return factory(data, prefix=prefix, form_kwargs=row_options)


def _unique_codes(questions: list[dict]) -> list[dict]:
    taken: set[str] = set()
    for question in questions:
        question["code"] = _free(question["code"], taken)
        taken.add(question["code"])
    return questions
