"""What agents typed in calls is deleted after ninety days; what is counted stays.

Outcomes, fiches read with version and path, bodies given, durations, sectors and transfers are
kept: they name nobody. A row whose texts are gone is not read again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.fields.json import JSONField

from calls.models import Demande, Rectification, Transfert
from calls.querysets import JsonbSet

KEPT = timedelta(days=90)
BATCH = 1000  # rows a transaction, so that no call waits behind it


def purge_texts(*, now: datetime) -> int:
    """Empty the free texts of the calls that are too old; returns how many rows had some."""
    limit = now - KEPT
    emptied = {"note": "", "precision": "", "question": "", "recherches": [], "motif_inutile": ""}
    question = JsonbSet("carte", ["question"], Value("", JSONField()))
    return (
        _empty(Demande.objects.with_texts().begun_before(limit), **emptied)
        + _empty(Transfert.objects.with_texts().begun_before(limit), precision="", carte=question)
        + _empty(Rectification.objects.with_texts().begun_before(limit), avant="", apres="")
    )


def _empty(rows: QuerySet, **fields) -> int:
    """Batch after batch: a purge that was stopped goes on where it was."""
    count = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            count += rows.model.objects.filter(pk__in=keys).update(**fields)
    return count
