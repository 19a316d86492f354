"""One thing that waits for a rédacteur."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone

# What a line says of a fiche, and none of its texts; read as plain rows, thousands at once.
NAMING = (
    *("pk", "reference", "titre", "version", "etat"),
    *("secteur__slug", "secteur__nom", "theme__secteur__slug", "theme__secteur__nom"),
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

    @property
    def un(self) -> str:
        """One of them, as its line says."""
        return _UN[self]


_UN = {
    Genre.A_RELIRE: "Proposition à relire",
    Genre.A_REPRENDRE: "À reprendre",
    Genre.EMPECHEE: "Publication empêchée",
    Genre.CONFLIT: "Conflit d'import",
    Genre.RETOUR: "Fiche insuffisante",
    Genre.SIGNALEMENT: "Organisme signalé",
    Genre.MANQUE: "Manque",
    Genre.EPINGLE: "Épingle tombée",
    Genre.REVUE: "Revue due",
    Genre.PROGRAMMEE: "Programmée",
}


class Pour(TextChoices):
    """Who has it in hand."""

    TOUS = "tous", "À prendre"
    MOI = "moi", "À moi"
    AUTRE = "autre", "Chez un collègue"


@dataclass(slots=True)
class Affaire:
    """What waits: what it is about, how many calls are at stake, the page that deals with it.

    What only a line on screen says (`dit`, `url`, `cle`) is worked out when it is read: thousands
    are ranked, a page of them is shown.
    """

    genre: Genre
    sait: tuple[Any, ...]
    """What `act` needs to deal with it: its key, what was on screen."""
    titre: str
    vue: str
    """URL name of the page, and what it takes."""
    objet: Any
    depuis: date
    dire: Callable[[], str]
    reference: str = ""
    secteur: str = ""
    """The sector's code, "" for level 1."""
    secteur_nom: str = ""
    pour: Pour = Pour.TOUS
    gestes: tuple[str, ...] = ()
    fiche: int | None = None
    """The fiche whose calls are at stake."""
    appels: int = 0
    retours: Sequence[int] = ()
    """The questions that told of it, the latest first."""
    raisons: Sequence[str] = ()
    """What their agents said was wrong."""

    @property
    def dit(self) -> str:
        said = ", ".join(f"«\u00a0{raison}\u00a0»" for raison in self.raisons)
        return f"{self.dire()}\u00a0: {said}" if said else self.dire()

    @property
    def url(self) -> str:
        return reverse(self.vue, args=[self.objet] if self.objet is not None else [])

    @property
    def cle(self) -> str:
        """The kind and what is known of it, as a page sends them back."""
        return SEPARATOR.join((self.genre, *map(str, self.sait)))

    @property
    def rang(self) -> tuple[int, date]:
        """The most calls first, then what waits longest; then in the order it was gathered."""
        return -self.appels, self.depuis


_ABOUT = (
    *("pk", "reference", "titre", "secteur__slug", "secteur__nom"),
    *("theme__secteur__slug", "theme__secteur__nom"),
)
_SAID = {
    prefix: attrgetter(*(prefix + name for name in _ABOUT)) for prefix in ("", "fiche__")
}  # fmt: skip


def about(row: Any, prefix: str = "fiche__") -> dict[str, Any]:
    """What an `Affaire` says of a fiche, from a row that holds `NAMING` under a prefix."""
    pk, reference, titre, slug, nom, theme_slug, theme_nom = _SAID[prefix](row)
    return {
        "titre": titre,
        "reference": reference,
        "secteur": slug or theme_slug or "",
        "secteur_nom": nom or theme_nom or "",
        "fiche": pk,
    }


def day_of(instant: datetime) -> date:
    return instant.astimezone(timezone.get_default_timezone()).date()
