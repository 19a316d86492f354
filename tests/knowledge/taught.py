"""Fiches, synonyms and pins for the tests of what the search is taught."""

from django.db import transaction
from django.utils import timezone

from allo3939.shared.changes import record_change
from knowledge import pins
from knowledge.models import Epingle, Fiche


def put_fiche(reference, titre, **fields):
    """A fiche that is found, or changed fields of one."""
    fields = {"nature": "reponse", "origine": "allo3939", "etat": "publiee"} | fields
    with transaction.atomic():
        fiche, _ = Fiche.objects.update_or_create(
            reference=reference,
            defaults={"titre": titre, "publiee_le": timezone.now(), **fields},
        )
        record_change("fiches", [reference])
    return fiche


def pin(mots, fiche, **fields):
    """A pin in force."""
    return pins.save(Epingle(mots=mots, fiche=fiche, **fields), by=None)
