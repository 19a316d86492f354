"""Who of a sector is free to take a call.

Four states, the first that holds: en appel (a call in hand), hors ligne (no heartbeat, or outside
the sector's hours, which are the shift), pause (said by the informateur in this shift), disponible.
The push front, and the page itself where streams are blocked, write the instant of the last
heartbeat in the Redis sorted set ``a39:presence:<sector>``.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from redis import RedisError

from allo3939.accounts.models import Secteur
from allo3939.shared.push import PRESENCE_PREFIX, notify, redis_client, secteur_channel
from calls.enums import Disponibilite, EtatPresence
from calls.models import Presence, Transfert
from orientation.hours import opening

HEARTBEAT_SECONDS = 45  # three missed heartbeats: gone


@dataclass(frozen=True, slots=True)
class Equipe:
    """How many informateurs of a sector are in each state; those off line are not counted."""

    disponibles: int = 0
    en_appel: int = 0
    en_pause: int = 0

    @property
    def au_travail(self) -> int:
        """Those who answer calls, now or after the one they have."""
        return self.disponibles + self.en_appel


def beat(agent) -> set[int]:
    """Keep an informateur whose page asks from time to time connected, as an open stream does.

    Returns those of the sector who are: none when Redis is away, the next heartbeat tells.
    """
    key, now = PRESENCE_PREFIX + agent.secteur.slug, time.time()
    try:
        pipeline = redis_client().pipeline(transaction=False)
        pipeline.zadd(key, {str(agent.pk): now})
        pipeline.zrangebyscore(key, now - HEARTBEAT_SECONDS, "+inf")
        members: Any = pipeline.execute()[1]
    except RedisError:
        return set()
    return {int(member) for member in members}


def connected(slug: str) -> set[int]:
    """Keys of the informateurs of a sector whose desk is open; empty when Redis is away."""
    return _connected([slug])[slug]


def _connected(slugs: Iterable[str]) -> dict[str, set[int]]:
    slugs = list(slugs)
    since = time.time() - HEARTBEAT_SECONDS
    try:
        pipeline = redis_client().pipeline(transaction=False)
        for slug in slugs:
            pipeline.zrangebyscore(PRESENCE_PREFIX + slug, since, "+inf")
        found: list[Any] = pipeline.execute()
    except RedisError:
        return {slug: set() for slug in slugs}
    return {
        slug: {int(member) for member in members}
        for slug, members in zip(slugs, found, strict=True)
    }


def state_of(agent, *, in_call: bool, at: datetime) -> Disponibilite:
    """How an informateur who has the desk open stands; the heartbeat is taken for granted."""
    paused = Presence.objects.paused(timezone.localdate(at)).of_agent(agent)
    return state_among(
        set(paused.values_list("informateur", flat=True)),
        agent,
        in_call=in_call,
        closed=is_closed(agent.secteur, at=at),
    )


def state_among(paused: Container[int], agent, *, in_call: bool, closed: bool) -> Disponibilite:
    """The same, where those on a break and the sector's hours are known."""
    if in_call:
        return Disponibilite.EN_APPEL
    if closed:
        return Disponibilite.HORS_LIGNE
    return Disponibilite.PAUSE if agent.pk in paused else Disponibilite.DISPONIBLE


def is_closed(secteur: Secteur, *, at: datetime) -> bool:
    """Whether the sector's shift is over; hours that are not known never end one."""
    return opening(secteur.horaires, at=at).etat == "ferme"


def read_teams(*, at: datetime) -> dict[str, Equipe]:
    """Sector slug → its team now. Three queries, whatever the number of sectors."""
    in_call: dict[int, set[int]] = {}
    for informateur, secteur in Transfert.objects.in_hand().values_list("informateur", "secteur"):
        in_call.setdefault(secteur, set()).add(informateur)
    everybody_in_call = set().union(*in_call.values())
    paused = set(
        Presence.objects.paused(timezone.localdate(at)).values_list("informateur", flat=True)
    )
    sectors = list(Secteur.objects.all())
    here = _connected(secteur.slug for secteur in sectors)
    teams = {}
    for secteur in sectors:
        teams[secteur.slug] = count_team(
            here[secteur.slug],
            in_call=in_call.get(secteur.pk, set()),
            elsewhere=everybody_in_call,
            paused=paused,
            closed=is_closed(secteur, at=at),
        )
    return teams


def count_team(
    here: set[int], *, in_call: set[int], elsewhere: set[int], paused: set[int], closed: bool
) -> Equipe:
    """The team of a sector, of whom those ``here`` have the desk open; ``in_call``: with one of
    its calls in hand; ``elsewhere``: with a call of any sector."""
    idle = set() if closed else here - elsewhere
    return Equipe(
        disponibles=len(idle - paused), en_appel=len(in_call), en_pause=len(idle & paused)
    )


def count_available() -> dict[str, int]:
    """Sector slug → informateurs free: disponible, connected, without a call in hand."""
    return {slug: team.disponibles for slug, team in read_teams(at=timezone.now()).items()}


def pause(agent) -> None:
    """Take no offer into account for this informateur until `resume`, or the end of the day."""
    _say(agent, EtatPresence.PAUSE)


def resume(agent) -> None:
    """Be free again."""
    _say(agent, EtatPresence.DISPONIBLE)


def _say(agent, etat: EtatPresence) -> None:
    Presence.objects.update_or_create(
        informateur=agent, defaults={"etat": etat, "depuis": timezone.now()}
    )
    notify(secteur_channel(agent.secteur.slug), "secteur")
