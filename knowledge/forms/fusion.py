"""The choices of a merge: for each field that somebody else changed too, mine or theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from knowledge.differ.words import Passage, compare_lines
from knowledge.propose.submit import LEUR, MIENNE, Collision

CHOIX = ((MIENNE, "Garder la mienne"), (LEUR, "Prendre la leur"))


@dataclass(frozen=True, slots=True)
class Face:
    """One of the two values in collision, word by word against what stood before."""

    titre: str
    texte: str
    passages: list[Passage]


class FusionForm(forms.Form):
    """One choice per field; every field must be settled."""

    def __init__(self, data: Any = None, *, collisions: list[Collision]) -> None:
        super().__init__(data)
        # Two others may have changed one field: it is settled once, against each of them.
        self.collisions: dict[str, list[Collision]] = {}
        for each in collisions:
            self.collisions.setdefault(each.champ, []).append(each)
        for name, found in self.collisions.items():
            self.fields[name] = forms.ChoiceField(
                label=_sentence(found[0].libelle),
                choices=CHOIX,
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez l'une des deux."},
            )

    def champs(self) -> list[dict[str, Any]]:
        """Each field with what it was, mine, theirs with who and when."""
        return [self._champ(name, found) for name, found in self.collisions.items()]

    def choix(self) -> dict[str, str]:
        """What was chosen, by field; the form must be valid."""
        return dict(self.cleaned_data)

    def _champ(self, name: str, found: list[Collision]) -> dict[str, Any]:
        texts = found[0].textes()
        return {
            "champ": self[name],
            "avant": texts["avant"],
            "mienne": _face("La vôtre", texts["avant"], texts["mienne"]),
            "leurs": [
                (each, _face(each.par, texts["avant"], each.textes()["leur"])) for each in found
            ],
        }


def _face(titre: str, before: str, after: str) -> Face:
    return Face(titre, after, compare_lines("", before.splitlines(), after.splitlines()))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
