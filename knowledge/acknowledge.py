"""A change of answer is read once by each agent, who says so by a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from allo3939.shared.composed import Composed
from knowledge.differ.words import Passage, compare_words
from knowledge.enums import Importance
from knowledge.models import AccuseLecture, Fiche, Parution

MUST_READ = timedelta(days=30)
READERS = (Role.TELECONSEILLER, Role.INFORMATEUR)
NO_SITE = "Sans site"


@dataclass(frozen=True, slots=True)
class ALire:
    """What an agent has to read of a fiche: the changes not acknowledged yet, told as one."""

    version: int
    """Acknowledging is of the changes up to this version, which is the one compared."""
    parue_le: datetime
    raisons: list[str]
    passages: list[Passage]
    """Empty when the earlier state is not known."""


@dataclass(frozen=True, slots=True)
class Equipe:
    """The agents of a site, and whether they have read a change."""

    site: str
    lus: list[Agent] = field(default_factory=list)
    non_lus: list[Agent] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.lus) + len(self.non_lus)


@dataclass(frozen=True, slots=True)
class Suivi:
    """A change of answer, and who has read it by team."""

    parution: Parution
    equipes: list[Equipe]
    detaille: bool = False
    """Whether those who have not read are named."""

    @property
    def lus(self) -> int:
        return sum(len(equipe.lus) for equipe in self.equipes)

    @property
    def total(self) -> int:
        return sum(equipe.total for equipe in self.equipes)

    @property
    def non_lus(self) -> int:
        return self.total - self.lus


_VERSIONS = Composed(
    lambda fiche, since, agent: (
        Parution.objects.filter(fiche=fiche).since(since).with_reading_of(agent)
    )
)


def recent_versions(fiche: Fiche, *, agent: Agent) -> list[Parution]:
    """The versions of the last days, the latest first, each with ``lue``: one query, none for a
    fiche that was not published lately.
    """
    since = timezone.now() - MUST_READ
    if fiche.publiee_le is None or fiche.publiee_le < since:
        return []
    versions = _VERSIONS.ask(fiche.pk, since, agent.pk)
    for version in versions:
        version.fiche = fiche  # known: not to be fetched again
    return versions


def to_read(
    fiche: Fiche, *, agent: Agent, versions: Sequence[Parution] | None = None
) -> ALire | None:
    """What changed in the answer and the agent has not acknowledged; None when nothing is left.

    A change older than the agent's own account changed nothing that the agent knew.
    ``versions`` are those of `recent_versions` when they are read already.
    """
    if agent.role not in READERS:
        return None
    known = recent_versions(fiche, agent=agent) if versions is None else versions
    waiting = [each for each in known if _is_to_read(each, agent)]
    if not waiting:
        return None
    first = min(each.version for each in waiting)
    before = fiche.history.filter(version__lt=first, publiee_le__isnull=False).first()
    return ALire(
        version=fiche.version,
        parue_le=waiting[0].parue_le,
        raisons=list(dict.fromkeys(each.raison for each in waiting if each.raison)),
        passages=compare_words(before, fiche) if before else [],
    )


def _is_to_read(parution: Parution, agent: Agent) -> bool:
    read = parution.lue  # type: ignore[attr-defined]
    changes = parution.importance == Importance.CHANGEMENT
    return changes and not read and parution.parue_le >= agent.date_joined


@transaction.atomic
def acknowledge(fiche: Fiche, *, by: Agent, version: int) -> None:
    """Record that the agent has read the changes up to the version that was compared."""
    read = fiche.parutions.unread_by(by).filter(version__lte=version)
    AccuseLecture.objects.bulk_create(
        [AccuseLecture(parution=parution, agent=by) for parution in read],
        ignore_conflicts=True,  # a key pressed twice
    )


def follow_changes(changes: Sequence[Parution], *, detail: str = "") -> list[Suivi]:
    """Who has read each of the changes, by site: two queries, however many there are.

    ``detail`` is the key of the one whose agents are to be named.
    """
    readers = list(Agent.objects.filter(is_active=True, role__in=READERS).order_by("site", "poste"))
    read = set(
        AccuseLecture.objects.filter(parution__in=[each.pk for each in changes]).values_list(
            "parution_id", "agent_id"
        )
    )
    return [
        Suivi(each, _teams(each, readers, read), detaille=str(each.pk) == detail)
        for each in changes
    ]


def _teams(change: Parution, readers: list[Agent], read: set[tuple[int, int]]) -> list[Equipe]:
    teams: dict[str, Equipe] = {}
    for agent in readers:
        if agent.date_joined > change.parue_le:
            continue
        team = teams.setdefault(agent.site, Equipe(agent.site or NO_SITE))
        (team.lus if (change.pk, agent.pk) in read else team.non_lus).append(agent)
    return list(teams.values())


def recent_changes():
    """The changes of answer of the last days, the latest first."""
    return Parution.objects.changes_since(timezone.now() - MUST_READ)
