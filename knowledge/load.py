"""Demonstration content: sectors, themes and fiches written in TOML."""

from __future__ import annotations

import tomllib
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from allo3939.accounts.models import Secteur
from knowledge.compose import compose
from knowledge.enums import Etat, Nature, Origine
from knowledge.models import Fiche, Theme, parcours_vide
from knowledge.publish import PublicationImpossible, publish

RAISON = "Contenu de démonstration"
_TEXTS = ("reference", "nature", "titre", "a_dire", "texte", "definition")
_LISTS = (
    *("mots_cles", "pieces", "cout", "delai", "organismes", "services", "sources"),
    *("exemples_dans", "exemples_hors", "confondu_avec"),
)
_OTHERS = ("theme", "cible", "verifiee_le", "questions", "issues")
_OF_ISSUE = {"si", "a_dire", "pieces", "cout", "delai", "organismes", "cible", "inconnu"}


@dataclass(slots=True)
class Bilan:
    """What became of one file."""

    fichier: str
    ajoutees: int = 0
    modifiees: int = 0
    inchangees: int = 0
    ecartees: list[dict[str, str]] = field(default_factory=list)
    """``{reference, reason}``, the reason in French."""

    def set_aside(self, reference: str, reason: str) -> None:
        self.ecartees.append({"reference": reference, "reason": reason})


@transaction.atomic
def load_secteurs(path: Path) -> tuple[int, int]:
    """Create or update the six sectors, their themes and level 1's own; how many of each."""
    with path.open("rb") as stream:
        data = tomllib.load(stream)
    themes = 0
    for rank, entry in enumerate(data["secteur"], start=1):
        secteur, _ = Secteur.objects.update_or_create(
            slug=entry["slug"],
            defaults={
                "nom": entry["nom"],
                "ordre": rank,
                "numero_transfert": entry["numero_transfert"],
                "horaires": _hours(entry["horaires"]),
                "repli": entry.get("repli", ""),
            },
        )
        themes += _load_themes(entry["themes"], secteur)
    themes += _load_themes(data.get("niveau1", {}).get("themes", []), None)
    return len(data["secteur"]), themes


def load_fiches(folder: Path) -> list[Bilan]:
    """Publish the fiches of every TOML file of a folder; an unchanged fiche is left alone.

    A fiche that fails the checks is set aside with its reasons and the rest goes in. So is a
    fiche that a rédacteur has since taken over: what a person wrote is never overwritten. A fiche
    may lead to another one of any file, whatever their order.
    """
    return _load(sorted(folder.glob("*.toml")))


def load_file(path: Path) -> Bilan:
    """Publish the fiches of one TOML file (``[[fiche]]``, see `load_fiches`)."""
    return _load([path])[0]


@transaction.atomic
def _load(paths: list[Path]) -> list[Bilan]:
    bilans = [Bilan(path.name) for path in paths]
    waiting = [
        (bilan, entry)
        for bilan, path in zip(bilans, paths, strict=True)
        for entry in _read_entries(path, bilan)
    ]
    references = [entry["reference"] for _, entry in waiting]
    stored = Fiche.objects.native().in_bulk(references, field_name="reference")
    edited = set(
        Fiche.history.filter(reference__in=references, history_user__isnull=False).values_list(
            "reference", flat=True
        )
    )
    places = _Places()
    progress = True
    while progress:  # a fiche waits for the one it leads to, which may come after it
        refused = []
        for bilan, entry in waiting:
            fiche = stored.get(entry["reference"])
            if entry["reference"] in edited or (fiche is not None and not fiche.demonstration):
                bilan.set_aside(
                    entry["reference"], "Modifiée par un rédacteur : laissée telle quelle."
                )
                continue
            try:
                _load_entry(entry, fiche, places, bilan)
            except (ValueError, PublicationImpossible) as refusal:
                refused.append((bilan, entry, str(refusal)))
        progress = 0 < len(refused) < len(waiting)
        waiting = [(bilan, entry) for bilan, entry, _ in refused]
    for bilan, entry, reason in refused:
        bilan.set_aside(entry["reference"], reason)
    return bilans


