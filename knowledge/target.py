"""Where the case reached leads the call: another fiche, a sector, an outside body."""

from __future__ import annotations

from dataclasses import dataclass

from allo3939.accounts.models import Secteur
from knowledge.models import Fiche


@dataclass(frozen=True, slots=True)
class Cible:
    """A target as agents follow it.

    Exactly one of ``reference``, ``secteur`` and ``titre`` is set, unless the sector has gone.
    """

    reference: str = ""
    fiche: Fiche | None = None
    """The fiche to open; None when it is not published any more."""
    secteur: Secteur | None = None
    titre: str = ""
    """The outside body, which the directory does not hold; with its number and its site, or ""."""
    telephone: str = ""
    url: str = ""


def find_target(cible: dict | None) -> Cible | None:
    """What a case's ``cible`` (`knowledge.parcours`) names; None for an answer. One query at most.

    Content was checked at publication, but what it names may have gone since.
    """
    if not cible:
        return None
    if reference := cible.get("fiche", ""):
        fiche = Fiche.objects.published().filter(reference=reference).first()
        return Cible(reference=reference, fiche=fiche)
    if slug := cible.get("secteur"):
        return Cible(secteur=Secteur.objects.filter(slug=slug).first())
    outside = cible.get("exterieur") or {}
    return Cible(
        titre=outside.get("titre", ""),
        telephone=outside.get("telephone", ""),
        url=outside.get("url", ""),
    )
