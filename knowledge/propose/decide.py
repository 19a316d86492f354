"""Deciding of a proposition: somebody else approves, sends back or sets aside.

What is approved without a day is published at once; with a day to come, at 0:00 on it, by a sweep.
"""

from __future__ import annotations

import logging
from datetime import date

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.audit import trace
from allo3939.accounts.enums import Acte, Role
from allo3939.accounts.models import Agent
from knowledge import misses
from knowledge.enums import EtatProposition
from knowledge.enums import GesteProposition as G
from knowledge.models import Proposition
from knowledge.propose.fields import as_typed
from knowledge.propose.rights import PropositionInterdite, check_approver
from knowledge.propose.states import lock, move, tell
from knowledge.propose.submit import PropositionEnCollision, faults, published_collisions
from knowledge.publish import PublicationImpossible, publish

logger = logging.getLogger(__name__)

NO_REASON = "Dites pourquoi\u00a0: la personne qui a écrit doit pouvoir y répondre."


@transaction.atomic
def approve(proposition: Proposition, *, by: Agent, commentaire: str = "") -> Proposition:
    """Agree to it: published at once, or on its day when ``effet_le`` is to come.

    Raises `PropositionInterdite` for its author, `PropositionEnCollision` when one of its fields
    was published otherwise meanwhile, and `publish.PublicationImpossible`; nothing is written then.
    """
    stored = lock(proposition)
    check_approver(stored, by)
    _check_publishable(stored)
    move(stored, G.APPROUVER, by=by, commentaire=commentaire, approuvee_par=str(by))
    return _publish_or_schedule(stored, by=by)


@transaction.atomic
def approve_without_account(
    proposition: Proposition, *, relecteur: str, commentaire: str = ""
) -> Proposition:
    """A jurist's agreement, by a link: approved, and published by a rédacteur's hand."""
    stored = lock(proposition)
    return move(
        stored,
        G.APPROUVER,
        by=None,
        relecteur=relecteur,
        commentaire=commentaire,
        approuvee_par=relecteur,
    )


@transaction.atomic
def publish_approved(proposition: Proposition, *, by: Agent) -> Proposition:
    """Publish what somebody else has approved, or put it to its day."""
    if by.role != Role.REDACTEUR:
        raise PropositionInterdite("Seul un rédacteur de la DILA publie.")
    stored = lock(proposition)
    _check_publishable(stored)
    return _publish_or_schedule(stored, by=by)


@transaction.atomic
def reschedule(proposition: Proposition, *, by: Agent, effet_le: date | None) -> Proposition:
    """Another day for what is approved; None, or a day that has come, publishes at once."""
    if by.role != Role.REDACTEUR:
        raise PropositionInterdite("Seul un rédacteur de la DILA programme.")
    stored = lock(proposition)
    stored.effet_le = effet_le
    _check_publishable(stored)
    return _publish_or_schedule(stored, by=by)


@transaction.atomic
def send_back(proposition: Proposition, *, by: Agent, commentaire: str) -> Proposition:
    """To its author, with what is to be corrected. Raises `ValueError` without a comment."""
    stored = lock(proposition)
    check_approver(stored, by)
    _require(commentaire)
    return move(stored, G.CORRIGER, by=by, commentaire=commentaire, approuvee_par="", blocage="")


@transaction.atomic
def set_aside(proposition: Proposition, *, by: Agent, commentaire: str) -> Proposition:
    """Refuse it, with the reason. Raises `ValueError` without one."""
    stored = lock(proposition)
    check_approver(stored, by)
    _require(commentaire)
    return move(stored, G.ECARTER, by=by, commentaire=commentaire, approuvee_par="", blocage="")


@transaction.atomic
def force(proposition: Proposition, *, by: Agent, motif: str) -> Proposition:
    """Publish without review: a right of its own, a reason, a line of the audit.

    Raises `PropositionInterdite` without the right, `ValueError` without a reason, and what
    `approve` raises.
    """
    if by.role != Role.REDACTEUR or not by.publie_sans_relecture:
        raise PropositionInterdite("Vous n'avez pas le droit de publier sans relecture.")
    stored = lock(proposition)
    _require(motif)
    _check_publishable(stored)
    version = _publish(stored)
    trace(
        Acte.PUBLICATION_FORCEE,
        by=by,
        objet=str(stored.fiche),
        motif=motif.strip(),
        proposition=stored.pk,
        version=version,
    )
    return move(
        stored, G.FORCER, by=by, commentaire=motif, forcee=True, version_publiee=version, blocage=""
    )


@transaction.atomic
def comment(
    proposition: Proposition, *, by: Agent | None, commentaire: str, relecteur: str = ""
) -> None:
    """Say something of it without deciding. Raises `ValueError` for nothing said."""
    _require(commentaire)
    tell(proposition, G.COMMENTER, by=by, relecteur=relecteur, commentaire=commentaire)


def publish_due(*, on: date) -> tuple[int, list[Proposition]]:
    """Publish what was put to a day that has come: (how many, those that could not be).

    Each in a transaction of its own; run again, it finds only what is left. One that cannot be
    published stays programmed with what prevents it in ``blocage``; one that fails otherwise is
    logged, and holds up none of the others.
    """
    done, blocked = 0, []
    for proposition in Proposition.objects.due(on=on).order_by("effet_le", "pk"):
        try:
            published = _publish_one(proposition, on=on)
        except Exception:
            logger.exception("proposition %s failed on its day", proposition.pk)
            published = False
        if published:
            done += 1
        else:
            blocked.append(proposition)
    return done, blocked


@transaction.atomic
def _publish_one(proposition: Proposition, *, on: date) -> bool:
    stored = lock(proposition)
    if stored.etat != EtatProposition.PROGRAMMEE or (stored.effet_le and stored.effet_le > on):
        return True  # somebody else did, or put it off, meanwhile
    try:
        with transaction.atomic():
            _check_publishable(stored)
            version = _publish(stored)
            move(stored, G.PUBLIER, by=None, version_publiee=version, blocage="")
    except (PublicationImpossible, PropositionEnCollision) as error:
        told = str(error)[:500]
        stored.refresh_from_db()
        if stored.blocage != told:
            stored.blocage = told
            stored.save(update_fields=["blocage"])
            tell(stored, G.BLOQUER, by=None, commentaire=told)
        proposition.blocage = told
        return False
    return True


def _publish_or_schedule(stored: Proposition, *, by: Agent) -> Proposition:
    if stored.effet_le is not None and stored.effet_le > timezone.localdate():
        return move(stored, G.PROGRAMMER, by=by, blocage="")
    version = _publish(stored)
    return move(stored, G.PUBLIER, by=by, version_publiee=version, blocage="")


def _check_publishable(stored: Proposition) -> None:
    if found := published_collisions(stored):
        raise PropositionEnCollision(found)
    if errors := faults(stored):
        raise PublicationImpossible(errors)


def _publish(stored: Proposition) -> int:
    fiche = publish(
        as_typed(stored),
        by=stored.auteur,
        raison=stored.motif,
        importance=stored.importance,
    )
    if lacune := stored.contexte.get("lacune"):
        misses.fill(lacune, fiche=fiche)
    return fiche.version


def _require(text: str) -> None:
    if not text.strip():
        raise ValueError(NO_REASON)
