"""Where issues lead: each target well formed, existing, and not in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from allo3939.accounts.models import Secteur
from knowledge.models import Fiche

GENRES = ("fiche", "secteur", "exterieur")
_OUTSIDE = frozenset({"titre", "telephone", "url"})
# Short numbers, 116 and 118 numbers, ten digits, or a foreign number, once written without breaks.
_PHONE = re.compile(r"\d{2,4}|11[68]\d{3}|0\d{9}|(?:\+|00)[1-9]\d{5,14}")
_BREAKS = re.compile(r"[\s.\-/()\u00a0\u202f]")
_check_url = URLValidator(schemes=["https", "http"])


def check_target(cible: dict) -> Iterator[str]:
    """What is wrong with the form of a target, in French; nothing is looked up."""
    given = [genre for genre in GENRES if cible.get(genre)]
    if not given and set(cible) <= set(GENRES):
        yield "la suite n'est pas précisée."
    elif len(given) != 1 or set(cible) - set(GENRES):
        yield "une seule suite : une autre fiche, un secteur ou un organisme extérieur."
    elif given == ["exterieur"]:
        yield from _check_outside(cible["exterieur"])


def check_targets(parcours: dict, *, reference: str) -> list[str]:
    """What the targets of issues lack to be followed, in French.

    Another fiche must be published and must not lead back to the fiche `reference`; a sector must
    exist. Two queries, and one more per step from fiche to fiche.
    """
    errors = []
    fiches, sectors = _named(parcours, "fiche"), _named(parcours, "secteur")
    if sectors:
        known = set(Secteur.objects.values_list("slug", flat=True))
        errors += [
            f"Cas « {titre} » : le secteur « {slug} » n'existe pas."
            for titre, slug in sectors
            if slug not in known
        ]
    if fiches:
        wanted = {code for _, code in fiches}
        published = set(
            Fiche.objects.published()
            .filter(reference__in=wanted)
            .values_list("reference", flat=True)
        )
        for titre, code in fiches:
            if code == reference:
                errors.append(f"Cas « {titre} » : la fiche mène à elle-même.")
            elif code not in published:
                errors.append(f"Cas « {titre} » : aucune fiche {code} n'est publiée.")
        errors += _check_circle(wanted - {reference}, reference)
    return errors


def fiches_leading_to(reference: str) -> list[str]:
    """The published fiches that have an issue leading to this one."""
    leading = Fiche.objects.published().leading_to([reference]).values_list("reference", flat=True)
    return sorted(set(leading) - {reference})


def _check_circle(targets: set[str], reference: str) -> list[str]:
    """Following targets from fiche to fiche must never come back here: a caller would turn."""
    seen: set[str] = {reference}
    reached = {reference}
    while reached:
        leading = Fiche.objects.published().leading_to(sorted(reached))
        reached = set(leading.values_list("reference", flat=True)) - seen
        seen |= reached
    return [
        f"La fiche {code} ramène à celle-ci : l'usager tournerait en rond."
        for code in sorted(targets & seen)
    ]


def _check_outside(outside: dict) -> Iterator[str]:
    name = outside.get("titre", "").strip()
    if not name:
        yield "l'organisme extérieur n'a pas de nom."
    for key in sorted(set(outside) - _OUTSIDE):
        yield f"l'organisme extérieur a un champ inconnu, « {key} »."
    phone = outside.get("telephone", "")
    if phone and not _PHONE.fullmatch(_BREAKS.sub("", phone)):
        yield f"le numéro « {phone} » ne se compose pas."
    if url := outside.get("url", ""):
        try:
            _check_url(url)
        except ValidationError:
            yield f"l'adresse « {url} » n'est pas celle d'un site."


def _named(parcours: dict, genre: str) -> list[tuple[str, str]]:
    """(title of the issue, what its target names) for the targets of one kind."""
    return [
        (issue["titre"], issue["cible"][genre])
        for issue in parcours.get("issues", [])
        if issue.get("cible") and issue["cible"].get(genre)
    ]
