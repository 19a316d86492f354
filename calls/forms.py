"""What an agent fills in during a call: as little as possible."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from allo3939.accounts.forms import confirmed_in
from allo3939.accounts.models import Secteur
from calls.enums import (
    CommandeTelephone,
    EtatPresence,
    ModeTransfert,
    Motif,
    MotifRefus,
    Niveau1,
    NumeroUrgence,
    Resultat,
)
from calls.replay import Action, Genre
from knowledge.qualify import CheminInconnu, parse_path


def _line(longest: int) -> forms.CharField:
    """A line that an agent may type."""
    return forms.CharField(
        max_length=longest,
        required=False,
        error_messages={
            "max_length": f"La ligne est trop longue\u00a0: {longest} caractères au plus."
        },
    )


class PlainForm(forms.Form):
    """A form whose template writes its own fields and shows the faults as one sentence."""

    def faults(self) -> str:
        """What is wrong, in French, to be shown beside the button."""
        return " ".join(str(fault) for faults in self.errors.values() for fault in faults)


class GardeForm(PlainForm):
    """A form with a free text: what the agent said to be nobody's comes with it."""

    @property
    def confirmed(self) -> set[str]:
        """The signs of the doubts that the agent answered, now or before."""
        return confirmed_in(self.data)


class RechercheForm(forms.Form):
    """Words typed in a box: of a caller's question, or of a commune."""

    q = forms.CharField(max_length=400, required=False)
    commune = forms.CharField(max_length=60, required=False)


class FrappeForm(forms.Form):
    """What the page sends with each letter of the search box, beside the words."""

    demande = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    vus = forms.CharField(max_length=1000, required=False)

    def clean_vus(self) -> list[str]:
        """The keys of the lines on screen, in their order."""
        return self.cleaned_data["vus"].split()


class SuiteForm(forms.Form):
    """The fiche that a link leads to."""

    reference = forms.RegexField(r"^[A-Z0-9-]{1,20}$")


class FlashForm(GardeForm):
    """A line for every screen."""

    texte = forms.CharField(
        max_length=200,
        error_messages={
            "required": "Écrivez la ligne à afficher.",
            "max_length": "Une ligne suffit\u00a0: 200 caractères au plus.",
        },
    )
    secteur = forms.ModelChoiceField(
        Secteur.objects.all(),
        to_field_name="slug",
        required=False,
        error_messages={"invalid_choice": "Choisissez un secteur de la liste."},
    )
    du = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={"invalid": "Le début n'est pas une date et une heure."},
    )
    au = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={"invalid": "La fin n'est pas une date et une heure."},
    )


class LignesForm(GardeForm):
    """What an agent says of a question at its end. Saved field by field as the panel is filled in:
    a form holds only some of them."""

    note = _line(500)
    precision = _line(200)
    motif_inutile = _line(200)
    fiche_utile = forms.TypedChoiceField(
        choices=[("oui", "Oui"), ("non", "Non")],
        required=False,
        coerce=lambda value: value == "oui",
        empty_value=None,
    )

    def lines(self) -> dict[str, str]:
        """The lines that the page sent, cleaned."""
        names = ("note", "precision", "motif_inutile")
        return {name: self.cleaned_data[name] for name in names if name in self.data}


class EscaladeForm(GardeForm):
    """Sector, reason and one optional line, before the hand-off."""

    secteur = forms.ModelChoiceField(
        Secteur.objects.all(),
        to_field_name="slug",
        error_messages={
            "required": "Choisissez un secteur.",
            "invalid_choice": "Choisissez un secteur de la liste.",
        },
    )
    motif = forms.ChoiceField(
        choices=Motif.choices, error_messages={"required": "Choisissez le motif de l'escalade."}
    )
    precision = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": "Une ligne suffit : 200 caractères au plus."},
    )


class ClotureForm(LignesForm):
    """The end of a question: its outcome, and what is said of it."""

    issue = forms.CharField(max_length=2, required=False)
    q = forms.CharField(max_length=400, required=False)

    def outcome_chosen(self, *, over: str) -> str:
        """The outcome that the agent chose; "" when it is the one that was proposed."""
        issue = self.cleaned_data["issue"]
        return "" if issue == over else issue

    def with_outcome(self, code: str) -> "ClotureForm":
        """The same as typed, with another outcome."""
        typed = {name: self.data.get(name) for name in self.data}
        return ClotureForm(typed | {"issue": code})


class UrgenceForm(PlainForm):
    """The emergency number given."""

    numero = forms.ChoiceField(choices=NumeroUrgence.choices)


