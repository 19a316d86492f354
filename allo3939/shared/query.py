"""Words typed → a Tantivy query that tolerates how they were typed.

Each word (or known expression) becomes a group of alternatives of which the best counts: its stem,
the words that begin like it when it is the last one, the nearest words of the index when the index
does not know it, and its other names. A word found in several fields counts mostly for the best
one, which keeps long texts from winning by repetition.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Occur, Query, Schema, Searcher

from allo3939.shared.analyse import Equivalents, Mot, lexicon, sound, stem, words

# Weights measured on the two development files (see docs/adr/0005-search-index.md).
OTHER_FIELDS = 0.3  # what the fields beside the best one add
OTHER_NAME = 0.8  # an acronym spelled out, an official name
OTHER_NAMES_TOO = 0.1  # what the less good alternatives add
PREFIX, PREFIX_OF_KNOWN, PREFIX_LIMIT = 0.8, 0.35, 6
CORRECTION, CORRECTIONS = 0.85, 3
PAIR = 0.6  # two words side by side, in that order, in a headline
TOGETHER, TOGETHER_SHARE = 4.0, 0.7  # most of the words in one object
GRAMMAR = 0.8  # articles in names tell « Eu » from all the others
EXACT = 0.5  # what being spelled the same adds, in names

FORMS = "formes"  # field of the words as written, folded
KEYS = "sons"  # field of « sound|word »


@dataclass(frozen=True)
class Vocabulary:
    """What one state of an index knows of words."""

    searcher: Searcher
    champs: tuple[str, ...]

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

    def knows(self, word: Mot) -> bool:
        return bool(self.searcher.doc_freq(FORMS, word.forme)) or any(
            self.searcher.doc_freq(champ, word.racine) for champ in self.champs
        )

    def beginning_with(self, form: str) -> list[str]:
        """Stems of the most frequent words that begin like `form`."""
        terms = sorted(self.searcher.terms_with_prefix(FORMS, form), key=lambda term: -term[1])
        terms = [term for term in terms[:PREFIX_LIMIT] if term[1] * 20 >= terms[0][1]]
        return list(dict.fromkeys(stem(word) for word, _ in terms))

    def nearest(self, form: str) -> list[tuple[str, float]]:
        """Stems of the words `form` may have been meant for, with their likeness below 1."""
        if len(form) < 4 or not form.isalpha():
            return []
        if form not in self._corrections:
            self._corrections[form] = self._correct(form)
        return self._corrections[form]

    def _correct(self, form: str) -> list[tuple[str, float]]:
        key = f"{sound(form)}|"
        likeness = {
            term[len(key) :]: 0.95 for term, _ in self.searcher.terms_with_prefix(KEYS, key)
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
        kept: dict[str, float] = {}
        for word in best[:CORRECTIONS]:
            kept.setdefault(stem(word), likeness[word])
        return list(kept.items())


@dataclass(frozen=True, slots=True)
class Comprehension:
    """A word or expression of a search, and what it was read as."""

    dit: str
    """As it was typed."""
    genre: Literal["tel_quel", "autre_nom", "correction", "inconnu"]
    lu: tuple[str, ...] = ()
    """The other names, or the corrections, that were searched for."""


@dataclass
class Requete:
    """What was understood: the query (None when nothing can match) and the stems it looks for."""

    query: Query | None = None
    racines: set[str] = field(default_factory=set)
    prefixe: str = ""
    mots: tuple[str, ...] = ()
    """The stems of the words that matter, as typed."""
    compris: list[Comprehension] = field(default_factory=list)


def spans(stems: list[str], known: Equivalents) -> Iterator[tuple[int, int]]:
    """Cut a list of stems at known expressions, the longest first."""
    longest = max(map(len, known), default=1)
    start = 0
    while start < len(stems):
        size = min(longest, len(stems) - start)
        while size > 1 and tuple(stems[start : start + size]) not in known:
            size -= 1
        yield start, start + size
        start += size


def _sum(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _best(queries: list[Query], *, others: float) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries, others)


@dataclass(frozen=True)
class Composer:
    """Composes the queries of one index.

    `poids` gives the searched fields and their weights; the first field is the headline. With
    `strict`, every word must be found. `chatter` names the lists of words to leave out.
    """

    schema: Schema
    poids: Mapping[str, float]
    strict: bool = False
    chatter: tuple[str, ...] = ("bavardage",)

    def compose(
        self, text: str, vocabulary: Vocabulary, *, names: Equivalents | None = None
    ) -> Requete:
        """The query for a text; ``names`` are other names beside those of the language lists."""
        lists = lexicon()
        known = ChainMap(names, lists.equivalents) if names else lists.equivalents  # type: ignore[arg-type]
        every = list(words(text))
        said = [word for word in every if word.sigle or word.forme not in lists.outils] or every
        if not said:
            return Requete()
        chatter = frozenset().union(*(lists.bavardage[name] for name in self.chatter))
        matters = [word for word in said if word.sigle or word.forme not in chatter] or said
        unfinished = said[-1] if said[-1].fin == len(text) else None
        mattering = {word.debut for word in matters}
        result = Requete(mots=tuple(dict.fromkeys(word.racine for word in matters)))
        groups: list[Query] = []
        done: set[str] = set()
        for start, end in spans([word.racine for word in said], known):
            span = said[start:end]
            own = [
                self._word(word, vocabulary, result, unfinished=word is unfinished)
                for word in span
                if word.debut in mattering and word.racine not in done
            ]
            done.update(word.racine for word in span)
            others = known.get(tuple(word.racine for word in span), ())
            group = [self._all(own)] if own else []
            for other in others:
                result.racines.update(other.racines)
                group.append(self._expression(other.racines))
            if group:
                groups.append(_best(group, others=OTHER_NAMES_TOO))
        if groups:
            result.query = self._combine(groups, matters, every)
        return result

    def _combine(self, groups: list[Query], matters: list[Mot], every: list[Mot]) -> Query:
        if self.strict:
            grammar = {word.racine for word in every if word.forme in lexicon().outils}
            return Query.boolean_query(
                [(Occur.Must, group) for group in groups]
                + [(Occur.Should, self._term(racine, GRAMMAR)) for racine in sorted(grammar)]
            )
        clauses = list(groups)
        headline = next(iter(self.poids))
        for first, second in pairwise(matters):
            if first.racine != second.racine:
                pair = Query.phrase_query(self.schema, headline, [first.racine, second.racine], 2)
                clauses.append(Query.boost_query(pair, PAIR))
        if len(groups) > 1:
            most = max(2, math.ceil(TOGETHER_SHARE * len(groups)))
            together = Query.boolean_query([(Occur.Should, group) for group in groups], most)
            clauses.append(Query.const_score_query(together, TOGETHER))
        return _sum(clauses)

    def _word(
        self, word: Mot, vocabulary: Vocabulary, result: Requete, *, unfinished: bool
    ) -> Query:
        known = vocabulary.knows(word)
        options = {word.racine: 1.0}
        if unfinished and len(word.forme) > 1:
            result.prefixe = word.forme
            for racine in vocabulary.beginning_with(word.forme):
                options.setdefault(racine, PREFIX_OF_KNOWN if known else PREFIX)
        if not known and len(options) == 1:
            for racine, likeness in vocabulary.nearest(word.forme):
                options.setdefault(racine, CORRECTION * likeness)
        result.racines.update(options)
        queries = [self._term(*option) for option in options.items()]
        if self.strict:
            queries += self._exactly(word, unfinished=unfinished)
        return _best(queries, others=EXACT if self.strict else 0.0)

    def _exactly(self, word: Mot, *, unfinished: bool) -> list[Query]:
        """In names a word counts more as it is spelled, and an unfinished one may be anything."""
        exact = Query.term_query(self.schema, FORMS, word.forme, "basic")
        if not unfinished:
            return [exact]
        begun = Query.fuzzy_term_query(self.schema, FORMS, word.forme, 0, prefix=True)
        return [exact, Query.const_score_query(begun, PREFIX)]

    def _all(self, queries: list[Query]) -> Query:
        if self.strict and len(queries) > 1:
            return Query.boolean_query([(Occur.Must, query) for query in queries])
        return _sum(queries)

    def _term(self, racine: str, weight: float = 1.0) -> Query:
        return _best(
            [
                Query.boost_query(Query.term_query(self.schema, champ, racine), poids * weight)
                for champ, poids in self.poids.items()
            ],
            others=OTHER_FIELDS,
        )

    def _expression(self, racines: tuple[str, ...]) -> Query:
        if len(racines) == 1:
            return self._term(racines[0], OTHER_NAME)
        phrases = [
            Query.boost_query(
                Query.phrase_query(self.schema, champ, list(racines), 1), poids * OTHER_NAME
            )
            for champ, poids in self.poids.items()
        ]
        return _best(phrases, others=OTHER_FIELDS)
