"""Where the case reached leads the call: another fiche, a sector, an outside body."""

from __future__ import annotations

from dataclasses import dataclass

from allo3939.accounts.models import Secteur
from knowledge.enums import TypeBureau
from knowledge.models import Fiche

_OFFICES = {code: str(label) for code, label in TypeBureau.choices}


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


def name_targets(issues: list[dict]) -> dict[str, str]:
    """Where each issue leads, in words, by its title. Two queries at most."""
    targets = [issue.get("cible") or {} for issue in issues]
    references = [cible["fiche"] for cible in targets if cible.get("fiche")]
    slugs = [cible["secteur"] for cible in targets if cible.get("secteur")]
    titles: dict[str, str] = {}
    if references:
        known = Fiche.objects.filter(reference__in=references)
        titles = dict(known.values_list("reference", "titre"))
    names: dict[str, str] = {}
    if slugs:
        names = dict(Secteur.objects.filter(slug__in=slugs).values_list("slug", "nom"))
    return {issue["titre"]: _name(issue, titles, names) for issue in issues}


def _name(issue: dict, titles: dict[str, str], names: dict[str, str]) -> str:
    cible = issue.get("cible") or {}
    if reference := cible.get("fiche"):
        return f"→ Fiche {reference}, {titles.get(reference, 'introuvable')}"
    if slug := cible.get("secteur"):
        return f"→ Secteur {names.get(slug, slug)}"
    if outside := cible.get("exterieur"):
        return "→ " + ", ".join(filter(None, (outside.get("titre"), outside.get("telephone"))))
    if codes := issue.get("organismes"):
        return "→ " + ", ".join(_OFFICES.get(code, code) for code in codes)
    return "Réponse"


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
