"""The board of a sector, as one of its informateurs sees it.

Every page of a sector asks for it at the instant something changes: it is read in few queries, and
none of them reads a card. What the page shows is told by keys, so that two informateurs who see the
same can be given the same text, made once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.utils import timezone

from allo3939.accounts.models import Secteur
from calls import presence
from calls.enums import EN_MAIN, Disponibilite
from calls.models import Presence, Transfert
from calls.presence import Equipe
from orientation.hours import Ouverture, describe, opening


@dataclass(frozen=True, slots=True)
class Tableau:
    """Who waits, what the informateur has in hand, and how the team stands at one instant."""

    secteur: Secteur
    en_attente: tuple[int, ...]
    """Keys of the transfers offered to the sector, the oldest first."""
    en_main: int | None
    """Key of the transfer that the informateur has in hand."""
    nombre_clos: int
    """How many the informateur ended today."""
    presence: Disponibilite
    equipe: Equipe
    ouverture: Ouverture
    horaires: str
    """The hours, in words."""

    @property
    def vu(self) -> str:
        """What is told of the sector, as the page sends it back to ask what has changed."""
        told = (self.en_attente, self.presence, self.equipe, self.horaires)
        return f"{crc32(repr(told).encode()):08x}"

    def shown(self, number: str = "") -> int | None:
        """The transfer to show: in hand, else the one on screen while it waits, else the oldest."""
        if self.en_main:
            return self.en_main
        waiting = {str(key): key for key in self.en_attente}
        return waiting.get(number) or next(iter(self.en_attente), None)


def read_board(agent, *, at: datetime) -> Tableau:
    """The board of an informateur, whose page is open. Four queries, one of them the sector's."""
    secteur, today = agent.secteur, timezone.localdate(at)
    live = list(Transfert.objects.live().values_list("pk", "etat", "secteur", "informateur"))
    in_hand = [(key, place, who) for key, etat, place, who in live if etat in EN_MAIN]
    paused = set(Presence.objects.paused(today).values_list("informateur", flat=True))
    ouverture = opening(secteur.horaires, at=at)
    closed = ouverture.etat == "ferme"
    own = next((key for key, _, who in in_hand if who == agent.pk), None)
    return Tableau(
        secteur=secteur,
        en_attente=tuple(
            key for key, etat, place, _ in live if place == secteur.pk and etat not in EN_MAIN
        ),
        en_main=own,
        nombre_clos=Transfert.objects.closed_by(agent, today).count(),
        presence=presence.state_among(paused, agent, in_call=own is not None, closed=closed),
        equipe=presence.count_team(
            presence.beat(agent),
            in_call={who for _, place, who in in_hand if place == secteur.pk},
            elsewhere={who for *_, who in in_hand},
            paused=paused,
            closed=closed,
        ),
        ouverture=ouverture,
        horaires=describe(ouverture, at=at),
    )
