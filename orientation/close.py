"""Exceptional hours: of one body on some days, or of many at once by kind and territory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.push import agents_channel, notify
from orientation.enums import Certitude
from orientation.history import keep_after, keep_before
from orientation.hours import lasting
from orientation.kinds import same_kinds
from orientation.models import Fermeture, HoraireExceptionnel, Organisme
from orientation.querysets import OrganismeQuerySet

__all__ = [
    "FermetureImpossible",
    "announce",
    "concerned",
    "except_days",
    "lift",
    "restore_days",
    "restored",
    "span_of",
    "state_of",
    "usual_day",
]

EVENT = "horaires"  # open consoles read again the state of the offices they show
MOTIF_MAX = 120


class FermetureImpossible(Exception):
    """Nothing was written; the message, in French, says why."""


@transaction.atomic
def announce(
    *,
    motif: str,
    types: Sequence[str],
    departements: Sequence[str],
    certitude: str = Certitude.FERME,
    du: datetime,
    au: datetime,
    by: Agent,
) -> Fermeture:
    """Close bodies by kind and département between two aware instants; agents see it at once.

    Instants of Paris, which overseas stand for what each body's own clock then shows: a strike of
    a day is of that day everywhere. An empty list means all kinds, or all départements, but not
    both. Raises `FermetureImpossible`.
    """
    motif = _motif(motif)
    if not types and not departements:
        raise FermetureImpossible("Choisissez au moins un type d'organisme ou un département.")
    if au <= du:
        raise FermetureImpossible("La fin précède le début.")
    if lasting(du, au, departements=departements)[1] <= timezone.now():
        raise FermetureImpossible("Cette fermeture est déjà finie.")
    fermeture = Fermeture.objects.create(
        motif=motif,
        types=sorted(set(types)),
        departements=sorted(set(departements)),
        certitude=Certitude(certitude),
        du=du,
        au=au,
        auteur=by,
    )
    notify(agents_channel(), EVENT)
    return fermeture


def concerned(*, types: Sequence[str], departements: Sequence[str]) -> OrganismeQuerySet:
    """The bodies that a closure would close, as `hours.bodies.concerns` says of one."""
    bodies: OrganismeQuerySet = Organisme.objects.concerned(
        types=sorted(same_kinds(types)), departements=departements
    )
    return bodies


@transaction.atomic
def lift(fermeture: Fermeture, *, by: Agent) -> None:
    """End a closure now; nothing when somebody has done so already."""
    alive = Fermeture.objects.filter(pk=fermeture.pk, levee_le=None)
    if alive.update(levee_le=timezone.now(), levee_par=by):
        notify(agents_channel(), EVENT)


@transaction.atomic
def except_days(
    organisme: Organisme,
    *,
    du: date,
    au: date,
    plages: Sequence[dict[str, Any]],
    motif: str,
    by: Agent,
) -> HoraireExceptionnel:
    """Give a body other hours from one day to another, both included; no range: closed.

    ``plages``: ``{debut, fin: "HH:MM"}``. Days of the body's own calendar. Raises
    `FermetureImpossible`.
    """
    motif = _motif(motif)
    if au < du:
        raise FermetureImpossible("Le dernier jour précède le premier.")
    if au < timezone.localdate():
        raise FermetureImpossible("Ces jours sont déjà passés.")
    horaire = HoraireExceptionnel.objects.create(
        organisme=organisme, du=du, au=au, plages=list(plages), motif=motif, auteur=by
    )
    notify(agents_channel(), EVENT)
    return horaire


@transaction.atomic
def restore_days(horaire: HoraireExceptionnel, *, by: Agent) -> None:
    """Let the weekly hours of a body hold again; nothing when they already do.

    The history of the body tells who did it.
    """
    alive = HoraireExceptionnel.objects.filter(pk=horaire.pk, retire_le=None)
    if alive.update(retire_le=timezone.now()):
        keep_before([horaire.organisme_id])
        keep_after([horaire.organisme_id], reason=restored(horaire), by=by)
        notify(agents_channel(), EVENT)


def restored(horaire: HoraireExceptionnel) -> str:
    """What the history of a body says of exceptional hours taken back."""
    return f"Horaires exceptionnels retirés du {horaire.du:%d/%m/%Y} au {horaire.au:%d/%m/%Y}"


def usual_day(at: datetime) -> dict[str, datetime]:
    """The whole of today: what a closure is announced for most often.

    From now on would begin hours later in the Antilles, whose clock is behind.
    """
    local = timezone.localtime(at).replace(second=0, microsecond=0)
    return {"du": local.replace(hour=0, minute=0), "au": local.replace(hour=23, minute=59)}


def state_of(fermeture: Fermeture, *, at: datetime) -> str:
    """Where a closure stands at an instant, in words."""
    if fermeture.levee_le is not None:
        return f"levée par {fermeture.levee_par}"
    start, end = span_of(fermeture)
    if end <= at:
        return "finie"
    return "en cours" if start <= at else "à venir"


def span_of(fermeture: Fermeture) -> tuple[datetime, datetime]:
    """When it begins in the first of its territories, and ends in the last."""
    return lasting(fermeture.du, fermeture.au, departements=fermeture.departements)


def _motif(text: str) -> str:
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        raise FermetureImpossible("Dites le motif\u00a0: il est lu à l'usager.")
    if len(text) > MOTIF_MAX:
        raise FermetureImpossible(f"Le motif est trop long\u00a0: {MOTIF_MAX} caractères au plus.")
    return text
