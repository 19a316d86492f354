"""Who has the form of a fiche open, before anything of it is kept."""

from __future__ import annotations

import time

from django.core.cache import cache

from allo3939.accounts.models import Agent
from knowledge.models import Fiche

MINUTES = 10
"""For how long an opening is told: a page that is closed says nothing."""


def note(fiche: Fiche, *, by: Agent) -> set[int]:
    """Note that the agent has the form open; the keys of the others who opened it lately.

    Kept in memory, for a few minutes: of two who open at the same instant one may be told late, by
    the next saving.
    """
    key, now = f"ouverte:{fiche.pk}", time.time()
    known: dict[int, float] = cache.get(key) or {}
    recent = {pk: since for pk, since in known.items() if now - since < MINUTES * 60}
    cache.set(key, recent | {by.pk: now}, MINUTES * 60)
    return set(recent) - {by.pk}