def _read_entries(path: Path, bilan: Bilan) -> list[dict[str, Any]]:
    """The entries of a file, each with a ``reference`` of its own."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("fiche", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        bilan.set_aside("", f"Fichier illisible : {error}")
        return []
    kept: dict[str, dict[str, Any]] = {}
    for entry in entries:
        reference = str(entry.get("reference", ""))
        if reference in kept:
            bilan.set_aside(reference, "Référence déjà utilisée dans ce fichier.")
        else:
            kept[reference] = entry | {"reference": reference}
    return list(kept.values())


class _Places:
    """Themes and sectors by their slugs."""

    def __init__(self) -> None:
        self.themes = {theme.code: theme for theme in Theme.objects.authored()}
        self.secteurs = {secteur.slug: secteur for secteur in Secteur.objects.all()}


def _load_entry(entry: dict[str, Any], stored: Fiche | None, places: _Places, bilan: Bilan) -> None:
    """Raises ValueError or `PublicationImpossible`, in French."""
    fields = _fields(entry, places)
    # A copy: a refused fiche may be tried again, and is then still to be compared with the row.
    fiche = copy(stored) if stored else Fiche(origine=Origine.ALLO3939, demonstration=True)
    changed = stored is None or any(getattr(fiche, n) != value for n, value in fields.items())
    for name, value in fields.items():
        setattr(fiche, name, value)
    if not changed and fiche.etat == Etat.PUBLIEE and fiche.contenu == compose(fiche):
        bilan.inchangees += 1
        return
    publish(fiche, by=None, raison=RAISON)
    if stored is None:
        bilan.ajoutees += 1
    else:
        bilan.modifiees += 1


def _fields(entry: dict[str, Any], places: _Places) -> dict[str, Any]:
    """The model's fields of an entry. Raises ValueError, in French."""
    _check_keys(entry, {"reference"}, {*_TEXTS, *_LISTS, *_OTHERS}, "la fiche")
    for rank, question in enumerate(entry.get("questions", []), start=1):
        _check_keys(question, {"code", "texte", "choix"}, {"aide"}, f"la question {rank}")
        for choice in question["choix"]:
            _check_keys(choice, {"code", "libelle"}, set(), f"un choix de la question {rank}")
    for issue in entry.get("issues", []):
        _check_keys(issue, {"titre"}, _OF_ISSUE, f"l'issue « {issue.get('titre', '')} »")
    if entry.get("nature") not in Nature.values:
        raise ValueError(f"Nature inconnue : {entry.get('nature', '')}.")
    theme = places.themes.get(entry.get("theme", ""))
    if theme is None:
        raise ValueError(f"Thème inconnu : {entry.get('theme', '')}.")
    slugs = [*([entry["cible"]] if "cible" in entry else []), *entry.get("confondu_avec", [])]
    for slug in slugs:
        if slug not in places.secteurs:
            raise ValueError(f"Secteur inconnu : {slug}.")
    fields: dict[str, Any] = {name: entry.get(name, "").strip() for name in _TEXTS}
    fields |= {name: list(entry.get(name, [])) for name in _LISTS}
    return fields | {
        "theme": theme,
        "secteur": theme.secteur,
        "cible": places.secteurs.get(entry.get("cible", "")),
        "verifiee_le": entry.get("verifiee_le"),
        "parcours": parcours_vide()
        | {key: entry[key] for key in ("questions", "issues") if key in entry},
    }


def _check_keys(record: dict[str, Any], needed: set[str], others: set[str], name: str) -> None:
    if missing := sorted(needed - set(record)):
        raise ValueError(f"Champs manquants dans {name} : {', '.join(missing)}.")
    if unknown := sorted(set(record) - needed - others):
        raise ValueError(f"Champs inconnus dans {name} : {', '.join(unknown)}.")


def _load_themes(themes: list[list[str]], secteur: Secteur | None) -> int:
    for rank, (code, titre) in enumerate(themes, start=1):
        Theme.objects.update_or_create(
            code=code, defaults={"titre": titre, "secteur": secteur, "ordre": rank, "parent": None}
        )
    return len(themes)


def _hours(week: dict[str, list[str]]) -> list[dict[str, Any]]:
    """``{"0": ["08:00-19:00"]}`` as the list of ranges the sector keeps."""
    ranges = [(int(day), span.split("-")) for day, spans in week.items() for span in spans]
    return [{"jour": day, "debut": start, "fin": end} for day, (start, end) in sorted(ranges)]
