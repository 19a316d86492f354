"""Words typed → a Tantivy query that tolerates how they were typed, and what was understood.

Each word (or known expression) becomes a group of alternatives of which the best counts: its stem,
the words that begin like it when it is the last one, the nearest words of the index when the index
does not know it, and its other names. A word found in several fields counts mostly for the best
one, which keeps long texts from winning by repetition.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal

from tantivy import Occur, Query, Schema

from allo3939.shared.analyse import NOT, Equivalents, Mot, Nom, lexicon, stem, words
from allo3939.shared.expressions import Expressions, find_expressions
from allo3939.shared.rank import Unite
from allo3939.shared.vocabulary import ANYWHERE, FORMS, Vocabulary

# Weights measured on the development files (see docs/adr/0005-search-index.md).
OTHER_FIELDS = 0.3  # what the fields beside the best one add
OTHER_NAME = 0.8  # an acronym spelled out, an official name
OTHER_NAMES_TOO = 0.1  # what the less good alternatives add
PREFIX, PREFIX_OF_KNOWN = 0.8, 0.35
CORRECTION = 0.85
WEAK = 0.5  # a word of any sentence
# Callers say first what it is about: of the words that matter, those after the fourth weigh less.
FIRST, LATER, LAST = 4, 0.04, 0.5  # words that weigh whole, what each other loses, and what remains
BESIDE = 0.8  # an expression that shares words with another
PAIR = 0.6  # two words side by side, in that order, in a headline
TOGETHER, TOGETHER_SHARE = 4.0, 0.7  # most of the words in one object
GRAMMAR = 0.8  # articles in names tell « Eu » from all the others
EXACT = 0.5  # what being spelled the same adds, in names
KEPT_QUERIES = 20_000


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
    unites: list[Unite] = field(default_factory=list)
    meilleur: float = 0.0
    """The best score of all, once it was asked: each kind of object is compared with it."""
    """What ranking compares an object with."""


@dataclass(frozen=True, slots=True)
class MotLu:
    """A word as typed, the stem it was read as, and all the stems searched, with their worth."""

    mot: Mot
    racine: str
    options: Mapping[str, float]
    compris: Comprehension
    worth: float
    """Below 1 for a word of any sentence, and late in a long one."""
    weak: bool = False
    unfinished: bool = False

    @property
    def strong(self) -> bool:
        """Whether it says something alone: neither chatter nor a word of any sentence."""
        return bool(self.options) and not self.weak

    def is_called(self, nom: Nom) -> bool:
        """Whether the word alone has this other name: it, or what it is corrected to or begins."""
        return (
            self.compris.genre == "correction"
            or nom.is_of(self.mot.forme)
            or (self.unfinished and any(form.startswith(self.mot.forme) for form in nom.formes))
        )


@cache
def _expressions() -> Expressions:
    return Expressions(lexicon().equivalents)


def _sum(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _boosted(query: Query, weight: float) -> Query:
    return query if weight == 1 else Query.boost_query(query, weight)


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
    _made: dict[tuple[str, ...], Query] = field(default_factory=dict, init=False, compare=False)
    _named: list[Expressions] = field(default_factory=list, init=False, compare=False)

    def compose(
        self, text: str, vocabulary: Vocabulary, *, names: Equivalents | None = None
    ) -> Requete:
        """The query for a text; ``names`` are other names beside those of the language lists."""
        lists = lexicon()
        every = list(words(text))
        said = [word for word in every if word.sigle or word.forme not in lists.outils] or every
        if not said:
            return Requete()
        chatter = frozenset().union(*(lists.bavardage[name] for name in self.chatter))
        matters = [word for word in said if word.sigle or word.forme not in chatter] or said
        unfinished = said[-1] if said[-1].fin == len(text) else None
        mattering = {word.debut: self._worth(place) for place, word in enumerate(matters)}
        told = {word.debut for word in said}
        heard = [word for word in every if word.debut in told or word.denies]
        result = Requete(mots=tuple(dict.fromkeys(word.racine for word in matters)))
        if unfinished and len(unfinished.forme) > 1 and unfinished.debut in mattering:
            result.prefixe = unfinished.forme
        lists_of_names = self._lists(names)
        read = [
            self._read(
                word,
                text,
                vocabulary,
                lists_of_names,
                worth=mattering[word.debut],
                unfinished=word is unfinished,
            )
            if word.debut in mattering
            else MotLu(
                word,
                NOT if word.denies else word.racine,
                {},
                Comprehension("", "tel_quel"),
                1.0,
            )
            for word in heard
        ]
        groups: list[Query] = []
        done: set[str] = set()
        strong = {place for place, word in enumerate(read) if word.strong}
        for places, known, beside in find_expressions(
            [word.racine for word in read], lists_of_names, strong=strong
        ):
            if beside and self.strict:
                continue  # it would have to be found too
            share = BESIDE if beside else 1.0
            span = [read[place] for place in places]
            others = [
                nom
                for nom in known
                if (len(span) > 1 or span[0].is_called(nom))
                and all(vocabulary.mass(racine) for racine in nom.racines)
            ]
            own = [word for word in span if word.options and word.mot.racine not in done]
            done.update(word.mot.racine for word in span)
            if own or others:
                groups.append(_boosted(self._group(own, others), share))
                result.unites += _units(own, others, vocabulary, share)
                result.compris += _understood(_said(text, places, read), own, others)
            for word in own:
                result.racines.update(word.options)
            for nom in others:
                result.racines.update(nom.racines)
        if groups:
            result.query = self._combine(groups, matters, every)
        return result

    def _lists(self, names: Equivalents | None) -> tuple[Expressions, ...]:
        """The lists of other names, those that have the first word before the others."""
        if not names:
            return (_expressions(),)
        if not self._named or self._named[0].equivalents is not names:
            self._named[:] = [Expressions(names)]
        return (*self._named, _expressions())

    def anywhere(self, unites: Iterable[Unite]) -> Query:
        """A query whose score is the mass of what was asked that an object says anywhere."""
        return _sum(
            [
                _best(
                    [
                        Query.const_score_query(self._everywhere(option), unite.masse * worth)
                        for option, worth in unite.options
                    ],
                    others=0.0,
                )
                for unite in unites
            ]
        )

    def _everywhere(self, racines: tuple[str, ...]) -> Query:
        terms = [Query.term_query(self.schema, ANYWHERE, racine, "basic") for racine in racines]
        if len(terms) == 1:
            return terms[0]
        return Query.boolean_query([(Occur.Must, term) for term in terms])

    def _group(self, own: list[MotLu], others: list[Nom]) -> Query:
        group = [self._all([self._word(word) for word in own])] if own else []
        worth = max((word.worth for word in own), default=1.0)
        for nom in others:
            query = self._expression(nom.racines)
            group.append(_boosted(query, worth))
        return _best(group, others=OTHER_NAMES_TOO)

    def _combine(self, groups: list[Query], matters: list[Mot], every: list[Mot]) -> Query:
        if self.strict:
            grammar = {word.racine for word in every if word.forme in lexicon().outils}
            return Query.boolean_query(
                [(Occur.Must, group) for group in groups]
                + [
                    (Occur.Should, Query.boost_query(self._term(racine), GRAMMAR))
                    for racine in sorted(grammar)
                ]
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

    def _worth(self, place: int) -> float:
        """What a word weighs by its place among those that matter; in names they are all equal.

        A word typed after it changes nothing, so that the order does not move for that.
        """
        return 1.0 if self.strict else max(LAST, 1 - LATER * max(0, place - FIRST + 1))

    def _read(
        self,
        word: Mot,
        text: str,
        vocabulary: Vocabulary,
        lists: Iterable[Expressions],
        *,
        worth: float,
        unfinished: bool,
    ) -> MotLu:
        said = text[word.debut : word.fin]
        weak = not self.strict and not word.sigle and word.forme in lexicon().faibles
        worth *= WEAK if weak else 1.0
        known = vocabulary.knows(word)
        options = {word.racine: 1.0}
        if unfinished and len(word.forme) > 1:
            for racine in vocabulary.beginning_with(word.forme):
                options.setdefault(racine, PREFIX_OF_KNOWN if known else PREFIX)
        understood = Comprehension(said, "tel_quel")
        if not known and len(options) == 1:
            spelled = word.forme in lexicon().faibles or any(
                word.racine in known.racines for known in lists
            )
            if not spelled and (nearest := vocabulary.nearest(word.forme)):
                options = {}
                for form, likeness in nearest:
                    options.setdefault(stem(form), CORRECTION * likeness)
                forms = tuple(form for form, _ in nearest)
                understood = Comprehension(said, "correction", forms)
            else:
                understood = Comprehension(said, "inconnu")
        return MotLu(word, next(iter(options)), options, understood, worth, weak, unfinished)

    def _word(self, word: MotLu) -> Query:
        queries = [_boosted(self._term(racine), worth) for racine, worth in word.options.items()]
        if self.strict:
            queries += self._exactly(word.mot, unfinished=word.unfinished)
        best = _best(queries, others=EXACT if self.strict else 0.0)
        return _boosted(best, word.worth)

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

    def _term(self, racine: str) -> Query:
        return self._expression((racine,), weight=1.0)

    def _expression(self, racines: tuple[str, ...], *, weight: float = OTHER_NAME) -> Query:
        """The stems side by side in one field. Made once: typing asks for them again and again."""
        if racines not in self._made:
            if len(self._made) >= KEPT_QUERIES:
                self._made.clear()
            self._made[racines] = _best(
                [
                    Query.boost_query(self._in_field(champ, racines), poids)
                    for champ, poids in self.poids.items()
                ],
                others=OTHER_FIELDS,
            )
        made = self._made[racines]
        return _boosted(made, weight)

    def _in_field(self, champ: str, racines: tuple[str, ...]) -> Query:
        if len(racines) == 1:
            return Query.term_query(self.schema, champ, racines[0])
        return Query.phrase_query(self.schema, champ, list(racines), 1)


def _units(
    own: list[MotLu], others: list[Nom], vocabulary: Vocabulary, share: float
) -> list[Unite]:
    """The words of a span, for each its own stems or the other names of the whole span."""
    names = tuple((nom.racines, OTHER_NAME) for nom in others)
    named = max((vocabulary.mass(racine) for nom in others for racine in nom.racines), default=0.0)
    if not own:
        return [Unite(named * share, names)]
    return [
        Unite(
            word.worth
            * (max(vocabulary.mass(r) * worth for r, worth in word.options.items()) or named),
            tuple(((racine,), worth) for racine, worth in word.options.items()) + names,
        )
        for word in own
    ]


def _said(text: str, places: tuple[int, ...], read: list[MotLu]) -> str:
    """What was typed at these places, cut where other words stand between."""
    pieces = [text[read[places[0]].mot.debut : read[places[0]].mot.fin]]
    for before, place in pairwise(places):
        start = read[before].mot.fin if place == before + 1 else read[place].mot.debut
        pieces.append(("" if place == before + 1 else " … ") + text[start : read[place].mot.fin])
    return "".join(pieces)


def _understood(said: str, own: list[MotLu], others: list[Nom]) -> list[Comprehension]:
    """What to say of a span: its words as they were read, or its other names."""
    corrected = [word.compris for word in own if word.compris.genre == "correction"]
    if not others:
        return [word.compris for word in own]
    return [*corrected, Comprehension(said, "autre_nom", tuple(nom.texte for nom in others))]
