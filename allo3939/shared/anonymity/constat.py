"""What the guard sees in a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Genre(StrEnum):
    """What identifies somebody; the value is stable, `LIBELLES` is what agents read."""

    TELEPHONE = "telephone"
    COURRIEL = "courriel"
    NIR = "nir"
    FISCAL = "fiscal"
    COMPTE = "compte"
    PLAQUE = "plaque"
    NAISSANCE = "naissance"
    NOM = "nom"
    ADRESSE = "adresse"
    NUMERO = "numero"


LIBELLES = {
    Genre.TELEPHONE: "un numéro de téléphone",
    Genre.COURRIEL: "une adresse électronique",
    Genre.NIR: "un numéro de sécurité sociale",
    Genre.FISCAL: "un numéro fiscal",
    Genre.COMPTE: "un numéro de compte ou de carte bancaire",
    Genre.PLAQUE: "une plaque d'immatriculation",
    Genre.NAISSANCE: "une date de naissance",
    Genre.NOM: "le nom d'une personne",
    Genre.ADRESSE: "l'adresse d'une personne",
    Genre.NUMERO: "un numéro personnel (dossier, titre, allocataire)",
}

QUESTIONS = {
    Genre.NOM: "Est-ce le nom d'une personne\u00a0?",
    Genre.NAISSANCE: "Est-ce une date de naissance\u00a0?",
    Genre.TELEPHONE: "Est-ce le numéro d'une personne\u00a0?",
    Genre.COURRIEL: "Est-ce l'adresse d'une personne\u00a0?",
    Genre.PLAQUE: "Est-ce une plaque\u00a0?",
    Genre.NUMERO: "Ce numéro désigne-t-il une personne\u00a0?",
}


@dataclass(frozen=True, slots=True)
class Constat:
    """One thing seen in a text that may identify somebody."""

    genre: Genre
    debut: int
    fin: int
    """Places in the text, composed (NFC) as `Reading.texte`."""
    certain: bool
    """Refused; else asked about."""
    raison: str
    """Why, as a sentence part in French."""

    @property
    def libelle(self) -> str:
        return LIBELLES[self.genre]


IsPublic = Callable[[str], bool | None]
"""Whether a number (« 0243397272 ») or a mailbox is a public body's; None: cannot be told."""
