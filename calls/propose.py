"""What the search box proposes: results as typed, and before typing the fiches of the hour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from allo3939.shared.cache import Moment
from allo3939.shared.composed import Composed
from allo3939.shared.index import Trouvaille
from allo3939.shared.query import Comprehension
from calls import notice
from calls.models import Consultation
from knowledge import misses
from knowledge.models import Lacune, Parution
from orientation.search import search_everything

HOUR = timedelta(hours=1)
MOST_READ, LAST_READ, CHANGED, FILLED = 4, 3, 3, 2
LETTERS_MIN = 2
LAST_DIGIT = 9
LAST_CALLS = 40  # of the agent, among which the last fiches are looked for
# The same for all agents, and counted over an hour.
_OF_THE_HOUR = Moment[list[Any]](seconds=30)
_OWN: Composed[Any] = Composed(
    lambda agent: Consultation.objects.of_last_calls(agent, LAST_CALLS).last_read(
        LAST_READ + MOST_READ
    )
)


@dataclass(frozen=True, slots=True)
class Ligne:
    """A result with the digit that opens it; the digits run through the groups."""

    rang: int
    trouvaille: Trouvaille
    defaut: bool
    """« Entrée » opens it."""
    changee: bool = False
    """The fiche changed since the agent last used it, these last days."""

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


def propose(
    words: str, *, shown: Sequence[str] = (), changed: Collection[str] = ()
) -> Liste | None:
    """The groups of results for the words, empty ones left out; None while there is too little.

    ``shown`` are the keys of the lines on screen, whose order the new list keeps where it can;
    ``changed`` those of the fiches that changed since the agent used them.
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
        changed=changed,
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
    """Before typing: the fiches most read in the last hour, the agent's own last ones, those that
    changed since the agent used them, and those written for what the agent had missed.
    """
    now = timezone.now()
    hour = _OF_THE_HOUR.get(MOST_READ, lambda: _read_of_the_hour(now))
    own = _OWN.ask(agent.pk)
    news = notice.changed_fiches(agent)
    most = [_line(*row) for row in hour]
    last = _others([_line(*row) for row in own], than=most)[:LAST_READ]
    changed = _others([_changed_line(each, at=now) for each in news], than=[*most, *last])
    filled = [_filled_line(each) for each in misses.filled_for(agent)][:FILLED]
    groups = _number(
        (
            ("Les plus lues depuis une heure", "", "", "console-fiche", most),
            ("Mes dernières fiches", "", "", "console-fiche", last),
            ("Changées depuis ma lecture", "", "", "console-fiche", changed[:CHANGED]),
            ("Répond à ce que j'ai cherché", "", "", "console-fiche", filled),
        ),
        default=None,
        # In the group of those that changed, the line says more than a mark.
        changed={each.fiche.reference for each in news} - {line.cle for line in changed},
    )
    return Liste(groups)


def _read_of_the_hour(now: datetime) -> list[Any]:
    return list(Consultation.objects.since(now - HOUR).most_read(MOST_READ))


def _others(lines: list[Trouvaille], *, than: list[Trouvaille]) -> list[Trouvaille]:
    shown = {line.cle for line in than}
    return [line for line in lines if line.cle not in shown]


def _changed_line(parution: Parution, *, at: datetime) -> Trouvaille:
    fiche = parution.fiche
    told = notice.told(parution, at=at)
    return Trouvaille(fiche.reference, fiche.nature, [(fiche.titre, False)], told, 0.0)


def _filled_line(lacune: Lacune) -> Trouvaille:
    fiche: Any = lacune.fiche  # one that is filled has its fiche
    told = f"«\u00a0{lacune.titre}\u00a0»"
    return Trouvaille(fiche.reference, fiche.nature, [(fiche.titre, False)], told, 0.0)


def _line(reference: str, title: str, nature: str, _: object) -> Trouvaille:
    return Trouvaille(reference, nature, [(title, False)], "", 0.0)


def _number(
    kinds: Iterable[tuple[str, str, str, str, list[Trouvaille]]],
    *,
    default: Trouvaille | None,
    changed: Collection[str] = (),
) -> list[Groupe]:
    rank = count(1)
    return [
        Groupe(
            title,
            badge,
            tint,
            view,
            [Ligne(next(rank), item, item is default, item.cle in changed) for item in items],
        )
        for title, badge, tint, view, items in kinds
        if items
    ]


def _title_hits(found: Trouvaille) -> int:
    """Words of the search in the title. « Entrée » opens the first line of the group whose first
    title says most of them, the upper group when they say as many: "mairie le mans" is a body.
    """
    return sum(len(text.split()) for text, hit in found.titre if hit)
