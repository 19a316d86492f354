"""What is given to the caller: a commune's bodies, or an outside one."""

from __future__ import annotations

from django.utils import timezone

from calls.models import Appel, Demande, OrientationDonnee


def set_commune(appel: Appel, *, commune) -> None:
    """The caller's commune, kept for the whole call."""
    appel.commune = commune
    appel.save(update_fields=["commune"])


def give_body(
    demande: Demande, *, organisme, commune=None, garantie: str = "", said: str = ""
) -> OrientationDonnee:
    """Record that a body was given to the caller; giving it again only updates what was said."""
    orientation, _ = OrientationDonnee.objects.update_or_create(
        demande=demande,
        organisme=organisme,
        defaults={"commune": commune, "garantie": garantie, "dit": said},
        create_defaults={
            "commune": commune,
            "garantie": garantie,
            "dit": said,
            "donnee_le": timezone.now(),
        },
    )
    return orientation


def give_outside(demande: Demande, *, titre: str, said: str) -> OrientationDonnee:
    """Record that an outside body, which the directory does not hold, was given to the caller."""
    orientation, _ = OrientationDonnee.objects.get_or_create(
        demande=demande,
        organisme=None,
        exterieur=titre[:200],
        defaults={"dit": said, "donnee_le": timezone.now()},
    )
    return orientation


def take_back_bodies(demande: Demande, *, except_for) -> None:
    """Forget the bodies given as competent for another commune than this one."""
    demande.orientations.competent_elsewhere(except_for).delete()
