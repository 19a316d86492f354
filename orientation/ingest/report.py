"""What an import of the directory found, in figures and in sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from allo3939.shared import imports
from allo3939.shared.imports import kept_list

_BODY = "organisme"  # the page of a body, by its identifier

Named = tuple[str, str]
"""Identifier of a body and its name, with what is said of it."""


@dataclass(slots=True)
class Rapport(imports.Report):
    """Counts of bodies; in a dry run, what `apply` would do."""

    back: int = 0
    """Bodies that had gone and are in the source again; they count among the changed."""
    gone_bodies: list[Named] = field(default_factory=list)
    officials: int = 0
    """Records whose officials' names were left out."""
    unknown_kinds: list[str] = field(default_factory=list)
    """Codes of kinds that we have no label for, shown as they are."""
    kept: int = 0
    """Corrections that hold although the record of their body has changed."""
    released: list[Named] = field(default_factory=list)
    """Corrections that the source now says."""
    to_review: list[Named] = field(default_factory=list)
    """Corrections under which the source has changed, for another value."""
    competences: str = ""
    """What becomes of the rows of competence, in words; not told by a dry run."""

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return self.counts() | {
            "back": self.back,
            "officials": self.officials,
            "unknown_kinds": self.unknown_kinds,
            "corrections": {
                "kept": self.kept,
                "released": len(self.released),
                "to_review": len(self.to_review),
            },
        }

    def sentences(self) -> list[str]:
        """What the counts of bodies do not say."""
        told = []
        if self.back:
            told.append(
                f"{_count(self.back, 'organisme disparu est', 'organismes disparus sont')} "
                "de nouveau dans la source."
            )
        if self.competences:
            told.append(f"Compétences\u00a0: {self.competences}.")
        if self.unknown_kinds:
            told.append(
                "Types d'organisme sans libellé chez nous, montrés par leur code\u00a0: "
                f"{', '.join(self.unknown_kinds)}."
            )
        if self.kept or self.released or self.to_review:
            told.append(
                f"{_count(self.kept, 'correction protégée', 'corrections protégées')}, "
                f"{_count(len(self.released), 'rattrapée', 'rattrapées')} par la source, "
                f"{len(self.to_review)} à revoir."
            )
        if self.officials:
            told.append(
                "Noms d'agents publics laissés de côté dans "
                f"{_count(self.officials, 'enregistrement', 'enregistrements')}."
            )
        return told

    def to_keep(self) -> dict[str, Any]:
        """What stays readable with the import."""
        lists = (
            ("Corrections à revoir\u00a0: la source a changé sous notre valeur", self.to_review),
            ("Corrections rattrapées\u00a0: la source dit maintenant la même chose", self.released),
            ("Organismes disparus de la source", self.gone_bodies),
        )
        return {
            "phrases": self.sentences(),
            "listes": [
                kept_list(
                    titre, [{"texte": text, "vue": _BODY, "cle": key} for key, text in bodies]
                )
                for titre, bodies in lists
                if bodies
            ],
        }


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {many if number > 1 else one}"
