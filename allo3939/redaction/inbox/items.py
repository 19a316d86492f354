"""One thing that waits for a rédacteur."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone

from knowledge.models import Fiche

# What a line says of a fiche, and none of its texts.
NAMING = (
    *("reference", "titre", "nature", "etat", "version", "publiee_le"),
    *("secteur__nom", "secteur__slug"),
    *("theme__titre", "theme__secteur__nom", "theme__secteur__slug"),
)
OF_FICHE = tuple(f"fiche__{name}" for name in NAMING)
SEPARATOR = "|"  # in a key; neither a number nor the stems of a group hold it


class Genre(TextChoices):
    """What waits, in the order of the digits that narrow the list to it."""

    A_RELIRE = "a-relire", "Propositions à relire"
    A_REPRENDRE = "a-reprendre", "À reprendre"
    EMPECHEE = "empechee", "Publications empêchées"
    CONFLIT = "conflit", "Conflits d'import"
    RETOUR = "retour", "Retours sur les fiches"
    SIGNALEMENT = "signalement", "Signalements d'organismes"
    MANQUE = "manque", "Manques"
    EPINGLE = "epingle", "Épingles tombées"
    REVUE = "revue", "Revues dues"
    PROGRAMMEE = "programmee", "Programmées"


class Pour(TextChoices):
    """Who has it in hand."""

    TOUS = "tous", "À prendre"
    MOI = "moi", "À moi"
    AUTRE = "autre", "Chez un collègue"


@dataclass(slots=True)
class Affaire:
    """What waits: what it is about, how many calls are at stake, the page that deals with it."""

    genre: Genre
    cle: str
    """What `act` needs to deal with it: kind, key, what was on screen."""
    titre: str
    url: str
    depuis: date
    dit: str = ""
    reference: str = ""
    secteur: str = ""
    """The sector's code, "" for level 1."""
    secteur_nom: str = ""
    pour: Pour = Pour.TOUS
    gestes: tuple[str, ...] = ()
    fiche: int | None = None
    """The fiche whose calls are at stake."""
    appels: int = 0
    retours: list[int] = field(default_factory=list)
    """The questions that told of it, the latest first."""

    @property
    def rang(self) -> tuple[int, date, str]:
        """The most calls first, then what waits longest."""
        return -self.appels, self.depuis, self.cle


def key(genre: Genre, *parts: Any) -> str:
    return SEPARATOR.join((genre, *map(str, parts)))


def about(fiche: Fiche) -> Mapping[str, Any]:
    """What an `Affaire` says of a fiche."""
    secteur = fiche.secteur or (fiche.theme.secteur if fiche.theme else None)
    return {
        "titre": fiche.titre,
        "reference": fiche.reference,
        "secteur": secteur.slug if secteur else "",
        "secteur_nom": secteur.nom if secteur else "",
        "fiche": fiche.pk,
    }


def day_of(instant: datetime) -> date:
    return timezone.localdate(instant)
