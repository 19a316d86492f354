"""How far a fiche may be trusted today, by when it was last verified or changed at its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allo3939.shared.days import day_in_words
from knowledge.enums import Fraicheur
from knowledge.models import Fiche

A_RELIRE_MOIS, ANCIENNE_MOIS = 12, 24
IMPORTANTE_RECENTE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Etiquette:
    """What the head of a fiche tells of its age."""

    fraicheur: Fraicheur
    depuis: str
    """« vérifiée le 3 novembre 2026 », « mise à jour le 1er mars 2024 »."""
    conseil: str
    """What to do about it; "" when it is fresh."""
    importante: str
    """« modification importante le 2 octobre 2026 », while it is recent, else ""."""


def label(fiche: Fiche, *, on: date) -> Etiquette:
    """How fresh the fiche is on that day: fresh for 12 months, old after 24."""
    verb, day = _last(fiche)
    importante = ""
    if fiche.importante_le and timedelta(0) <= on - fiche.importante_le <= IMPORTANTE_RECENTE:
        importante = f"modification importante le {day_in_words(fiche.importante_le)}"
    if day is None:
        advice = "Sans date de vérification\u00a0: confirmez montants et délais avant de les dire."
        return Etiquette(Fraicheur.INCONNUE, "", advice, importante)
    since = f"{verb} le {day_in_words(day)}"
    months = _months_between(day, on)
    if months < A_RELIRE_MOIS:
        return Etiquette(Fraicheur.A_JOUR, since, "", importante)
    if months < ANCIENNE_MOIS:
        advice = f"Il y a {months} mois\u00a0: relisez avant de dire un montant ou un délai."
        return Etiquette(Fraicheur.A_RELIRE, since, advice, importante)
    years = months // 12
    advice = f"Il y a {years} ans\u00a0: ne dites ni montant ni délai sans les avoir confirmés."
    return Etiquette(Fraicheur.ANCIENNE, since, advice, importante)


def limit_of_fresh(on: date) -> date:
    """The last day whose fiches are no longer fresh on that day, as `label` counts."""
    year = on.year - A_RELIRE_MOIS // 12
    try:
        return on.replace(year=year)
    except ValueError:  # 29 February
        return date(year, on.month, 28)


def _last(fiche: Fiche) -> tuple[str, date | None]:
    """The latest of the day we verified it and the day its source changed it."""
    if fiche.verifiee_le and fiche.verifiee_le >= (fiche.modifiee_le or fiche.verifiee_le):
        return "vérifiée", fiche.verifiee_le
    return "mise à jour", fiche.modifiee_le


def _months_between(start: date, end: date) -> int:
    """Whole months gone; none before a month is over."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)
