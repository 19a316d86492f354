"""A group of misses taken up as a brief: its owner, what becomes of it, who is told.

What comes later with the same words joins it while it is open (`follow`). A brief ends with the
fiche that fills it, or set aside with a reason; its misses are then dealt with.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.composed import Composed
from knowledge.enums import EtatLacune
from knowledge.misses.gather import Groupe, sentence
from knowledge.models import Fiche, Lacune, RechercheManquee

TOLD = timedelta(days=14)  # how long the fiche is told to those who missed it


class LacuneClose(Exception):
    """The brief is over; the message, in French, says how."""


@transaction.atomic
def take(found: Groupe, *, by: Agent) -> Lacune:
    """Take up a group of misses: a brief of one's own, or what joins one that is open."""
    rows = RechercheManquee.objects.pending().untaken().filter(cle__in=found.cles)
    lacune = Lacune.objects.open().of_keys(found.cles).select_for_update().first()
    if lacune is None:
        titre = sentence(found.titre)[:200]
        lacune = Lacune.objects.create(titre=titre, cles=found.cles, responsable=by)
    else:
        lacune.cles = list(dict.fromkeys([*lacune.cles, *found.cles]))
        lacune.save(update_fields=["cles"])
    rows.update(lacune=lacune)
    return lacune


@transaction.atomic
def assign(lacune: Lacune, *, to: Agent) -> Lacune:
    """Give the brief to a rédacteur. Raises `LacuneClose`."""
    stored = _lock(lacune)
    stored.responsable = to
    stored.save(update_fields=["responsable"])
    return stored


@transaction.atomic
def answer_by(lacune: Lacune, *, fiche: Fiche) -> Lacune:
    """Name the fiche that is being written for it. Raises `LacuneClose`."""
    stored = _lock(lacune)
    stored.fiche = fiche
    stored.save(update_fields=["fiche"])
    return stored


@transaction.atomic
def set_aside(lacune: Lacune, *, motif: str) -> Lacune:
    """No fiche will come of it. Raises `LacuneClose`, and `ValueError` without a reason."""
    if not motif.strip():
        raise ValueError("Dites pourquoi aucune fiche n'est à écrire.")
    stored = _lock(lacune)
    stored.motif = motif.strip()[:200]
    return _close(stored, EtatLacune.ECARTEE)


@transaction.atomic
def reopen(lacune: Lacune) -> Lacune:
    """It was ended too soon: its misses are to be dealt with again."""
    stored = Lacune.objects.select_for_update().get(pk=lacune.pk)
    stored.etat, stored.close_le, stored.motif = EtatLacune.OUVERTE, None, ""
    stored.save(update_fields=["etat", "close_le", "motif"])
    stored.manques.update(traitee_le=None)
    return stored


def fill(number: int, *, fiche: Fiche) -> None:
    """The fiche written for a brief has just been published; one that is over stays as it is.

    Called inside the publication's transaction.
    """
    stored = Lacune.objects.open().select_for_update().filter(pk=number).first()
    if stored is not None:
        stored.fiche = fiche
        _close(stored, EtatLacune.COMBLEE)


_FILLED = Composed(lambda agent, since: Lacune.objects.filled_for(agent, since=since))


def filled_for(agent: Agent) -> list[Lacune]:
    """The briefs filled these last days that the agent had met, the latest first: one query."""
    return _FILLED.ask(agent.pk, timezone.now() - TOLD)


def _lock(lacune: Lacune) -> Lacune:
    stored = Lacune.objects.select_for_update().get(pk=lacune.pk)
    if stored.etat != EtatLacune.OUVERTE:
        raise LacuneClose(f"Cette lacune est déjà {stored.get_etat_display().lower()}.")
    return stored


def _close(stored: Lacune, etat: EtatLacune) -> Lacune:
    stored.etat, stored.close_le = etat, timezone.now()
    stored.save(update_fields=["etat", "close_le", "fiche", "motif"])
    stored.manques.pending().update(traitee_le=stored.close_le)
    return stored
