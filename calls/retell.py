"""What was done and said in a call, told again: its steps in time, and each fiche as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from calls.models import Appel, Consultation, Demande, OrientationDonnee, Transfert
from knowledge import qualify
from knowledge.models import Fiche


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a call."""

    instant: datetime
    titre: str
    detail: str = ""
    """What was said then."""
    consultation: Consultation | None = None
    """The fiche read at this step."""


def tell(appel: Appel, demande: Demande) -> list[Moment]:
    """The steps of one question in the order of time; reads nothing beyond the call's log."""
    steps = [
        *(_told_reading(item) for item in demande.consultations.all()),
        *(_told_body(item) for item in demande.orientations.all()),
        *(step for item in demande.transferts.all() for step in _told_transfer(item)),
    ]
    if demande.termine_le is not None:
        steps.append(Moment(demande.termine_le, "Question close"))
    first, last = demande.commence_le, demande.termine_le or timezone.now()
    if appel.raccroche_le and first <= appel.raccroche_le <= last:
        steps.append(Moment(appel.raccroche_le, "Fin de la conversation"))
    return sorted(steps, key=lambda step: step.instant)


def _told_reading(consultation: Consultation) -> Moment:
    link = "Fiche ouverte par un lien" if consultation.depuis_id else "Fiche ouverte"
    return Moment(consultation.ouverte_le, link, consultation.dit, consultation)


def _told_body(given: OrientationDonnee) -> Moment:
    commune = f", pour {given.commune}" if given.commune else ""
    return Moment(given.donnee_le, f"Donné\u00a0: {given}{commune}", given.dit)


def _told_transfer(transfert: Transfert) -> Iterator[Moment]:
    sector = transfert.secteur.nom
    reason = transfert.get_motif_display().lower()
    asked = f"Transfert proposé à {sector}\u00a0: {reason}"
    yield Moment(transfert.propose_le or transfert.prepare_le, asked, transfert.precision)
    if transfert.repondu_le and transfert.motif_refus:
        refusal = transfert.get_motif_refus_display().lower()
        yield Moment(transfert.repondu_le, f"Refusé par {sector}\u00a0: {refusal}")
    elif transfert.repondu_le:
        yield Moment(transfert.repondu_le, f"Accepté par {sector}")
    elif transfert.revenu_le:
        state = transfert.get_etat_display().lower()
        yield Moment(transfert.revenu_le, f"Revenu au conseiller\u00a0: {state}")
    if transfert.clos_le:
        result = transfert.get_resultat_display().lower()
        yield Moment(transfert.clos_le, f"Clos par {sector}\u00a0: {result}")


@dataclass(frozen=True, slots=True)
class Relecture:
    """A fiche as the agent had it: its text then, at the point of the path."""

    consultation: Consultation
    fiche: Fiche | None
    """As it was; None when that version was not kept."""
    lecture: qualify.Lecture | None


def read_again(consultation: Consultation) -> Relecture:
    """The fiche of a consultation as it was at that instant, at the recorded point of its path."""
    fiche = fiche_then(consultation)
    if fiche is None:
        return Relecture(consultation, None, None)
    try:
        lecture = qualify.read(fiche.contenu, consultation.chemin, fiche.a_dire)
    except qualify.CheminInconnu:  # the history holds another text under this number
        return Relecture(consultation, None, None)
    return Relecture(consultation, fiche, lecture)


def fiche_then(consultation: Consultation) -> Fiche | None:
    """The fiche in the version consulted, as the history of its rows tells; two queries.

    Of several rows of one version (archived, say), the last one that was there when it was last in
    front of the agent; a version published while it was being read came after that instant.
    """
    rows = Fiche.history.filter(id=consultation.fiche_id, version=consultation.version)
    rows = rows.select_related("theme__secteur", "secteur", "cible")
    then = rows.filter(history_date__lte=consultation.lue_le).order_by("-history_date").first()
    past = then or rows.order_by("history_date").first()
    if past is None:
        return None
    fiche = past.instance
    fiche.theme, fiche.secteur, fiche.cible = past.theme, past.secteur, past.cible
    return fiche
