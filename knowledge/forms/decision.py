"""What is decided of a proposition, and by whom it is asked to be read."""

from __future__ import annotations

from django import forms

from allo3939.accounts.forms import confirmed_in
from allo3939.shared.anonymity import Examen, review
from knowledge.enums import GesteProposition as G

COMMENTAIRE_MAX = 1000
_REASONED = (G.CORRIGER, G.ECARTER, G.FORCER, G.COMMENTER)
_TOO_LONG = {"max_length": f"{COMMENTAIRE_MAX} caractères au plus."}


class GardeeForm(forms.Form):
    """A form with one free text, ``libre``, that passes the anonymity guard."""

    libre = "commentaire"

    @property
    def examen(self) -> Examen:
        """What the guard says of the text as it was sent."""
        text = str(self.data.get(self.libre, ""))
        return review(text, confirmed=confirmed_in(self.data) if self.is_bound else ())

    def clean(self):
        cleaned = super().clean() or {}
        if not self.examen.passe:
            self.add_error(self.libre, self.examen.message)
        return cleaned

    def faults(self) -> str:
        """What is wrong, in French, to be shown beside the button."""
        return " ".join(str(fault) for faults in self.errors.values() for fault in faults)


class DecisionForm(GardeeForm):
    """One of the gestures that are offered, with its reason and its day."""

    geste = forms.ChoiceField(
        choices=[],
        error_messages={
            "required": "Choisissez ce que vous décidez.",
            "invalid_choice": "Cette décision n'est plus possible\u00a0: relisez la proposition.",
        },
    )
    commentaire = forms.CharField(
        max_length=COMMENTAIRE_MAX, required=False, error_messages=_TOO_LONG
    )
    effet_le = forms.DateField(
        required=False, error_messages={"invalid": "Donnez la date sous la forme 31/12/2026."}
    )
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    def __init__(self, *args, gestes: list[G], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["geste"].choices = [(each, each.label) for each in gestes]  # type: ignore[attr-defined]

    def clean(self):
        cleaned = super().clean()
        geste = cleaned.get("geste")
        if geste in _REASONED and not cleaned.get("commentaire") and not self.errors:
            self.add_error(
                "commentaire",
                "Dites pourquoi\u00a0: la personne qui a écrit doit pouvoir y répondre.",
            )
        if geste == G.PROGRAMMER and not cleaned.get("effet_le") and not self.errors:
            self.add_error("effet_le", "Donnez la date d'effet.")
        return cleaned


class LienForm(GardeeForm):
    """Whom a link is for: a function, never a name."""

    libre = "relecteur"
    relecteur = forms.CharField(
        max_length=120,
        error_messages={
            "required": "Dites à qui le lien est destiné, par sa fonction.",
            "max_length": "120 caractères au plus.",
        },
    )


class ReponseForm(GardeeForm):
    """What a jurist answers by a link."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    accord = forms.BooleanField(required=False)
    commentaire = forms.CharField(
        max_length=COMMENTAIRE_MAX, required=False, error_messages=_TOO_LONG
    )

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("accord") and not cleaned.get("commentaire") and not self.errors:
            self.add_error("commentaire", "Écrivez votre remarque, ou donnez votre accord.")
        return cleaned
