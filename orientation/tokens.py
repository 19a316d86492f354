"""Tokens of the API's consumers: drawn once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.audit import trace
from allo3939.accounts.enums import Acte
from allo3939.accounts.models import Agent
from orientation.models import Consommateur

_MARK = "a39_"  # by which a token left in a public place is recognised
_PREFIX = len(_MARK) + 4


def issue(nom: str, *, par_minute: int = 120, by: Agent | None = None) -> tuple[Consommateur, str]:
    """A new consumer and its token, which nothing can show again; ``by`` is None for a command."""
    consommateur = Consommateur(nom=nom, par_minute=par_minute)
    return consommateur, renew(consommateur, by=by)


@transaction.atomic
def renew(consommateur: Consommateur, *, by: Agent | None = None) -> str:
    """A new token for a consumer, new itself or not; a former one is refused from now on."""
    token = _draw()
    geste = "jeton remplacé" if consommateur.pk else "jeton créé"
    for field, value in _kept(token).items():
        setattr(consommateur, field, value)
    consommateur.save()
    trace(Acte.DROITS, by=by, objet=_told(consommateur), geste=geste, apres=_rights(consommateur))
    return token


@transaction.atomic
def amend(consommateur: Consommateur, *, by: Agent) -> None:
    """Save what an administrateur changed: put aside or taken back, how often it may ask."""
    before = _rights(Consommateur.objects.select_for_update().get(pk=consommateur.pk))
    consommateur.save()
    after = _rights(consommateur)
    changed = [name for name, value in after.items() if before[name] != value]
    if changed:
        trace(
            Acte.DROITS,
            by=by,
            objet=_told(consommateur),
            avant={name: before[name] for name in changed},
            apres={name: after[name] for name in changed},
        )


def consumer_of(token: str) -> Consommateur | None:
    """The active consumer that holds the token."""
    return Consommateur.objects.filter(empreinte=_hash(token), actif=True).first()


def note_use(consommateur: Consommateur) -> None:
    """Keep the day a consumer was last heard, once the present transaction, if any, is over."""
    today = timezone.localdate()
    if consommateur.dernier_usage_le != today:
        same = Consommateur.objects.filter(pk=consommateur.pk)
        transaction.on_commit(lambda: same.update(dernier_usage_le=today))


def _rights(consommateur: Consommateur) -> dict[str, str]:
    return {
        "accès": "ouvert" if consommateur.actif else "fermé",
        "requêtes par minute": str(consommateur.par_minute),
    }


def _told(consommateur: Consommateur) -> str:
    return f"consommateur de l'API {consommateur.nom}"


def _draw() -> str:
    return _MARK + secrets.token_urlsafe(32)


def _kept(token: str) -> dict[str, str]:
    return {"prefixe": token[:_PREFIX], "empreinte": _hash(token)}


def _hash(token: str) -> str:
    # A token of 256 random bits needs no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
