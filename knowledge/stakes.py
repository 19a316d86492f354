"""The calls at stake on each fiche, summed over months of days once for all who rank by them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from allo3939.shared.cache import forget, remember, remembered
from knowledge.models import UsageFiche

_KEPT = 86_400  # seconds; long before, a new count has it read again


def since(day: date) -> dict[int, tuple[int, int]]:
    """By the key of a fiche, in how many calls it was opened since a day and after how many it was
    escalated; those never opened are left out.

    One query when the sums are put aside and no day was added since, else two.
    """
    last = UsageFiche.objects.aggregate(last=Max("pk"))["last"]
    stamp = [day.isoformat(), last]
    key = _key()
    known: dict[str, Any] = remembered([key]).get(key, {})
    if known.get("stamp") == stamp:
        return known["sums"]
    sums = {pk: (calls, escalated) for pk, calls, escalated in UsageFiche.objects.sums(since=day)}
    remember({key: {"stamp": stamp, "sums": sums}}, seconds=_KEPT)
    return sums


def renew() -> None:
    """Have the sums read again: a day was counted anew."""
    forget(_key())
    transaction.on_commit(lambda: forget(_key()))


def _key() -> str:
    # One Redis may serve several bases.
    return f"enjeux:{connection.settings_dict['NAME']}"
