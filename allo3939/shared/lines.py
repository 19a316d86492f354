"""What goes into an index, and the lines that come out of a search."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

import tantivy

from allo3939.shared.analyse import index_words
from allo3939.shared.query import Comprehension
from allo3939.shared.vocabulary import Vocabulary

ABOUT = "apropos"  # stored stems of the fields that say what an object is about


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


@dataclass(frozen=True)
class Entree:
    """What an index keeps of an object: its line in a list, and the text of each field."""

    cle: str
    genre: str
    titre: str
    complement: str
    champs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fichet:
    """What is stored of an object, and the stems of its title and of what it is about."""

    cle: str
    genre: str
    titre: str
    complement: str
    racines_titre: frozenset[str]
    masse_titre: float
    racines: frozenset[str]


@dataclass(frozen=True)
class Cards:
    """What the hits of one state of an index are.

    With `keep` they stay in memory: an index whose candidates are ordered again reads the same
    ones at each keystroke.
    """

    vocabulary: Vocabulary
    keep: bool
    _known: dict[tuple[int, int], Fichet] = field(default_factory=dict)

    def of(self, hits: list[tuple[float, tantivy.DocAddress]]) -> list[tuple[float, Fichet]]:
        """The objects of the hits, each with its score."""
        found = []
        for score, address in hits:
            place = (address.segment_ord, address.doc)
            card = self._known.get(place)
            if card is None:
                card = self._read(address)
                if self.keep:
                    self._known[place] = card
            found.append((score, card))
        return found

    def _read(self, address: tantivy.DocAddress) -> Fichet:
        document = self.vocabulary.searcher.doc(address)
        titre = document["titre_affiche"][0]
        racines_titre = frozenset(index_words(titre)[0])
        return Fichet(
            cle=document["cle"][0],
            genre=document["genre"][0],
            titre=titre,
            complement=document["complement"][0],
            racines_titre=racines_titre,
            masse_titre=sum(map(self.vocabulary.mass, racines_titre)) or 1.0,
            racines=frozenset(map(sys.intern, (document.get_first(ABOUT) or "").split())),
        )
