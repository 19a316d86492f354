"""A search index as a disposable copy of the database on each host's disk.

The index holds, in the same commit as its content, the last `Changement` line it has applied.
Before a search the process compares it with the table; when it is behind, it reads again the
objects of the lines since. What cannot be trusted (absent, unreadable, ahead of a database that was
restored) is built anew; meanwhile searches get the older index, or what `secours` finds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import tantivy
from django.db import connection
from tantivy import Occur, Query

from allo3939.shared.analyse import Equivalents, highlight
from allo3939.shared.changes import EVERYTHING, dates_of, last_line, reached
from allo3939.shared.lines import (
    ABOUT,
    Cards,
    Entree,
    Fichet,
    Hits,
    Recherche,
    Trouvaille,
    Wanted,
    document_of,
)
from allo3939.shared.models import Changement
from allo3939.shared.query import Composer, Requete
from allo3939.shared.rank import Said, agree_with, blend, keep_order
from allo3939.shared.store import IndexBroken, Opened, Store, reading
from allo3939.shared.vocabulary import ANYWHERE, FORMS, KEYS, Vocabulary

logger = logging.getLogger(__name__)

ANALYSER_VERSION = 3  # raised when the same text no longer gives the same words
LOCK_PATIENCE = 1.0  # seconds a search waits for another process that writes
BUILD_PATIENCE = 60.0  # seconds a command waits for another process that builds
RETRY = 30.0  # seconds before an index that could not be written is tried again
CANDIDATES = 3  # read per result shown, so that equal scores keep one order
RANKED = 45  # candidates that are ordered again
NOTHING = (-1, "")  # no line, not even that of an empty table


def _as_found(mots: tuple[str, ...], lines: list[Trouvaille], genre: str) -> list[Trouvaille]:
    return lines


Classement = Callable[[tuple[str, ...], list[Trouvaille], str], list[Trouvaille]]


@dataclass(eq=False)
class Index:
    """One index: where its content comes from and how it is searched.

    `nom` is the genre of the `Changement` lines it follows. `lire(keys)` yields the entries of
    these keys that are to be found, or all of them for None. `poids` gives the fields and their
    weights, the headline first; `version` is raised when the fields, or what `lire` puts in them,
    change, so that a new release builds its own copy. `secours` answers without an index.
    `noms` gives other names of things beside the language lists, `classe` has the last word on the
    order of the candidates (it gets the stems that matter, and the one kind asked for or ""); both
    are asked at each search.
    `apropos` names the fields that say what an object is about: with it the best candidates are
    ordered again (see `allo3939.shared.rank`).
    `grammar` keeps articles (in names), `strict` asks for every word, `chatter` names the lists of
    words that queries leave out.
    """

    nom: str
    version: int | str
    poids: Mapping[str, float]
    lire: Callable[[Sequence[str] | None], Iterable[Entree]]
    secours: Callable[[str, str, int], list[Trouvaille]]
    noms: Callable[[], Equivalents] = dict
    classe: Classement = _as_found
    apropos: tuple[str, ...] = ()
    strict: bool = False
    grammar: bool = False
    chatter: tuple[str, ...] = ("bavardage",)
    _opened: Opened | None = field(default=None, init=False)
    _cards: Cards | None = field(default=None, init=False)
    _last: tuple[str, Equivalents, Vocabulary, Requete] | None = field(default=None, init=False)
    _seen: tuple[int, str] = field(default=NOTHING, init=False)
    _builder: threading.Thread | None = field(default=None, init=False)
    _next_try: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        for name in ("cle", "genre", "titre_affiche", "complement", "etat"):
            builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field(ABOUT, stored=True, tokenizer_name="raw", index_option="basic")
        for name in (FORMS, KEYS, ANYWHERE):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
        for name in self.poids:
            builder.add_text_field(name, tokenizer_name="whitespace")
        schema = builder.build()
        self._store = Store(schema, self.nom, f"{self.version}.{ANALYSER_VERSION}")
        self._composer = Composer(schema, self.poids, self.strict, self.chatter)

    # Searching ----------------------------------------------------------------------------------

    def search(
        self,
        text: str,
        *,
        genre: str = "",
        limit: int = 10,
        within: Sequence[str] = (),
        beyond: int = 0,
        shown: Sequence[str] = (),
    ) -> Recherche:
        """The best entries for a text, best first.

        To be called after `refresh`. `genre` keeps one kind; `within` names fields of which one at
        least must match, when more than `beyond` entries are found without it. `shown` gives the
        keys on the screen while typing goes on: a line among them only moves for one that is
        clearly better (see `rank.keep_order`).
        """
        found = None
        for _ in range(2):
            try:
                found = self._search(text, Wanted(genre, limit, within, beyond), shown)
                break
            except IndexBroken:
                logger.exception("The index %s cannot be searched", self.nom)
                self._adopt(None)
                self._renew()
        if found is None:
            lines = self.secours(text, genre, limit)
            found = Recherche(lines, len(lines))
        return found

    def _search(self, text: str, wanted: Wanted, shown: Sequence[str]) -> Recherche | None:
        cards = self._cards
        if cards is None:
            return None
        with reading():
            asked = self._compose(text, cards.vocabulary)
            if asked.query is None:
                return Recherche(compris=asked.compris)
            hits, total = self._candidates(cards, asked, wanted)
            found = cards.of(hits)
            if self.apropos and found:
                if not (wanted.genre or wanted.within):
                    asked.meilleur = found[0][0]
                found = self._rank(found, asked, cards)
        found.sort(key=lambda pair: (-pair[0], pair[1].titre, pair[1].cle))
        lines = [
            Trouvaille(
                card.cle, card.genre, [(card.titre, False)], card.complement, round(score, 3)
            )
            for score, card in found[: wanted.limit * CANDIDATES]
        ]
        lines = self.classe(asked.mots, lines, wanted.genre)
        if shown:
            by_key = {line.cle: line for line in lines}
            scores = agree_with([(line.cle, line.score) for line in lines])
            lines = [by_key[key] for key in keep_order(scores, shown=shown, limit=wanted.limit)]
            lines.sort(key=lambda line: not line.epinglee)
        lines = [
            replace(
                line,
                titre=highlight(line.titre_entier, racines=asked.racines, prefixe=asked.prefixe),
            )
            for line in lines[: wanted.limit]
        ]
        return Recherche(lines, total, asked.compris)

    def _candidates(self, cards: Cards, asked: Requete, wanted: Wanted) -> tuple[Hits, int]:
        """The best entries by the query alone, and how many match in all."""
        query = self._narrow(asked, wanted.genre, ())
        if wanted.within:
            matching = cards.count(query, up_to=wanted.beyond + 1)
            if not matching:
                return [], 0
            if matching > wanted.beyond:
                query = self._narrow(asked, wanted.genre, wanted.within)
        read = max(wanted.limit, RANKED) if self.apropos else wanted.limit * CANDIDATES
        result = cards.vocabulary.searcher.search(query, read, count=True)
        return result.hits, result.count  # type: ignore[attr-defined]  # absent from its stubs

    def _compose(self, text: str, vocabulary: Vocabulary) -> Requete:
        """The query of a text, kept for the next kind of object asked for with the same words."""
        names = self.noms()
        last = self._last
        if last and last[0] == text and last[1] is names and last[2] is vocabulary:
            return last[3]
        asked = self._composer.compose(text, vocabulary, names=names)
        self._last = (text, names, vocabulary, asked)
        return asked

    def _rank(
        self,
        found: list[tuple[float, Fichet]],
        asked: Requete,
        cards: Cards,
    ) -> list[tuple[float, Fichet]]:
        """The candidates with their final scores."""
        vocabulary = cards.vocabulary
        searcher = vocabulary.searcher
        assert asked.query is not None  # noqa: S101  # for the type checker: the caller looked
        if not asked.meilleur:
            asked.meilleur = searcher.search(asked.query, 1, count=False).hits[0][0] or 1.0
        # One by one: looking for the set of their keys takes Tantivy three times as long.
        them = Query.boolean_query([(Occur.Should, card.seul) for _, card in found])
        anywhere = Query.boolean_query(
            [
                (Occur.Must, Query.const_score_query(them, 0.0)),
                (Occur.Should, self._composer.anywhere(asked.unites)),
            ]
        )
        total = sum(unite.masse for unite in asked.unites) or 1.0
        hits = searcher.search(anywhere, len(found), count=False).hits
        said = {card.cle: score / total for score, card in cards.of(hits)}
        about = Said(asked.unites)
        mass = {racine: vocabulary.mass(racine) for racine in asked.racines}
        return [
            (
                blend(
                    score=score / asked.meilleur,
                    anywhere=said.get(card.cle, 0.0),
                    about=about.share(card.racines),
                    title=sum(map(mass.__getitem__, card.racines_titre & mass.keys()))
                    / card.masse_titre,
                ),
                card,
            )
            for score, card in found
        ]

    def count(self, form: str) -> int:
        """How many objects hold this folded word, as this process knows the index."""
        try:
            with reading():
                cards = self._cards
                return cards.vocabulary.searcher.doc_freq(FORMS, form) if cards else 0
        except IndexBroken:
            return 0

    def _narrow(self, asked: Requete, genre: str, within: Sequence[str]) -> Query:
        assert asked.query is not None  # noqa: S101  # for the type checker: the caller looked
        schema = self._store.schema
        filters = []
        if genre:
            filters.append(Query.term_query(schema, "genre", genre))
        if within:
            places = [
                Query.term_query(schema, champ, racine)
                for champ in within
                for racine in sorted(asked.racines)
            ]
            filters.append(Query.boolean_query([(Occur.Should, place) for place in places]))
        if not filters:
            return asked.query
        return Query.boolean_query(
            [(Occur.Must, asked.query)]
            + [(Occur.Must, Query.const_score_query(only, 0.0)) for only in filters]
        )

    # Following the database ---------------------------------------------------------------------

    def is_readable(self) -> bool:
        """Whether this host has an index that opens, read from the disk now."""
        return self._store.open() is not None

    @property
    def seen(self) -> tuple[int, str]:
        """The last line of `Changement` that what this process has open includes, and when it was
        written; `NOTHING` when nothing is open.
        """
        if self._opened is None or not self._store.is_current(self._opened):
            self._adopt(self._store.open())
        return self._seen

    def follow(self, last: tuple[int, str], known: Mapping[int, str], *, wait: bool) -> None:
        """Apply the lines up to `last`; `known` gives the dates of lines that the table holds.

        After a failure (a full disk), searches get what is open for `RETRY` seconds: building at
        each keystroke would be slow for nothing.
        """
        if not wait and time.monotonic() < self._next_try:
            return
        if self._opened is None or known.get(self._seen[0]) != self._seen[1]:
            self._renew(wait=wait)
        elif self._seen[0] < last[0]:
            try:
                self._apply(last, wait=wait)
            except (IndexBroken, OSError):
                logger.exception("The index %s cannot be written", self.nom)
                self._adopt(None)
                self._renew(wait=wait)

    def _apply(self, last: tuple[int, str], *, wait: bool) -> None:
        if not self._keys_after(self._seen[0]):
            self._seen = last
            return
        with self._store.lock(LOCK_PATIENCE) as held:
            self._adopt(self._store.open())  # another process may have applied them
            if self._opened is None:
                raise IndexBroken(f"no index {self.nom}")
            keys = self._keys_after(self._seen[0])
            if not held or not keys:
                return
            if EVERYTHING not in keys:
                self._write(self._opened.index, sorted(keys), last)
                self._adopt(self._store.open())
                return
        self._renew(wait=wait)

    def _keys_after(self, number: int) -> set[str]:
        lines = Changement.objects.filter(genre=self.nom, id__gt=number)
        return {key for keys in lines.values_list("cles", flat=True) for key in keys}

    def _adopt(self, opened: Opened | None) -> None:
        self._opened = opened
        self._cards = (
            Cards(self._store.schema, Vocabulary(opened.searcher), ranked=bool(self.apropos))
            if opened
            else None
        )
        self._seen = opened.applied if opened else NOTHING

    # Building -----------------------------------------------------------------------------------

    def rebuild(self, *, patience: float = BUILD_PATIENCE) -> bool:
        """Build the whole index and switch to it; False when another process keeps the lock."""
        with self._store.lock(patience) as held:
            if held:
                self._build()
        return held

    def _renew(self, *, wait: bool = False) -> None:
        """Rebuild; unless told to wait, beside the searches when an older index answers them.

        In a transaction only this connection sees what was written, so the build is done here.
        """
        if not wait and time.monotonic() < self._next_try:
            return
        if wait or self._opened is None or connection.in_atomic_block:
            self._try_to_rebuild(patience=BUILD_PATIENCE if wait else 0)
        elif self._builder is None or not self._builder.is_alive():
            self._builder = threading.Thread(target=self._rebuild_in_thread, daemon=True)
            self._builder.start()

    def _rebuild_in_thread(self) -> None:
        try:
            self._try_to_rebuild(patience=0)
        finally:
            connection.close()

    def _try_to_rebuild(self, *, patience: float) -> None:
        try:
            self.rebuild(patience=patience)
        except (IndexBroken, OSError):
            logger.exception("The index %s cannot be built", self.nom)
            self._next_try = time.monotonic() + RETRY
            self._adopt(self._store.open())  # older, but it answers

    def _build(self) -> None:
        applied = last_line()
        self._store.build(lambda index: self._write(index, None, applied))
        self._adopt(self._store.open())

    def _write(
        self, index: tantivy.Index, keys: Sequence[str] | None, applied: tuple[int, str]
    ) -> None:
        documents = (
            document_of(entree, apropos=self.apropos, grammar=self.grammar)
            for entree in self.lire(keys)
        )
        self._store.write(index, documents=documents, replaced=keys, applied=applied)


def refresh(*indexes: Index, wait: bool = False) -> None:
    """Bring indexes up to the last line of `Changement`: one query when they are there.

    An index to be rebuilt whole goes on answering as it was meanwhile, unless told to `wait`.
    """
    last = last_line()
    reached(last)
    behind = [(index, seen[0]) for index in indexes if (seen := index.seen) != last]
    if behind:
        known = dates_of([number for _, number in behind]) | dict([last])
        for index, _ in behind:
            index.follow(last, known, wait=wait)
