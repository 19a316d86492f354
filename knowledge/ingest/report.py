"""What an import found, in figures and in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class ImportRefuse(Exception):
    """The import stops and asks; the message, in French, says what and how to go on."""


@dataclass(slots=True)
class Report:
    """Counts of fiches; in a dry run, what `apply` would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    set_aside: list[dict[str, str]] = field(default_factory=list)
    """``{"reference", "reason"}``; the file's name where no reference could be read."""
    seconds: float = 0.0
    applied: bool = False
    whole: bool = False
    """The source was taken for a full delivery, so that what it lacks is gone."""
    removals_limit: str = ""
    """Why `apply` stops without ``accept_removals``; "" when it does not."""
    older: int = 0
    """Fiches that the source would bring back to an older date."""
    ignored: int = 0
    """Files of themes, resources and indexes."""
    duplicates: list[dict] = field(default_factory=list)
    """``{"reference", "kept", "others"}``: several files for one fiche."""
    unknown_elements: Counter[str] = field(default_factory=Counter)
    changes: list[dict] = field(default_factory=list)
    """``{"reference", "titre", "what"}``: what changed in each changed fiche, in words."""

    def as_json(self) -> dict:
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "gone": self.gone,
            "set_aside": self.set_aside,
            "seconds": round(self.seconds, 2),
            "applied": self.applied,
            "whole": self.whole,
            "removals_limit": self.removals_limit,
            "older": self.older,
            "ignored": self.ignored,
            "duplicates": self.duplicates,
            "unknown_elements": dict(self.unknown_elements),
            "changes": self.changes,
        }
