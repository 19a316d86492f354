"""What is given to the caller: a commune's bodies, or an outside one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from calls.models import Appel, Demande, OrientationDonnee

BODIES = Prefetch("orientations", OrientationDonnee.objects.with_bodies())


@transaction.atomic
def set_commune(appel: Appel, *, commune) -> None:
    """The caller's commune, kept for the whole call.

    A body given as competent for another one, in the question being dealt with, was a mistake: it
    is taken back.
    """
    appel.commune = commune
    appel.save(update_fields=["commune"])
    OrientationDonnee.objects.of_current_question(appel).competent_elsewhere(commune).delete()


def give_body(
    demande: Demande, *, organisme, commune=None, garantie: str = "", said: str = ""
) -> None:
    """Record that a body was given to the caller; giving it again only updates what was said."""
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


def reread_bodies(demande: Demande) -> None:
    """Have the bodies given anew on a question whose log was read before."""
    demande.refresh_from_db(fields=["orientations"])
    prefetch_related_objects([demande], BODIES)


def give_outside(demande: Demande, *, titre: str, said: str) -> OrientationDonnee:
    """Record that an outside body, which the directory does not hold, was given to the caller."""
    orientation, _ = OrientationDonnee.objects.get_or_create(
        demande=demande,
        organisme=None,
        exterieur=titre[:200],
        defaults={"dit": said, "donnee_le": timezone.now()},
    )
    return orientation
