"""What is read for a question: the fiches, and the path of choices through each."""

from __future__ import annotations

from django.db import transaction

from allo3939.shared.composed import Composed
from calls.models import Consultation, Demande
from calls.record.texts import clean_words, note_search, piste_of
from calls.thread import consult, said
from knowledge import misses, qualify
from knowledge.parcours import NSP_LIBELLE

BARE = ("Oui", "Non", NSP_LIBELLE)

_READING = Composed(
    lambda agent: Consultation.objects.in_hand_of(agent).order_by("-lue_le", "-pk")[:1]
)


def reading_in_hand(agent) -> Consultation | None:
    """What the agent has before the eyes, with its fiche: one query, none of the log."""
    return _READING.first(agent.pk)


@transaction.atomic
def open_fiche(demande: Demande, *, fiche, words: str = "") -> Consultation:
    """Record that the fiche is read for the question, and the words that led to it."""
    note_search(demande, words=words)
    agent = demande.appel.agent_id
    misses.opened(piste_of(demande), texte=clean_words(words), fiche=fiche, agent=agent)
    return consult(demande, fiche=fiche)


def read(consultation: Consultation) -> qualify.Lecture:
    """What the agent has before the eyes: the fiche at the recorded point of the path.

    A fiche published again meanwhile may ask something else under the same rank: the path then
    starts afresh (`has_changed`).
    """
    fiche = consultation.fiche
    path = [] if has_changed(consultation) else consultation.chemin
    return qualify.read(fiche.contenu, path, fiche.a_dire)


def has_changed(consultation: Consultation) -> bool:
    """Whether the fiche was published again since it was read."""
    return consultation.version != consultation.fiche.version


def choose(consultation: Consultation, *, rank: int) -> qualify.Lecture:
    """Answer the fork with the choice of that rank; raises `qualify.CheminInconnu`."""
    return _follow(consultation, [*read(consultation).chemin, rank])


def step_back(consultation: Consultation) -> qualify.Lecture:
    """Undo the last choice; earlier ones are kept."""
    return _follow(consultation, read(consultation).chemin[:-1])


def _follow(consultation: Consultation, path: list[int]) -> qualify.Lecture:
    fiche = consultation.fiche
    lecture = qualify.read(fiche.contenu, path, fiche.a_dire)
    consultation.version = fiche.version
    consultation.chemin = lecture.chemin
    consultation.situation = _situation(lecture)
    consultation.dit = said(lecture)
    consultation.save(update_fields=["version", "chemin", "situation", "dit"])
    return lecture


def _situation(lecture: qualify.Lecture) -> list[str]:
    """The choices as the log and the card tell them.

    A bare « Oui », « Non » or « Ne sait pas » takes its question along.
    """
    return [
        _with_question(question, label)[:300]
        for question, label in zip(lecture.questions, lecture.puces, strict=True)
    ]


def _with_question(question: str, label: str) -> str:
    if label not in BARE:
        return label
    return question.rstrip(" ?\u00a0") + "\u00a0: " + label.lower()
