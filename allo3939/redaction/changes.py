"""What a proposition changes, word by word, as its reviewers and its author read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from knowledge.differ.words import Passage, compare_texts, compare_words
from knowledge.models import Proposition
from knowledge.propose import as_fiche, labels, show

# Fields that agents do not read in the text of the fiche, or that only place it.
_BESIDE = ("theme", "mots_cles", "note", "verifiee_le", "cible", "confondu_avec", "secteur")


def read_changes(proposition: Proposition) -> list[Passage]:
    """The lines that change, as agents read them, then the fields that stand beside the text.

    Both sides come from what the author saw and what the author wrote, so that a proposition tells
    the same once it is published.
    """
    before = Proposition(
        fiche=proposition.fiche, champs=proposition.base, effet_le=proposition.effet_le
    )
    found = compare_words(as_fiche(before), as_fiche(proposition))
    return [*found, *_beside(proposition)]


def _beside(proposition: Proposition) -> Iterator[Passage]:
    for name, after in proposition.champs.items():
        if name in _BESIDE:
            before = proposition.base[name]
            place = labels([name])[0].capitalize()
            for passage in compare_texts(_text(name, before), _text(name, after)):
                yield replace(passage, lieu=place)


def _text(name: str, value: object) -> str:
    return show(name, value) if value else ""
