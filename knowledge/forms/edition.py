"""The form of a proposition: a fiche as its author types it, why, how much it matters, from when.

The same form serves the admin and the sectors' pages; its markup is in
``templates/knowledge/edition/``. A row of a table is removed by emptying it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from allo3939.accounts.models import Agent, Secteur
from allo3939.shared.anonymity import find_identifiers, mask
from knowledge import propose
from knowledge.enums import Importance, Nature, TypeBureau
from knowledge.forms.alike import keep_alike
from knowledge.forms.fields import LinesField, OfficesField, day, dress, line, spoken
from knowledge.forms.overlay import OverlayFields, last_saved
from knowledge.forms.tables import IssueForm, LinkForm, QuestionForm, Table, free_code
from knowledge.models import Fiche, Proposition, Theme
from knowledge.propose.fields import NATIVE

SPARE_ROWS = 2
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
# Typed as texts, lists or trees; the others are chosen.
_TEXTS = tuple(name for name in NATIVE if name not in ("theme", "secteur", "cible", "verifiee_le"))
Section = tuple[str, list[forms.BoundField]]


class Edition(forms.ModelForm):
    """What every proposition carries besides the fields of the fiche."""

    tables: tuple[Table, ...] = ()
    revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Pourquoi, en quelques mots",
        max_length=300,
        required=False,
        widget=line(),
        help_text="Les agents le lisent avec le changement\u00a0: «\u00a0nouveau plafond au "
        "1er janvier\u00a0».",
    )
    importance = forms.ChoiceField(
        label="Ce que cela change pour les agents",
        choices=IMPORTANCES,
        initial=Importance.PRECISION,
        required=False,
        widget=forms.RadioSelect,
        help_text="Sans effet à la première publication.",
    )
    effet_le = forms.DateField(
        label="Date d'effet",
        required=False,
        widget=day(),
        help_text="Publiée ce jour-là à 0\u00a0h\u00a0; vide\u00a0: dès l'approbation.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        by: Agent,
        instance: Fiche,
        proposition: Proposition | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        told = _told(proposition) if proposition else {}
        super().__init__(data, instance=instance, initial=told | (initial or {}))
        self.proposition = proposition
        self.before = propose.values(instance)
        self.typed = {name: getattr(instance, name) for name in _TEXTS}
        for name in (set(self.fields) & set(NATIVE)) - set(propose.fields_for(by, instance)):
            del self.fields[name]
        dress(self.fields)
        self.fields["lue"].initial = last_saved(instance)
        self.fields["revision"].initial = proposition.revision if proposition else 0

    def offices(self) -> list[str]:
        """The kinds of office to choose from, by name."""
        return sorted(TypeBureau.labels)

    def told(self) -> list[forms.BoundField]:
        """The fields of the proposition itself."""
        return [self[name] for name in ("motif", "importance", "effet_le")]

    def raw(self) -> dict[str, list[str]]:
        """The form as it is typed, without the buttons; what identifies somebody is not kept."""
        lists = self.data.lists() if isinstance(self.data, QueryDict) else self.data.items()
        kept = {name: list(values) for name, values in lists if _is_field(name)}
        return kept | {"motif": [mask(text) for text in kept.get("motif", [])]}

    def first_fault(self) -> str:
        """The first error of a field, in French; "" when there is none."""
        return next((str(errors[0]) for errors in self.errors.values()), "")

    def changed_values(self) -> bool:
        """Whether anything typed differs from what the form was built on."""
        return not self.is_valid() or self.before != propose.values(self.instance)

    def clean_importance(self) -> str:
        return self.cleaned_data["importance"] or Importance.PRECISION

    def clean_motif(self) -> str:
        motif = self.cleaned_data["motif"]
        if found := find_identifiers(motif):
            raise forms.ValidationError(
                f"Le texte contient {' et '.join(found)}\u00a0: rien qui désigne quelqu'un."
            )
        return motif

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        keep_alike(self.instance, self.typed)

    def _sections(self, names: dict[str, tuple[str, ...]]) -> list[Section]:
        present = {
            title: [self[name] for name in fields if name in self.fields]
            for title, fields in names.items()
        }
        return [(title, fields) for title, fields in present.items() if fields]


class OverlayEdition(Edition, OverlayFields):
    """A proposition on what the desk adds to a fiche of service-public.fr."""

    class Meta(OverlayFields.Meta):
        pass

    def sections(self) -> list[Section]:
        return self._sections({"Ce que nous y ajoutons": OverlayFields.Meta.fields})


class FicheForm(Edition):
    """A proposition on a fiche born here, with its tables."""

    lue = forms.IntegerField(required=False, widget=forms.HiddenInput)
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
        help_text="Une phrase d'usager par ligne, et où elle va\u00a0: «\u00a0…\u00a0→ "
        "Justice\u00a0».",
    )
    confondu_avec = forms.MultipleChoiceField(
        label="Secteurs souvent confondus",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils seront proposés en second au moment d'escalader.",
    )
    organismes = OfficesField(
        label="Organismes compétents",
        help_text="Tapez une partie du nom. Le plus probable d'abord\u00a0: l'agent verra celui de "
        "la commune de l'usager.",
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
            "titre": line(),
            "texte": forms.Textarea(attrs={"rows": 14, "data-a39-fiche": "lien"}),
            "definition": forms.Textarea(attrs={"rows": 3}),
            "verifiee_le": day(),
        }
        help_texts = {
            "a_dire": "60 mots au plus, dits à l'usager. Avec des questions à poser\u00a0: ce qui "
            "est vrai dans tous les cas, sans montant propre à un cas.",
            "texte": "Pour l'agent\u00a0: ## titre, - liste, **gras**, [lien](https://…).",
            "definition": "Une à trois phrases\u00a0: ce qu'est la question, comment la "
            "reconnaître.",
            "cible": "Le secteur qui reçoit l'appel.",
            "secteur": "Le secteur qui tient la fiche à jour\u00a0; vide\u00a0: le niveau 1.",
            "verifiee_le": "La date du dernier contrôle du texte par rapport à ses sources.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["nature"].disabled = True
        self.fields["theme"].queryset = Theme.objects.authored()  # type: ignore[attr-defined]
        secteurs = list(Secteur.objects.all())
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
        self.tables = (self.services, self.sources, self.questions, self.issues)

    @property
    def more_rows(self) -> bool:
        """Whether a button asks for more rows, without the script that adds them."""
        return "_tableau" in self.data

    def sections(self) -> list[Section]:
        """(title, fields) as the page shows them; those of an escalation only where they serve."""
        names = {
            "La fiche": ("nature", "titre", "theme", "secteur", "mots_cles"),
            "À dire": ("a_dire",),
            "Qualifier et escalader": (
                *("definition", "exemples_dans", "exemples_hors", "cible", "confondu_avec"),
            ),
            "Ce qu'il faut savoir": ("pieces", "cout", "delai", "organismes"),
            "Texte de référence et vérification": ("texte", "verifiee_le"),
        }
        if self.instance.pk and self.instance.nature == Nature.REPONSE:
            del names["Qualifier et escalader"]
        return self._sections(names)

    def is_valid(self) -> bool:
        return super().is_valid() and all(table.is_valid() for table in self.tables)

    def _post_clean(self) -> None:
        super()._post_clean()
        if not all(table.is_valid() for table in self.tables):
            self.add_error(
                None, "Un champ des tableaux n'est pas valable\u00a0: voir les tableaux."
            )
            return
        fiche = self.instance
        fiche.services = self.services.rows()
        fiche.sources = self.sources.rows()
        fiche.parcours = {"questions": self.asked, "issues": self.issues.rows()}
        keep_alike(fiche, self.typed)

    def _table(self, prefix: str, row: type[forms.Form], initial: list[dict], **row_options: Any):
        extra = 0 if initial else 1
        factory = forms.formset_factory(row, formset=Table, extra=extra)
        if not self.is_bound:
            return factory(prefix=prefix, initial=initial, form_kwargs=row_options)
        data = self.data
        if self.more_rows:
            data = data.copy()  # type: ignore[attr-defined]
            total = f"{prefix}-TOTAL_FORMS"
            data[total] = str(int(data.get(total) or 0) + SPARE_ROWS)
        return factory(data, prefix=prefix, form_kwargs=row_options)


def _told(proposition: Proposition) -> dict[str, Any]:
    return {name: getattr(proposition, name) for name in ("motif", "importance", "effet_le")}


def _is_field(name: str) -> bool:
    return not name.startswith("_") and name not in ("csrfmiddlewaretoken", "motif_force")


def _unique_codes(questions: list[dict | None]) -> list[dict | None]:
    taken: set[str] = set()
    for question in questions:
        if question:
            question["code"] = free_code(question["code"], taken)
            taken.add(question["code"])
    return questions