class RefusForm(PlainForm):
    """Why an informateur sends a card back."""

    motif = forms.ChoiceField(
        choices=MotifRefus.choices, error_messages={"required": "Choisissez le motif du refus."}
    )


class ReroutageForm(GardeForm):
    """The right sector for a question that came to a wrong one, and why."""

    secteur = forms.ModelChoiceField(
        Secteur.objects.all(),
        to_field_name="slug",
        error_messages={
            "required": "Choisissez le secteur.",
            "invalid_choice": "Choisissez un secteur de la liste.",
        },
    )
    raison = forms.CharField(
        max_length=200,
        error_messages={
            "required": "Dites en une ligne pourquoi ce secteur.",
            "max_length": "Une ligne suffit\u00a0: 200 caractères au plus.",
        },
    )


class PriseForm(PlainForm):
    """How the informateur has the caller."""

    mode = forms.ChoiceField(
        choices=ModeTransfert.choices,
        error_messages={"required": "Choisissez transfert ou conférence."},
    )


class CommandeForm(PlainForm):
    """What is asked of the switch."""

    commande = forms.TypedChoiceField(choices=CommandeTelephone.choices, coerce=CommandeTelephone)


class PresenceForm(PlainForm):
    """What an informateur says of oneself."""

    etat = forms.ChoiceField(
        choices=EtatPresence.choices, error_messages={"required": "Choisissez pause ou reprise."}
    )


class ReponseForm(PlainForm):
    """How level 2 closes."""

    resultat = forms.ChoiceField(
        choices=Resultat.choices, error_messages={"required": "Choisissez le résultat."}
    )
    niveau_1 = forms.ChoiceField(
        choices=Niveau1.choices,
        error_messages={"required": "Dites si le niveau 1 pouvait répondre."},
    )


class RectificationForm(LignesForm):
    """What may be put right in a closed question."""

    issue = forms.CharField(max_length=2, error_messages={"required": "Choisissez une issue."})

    @classmethod
    def of(cls, demande, *, fault: str = ""):
        """Filled with what the question says now; with a fault that comes from no field."""
        lines = {name: getattr(demande, name) for name in ("motif_inutile", "precision", "note")}
        values = QueryDict(mutable=True)
        values.update({"issue": demande.issue_id or "", "fiche_utile": demande.utilite, **lines})
        form = cls(values)
        if fault:
            form.add_error(None, fault)
        return form


class CheminField(forms.CharField):
    """A path, as written in an address."""

    def clean(self, value):
        try:
            return parse_path(super().clean(value))
        except CheminInconnu as error:
            raise ValidationError("Chemin illisible.") from error


class ActionForm(LignesForm):
    """One thing done without network, as the page kept it."""

    cle = forms.UUIDField()
    genre = forms.TypedChoiceField(choices=[(g, g) for g in Genre], coerce=Genre)
    age = forms.FloatField(min_value=-86_400, max_value=7 * 86_400)
    appel = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    demande = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    consultation = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    depuis = CheminField(required=False)
    chemin = CheminField(required=False)
    issue = forms.CharField(max_length=2, required=False)
    mots = forms.CharField(max_length=400, required=False)
    note_perdue = forms.BooleanField(required=False)

    def clean_age(self) -> timedelta:
        return timedelta(seconds=self.cleaned_data["age"])

    def action(self, *, confirmed: set[str]) -> Action:
        names = {"cle", "genre", "age", "appel", "demande", "consultation", "version"}
        names |= {"depuis", "chemin", "issue", "mots", "note_perdue"}
        return Action(
            **{name: self.cleaned_data[name] for name in names},
            utile=self.cleaned_data["fiche_utile"],
            lignes=self.lines(),
            confirmes=confirmed,
        )


class RejeuForm(GardeForm):
    """What the page has kept, in order, and what it shows."""

    ACTIONS_MAX = 200

    actions = forms.JSONField(required=False)
    page = forms.CharField(max_length=500, required=False)

    def clean_actions(self) -> list[Action]:
        rows = self.cleaned_data["actions"] or []
        if not isinstance(rows, list) or len(rows) > self.ACTIONS_MAX:
            raise ValidationError("Actions illisibles.")
        forms_of_rows = [ActionForm(row if isinstance(row, dict) else {}) for row in rows]
        if not all(form.is_valid() for form in forms_of_rows):
            raise ValidationError("Actions illisibles.")
        confirmed = self.confirmed
        return [form.action(confirmed=confirmed) for form in forms_of_rows]
