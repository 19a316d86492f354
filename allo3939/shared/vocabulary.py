"""The words that one state of an index knows, and those a typed word may have been meant for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Searcher

from allo3939.shared.analyse import Mot, sound, stem

PREFIX_LIMIT = 6  # beginnings searched for an unfinished word
CORRECTIONS = 3
SOUND_LETTERS = 0.5  # share of its letters that a word of the same sound may change

FORMS = "formes"  # field of the words as written, folded
KEYS = "sons"  # field of « sound|word »
ANYWHERE = "tout"  # field of the stems of all the others


@dataclass(frozen=True)
class Vocabulary:
    """What one state of an index knows of words."""

    searcher: Searcher

    @cached_property
    def forms(self) -> dict[str, int]:
        """Every word long enough to be mistyped, with the number of objects that hold it."""
        terms = self.searcher.terms_with_prefix(FORMS, "")
        return {word: count for word, count in terms if len(word) > 3 and word.isalpha()}

    @cached_property
    def _sorted_by_length(self) -> dict[int, list[str]]:
        by_length: dict[int, list[str]] = {}
        for word in self.forms:
            by_length.setdefault(len(word), []).append(word)
        return by_length

    @cached_property
    def _corrections(self) -> dict[str, list[tuple[str, float]]]:
        return {}

    @cached_property
    def _masses(self) -> dict[str, float]:
        return {}

    def knows(self, word: Mot) -> bool:
        return bool(self.searcher.doc_freq(FORMS, word.forme)) or self.mass(word.racine) > 0

    def mass(self, racine: str) -> float:
        """How much a stem tells objects apart: BM25's inverse frequency, 0 when in none."""
        if racine not in self._masses:
            held, total = self.searcher.doc_freq(ANYWHERE, racine), self.searcher.num_docs
            rare = math.log(1 + (total - held + 0.5) / (held + 0.5))
            self._masses[racine] = max(0.01, rare) if held else 0.0
        return self._masses[racine]

    def beginning_with(self, form: str) -> list[str]:
        """Stems of the most frequent words that begin like `form`."""
        terms = sorted(self.searcher.terms_with_prefix(FORMS, form), key=lambda term: -term[1])
        terms = [term for term in terms[:PREFIX_LIMIT] if term[1] * 20 >= terms[0][1]]
        return list(dict.fromkeys(stem(word) for word, _ in terms))

    def nearest(self, form: str) -> list[tuple[str, float]]:
        """The words `form` may have been meant for, best first, with their likeness below 1."""
        if len(form) < 4 or not form.isalpha():
            return []
        if form not in self._corrections:
            self._corrections[form] = self._correct(form)
        return self._corrections[form]

    def _correct(self, form: str) -> list[tuple[str, float]]:
        key = f"{sound(form)}|"
        alike = (term[len(key) :] for term, _ in self.searcher.terms_with_prefix(KEYS, key))
        # Two short words may sound the same and have no letter in common.
        likeness = {
            word: 0.95 for word in alike if OSA.distance(form, word) <= len(form) * SOUND_LETTERS
        }
        errors = 1 if len(form) < 6 else 2
        for length in range(len(form) - errors, len(form) + errors + 1):
            for word, distance, _ in process.extract(
                form,
                self._sorted_by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=errors,
                limit=8,
            ):
                near = 1 - distance / len(form) - (0.05 if word[0] != form[0] else 0)
                likeness[word] = max(near, likeness.get(word, 0))
        best = sorted(
            likeness,
            key=lambda word: (-likeness[word] - 0.03 * math.log1p(self.forms.get(word, 0)), word),
        )
        kept: dict[str, tuple[str, float]] = {}
        for word in best[:CORRECTIONS]:
            kept.setdefault(stem(word), (word, likeness[word]))
        return list(kept.values())
