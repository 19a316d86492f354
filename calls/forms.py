"""What an agent fills in during a call: as little as possible."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from allo3939.accounts.forms import confirmed_in
from allo3939.accounts.models import Secteur
from calls.enums import Motif, MotifRefus, Niveau1, Resultat
from calls.replay import Action, Genre
from knowledge.qualify import CheminInconnu, parse_path


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


class NoteForm(GardeForm):
    """The agent's line."""

    note = forms.CharField(
        max_length=500,
        required=False,
        error_messages={"max_length": "La note est trop longue\u00a0: 500 caractères au plus."},
    )


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


class ClotureForm(GardeForm):
    """Outcome, note, and whether the fiche was useful."""

    issue = forms.CharField(max_length=2, required=False)
    note = forms.CharField(
        max_length=500,
        required=False,
        error_messages={"max_length": "La note est trop longue : 500 caractères au plus."},
    )
    fiche_utile = forms.TypedChoiceField(
        choices=[("oui", "Oui"), ("non", "Non")],
        required=False,
        coerce=lambda value: value == "oui",
        empty_value=None,
    )
    q = forms.CharField(max_length=400, required=False)


class RefusForm(PlainForm):
    """Why an informateur sends a card back."""

    motif = forms.ChoiceField(
        choices=MotifRefus.choices, error_messages={"required": "Choisissez le motif du refus."}
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


class CheminField(forms.CharField):
    """A path, as written in an address."""

    def clean(self, value):
        try:
            return parse_path(super().clean(value))
        except CheminInconnu as error:
            raise ValidationError("Chemin illisible.") from error


class ActionForm(forms.Form):
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
    utile = forms.TypedChoiceField(
        choices=[("oui", "Oui"), ("non", "Non")],
        required=False,
        coerce=lambda value: value == "oui",
        empty_value=None,
    )
    note = forms.CharField(max_length=500, required=False)
    mots = forms.CharField(max_length=400, required=False)
    note_perdue = forms.BooleanField(required=False)

    def clean_age(self) -> timedelta:
        return timedelta(seconds=self.cleaned_data["age"])


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
        return [Action(**form.cleaned_data, confirmes=confirmed) for form in forms_of_rows]
