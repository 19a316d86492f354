"""What changed in the fiches an agent uses: told in the lists, and at the head of the fiche."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from redis import RedisError

from allo3939.shared.cache import Moment
from allo3939.shared.composed import Composed
from allo3939.shared.days import day_in_words
from calls.models import Consultation
from knowledge.acknowledge import ALire, recent_versions, to_read
from knowledge.enums import Importance
from knowledge.models import Parution

USED = timedelta(days=7)
KEPT = 60  # seconds: a list as typed asks the cache, not the database, at each letter
# The same for all agents.
_LATELY = Moment[dict[int, int]](seconds=5)
_VERSIONS: Composed[Any] = Composed(
    lambda since: (
        Parution.objects.told().since(since).values_list("fiche_id", "version").order_by("version")
    )
)


@dataclass(frozen=True, slots=True)
class Nouvelles:
    """What the head of a fiche tells an agent of its last versions."""

    a_lire: ALire | None = None
    """A change of answer that the agent has not acknowledged."""
    changee: Parution | None = None
    """The last version, when it came after the agent last used the fiche, these last days."""


def news_of(consultation: Consultation | None, *, agent) -> Nouvelles:
    """What changed in the fiche being read, for the agent: one query when nothing did lately."""
    if consultation is None:
        return Nouvelles()
    versions = recent_versions(consultation.fiche, agent=agent)
    if not versions:
        return Nouvelles()
    since = timezone.now() - USED
    told = [each for each in versions if each.importance != Importance.COQUILLE]
    last = None
    if told and told[0].version > 1:  # a first version changes nothing for anybody
        last = Consultation.objects.used_by(agent, since=since).before(consultation).first()
    changed = bool(last and told[0].version > last.version)
    return Nouvelles(
        a_lire=to_read(consultation.fiche, agent=agent, versions=versions),
        changee=told[0] if changed else None,
    )


def changed_fiches(agent) -> list[Parution]:
    """The last version of each fiche that changed since the agent used it, the latest first.

    Of the fiches used these last days; a typing error is no change. What was published is known
    some seconds later. One query while nothing changed these days, three at most. Also what
    `changed_references` will answer from now on.
    """
    since = timezone.now() - USED
    last = _LATELY.get("versions", lambda: dict(_VERSIONS.ask(since)))
    read = {}
    # A first version changes nothing for anybody.
    if any(version > 1 for version in last.values()):
        read = dict(Consultation.objects.used_by(agent, since=since).last_version_read())
    changed = [key for key, version in read.items() if last.get(key, 0) > version]
    latest: dict[int, Parution] = {}
    if changed:
        for parution in Parution.objects.told().since(since).of_fiches(changed):
            latest.setdefault(parution.fiche_id, parution)
    found = list(latest.values())
    with suppress(RedisError):
        cache.set(_key(agent.pk), {parution.fiche.reference for parution in found}, KEPT)
    return found


def changed_references(agent) -> set[str]:
    """The references of `changed_fiches`, at most a minute old."""
    with suppress(RedisError):  # without Redis it is read from the base
        known = cache.get(_key(agent.pk))
        if known is not None:
            return known
    return {parution.fiche.reference for parution in changed_fiches(agent)}


def forget(agent_id: int) -> None:
    """Read again what changed: the agent has just used a fiche."""
    with suppress(RedisError):
        cache.delete(_key(agent_id))


def _key(agent_id: int) -> str:
    return f"changees:{agent_id}"


def told(parution: Parution, *, at: datetime) -> str:
    """« Changement de réponse le 24 novembre : nouveau montant », for a line of a list."""
    day = timezone.localdate(parution.parue_le)
    today = day == timezone.localdate(at)
    when = "aujourd'hui" if today else f"le {day_in_words(day, 'j F')}"
    label = Importance(parution.importance).label
    return f"{label} {when}" + (f"\u00a0: {parution.raison}" if parution.raison else "")
