"""What goes into an index, and the lines that come out of a search."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import tantivy

from allo3939.shared.analyse import index_words, sound
from allo3939.shared.query import Comprehension
from allo3939.shared.vocabulary import ANYWHERE, FORMS, KEYS, Vocabulary

ABOUT = "apropos"  # stored stems of the fields that say what an object is about
REPEATED = 60  # letters up to which a text (a kind, a département) often comes again

Hits = list[tuple[float, tantivy.DocAddress]]  # the best first


@dataclass(frozen=True)
class Trouvaille:
    """A line of a result list, whole: showing it asks nothing more of the database.

    `titre` is cut in segments, True for what matches the search; `epinglee` tells that somebody
    put it first.
    """

    cle: str
    genre: str
    titre: list[tuple[str, bool]]
    complement: str
    score: float
    epinglee: bool = False

    @property
    def titre_entier(self) -> str:
        return "".join(text for text, _ in self.titre)


@dataclass(frozen=True)
class Recherche:
    """What a search found: the best lines, how many match in all, what was understood."""

    lignes: list[Trouvaille] = field(default_factory=list)
    total: int = 0
    compris: list[Comprehension] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a search is to give: see `Index.search`."""

    genre: str
    limit: int
    within: Sequence[str]
    beyond: int


@dataclass(frozen=True)
class Entree:
    """What an index keeps of an object: its line in a list, and the text of each field."""

    cle: str
    genre: str
    titre: str
    complement: str
    champs: Mapping[str, str]


def document_of(entree: Entree, *, apropos: Collection[str], grammar: bool) -> tantivy.Document:
    """An entry as the index keeps it.

    `apropos` names the fields that say what the object is about; `grammar` keeps articles.
    """
    document = tantivy.Document()
    document.add_text("cle", entree.cle)
    document.add_text("genre", entree.genre)
    document.add_text("titre_affiche", entree.titre)
    document.add_text("complement", entree.complement)
    forms: set[str] = set()
    racines: set[str] = set()
    about: set[str] = set()
    for champ, text in entree.champs.items():
        read = _repeated_words if len(text) <= REPEATED else index_words
        stems, found = read(text, grammar=grammar)
        document.add_text(champ, " ".join(stems))
        forms |= found
        racines.update(stems)
        if champ in apropos:
            about.update(stems)
    if apropos:
        document.add_text(ABOUT, " ".join(sorted(about)))
    document.add_text(ANYWHERE, " ".join(sorted(racines)))
    document.add_text(FORMS, " ".join(sorted(forms)))
    document.add_text(KEYS, " ".join(f"{sound(form)}|{form}" for form in sorted(forms)))
    return document


@lru_cache(maxsize=50_000)
def _repeated_words(text: str, *, grammar: bool) -> tuple[tuple[str, ...], frozenset[str]]:
    stems, forms = index_words(text, grammar=grammar)
    return tuple(stems), frozenset(forms)


@dataclass(frozen=True, slots=True)
class Fichet:
    """What is stored of an object, the stems of its title and of what it is about, and the query
    that finds it alone.
    """

    cle: str
    genre: str
    titre: str
    complement: str
    racines_titre: frozenset[str]
    masse_titre: float
    racines: frozenset[str]
    seul: tantivy.Query


@dataclass(frozen=True)
class Cards:
    """What the hits of one state of an index are.

    When they are `ranked` again they stay in memory, for the same ones come at each keystroke;
    otherwise their stems are not needed.
    """

    schema: tantivy.Schema
    vocabulary: Vocabulary
    ranked: bool
    _known: dict[tuple[int, int], Fichet] = field(default_factory=dict)

    def of(self, hits: Hits) -> list[tuple[float, Fichet]]:
        """The objects of the hits, each with its score."""
        found = []
        for score, address in hits:
            place = (address.segment_ord, address.doc)
            card = self._known.get(place)
            if card is None:
                card = self._read(address)
                if self.ranked:
                    self._known[place] = card
            found.append((score, card))
        return found

    def count(self, query: tantivy.Query, *, up_to: int) -> int:
        """How many objects match: without their scores, in half the time."""
        match = tantivy.Query.const_score_query(query, 1.0)
        return len(self.vocabulary.searcher.search(match, up_to, count=False).hits)

    def _read(self, address: tantivy.DocAddress) -> Fichet:
        document = self.vocabulary.searcher.doc(address)
        cle, titre = document["cle"][0], document["titre_affiche"][0]
        racines_titre = frozenset(index_words(titre)[0] if self.ranked else ())
        return Fichet(
            cle=cle,
            genre=document["genre"][0],
            titre=titre,
            complement=document["complement"][0],
            racines_titre=racines_titre,
            masse_titre=sum(map(self.vocabulary.mass, racines_titre)) or 1.0,
            racines=frozenset(map(sys.intern, (document.get_first(ABOUT) or "").split())),
            seul=tantivy.Query.term_query(self.schema, "cle", cle, "basic"),
        )
