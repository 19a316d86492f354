"""Putting a fiche before the agents, and taking it back."""

from __future__ import annotations

from copy import copy
from datetime import date

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.changes import record_change
from knowledge.author import check_fiche
from knowledge.compose import compose
from knowledge.enums import Etat, Importance, Origine
from knowledge.models import Fiche, Parution
from knowledge.reuse import FIELDS, as_typed, expand

OVERLAY = ("a_dire", "note", "mots_cles", "secteur_id")  # ours on a fiche of service-public.fr


PUBLICATION = "Publication"  # the reason when none is given: it tells agents nothing


class PublicationImpossible(Exception):
    """The fiche does not pass the checks; ``erreurs`` says why, in French."""

    def __init__(self, erreurs: list[str]) -> None:
        super().__init__(" ".join(erreurs))
        self.erreurs = erreurs


@transaction.atomic
def publish(
    fiche: Fiche,
    *,
    by: Agent | None,
    raison: str = PUBLICATION,
    importance: str = Importance.PRECISION,
    on: date | None = None,
) -> Fiche:
    """Check, compose and publish a fiche, new or changed; the first publication is version 1.

    Its fields are as typed (`reuse.as_typed`): shared blocks get their value of the day (``on``,
    today by default) here.

    ``importance`` decides which agents are told of the new version; a first publication changes
    no answer and is always a detail.

    On a fiche of service-public.fr only the local overlay (`OVERLAY`) is ours: its content and its
    state stay the importer's, and what is returned is the row with the overlay on it. ``by`` is
    None for demonstration content. Raises `PublicationImpossible`.
    """
    expand(fiche, on=on or timezone.localdate())
    erreurs = check_fiche(fiche)
    if erreurs:
        raise PublicationImpossible(erreurs)
    stored = Fiche.objects.select_for_update().filter(pk=fiche.pk).first()
    again = stored is not None and stored.publiee_le is not None
    version = stored.version + 1 if stored and again else fiche.version
    if stored is not None and stored.origine == Origine.SERVICE_PUBLIC:
        # The row as it stands now, not as it was read: an import may have changed all the rest.
        for name in (*OVERLAY, "gabarits", "blocs"):
            setattr(stored, name, getattr(fiche, name))
        fiche = stored
    else:
        fiche.contenu = compose(fiche)
        fiche.etat = Etat.PUBLIEE
    fiche.version, fiche.publiee_le = version, timezone.now()
    _save(fiche, by=by, raison=raison)
    Parution.objects.create(
        fiche=fiche,
        version=version,
        importance=importance if again else Importance.PRECISION,
        raison="" if raison == PUBLICATION else raison[:200],
        parue_le=fiche.publiee_le,
    )
    record_change("fiches", [fiche.reference])
    return fiche


@transaction.atomic
def withdraw(fiche: Fiche, *, by: Agent | None, raison: str = "Archivage") -> Fiche:
    """Archive a fiche: no longer found, still readable from old calls."""
    stored = Fiche.objects.select_for_update().get(pk=fiche.pk)
    stored.etat = Etat.ARCHIVEE
    _save(stored, by=by, raison=raison)
    record_change("fiches", [stored.reference])
    return stored


@transaction.atomic
def restore(fiche: Fiche, *, by: Agent | None, raison: str = "Rétablissement") -> Fiche:
    """Undo `withdraw`: agents find it again as they had it, or it is a draft again.

    Shared blocks that have another value by now are written again, as a new version. Raises
    `PublicationImpossible` for a fiche that is not archived, or that these values spoil.
    """
    stored = Fiche.objects.select_for_update().get(pk=fiche.pk)
    if stored.etat != Etat.ARCHIVEE:
        raise PublicationImpossible(["La fiche n'est pas archivée."])
    typed = as_typed(stored)
    today = expand(copy(typed), on=timezone.localdate())
    if stored.publiee_le and any(getattr(today, each) != getattr(stored, each) for each in FIELDS):
        return publish(typed, by=by, raison=f"{raison}, aux valeurs du jour")
    stored.etat = Etat.PUBLIEE if stored.publiee_le else Etat.BROUILLON
    _save(stored, by=by, raison=raison)
    record_change("fiches", [stored.reference])
    return stored


def _save(fiche: Fiche, *, by: Agent | None, raison: str) -> Fiche:
    fiche._history_user = by  # type: ignore[attr-defined]
    fiche._change_reason = raison[:100]  # type: ignore[attr-defined]
    fiche.save()
    return fiche
