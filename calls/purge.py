"""What agents typed in calls is deleted after ninety days; what is counted stays.

Outcomes, fiches read with version and path, bodies given, durations, sectors and transfers are
kept: they name nobody. A row whose texts are gone is not read again. What the switch told of a
call goes as well: its durations stand in the call itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.fields.json import JSONField

from calls.models import Communication, Demande, Rectification, Transfert
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


def purge_communications(*, now: datetime) -> int:
    """Delete the telephone calls that are too old; returns how many there were."""
    count = 0
    old = Communication.objects.over_before(now - KEPT).order_by("pk")
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        count += Communication.objects.filter(pk__in=keys).delete()[0]
    return count


def _empty(rows: QuerySet, **fields) -> int:
    """Batch after batch: a purge that was stopped goes on where it was."""
    count = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            count += rows.model.objects.filter(pk__in=keys).update(**fields)
    return count
