"""Putting a body right by hand, against its source, and going back to what the source says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.anonymity import find_identifiers
from allo3939.shared.changes import record_change
from orientation.clean import ValeurRefusee, clean_value, place_columns, same_value
from orientation.enums import ChampOrganisme, EtatCorrection
from orientation.history import keep_before
from orientation.models import Correction, Organisme

__all__ = ["CorrectionRefusee", "correct", "unverify", "verify", "withdraw"]

GENRE = "organismes"  # the lines that the search follows


class CorrectionRefusee(ValueError):
    """Nothing was written; the message, in French, says why."""


@transaction.atomic
def correct(
    organisme: Organisme, *, champ: str, valeur: Any, by: Agent, motif: str = ""
) -> Correction:
    """Put a column of a body right, and keep it from the imports until the source says the same.

    ``champ`` is a `ChampOrganisme`, ``valeur`` as `orientation.clean.clean_value` says; of an
    address, what is not given stays as it is, and the postcode and the town follow. Replaces the
    correction in force; the value of the source brings it back (`withdraw`); the same value again
    changes nothing, unless the source has changed meanwhile: then it says that ours stays. The
    ``organisme`` given takes the new value. Raises `CorrectionRefusee`.
    """
    motif = _reason(motif)
    stored = Organisme.objects.select_for_update().get(pk=organisme.pk)
    valeur = _clean(stored, champ, valeur)
    held = stored.corrections.in_force().filter(champ=champ).first()
    source = held.valeur_source if held else getattr(stored, champ)
    if held and held.valeur == valeur and held.source_changee_le is None:
        _copy(stored, organisme, champ)
        return held
    if same_value(champ, valeur, source):
        if held is None:
            raise CorrectionRefusee("C'est déjà ce que dit la source\u00a0: rien n'est à corriger.")
        return _end(held, stored, organisme, by=by)
    if held:
        held.etat, held.finie_le = EtatCorrection.REMPLACEE, timezone.now()
        held.save(update_fields=["etat", "finie_le"])
    correction = Correction.objects.create(
        organisme=stored, champ=champ, valeur=valeur, valeur_source=source, motif=motif, auteur=by
    )
    _write(stored, champ, valeur, by=by, reason=f"Correction\u00a0: {ChampOrganisme(champ).label}")
    _copy(stored, organisme, champ)
    return correction


@transaction.atomic
def withdraw(correction: Correction, *, by: Agent) -> Correction:
    """Let the body say again what its source says; nothing when the correction is over."""
    stored = Organisme.objects.select_for_update().get(pk=correction.organisme_id)
    held = Correction.objects.get(pk=correction.pk)
    if held.etat == EtatCorrection.EN_VIGUEUR:
        _end(held, stored, correction.organisme, by=by)
    correction.etat, correction.finie_le = held.etat, held.finie_le
    return correction


@transaction.atomic
def verify(organisme: Organisme, *, by: Agent) -> Organisme:
    """Say that somebody has checked the whole body just now, and found it right."""
    stored = Organisme.objects.select_for_update().get(pk=organisme.pk)
    keep_before([stored.pk])
    stored.verifie_le, stored.verifie_par = timezone.now(), by
    _save(stored, ["verifie_le", "verifie_par"], by=by, reason="Vérification")
    organisme.verifie_le, organisme.verifie_par = stored.verifie_le, by
    return organisme


@transaction.atomic
def unverify(organisme: Organisme, *, by: Agent, le: datetime | None, par: int | None) -> None:
    """Take back one's own verification: who had checked the body before, and when.

    One that somebody else verified since stays so.
    """
    stored = Organisme.objects.select_for_update().get(pk=organisme.pk)
    if stored.verifie_par_id != by.pk:
        return
    keep_before([stored.pk])
    stored.verifie_le, stored.verifie_par_id = le, par
    _save(stored, ["verifie_le", "verifie_par"], by=by, reason="Vérification annulée")


def _end(held: Correction, stored: Organisme, given: Organisme, *, by: Agent) -> Correction:
    held.etat, held.finie_le = EtatCorrection.RETIREE, timezone.now()
    held.save(update_fields=["etat", "finie_le"])
    label = ChampOrganisme(held.champ).label
    reason = f"Retour à la source\u00a0: {label}"
    _write(stored, held.champ, held.valeur_source, by=by, reason=reason)
    _copy(stored, given, held.champ)
    return held


def _write(stored: Organisme, champ: str, valeur: Any, *, by: Agent, reason: str) -> None:
    keep_before([stored.pk])
    setattr(stored, champ, valeur)
    if champ == ChampOrganisme.ADRESSE:
        stored.code_postal, stored.commune_nom = place_columns(valeur)
    _save(stored, _columns(champ), by=by, reason=reason)
    record_change(GENRE, [str(stored.pk)])


def _save(stored: Organisme, columns: list[str], *, by: Agent, reason: str) -> None:
    stored._history_user = by  # type: ignore[attr-defined]
    stored._change_reason = reason[:100]  # type: ignore[attr-defined]
    stored.save(update_fields=columns)


def _copy(stored: Organisme, given: Organisme, champ: str) -> None:
    for name in _columns(champ):
        setattr(given, name, getattr(stored, name))


def _columns(champ: str) -> list[str]:
    """The columns that a correction writes."""
    return [champ, "code_postal", "commune_nom"] if champ == ChampOrganisme.ADRESSE else [champ]


def _clean(stored: Organisme, champ: str, valeur: Any) -> Any:
    whole = champ == ChampOrganisme.ADRESSE and isinstance(valeur, dict)
    if whole:  # the country says what a postcode is
        valeur = {"pays": stored.adresse.get("pays", "")} | valeur
    try:
        valeur = clean_value(champ, valeur)
    except ValeurRefusee as error:
        raise CorrectionRefusee(str(error)) from error
    if not whole:
        return valeur
    optional = ("pays", "autres", "postale")  # there only when they say something
    merged = stored.adresse | valeur
    return {key: each for key, each in merged.items() if each or key not in optional}


def _reason(motif: str) -> str:
    text = " ".join(motif.replace("\x00", "").split())
    if len(text) > 200:
        raise CorrectionRefusee("Le motif dépasse 200\u00a0caractères.")
    if found := find_identifiers(text):
        raise CorrectionRefusee(
            f"Le motif contient {' et '.join(found)}\u00a0: rien qui désigne quelqu'un."
        )
    return text
