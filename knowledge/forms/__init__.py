"""The rédacteur's form: a fiche without any JSON to type.

A fiche's form carries four small tables (services, sources, questions, issues) that are read and
written with it. A row is removed by emptying it.
"""

from __future__ import annotations

from typing import Any

from django import forms

from allo3939.accounts.models import Secteur
from knowledge.author import check_fiche, next_reference
from knowledge.enums import Etat, Importance, Origine
from knowledge.forms.fields import LinesField, OfficesField, spoken
from knowledge.forms.tables import IssueForm, LinkForm, QuestionForm, Table, free_code, keep_codes
from knowledge.models import Fiche, Theme

__all__ = ["FicheForm", "LuForm", "OverlayForm", "keep_codes"]

SPARE_ROWS = 2
LUE_ENTRE_TEMPS = (
    "Quelqu'un a enregistré cette fiche depuis que vous l'avez ouverte. Copiez ce que vous venez "
    "de saisir, puis rouvrez la fiche."
)


class LuForm(forms.Form):
    """The version whose change has been read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)


IMPORTANCES = (
    (
        Importance.COQUILLE,
        "Coquille\u00a0: orthographe ou mise en forme. Personne n'est prévenu.",
    ),
    (
        Importance.PRECISION,
        "Précision\u00a0: un détail de plus, la réponse reste juste. La fiche est marquée "
        "«\u00a0changée\u00a0» pour les agents qui s'en sont servis ces sept derniers jours.",
    ),
    (
        Importance.CHANGEMENT,
        "Changement de réponse\u00a0: ce qui était dit ne doit plus l'être. À sa prochaine "
        "ouverture, chaque agent lit une fois la différence, mot à mot, et l'acquitte.",
    ),
)


class LueForm(forms.ModelForm):
    """A form that knows the state of the fiche when it was opened: two may have it open at once.

    It also asks what the new version changes for who answers.
    """

    lue = forms.IntegerField(required=False, widget=forms.HiddenInput)
    importance = forms.ChoiceField(
        label="Ce que cette version change",
        choices=IMPORTANCES,
        initial=Importance.PRECISION,
        required=False,
        widget=forms.RadioSelect,
        help_text="Sans effet à la première publication.",
    )
    raison = forms.CharField(
        label="En quelques mots",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Les agents le lisent avec le changement\u00a0: «\u00a0nouveau plafond au "
        "1er janvier\u00a0».",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["lue"].initial = self._last_saved()

    def clean_importance(self) -> str:
        return self.cleaned_data["importance"] or Importance.PRECISION

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
        widgets = {"a_dire": spoken()}
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
            "a_dire": spoken(),
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
        secteurs = list(Secteur.objects.all())
        if "confondu_avec" in self.fields:
            self.fields["confondu_avec"].choices = [  # type: ignore[attr-defined]
                (secteur.slug, secteur.nom) for secteur in secteurs
            ]
        parcours = self.instance.parcours
        self.services = self._table("services", LinkForm, self.instance.services)
        self.sources = self._table("sources", LinkForm, self.instance.sources)
        self.questions = self._table("questions", QuestionForm, parcours["questions"])
        asked: list[dict | None] = list(parcours["questions"])
        if self.is_bound and self.questions.is_valid():
            asked = _unique_codes(self.questions.all_rows())
        for row, question in zip(self.questions.forms, asked, strict=False):
            row.keep(question)
        self.asked = [question for question in asked if question]
        self.issues = self._table(
            "issues", IssueForm, parcours["issues"], questions=self.asked, secteurs=secteurs
        )

    @property
    def action(self) -> str:
        """What the button pressed asks for: ``publier``, ``tableau`` (more rows) or ``""``."""
        return next((name for name in ("publier", "tableau") if f"_{name}" in self.data), "")

    @property
    def tables(self) -> list[Table]:
        return [self.services, self.sources, self.questions, self.issues]

    def native_fiches(self) -> list[tuple[str, str]]:
        """(reference, title) of the published fiches born here, to be proposed as targets."""
        published = Fiche.objects.published().native().exclude(pk=self.instance.pk)
        return list(published.order_by("reference").values_list("reference", "titre"))

    def is_valid(self) -> bool:
        valid = super().is_valid() and all(table.is_valid() for table in self.tables)
        # Asked for more rows: the page comes back as typed, nothing is saved.
        return valid and self.action != "tableau"

    def has_changed(self) -> bool:
        return super().has_changed() or any(table.has_changed() for table in self.tables)

    def _post_clean(self) -> None:
        super()._post_clean()
        if not all(table.is_valid() for table in self.tables):
            self.add_error(None, "Un champ des tableaux n'est pas valable : voir les tableaux.")
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
        extra = 0 if initial else 1
        factory = forms.formset_factory(row, formset=Table, extra=extra)
        if not self.is_bound:
            return factory(prefix=prefix, initial=initial, form_kwargs=row_options)
        data = self.data
        if self.action == "tableau":
            data = data.copy()  # type: ignore[attr-defined]
            total = f"{prefix}-TOTAL_FORMS"
            data[total] = str(int(data.get(total) or 0) + SPARE_ROWS)
        return factory(data, prefix=prefix, form_kwargs=row_options)


def _unique_codes(questions: list[dict | None]) -> list[dict | None]:
    taken: set[str] = set()
    for question in questions:
        if question:
            question["code"] = free_code(question["code"], taken)
            taken.add(question["code"])
    return questions
