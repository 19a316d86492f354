"""What the search box proposes: results as typed, and before typing the fiches of the hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.utils import timezone

from allo3939.shared.index import Trouvaille
from calls.models import Consultation
from orientation.search import search_everything

HOUR = timedelta(hours=1)
MOST_READ, LAST_READ = 5, 4
LETTERS_MIN = 2


@dataclass(frozen=True, slots=True)
class Ligne:
    """A result with the digit that opens it; the digits run through the groups."""

    rang: int
    trouvaille: Trouvaille
    defaut: bool
    """« Entrée » opens it."""


@dataclass(frozen=True, slots=True)
class Groupe:
    """Results of one kind, and the page that opens them."""

    titre: str
    badge: str
    teinte: str
    vue: str
    lignes: list[Ligne]


def propose(words: str) -> list[Groupe] | None:
    """The groups of results for the words, empty ones left out; None while there is too little."""
    if len(words) < LETTERS_MIN:
        return None
    found = search_everything(words)
    first = [items[0] for items in (found.reponses, found.escalades, found.organismes) if items]
    return _number(
        (
            ("Fiches de réponse", "N1", "info", "console-fiche", found.reponses),
            ("Fiches d'escalade", "N2", "purple-glycine", "console-fiche", found.escalades),
            ("Annuaire", "", "", "console-organisme", found.organismes),
        ),
        default=max(first, key=_title_hits, default=None),
    )


def propose_recent(agent) -> list[Groupe]:
    """Before typing: the fiches most read in the last hour, then the agent's own last ones."""
    hour = Consultation.objects.since(timezone.now() - HOUR).most_read(MOST_READ)
    most = [_line(*row) for row in hour]
    shown = {line.cle for line in most}
    own = Consultation.objects.of_agent(agent).last_read(LAST_READ + MOST_READ)
    last = [line for row in own if (line := _line(*row)).cle not in shown][:LAST_READ]
    return _number(
        (
            ("Les plus lues depuis une heure", "", "", "console-fiche", most),
            ("Mes dernières fiches", "", "", "console-fiche", last),
        ),
        default=None,
    )


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
