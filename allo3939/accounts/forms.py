"""Login, preferences, and a sector's hours without JSON."""

import re

from django import forms
from django.contrib.auth.forms import (
    AdminUserCreationForm,
    AuthenticationForm,
    UserChangeForm,
)
from django.core.validators import MaxLengthValidator

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Secteur

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
LETTRE = (Role.REDACTEUR, Role.PARTENAIRE)  # who receive a letter of the week
USERNAME_MAX = 150  # as in `Agent`
TEXTE_MAX = 4000  # characters that the guard reads as one types
SIGNES_MAX, SIGNE_MAX = 50, 40
PLAGE = re.compile(r"^(\d{1,2})[:h](\d{2})?\s*[-–à]\s*(\d{1,2})[:h](\d{2})?$")


class ConnexionForm(AuthenticationForm):
    """Name and password, with errors in the words of somebody who is not a technician."""

    error_messages = {
        "invalid_login": (
            "Identifiant ou mot de passe incorrect. "
            "Vérifiez les majuscules du mot de passe, puis réessayez."
        ),
        "inactive": "Ce compte est désactivé. Adressez-vous à votre superviseur.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = "Identifiant"
        name.error_messages["required"] = "Saisissez votre identifiant."
        # Django only tells the browser; a longer name breaks what counts the failures.
        too_long = f"Un identifiant a {USERNAME_MAX} caractères au plus."
        name.validators.append(MaxLengthValidator(USERNAME_MAX, too_long))
        self.fields["password"].label = "Mot de passe"
        self.fields["password"].error_messages["required"] = "Saisissez votre mot de passe."


class ControleForm(forms.Form):
    """Which field of the page is sent to the anonymity guard as it is typed."""

    champ = forms.RegexField(r"^[a-z][a-z0-9_-]{0,60}$")

    @property
    def texte(self) -> str:
        """The text of that field, cut where no field goes on."""
        return str(self.data.get(self.cleaned_data["champ"], ""))[:TEXTE_MAX]


def confirmed_in(data) -> set[str]:
    """The signs of what the agent said to be nobody's: just now, and before."""
    sent = [*data.getlist("garde"), *data.getlist("confirme")]
    return {sign for sign in sent[:SIGNES_MAX] if len(sign) <= SIGNE_MAX}


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = Agent
        fields = ("raccourcis", "theme", "email")
        widgets = {
            "theme": forms.RadioSelect,
            "email": forms.EmailInput(attrs={"class": "fr-input", "autocomplete": "email"}),
        }
        labels = {"email": "Adresse électronique"}

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if self.instance.role not in LETTRE:
            del self.fields["email"]


class AgentCreationForm(AdminUserCreationForm):
    """A new agent, with the role from the start: the database wants one."""

    class Meta(AdminUserCreationForm.Meta):
        model = Agent
        fields = ("username", "role", "secteur", "poste", "site")


class AgentForm(UserChangeForm):
    """An agent in the administration."""

    class Meta(UserChangeForm.Meta):
        model = Agent
        fields = "__all__"

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("publie_sans_relecture") and cleaned.get("role") != Role.REDACTEUR:
            self.add_error("publie_sans_relecture", "Seul un rédacteur publie sans relecture.")
        return cleaned


def read_plages(text: str) -> list[tuple[str, str]]:
    """« 08:30-12:30, 13:30-18:00 » as (from, to) pairs of ``HH:MM``; empty text: closed.

    Raises ``ValidationError`` with what to type instead.
    """
    plages: list[tuple[str, str]] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = PLAGE.match(part)
        if match is None:
            raise forms.ValidationError(
                f"« {part} » n'est pas une plage horaire. Exemple : 08:30-12:30, 13:30-18:00."
            )
        start, end = (
            f"{int(hours):02}:{minutes or '00'}"
            for hours, minutes in (match.group(1, 2), match.group(3, 4))
        )
        if end > "23:59" or start[3:] > "59" or end[3:] > "59":
            raise forms.ValidationError(f"« {part} » : cette heure n'existe pas.")
        if start >= end:
            raise forms.ValidationError(f"« {part} » : la fin précède le début.")
        if plages and start < plages[-1][1]:
            raise forms.ValidationError(f"« {part} » commence avant la fin d'une autre plage.")
        plages.append((start, end))
    return plages


class SecteurForm(forms.ModelForm):
    """A sector; its hours are typed day by day."""

    class Meta:
        model = Secteur
        fields = ("slug", "nom", "ordre", "numero_transfert", "delai_transfert", "repli")

    lundi = forms.CharField(required=False, help_text="Exemple : 08:30-12:30, 13:30-18:00.")
    mardi = forms.CharField(required=False)
    mercredi = forms.CharField(required=False)
    jeudi = forms.CharField(required=False)
    vendredi = forms.CharField(required=False)
    samedi = forms.CharField(required=False)
    dimanche = forms.CharField(required=False, help_text="Vide : fermé ce jour-là.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for plage in self.instance.horaires:
            name = JOURS[plage["jour"]]
            typed = f"{plage['debut']}-{plage['fin']}"
            self.initial[name] = ", ".join(filter(None, (self.initial.get(name), typed)))

    def clean(self):
        cleaned = super().clean() or {}
        horaires = []
        for day, name in enumerate(JOURS):
            try:
                plages = read_plages(cleaned.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
            else:
                horaires += [{"jour": day, "debut": start, "fin": end} for start, end in plages]
        self.instance.horaires = horaires
        return cleaned
