"""A link by which somebody without account, a jurist, reads a proposition and answers once.

Only the digest of the link is kept: it is shown once, to whoever sends it. Whatever is done with it
is traced.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from redis import RedisError

from allo3939.accounts.audit import trace
from allo3939.accounts.enums import Acte
from allo3939.accounts.models import Agent
from allo3939.shared.days import day_in_words
from knowledge.enums import EtatProposition
from knowledge.enums import GesteProposition as G
from knowledge.models import LienRelecture, Proposition
from knowledge.propose.decide import approve_without_account, comment
from knowledge.propose.review import check_as_read
from knowledge.propose.rights import PropositionDepassee, check_approver
from knowledge.propose.states import explain, lock, tell

A_MINUTE = 60
"""How often a link may be opened in a minute."""


class LienInutilisable(Exception):
    """The link does not open anything any more; the message, in French, says why."""


@transaction.atomic
def create(proposition: Proposition, *, by: Agent, relecteur: str) -> tuple[LienRelecture, str]:
    """A link for a jurist, known by the function, and what goes in its address, never shown again.

    Only who could approve it makes one: an author would otherwise approve by it what nobody else
    has seen. Raises `PropositionInterdite`, `PropositionDepassee` when it does not wait for a
    review, and `ValueError` without a ``relecteur``.
    """
    stored = lock(proposition)
    check_approver(stored, by)
    if stored.etat != EtatProposition.A_RELIRE:
        raise PropositionDepassee(explain(stored))
    relecteur = " ".join(relecteur.split())[:120]
    if not relecteur:
        raise ValueError("Dites à qui le lien est destiné, par sa fonction.")
    jeton = secrets.token_urlsafe(32)
    lien = LienRelecture.objects.create(
        proposition=stored,
        empreinte=digest(jeton),
        relecteur=relecteur,
        cree_par=by,
        expire_le=timezone.now() + timedelta(days=settings.LIEN_RELECTURE_JOURS),
    )
    until = day_in_words(timezone.localdate(lien.expire_le))
    tell(stored, G.LIEN, by=by, commentaire=f"Pour {relecteur}, jusqu'au {until}")
    _trace(lien, "créé", by=by)
    return lien, jeton


@transaction.atomic
def revoke(lien: LienRelecture, *, by: Agent) -> None:
    """Close a link before its term; one that is closed already stays so."""
    stored = lock(lien.proposition)
    check_approver(stored, by)
    if (
        LienRelecture.objects.usable(at=timezone.now())
        .filter(pk=lien.pk)
        .update(revoque_le=timezone.now())
    ):
        _trace(lien, "révoqué", by=by)


def find(jeton: str) -> LienRelecture | None:
    """The link of this address, with what its page shows; None for one that never was."""
    return LienRelecture.objects.for_page().filter(empreinte=digest(jeton)).first()


def check_usable(lien: LienRelecture) -> None:
    """Raise `LienInutilisable` for one that has expired, was answered or revoked, or whose
    proposition does not wait for a review any more."""
    if lien.repondu_le is not None:
        raise LienInutilisable("Vous avez déjà répondu. Merci de votre relecture.")
    if lien.revoque_le is not None:
        raise LienInutilisable("La personne qui vous a envoyé ce lien l'a fermé depuis.")
    if lien.expire_le <= timezone.now():
        day = day_in_words(timezone.localdate(lien.expire_le))
        raise LienInutilisable(f"Ce lien n'est plus valable depuis le {day}.")
    if lien.proposition.etat != EtatProposition.A_RELIRE:
        raise LienInutilisable("Ce texte n'attend plus de relecture\u00a0: il a été traité.")


def note_reading(lien: LienRelecture) -> None:
    """Count a reading, once the transaction of the page, which writes nothing, is over."""

    @transaction.atomic
    def write() -> None:
        LienRelecture.objects.filter(pk=lien.pk).update(
            lectures=F("lectures") + 1, lu_le=timezone.now()
        )
        _trace(lien, "lu")

    transaction.on_commit(write)


@transaction.atomic
def approve(lien: LienRelecture, *, revision: int, commentaire: str = "") -> None:
    """The jurist agrees to what was on the page; a rédacteur publishes it.

    Raises `LienInutilisable`, and `PropositionDepassee` when the text has changed since.
    """
    stored = _take(lien, revision=revision)
    approve_without_account(stored.proposition, relecteur=stored.relecteur, commentaire=commentaire)
    _trace(stored, "approuvé")


@transaction.atomic
def answer(lien: LienRelecture, *, revision: int, commentaire: str) -> None:
    """The jurist says something of it without agreeing.

    Raises `ValueError` for nothing said, and what `approve` raises.
    """
    stored = _take(lien, revision=revision)
    comment(stored.proposition, by=None, relecteur=stored.relecteur, commentaire=commentaire)
    _trace(stored, "commenté")


def may_open(lien: LienRelecture) -> bool:
    """Whether the link was not opened too often this minute; without Redis it always may."""
    key = f"relecture:{lien.pk}"
    try:
        cache.add(key, 0, 60)
        return cache.incr(key) <= A_MINUTE
    except (RedisError, ValueError):  # its minute ended between the two
        return True


def digest(jeton: str) -> str:
    """What is kept of a link: 256 random bits need no slow hash."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def _take(lien: LienRelecture, *, revision: int) -> LienRelecture:
    """Use the link up, whoever else holds the same address."""
    check_as_read(lien.proposition, revision=revision)
    stored = LienRelecture.objects.select_for_update(of=("self",)).for_page().get(pk=lien.pk)
    check_usable(stored)
    stored.repondu_le = timezone.now()
    stored.save(update_fields=["repondu_le"])
    return stored


def _trace(lien: LienRelecture, geste: str, *, by: Agent | None = None) -> None:
    trace(
        Acte.LIEN,
        by=by,
        objet=str(lien.proposition.fiche),
        geste=geste,
        lien=lien.pk,
        proposition=lien.proposition_id,
        relecteur=lien.relecteur,
    )
