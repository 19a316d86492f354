"""Demonstration of editing: shared blocks, what agents lacked, propositions in several states.

All of it goes through the verbs that people's pages call.
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge import misses, propose, share
from knowledge.enums import EtatProposition, GenreManque
from knowledge.models import BlocPartage, Fiche, Proposition
from knowledge.propose.fields import write


@transaction.atomic
def load_editing(path: Path) -> int:
    """What the file describes, once: how many propositions were made, 0 when there are any."""
    if Proposition.objects.exists():
        return 0
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    agents = {agent.username: agent for agent in Agent.objects.all()}
    redacteurs = [agent for agent in agents.values() if agent.role == Role.REDACTEUR]
    levels = [agent for agent in agents.values() if agent.role == Role.TELECONSEILLER]
    for entry in data["bloc"]:
        _load_block(entry, by=redacteurs[0], approver=redacteurs[1])
    for entry in data["manque"]:
        _load_misses(entry, agents=levels)
    for entry in data["proposition"]:
        _load_proposition(entry, agents=agents, approvers=redacteurs)
    return len(data["proposition"])


def _load_block(entry: dict[str, Any], *, by: Agent, approver: Agent) -> None:
    bloc = BlocPartage.objects.create(
        code=entry["code"], titre=entry["titre"], genre=entry["genre"]
    )
    valeur = share.add_value(
        bloc,
        texte=entry["texte"],
        du=entry["du"],
        source=entry["source"],
        importance="precision",
        by=by,
    )
    share.approve_value(valeur, by=approver)
    if waiting := entry.get("a_approuver"):
        share.add_value(
            bloc,
            texte=waiting["texte"],
            du=timezone.localdate() + timedelta(days=waiting["dans_jours"]),
            source=waiting["source"],
            importance="precision",
            by=approver,
        )


def _load_misses(entry: dict[str, Any], *, agents: list[Agent]) -> None:
    fiche = Fiche.objects.find(entry.get("reference", ""))
    for rank in range(entry["fois"]):
        misses.closed(
            texte=entry["textes"][rank % len(entry["textes"])],
            precision=entry["precision"],
            genre=GenreManque.INSUFFISANTE if fiche else GenreManque.PAS_DE_FICHE,
            fiche=fiche,
            agent=agents[rank % len(agents)].pk,
        )


def _load_proposition(
    entry: dict[str, Any], *, agents: dict[str, Agent], approvers: list[Agent]
) -> None:
    author = agents[entry["auteur"]]
    approver = next(agent for agent in approvers if agent != author)
    fiche = Fiche.objects.get(reference=entry["reference"])
    days = entry.get("effet_dans_jours", 0)
    proposition = propose.open_proposition(fiche, by=author)
    proposition = propose.save(
        proposition,
        by=author,
        edited=write(propose.as_typed(proposition), entry["champs"]),
        lue=None,
        revision=proposition.revision,
        motif=entry["motif"],
        importance=entry["importance"],
        effet_le=timezone.localdate() + timedelta(days=days) if days else None,
    )
    if entry["etat"] == EtatProposition.BROUILLON:
        return
    proposition = propose.submit(proposition, by=author)
    if entry["etat"] == EtatProposition.A_CORRIGER:
        propose.send_back(proposition, by=approver, commentaire=entry["commentaire"])
    elif entry["etat"] == EtatProposition.PROGRAMMEE:
        propose.approve(proposition, by=approver)
