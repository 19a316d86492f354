"""Sending a proposition for review, once it agrees with what others changed meanwhile."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from knowledge.author import check_fiche
from knowledge.enums import EN_ECRITURE, Etat
from knowledge.enums import GesteProposition as G
from knowledge.models import Proposition
from knowledge.propose.fields import as_fiche, labels, show, values
from knowledge.propose.rights import PropositionDepassee, check_author
from knowledge.propose.states import explain, lock, move, tell
from knowledge.publish import PublicationImpossible
from knowledge.reuse import missing

MIENNE, LEUR = "mienne", "leur"
# Publishing it would put it back before the agents, which nobody asked for.
ARCHIVED = "La fiche est archivée\u00a0: rétablissez-la d'abord."


@dataclass(frozen=True, slots=True)
class Collision:
    """A field that this proposition changes, and somebody else too."""

    champ: str
    avant: Any
    """As it was when the author looked."""
    mienne: Any
    leur: Any
    par: str
    le: datetime | None
    proposition: Proposition | None = None
    """Theirs, when it is not published yet."""

    @property
    def libelle(self) -> str:
        return labels([self.champ])[0]

    @property
    def etat(self) -> str:
        return "publié" if self.proposition is None else self.proposition.get_etat_display().lower()

    def textes(self) -> dict[str, str]:
        """The three values in words."""
        return {
            "avant": show(self.champ, self.avant),
            "mienne": show(self.champ, self.mienne),
            "leur": show(self.champ, self.leur),
        }


class PropositionEnCollision(Exception):
    """Others changed the same fields: ``collisions`` are to be settled by the author first."""

    def __init__(self, collisions: list[Collision]) -> None:
        names = ", ".join(dict.fromkeys(each.libelle for each in collisions))
        super().__init__(f"Quelqu'un d'autre a changé aussi\u00a0: {names}.")
        self.collisions = collisions


def collisions(proposition: Proposition) -> list[Collision]:
    """What others published or submitted in the same fields and the author has not settled yet."""
    return [*published_collisions(proposition), *_pending_collisions(proposition)]


def published_collisions(proposition: Proposition) -> list[Collision]:
    """The fields that were published otherwise since the author looked."""
    fiche = proposition.fiche
    now = values(fiche)
    found = [
        name
        for name, mine in proposition.champs.items()
        if now[name] != proposition.base[name] and now[name] != mine
    ]
    last = fiche.history.select_related("history_user").first() if found else None
    return [
        Collision(
            champ=name,
            avant=proposition.base[name],
            mienne=proposition.champs[name],
            leur=now[name],
            par=str((last and last.history_user) or "un import"),
            le=last and last.history_date,
        )
        for name in found
    ]


def _pending_collisions(proposition: Proposition) -> list[Collision]:
    others = (
        Proposition.objects.of_fiche(proposition.fiche)
        .submitted()
        .exclude(pk=proposition.pk)
        .select_related("auteur", "fiche")
    )
    return [
        Collision(
            champ=name,
            avant=other.base[name],
            mienne=proposition.champs[name],
            leur=value,
            par=str(other.auteur),
            le=other.soumise_le,
            proposition=other,
        )
        for other in others
        for name, value in other.champs.items()
        if name in proposition.champs
        and proposition.champs[name] != value
        and _digest(value) not in proposition.tranches.get(name, ())
    ]


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def merge(proposition: Proposition, *, by: Agent, choix: dict[str, str]) -> Proposition:
    """Settle each field in collision: keep one's own (`MIENNE`) or leave theirs (`LEUR`).

    Theirs, when it is published, is simply no longer changed here; submitted, it goes its own way.
    A field without a choice stays in collision.
    """
    stored = lock(proposition)
    check_author(stored, by)
    if stored.etat not in EN_ECRITURE:
        raise PropositionDepassee(explain(stored))
    for collision in collisions(stored):
        name = collision.champ
        choice = choix.get(name)
        if choice == LEUR:
            stored.champs.pop(name, None)
            stored.base.pop(name, None)
        elif choice == MIENNE and collision.proposition is None:
            stored.base[name] = collision.leur
        elif choice == MIENNE:
            stored.tranches.setdefault(name, []).append(_digest(collision.leur))
    stored.revision += 1
    stored.save()
    tell(stored, G.FUSIONNER, by=by, commentaire=", ".join(labels(choix)))
    return stored


def faults(proposition: Proposition) -> list[str]:
    """What keeps a proposition from being submitted, or published, in French."""
    fiche = as_fiche(proposition)
    found = [f"Le bloc partagé «\u00a0{code}\u00a0» n'a pas de valeur." for code in missing(fiche)]
    if fiche.etat == Etat.ARCHIVEE:
        found.append(ARCHIVED)
    if not proposition.champs and fiche.publiee_le:
        found.append("Rien n'a été changé.")
    if proposition.saisie is not None:
        found.append("Un champ n'est pas valable\u00a0: corrigez-le d'abord.")
    if not proposition.motif.strip():
        found.append("Dites en quelques mots pourquoi.")
    return [*found, *check_fiche(fiche)]


@transaction.atomic
def submit(proposition: Proposition, *, by: Agent) -> Proposition:
    """Ask for a review.

    Raises `publish.PublicationImpossible` with every fault, and `PropositionEnCollision` when
    others changed the same fields: nothing is overwritten in silence.
    """
    stored = lock(proposition)
    check_author(stored, by)
    if stored.etat not in EN_ECRITURE:
        raise PropositionDepassee(explain(stored))
    if found := collisions(stored):
        raise PropositionEnCollision(found)
    if errors := faults(stored):
        raise PublicationImpossible(errors)
    return move(stored, G.SOUMETTRE, by=by, soumise_le=timezone.now(), blocage="")
