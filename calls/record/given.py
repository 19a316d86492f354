"""What is given to the caller: a commune's bodies, or an outside one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from allo3939.shared.composed import held, hold
from calls.models import Appel, Demande, OrientationDonnee


@transaction.atomic(savepoint=False)
def set_commune(appel: Appel, *, commune) -> None:
    """The caller's commune, kept for the whole call.

    A body given as competent for another one, in the question being dealt with, was a mistake: it
    is taken back.
    """
    appel.commune = commune
    appel.save(update_fields=["commune"])
    for demande in appel.demandes.all():
        if demande.termine_le is None:
            _take_back(demande, commune=commune)


def _take_back(demande: Demande, *, commune) -> None:
    given = list(demande.orientations.all())
    kept = [item for item in given if not item.garantie or item.commune_id == commune.pk]
    if len(kept) < len(given):
        gone = [item.pk for item in given if item not in kept]
        OrientationDonnee.objects.filter(pk__in=gone).delete()
        hold(demande, "orientations", kept)


def give_body(
    demande: Demande, *, organisme, commune=None, garantie: str = "", said: str = ""
) -> None:
    """Record that a body was given to the caller; giving it again only updates what was said.

    The question, where its log was read, knows of it: it is not to be read again.
    """
    given = OrientationDonnee(
        demande=demande,
        organisme=organisme,
        commune=commune,
        garantie=garantie,
        dit=said,
        donnee_le=timezone.now(),
    )
    OrientationDonnee.objects.bulk_create(
        [given],
        update_conflicts=True,
        unique_fields=["demande", "organisme"],
        update_fields=["commune", "garantie", "dit"],
    )
    before = held(demande, "orientations")
    if before is None:
        return
    again = next((item for item in before if item.organisme_id == organisme.pk), None)
    if again is not None:
        again.commune, again.garantie, again.dit = commune, garantie, said
    hold(demande, "orientations", before if again is not None else [*before, given])


def give_outside(demande: Demande, *, titre: str, said: str) -> OrientationDonnee:
    """Record that an outside body, which the directory does not hold, was given to the caller."""
    orientation, _ = OrientationDonnee.objects.get_or_create(
        demande=demande,
        organisme=None,
        exterieur=titre[:200],
        defaults={"dit": said, "donnee_le": timezone.now()},
    )
    return orientation
