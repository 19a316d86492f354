"""The thread of the fiches read for a question: what a link led to, and the way back."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from allo3939.shared.composed import held, hold
from calls import notice
from calls.models import Consultation, Demande
from knowledge import qualify


def said(lecture: qualify.Lecture) -> str:
    """The spoken text once nothing is left to ask; an introduction is not a spoken text."""
    return lecture.a_dire if lecture.complet and lecture.a_dire_origine != "introduction" else ""


def consult(demande: Demande, *, fiche, since: Consultation | None = None) -> Consultation:
    """A new line of the log: the fiche is read for the question, from a link or not.

    The question, where its log was read, knows of it: it is not to be read again.
    """
    now = timezone.now()
    lecture = qualify.read(fiche.contenu, [], fiche.a_dire)
    notice.forget(demande.appel.agent_id)
    opened = Consultation.objects.create(
        demande=demande,
        fiche=fiche,
        version=fiche.version,
        dit=said(lecture),
        depuis=since,
        ouverte_le=now,
        lue_le=now,
    )
    before = held(demande, "consultations")
    if before is not None:
        hold(demande, "consultations", [*before, opened])
    return opened


@transaction.atomic
def follow_link(consultation: Consultation, *, fiche) -> Consultation:
    """Read the fiche that a link of the one being read leads to, for the same question.

    A fiche the thread already went through comes back in front, at the case it was left at: one
    that an earlier link led to from here, or one of those the thread came from. Only a fiche that
    is new to the thread is a new consultation.
    """
    thread = _thread(consultation)
    known = next((item for item in thread if item.fiche_id == fiche.pk), None)
    if known is None:
        return consult(consultation.demande, fiche=fiche, since=consultation)
    return _bring_to_front(known)


def go_back(consultation: Consultation) -> Consultation:
    """Return to the fiche whose link led to this one, at the case it was left at.

    Nothing new was read: the log gets no line. A fiche opened by a search stays in front.
    """
    return _bring_to_front(consultation.depuis or consultation)


def _thread(consultation: Consultation) -> Iterator[Consultation]:
    """The consultation and those it comes from, the nearest first; then what it led to."""
    known = {item.pk: item for item in consultation.demande.consultations.all()}
    step: Consultation | None = known[consultation.pk]
    while step is not None:
        yield step
        step = known[step.depuis_id] if step.depuis_id else None
    yield from (item for item in known.values() if item.depuis_id == consultation.pk)


def _bring_to_front(consultation: Consultation) -> Consultation:
    consultation.lue_le = timezone.now()
    consultation.save(update_fields=["lue_le"])
    return consultation


def in_front(demande: Demande) -> Consultation | None:
    """The consultation before the agent's eyes: the last one opened, or come back to."""
    return max(demande.consultations.all(), key=lambda item: (item.lue_le, item.pk), default=None)


def came_from(demande: Demande, consultation: Consultation | None) -> Consultation | None:
    """The consultation whose link led to this one, among those of the question already read."""
    if consultation is None or consultation.depuis_id is None:
        return None
    return next(item for item in demande.consultations.all() if item.pk == consultation.depuis_id)
