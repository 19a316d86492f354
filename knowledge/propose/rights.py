"""Who may propose, approve and force: denied by default."""

from __future__ import annotations

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge.models import Fiche, Proposition
from knowledge.propose.fields import OWNER, editable

_OF_SECTOR = (Role.PARTENAIRE, Role.INFORMATEUR)


class PropositionInterdite(Exception):
    """This agent may not do this to this proposition; the message, in French, says why."""


class PropositionDepassee(Exception):
    """The proposition is no longer as it was read; the message, in French, says why."""


def may_propose(agent: Agent, fiche: Fiche) -> bool:
    """A rédacteur on every fiche; a partenaire or an informateur on those of the sector."""
    if agent.role == Role.REDACTEUR:
        return True
    own = fiche.secteur_id is not None and fiche.secteur_id == agent.secteur_id
    return agent.role in _OF_SECTOR and own


def fields_for(agent: Agent, fiche: Fiche) -> tuple[str, ...]:
    """The fields this agent may change on this fiche; () when none. Only the DILA changes whose
    the fiche is."""
    if not may_propose(agent, fiche):
        return ()
    allowed = editable(fiche)
    if agent.role == Role.REDACTEUR:
        return allowed
    return tuple(name for name in allowed if name != OWNER)


def may_approve(agent: Agent, proposition: Proposition) -> bool:
    """A rédacteur, never the one who wrote it."""
    return agent.role == Role.REDACTEUR and agent.pk != proposition.auteur_id


def check_author(proposition: Proposition, agent: Agent) -> None:
    """Raise `PropositionInterdite` unless the agent wrote it and may still write on the fiche."""
    if proposition.auteur_id != agent.pk:
        raise PropositionInterdite("Seul son auteur modifie une proposition.")
    if not may_propose(agent, proposition.fiche):
        raise PropositionInterdite("Cette fiche n'est pas de votre secteur.")


def check_fields(agent: Agent, fiche: Fiche, names) -> None:
    """Raise `PropositionInterdite` when one of these fields is not this agent's to change."""
    refused = sorted(set(names) - set(fields_for(agent, fiche)))
    if refused:
        raise PropositionInterdite(
            f"Vous ne pouvez pas changer ce champ\u00a0: {', '.join(refused)}."
        )


def check_approver(proposition: Proposition, agent: Agent) -> None:
    """Raise `PropositionInterdite` unless the agent is a rédacteur who did not write it."""
    if agent.role != Role.REDACTEUR:
        raise PropositionInterdite("Seul un rédacteur de la DILA approuve.")
    if proposition.auteur_id == agent.pk:
        raise PropositionInterdite("Vous en êtes l'auteur\u00a0: quelqu'un d'autre l'approuve.")
