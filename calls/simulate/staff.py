"""Who answers on a simulated day: the demonstration accounts, and as many agents as it takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allo3939.accounts.demo import COMPTES
from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Secteur
from calls.models import Appel, Transfert

PREFIX = "simule-"  # of the simulated agents' logins, which nobody can use
SITES = ("Le Mans 2", "Metz 1", "Lyon 3", "Lille 1")
DESKS = {"": 400, **{"interieur": 500, "travail": 600, "consommation": 700}}
DESK = 800


class Equipe:
    """The agents of one role and sector, and until when each is busy.

    ``secteur``: that of informateurs; None for the teleconseillers. Simulated agents come first:
    the first one is on every simulated day, which tells that it was.
    """

    def __init__(self, secteur: Secteur | None = None) -> None:
        self.secteur = secteur
        self.role = Role.INFORMATEUR if secteur else Role.TELECONSEILLER
        known = Agent.objects.filter(role=self.role, secteur=secteur).select_related("secteur")
        demonstration = {compte.identifiant for compte in COMPTES}
        self.members: list[Agent] = [
            agent
            for agent in known.order_by("pk")
            if agent.username in demonstration or agent.username.startswith(PREFIX)
        ]
        self.made = sum(agent.username.startswith(PREFIX) for agent in self.members)
        self.until: dict[int, datetime] = {}
        if not self.made:
            self.members.insert(0, self._hire())
        self.members.sort(key=lambda agent: not agent.username.startswith(PREFIX))
        self.absent = _with_a_call_in_hand(self.members)

    def free_at(self, instant: datetime) -> Agent:
        """The one who has been free the longest at this instant; a new agent when all are busy."""
        free = [
            agent
            for agent in self.members
            if agent.pk not in self.absent and self._free_since(agent) <= instant.timestamp()
        ]
        if free:
            return min(free, key=self._free_since)
        self.members.append(self._hire())
        return self.members[-1]

    def _free_since(self, agent: Agent) -> float:
        until = self.until.get(agent.pk)
        return until.timestamp() if until else 0.0

    def busy(self, agent: Agent, *, until: datetime) -> None:
        self.until[agent.pk] = until

    @property
    def worked(self) -> int:
        """How many took at least one call."""
        return len(self.until)

    def _hire(self) -> Agent:
        self.made += 1
        slug = self.secteur.slug if self.secteur else ""
        agent = Agent(
            username=f"{PREFIX}{slug or 'tele'}-{self.made:03}",
            role=self.role,
            secteur=self.secteur,
            poste=f"Poste {DESKS.get(slug, DESK) + self.made}",
            site=SITES[self.made % len(SITES)],
            is_active=False,
        )
        agent.set_unusable_password()
        agent.save()
        return agent


def _with_a_call_in_hand(agents: Iterable[Agent]) -> set[int]:
    """Those whom somebody is using: their own calls are left alone."""
    keys = [agent.pk for agent in agents]
    calling = Appel.objects.open().filter(agent__in=keys).values_list("agent", flat=True)
    helping = Transfert.objects.in_hand().filter(informateur__in=keys)
    return {*calling, *helping.values_list("informateur", flat=True)}
