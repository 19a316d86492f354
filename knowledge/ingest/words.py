"""What an import changed in a fiche, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from allo3939.shared.days import day_in_words
from knowledge.differ import describe, neutral, quote

_TECHNICAL = "mise en forme ou renseignements techniques du contenu"
_DATES = {
    "modifiee_le": "mise à jour à la source",
    "importante_le": "dernière modification importante",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences on one changed fiche."""

    said: list[str]
    """On its title and its content: what an agent may have said otherwise."""
    around: list[str]
    """On everything else: its place, its offices, its dates."""

    @property
    def sentences(self) -> list[str]:
        return [*self.said, *self.around]


def tell_changes(before: dict[str, Any], after: dict[str, Any], *, title: Callable) -> Told:
    """Compare the fields that an import owns; ``title`` gives the name of a theme by its key.

    A change of the site's domain is none, whatever else changes with it.
    """
    said: list[str] = []
    around: list[str] = []
    changed = False
    for name, new in after.items():
        old = before[name]
        if old == new or neutral(old) == neutral(new):
            continue
        changed = True
        if name == "titre":
            said.append(f"titre\u00a0: {_becomes(old, new)}")
        elif name == "contenu":
            said += describe(old, new)
        elif name == "theme_id":
            around.append(f"thème\u00a0: {_becomes(title(old), title(new))}")
        elif name == "fil":
            around.append(f"fil d'Ariane\u00a0: {_becomes(' › '.join(old), ' › '.join(new))}")
        elif name in ("organismes", "audiences"):
            label = "organismes compétents" if name == "organismes" else "publics"
            around.append(f"{label}\u00a0: {_lists(old, new)}")
        elif name in _DATES:
            around.append(f"{_DATES[name]}\u00a0: {_days(old, new)}")
        else:
            label = "type" if name == "type_source" else "adresse publique"
            around.append(f"{label}\u00a0: {_becomes(old, new)}")
    if changed and not said and not around:
        around.append(_TECHNICAL)
    return Told(said, around)


def _becomes(old: str, new: str) -> str:
    if old and new:
        return f"{quote(old)} devient {quote(new)}"
    return f"{quote(new)} ajouté" if new else f"{quote(old)} retiré"


def _lists(old: list[str], new: list[str]) -> str:
    parts = []
    if more := [each for each in new if each not in old]:
        parts.append("ajout de " + ", ".join(more))
    if less := [each for each in old if each not in new]:
        parts.append("retrait de " + ", ".join(less))
    return " ; ".join(parts).replace(" ;", "\u00a0;") or "l'ordre change"


def _days(old: date | None, new: date | None) -> str:
    if old and new:
        return f"du {_day(old)} au {_day(new)}"
    return f"le {_day(new)}" if new else "n'est plus donnée"


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""
