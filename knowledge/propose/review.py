"""What stands before whoever decides of a proposition, and the decision taken on what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge.differ.words import Passage
from knowledge.enums import EN_COURS, EtatProposition
from knowledge.enums import GesteProposition as G
from knowledge.models import EtapeProposition, Fiche, LienRelecture, Proposition
from knowledge.propose import decide
from knowledge.propose.compare import CheminTeste, compare, first_change, try_paths
from knowledge.propose.fields import as_fiche, labels
from knowledge.propose.rights import PropositionDepassee, may_approve
from knowledge.propose.states import ARROWS, lock
from knowledge.propose.submit import Collision, collisions, faults

USAGE = timedelta(days=90)
CHANGED_SINCE = (
    "La proposition a changé depuis que vous l'avez ouverte\u00a0: relisez-la avant de décider."
)


@dataclass(frozen=True, slots=True)
class Autre:
    """Another proposition that is not over on the same fiche."""

    proposition: Proposition
    champs: list[str]
    """What it changes, as the forms call it."""
    collisions: list[Collision]


@dataclass(frozen=True, slots=True)
class Usage:
    """How the fiche served in the calls of the last ninety days."""

    consultations: int
    reponses: int
    escalades: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is shown of a proposition to whoever decides."""

    proposition: Proposition
    fiche: Fiche
    """As agents will read it."""
    passages: list[Passage]
    chemins: list[CheminTeste]
    chemin: str
    """Where the preview opens."""
    empechements: list[str]
    """What would keep it from being published."""
    depassees: list[Collision]
    """Fields published otherwise since the author looked."""
    autres: list[Autre]
    usage: Usage
    etapes: list[EtapeProposition]
    liens: list[LienRelecture]


def read_file(proposition: Proposition) -> Dossier:
    """What is to be known of a proposition before deciding, in a constant number of queries."""
    after = as_fiche(proposition)
    paths = try_paths(proposition, after=after)
    pending = proposition.etat in EN_COURS
    clashes = collisions(proposition) if pending else []
    return Dossier(
        proposition=proposition,
        fiche=after,
        passages=compare(proposition, after=after),
        chemins=paths,
        chemin=first_change(proposition, paths),
        empechements=faults(proposition) if pending else [],
        depassees=[each for each in clashes if each.proposition is None],
        autres=_others(proposition, clashes),
        usage=usage_of(proposition.fiche, on=timezone.localdate()),
        etapes=list(proposition.etapes.select_related("agent")),
        liens=list(proposition.liens.select_related("cree_par")),
    )


def usage_of(fiche: Fiche, *, on: date) -> Usage:
    """How often the fiche was opened, answered and escalated over the last ninety days."""
    counted: dict[str, Any] = fiche.usages.filter(jour__gt=on - USAGE).aggregate(
        consultations=Sum("consultations", default=0),
        reponses=Sum("reponses", default=0),
        escalades=Sum("escalades", default=0),
    )
    return Usage(**counted)


def gestures(proposition: Proposition, agent: Agent) -> list[G]:
    """What this agent may do to it as it stands, in the order of the screen; [] for nobody's."""
    if agent.role != Role.REDACTEUR:
        return []
    found: list[G] = []
    if may_approve(agent, proposition):
        found += [G.APPROUVER, G.CORRIGER, G.ECARTER]
    if proposition.etat == EtatProposition.APPROUVEE:
        found.insert(0, G.PUBLIER)
    if proposition.etat in (EtatProposition.APPROUVEE, EtatProposition.PROGRAMMEE):
        found.append(G.PROGRAMMER)
    if agent.publie_sans_relecture:
        found.append(G.FORCER)
    possible = [each for each in found if proposition.etat in ARROWS[each][0]]
    return [*possible, G.COMMENTER]


@transaction.atomic
def act(
    proposition: Proposition,
    geste: G,
    *,
    by: Agent,
    revision: int,
    commentaire: str = "",
    effet_le: date | None = None,
) -> None:
    """Do one of `gestures`, unless the proposition is no longer what was on screen.

    Raises `PropositionDepassee`, and what the verbs of `decide` raise.
    """
    check_as_read(proposition, revision=revision)
    match geste:
        case G.APPROUVER:
            decide.approve(proposition, by=by, commentaire=commentaire)
        case G.CORRIGER:
            decide.send_back(proposition, by=by, commentaire=commentaire)
        case G.ECARTER:
            decide.set_aside(proposition, by=by, commentaire=commentaire)
        case G.PUBLIER:
            decide.publish_approved(proposition, by=by)
        case G.PROGRAMMER:
            decide.reschedule(proposition, by=by, effet_le=effet_le)
        case G.FORCER:
            decide.force(proposition, by=by, motif=commentaire)
        case G.COMMENTER:
            decide.comment(proposition, by=by, commentaire=commentaire)
        case _:
            raise ValueError(geste)


def check_as_read(proposition: Proposition, *, revision: int) -> None:
    """Raise `PropositionDepassee` when its text was saved again since; it stays locked."""
    if lock(proposition).revision != revision:
        raise PropositionDepassee(CHANGED_SINCE)


def _others(proposition: Proposition, clashes: Sequence[Collision]) -> list[Autre]:
    others = (
        Proposition.objects.of_fiche(proposition.fiche)
        .pending()
        .exclude(pk=proposition.pk)
        .select_related("auteur", "fiche")
    )
    return [
        Autre(
            other,
            labels(other.champs),
            [each for each in clashes if each.proposition and each.proposition.pk == other.pk],
        )
        for other in others
    ]
