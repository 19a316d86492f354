"""What the search box proposes: results as typed, and before typing the fiches of the hour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.utils import timezone

from allo3939.shared.index import Trouvaille
from allo3939.shared.query import Comprehension
from calls.models import Consultation
from orientation.search import search_everything

HOUR = timedelta(hours=1)
MOST_READ, LAST_READ = 5, 4
LETTERS_MIN = 2
LAST_DIGIT = 9


@dataclass(frozen=True, slots=True)
class Ligne:
    """A result with the digit that opens it; the digits run through the groups."""

    rang: int
    trouvaille: Trouvaille
    defaut: bool
    """« Entrée » opens it."""

    @property
    def numero(self) -> str:
        """The rank in plain figures: a template would ask how the language writes each number."""
        return str(self.rang)

    @property
    def touche(self) -> str:
        """The digit that opens it, beyond nine a point."""
        return str(self.rang) if self.rang <= LAST_DIGIT else "·"


@dataclass(frozen=True, slots=True)
class Groupe:
    """Results of one kind, and the page that opens them."""

    titre: str
    badge: str
    teinte: str
    vue: str
    lignes: list[Ligne]


@dataclass(frozen=True, slots=True)
class Liste:
    """What the search box shows: groups of results, and how the words were read."""

    groupes: list[Groupe] = field(default_factory=list)
    compris: list[Comprehension] = field(default_factory=list)
    """Only what was not read as it was typed."""

    @property
    def total(self) -> int:
        return sum(len(groupe.lignes) for groupe in self.groupes)

    @property
    def vus(self) -> str:
        """The keys on screen in their order, to be sent back with the next letter."""
        return " ".join(ligne.trouvaille.cle for groupe in self.groupes for ligne in groupe.lignes)


def propose(words: str, *, shown: Sequence[str] = ()) -> Liste | None:
    """The groups of results for the words, empty ones left out; None while there is too little.

    ``shown`` are the keys of the lines on screen, whose order the new list keeps where it can.
    """
    if len(words) < LETTERS_MIN:
        return None
    found = search_everything(words, shown=shown)
    first = [items[0] for items in (found.reponses, found.escalades, found.organismes) if items]
    groups = _number(
        (
            ("Fiches de réponse", "N1", "info", "console-fiche", found.reponses),
            ("Fiches d'escalade", "N2", "purple-glycine", "console-fiche", found.escalades),
            ("Annuaire", "", "", "console-organisme", found.organismes),
        ),
        default=max(first, key=_title_hits, default=None),
    )
    return Liste(groups, _told(found.compris))


def _told(compris: Iterable[Comprehension]) -> list[Comprehension]:
    """What is worth saying of how the words were read: once each, what was not searched first."""
    told: dict[str, Comprehension] = {}
    for read in compris:
        if read.genre != "tel_quel":
            told.setdefault(read.dit, read)
    return sorted(told.values(), key=lambda read: read.genre != "inconnu")


def propose_recent(agent) -> Liste:
    """Before typing: the fiches most read in the last hour, then the agent's own last ones."""
    hour = Consultation.objects.since(timezone.now() - HOUR).most_read(MOST_READ)
    most = [_line(*row) for row in hour]
    shown = {line.cle for line in most}
    own = Consultation.objects.of_agent(agent).last_read(LAST_READ + MOST_READ)
    last = [line for row in own if (line := _line(*row)).cle not in shown][:LAST_READ]
    groups = _number(
        (
            ("Les plus lues depuis une heure", "", "", "console-fiche", most),
            ("Mes dernières fiches", "", "", "console-fiche", last),
        ),
        default=None,
    )
    return Liste(groups)


def _line(reference: str, title: str, nature: str, _: object) -> Trouvaille:
    return Trouvaille(reference, nature, [(title, False)], "", 0.0)


def _number(
    kinds: Iterable[tuple[str, str, str, str, list[Trouvaille]]], *, default: Trouvaille | None
) -> list[Groupe]:
    rank = count(1)
    return [
        Groupe(
            title, badge, tint, view, [Ligne(next(rank), item, item is default) for item in items]
        )
        for title, badge, tint, view, items in kinds
        if items
    ]


def _title_hits(found: Trouvaille) -> int:
    """Words of the search in the title. « Entrée » opens the first line of the group whose first
    title says most of them, the upper group when they say as many: "mairie le mans" is a body.
    """
    return sum(len(text.split()) for text, hit in found.titre if hit)
