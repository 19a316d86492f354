"""What an import found, in figures and in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from allo3939.shared import imports
from allo3939.shared.imports import KEPT_MAX


@dataclass(slots=True)
class Counts:
    """How many of something an import added, changed, left, and found gone."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0

    def as_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("added", "changed", "unchanged", "gone")}


@dataclass(slots=True)
class Report(imports.Report):
    """Counts of fiches; in a dry run, what `apply` would do."""

    applied: bool = False
    whole: bool = False
    """The source was taken for a full delivery, so that what it lacks is gone."""
    removals_limit: str = ""
    """Why `apply` stops without ``accept_removals``; "" when it does not."""
    older: int = 0
    """Fiches that the source would bring back to an older date."""
    ignored: int = 0
    """Index files, which nothing is taken from."""
    indexes: list[dict] = field(default_factory=list)
    """``{"fichier", "genre", "entrees"}``: those files, and how many things each lists."""
    resources: Counts = field(default_factory=Counts)
    """Resources (R…) and pages of themes (N…)."""
    resource_changes: list[dict] = field(default_factory=list)
    """Like ``changes``, for resources."""
    redirections: Counts = field(default_factory=Counts)
    conflicts: int = 0
    """Fiches changed under what the desk adds to them, left for a rédacteur to settle."""
    duplicates: list[dict] = field(default_factory=list)
    """``{"reference", "kept", "others"}``: several files for one fiche."""
    unknown_elements: Counter[str] = field(default_factory=Counter)
    changes: list[dict] = field(default_factory=list)
    """``{"reference", "titre", "what"}``: what changed in each changed fiche, in words."""

    def as_json(self) -> dict:
        return self.counts() | {
            "applied": self.applied,
            "whole": self.whole,
            "removals_limit": self.removals_limit,
            "older": self.older,
            "ignored": self.ignored,
            "indexes": self.indexes,
            "resources": self.resources.as_json(),
            "resource_changes": self.resource_changes,
            "redirections": self.redirections.as_json(),
            "conflicts": self.conflicts,
            "duplicates": self.duplicates,
            "unknown_elements": dict(self.unknown_elements),
            "changes": self.changes,
        }

    def to_keep(self) -> dict:
        """What stays readable with the import: lists are cut, counts say how long they were."""
        kept = self.as_json()
        wanted = (
            *("changes", "unknown_elements", "resources", "resource_changes", "redirections"),
            *("indexes", "duplicates", "conflicts", "older", "whole"),
        )
        cut = {"changes", "resource_changes", "duplicates"}
        found = {name: kept[name][:KEPT_MAX] if name in cut else kept[name] for name in wanted}
        return found | {f"{name}_total": len(kept[name]) for name in sorted(cut)}
