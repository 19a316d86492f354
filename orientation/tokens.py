"""Tokens of the API's consumers: drawn once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from orientation.models import Consommateur

_MARK = "a39_"  # by which a token left in a public place is recognised
_PREFIX = len(_MARK) + 4


def issue(nom: str, *, par_minute: int = 120) -> tuple[Consommateur, str]:
    """A new consumer and its token, which nothing can show again."""
    token = _draw()
    return Consommateur.objects.create(nom=nom, par_minute=par_minute, **_kept(token)), token


def renew(consommateur: Consommateur) -> str:
    """A new token for a consumer, new itself or not; a former one is refused from now on."""
    token = _draw()
    for field, value in _kept(token).items():
        setattr(consommateur, field, value)
    consommateur.save()
    return token


def consumer_of(token: str) -> Consommateur | None:
    """The active consumer that holds the token."""
    return Consommateur.objects.filter(empreinte=_hash(token), actif=True).first()


def note_use(consommateur: Consommateur) -> None:
    """Keep the day a consumer was last heard, once the present transaction, if any, is over."""
    today = timezone.localdate()
    if consommateur.dernier_usage_le != today:
        same = Consommateur.objects.filter(pk=consommateur.pk)
        transaction.on_commit(lambda: same.update(dernier_usage_le=today))


def _draw() -> str:
    return _MARK + secrets.token_urlsafe(32)


def _kept(token: str) -> dict[str, str]:
    return {"prefixe": token[:_PREFIX], "empreinte": _hash(token)}


def _hash(token: str) -> str:
    # A token of 256 random bits needs no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
