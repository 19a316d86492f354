"""The log of a call, written from what the agent does.

Each verb saves at once: a crash of the browser loses nothing. Free text goes through the anonymity
guard; search words are masked, a note that identifies somebody is refused, one that may is asked
about: `confirmed` holds the signs of the doubts that the agent answered.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from allo3939.shared.anonymity import Examen, TexteRefuse, guard, mask, signs
from calls import escalate
from calls.enums import ESCALADES
from calls.models import (
    Appel,
    CodeIssue,
    Consultation,
    Demande,
    OrientationDonnee,
    Transfert,
)
from calls.thread import consult, said
from knowledge import learn, misses, qualify
from knowledge.enums import Nature
from knowledge.parcours import NSP_LIBELLE
from knowledge.search import count_fiches
from knowledge.target import find_target

REPONDU, ORIENTE, ESCALADE, PAS_DE_FICHE, ABANDONNE = "RE", "OR", "ES", "PF", "AB"
WORDS_MAX = 200
CODES_MAX = 15
BARE = ("Oui", "Non", NSP_LIBELLE)
# One query for each table of the log: this is read at each action of an agent.
_BODIES = Prefetch("orientations", OrientationDonnee.objects.with_bodies())
_LOG = (
    Prefetch("demandes", Demande.objects.select_related("issue")),
    Prefetch("demandes__consultations", Consultation.objects.with_sector()),
    Prefetch("demandes__orientations", OrientationDonnee.objects.with_bodies()),
    Prefetch("demandes__transferts", Transfert.objects.select_related("secteur")),
)


class AppelImpossible(Exception):
    """The call does not allow this now; the message is for the agent."""


class NoteRefusee(AppelImpossible):
    """The note would identify somebody, or may: its examen tells."""

    def __init__(self, examen: Examen) -> None:
        self.examen = examen
        super().__init__(examen.message)


def open_call(agent) -> Appel | None:
    """The agent's call in progress, with its whole log, or None; five queries."""
    calls = Appel.objects.of_agent(agent).open().select_related("commune__departement")
    return calls.prefetch_related(*_LOG).first()


def question_in_hand(agent) -> Demande | None:
    """The question the agent is dealing with, None outside a call: one query, none of the log."""
    return Demande.objects.in_hand_of(agent).last()


def reading_in_hand(agent) -> Consultation | None:
    """What the agent has before the eyes, with its fiche: one query, none of the log."""
    return Consultation.objects.in_hand_of(agent).by_reading().last()


def pick_up(agent) -> Appel:
    """Open a call and its first question; a second pick-up returns the call in progress."""
    now = timezone.now()
    try:
        with transaction.atomic():
            appel = Appel.objects.create(agent=agent, commence_le=now)
            Demande.objects.create(appel=appel, rang=1, commence_le=now)
    except IntegrityError:
        return Appel.objects.of_agent(agent).open().get()
    return appel


def current_question(appel: Appel) -> Demande:
    """The question being dealt with: the last one not closed."""
    demande = appel.demandes.current().last()
    if demande is None:
        raise AppelImpossible("Cet appel est clos.")
    return demande


@transaction.atomic
def begin_question(
    appel: Appel, *, words: str = "", note: str = "", confirmed: Collection[str] = ()
) -> Demande:
    """Close the current question with its proposed outcome and open the next line.

    `words` are those in the search box, `note` the line being typed. A question for which nothing
    was done is the next line already. While a sector has not answered, the question stays: raises
    `escalate.TransfertImpossible`; `NoteRefusee` for a note that identifies somebody.
    """
    Appel.objects.select_for_update().get(pk=appel.pk)
    demande = current_question(appel)
    note_search(demande, words=words)
    if note:
        write_note(demande, note=note, confirmed=confirmed)
    if is_blank(demande):
        return demande
    escalate.settle(demande, caller_left=False)
    _conclude(demande, issue=propose_outcome(demande))
    return Demande.objects.create(appel=appel, rang=demande.rang + 1, commence_le=timezone.now())


def is_blank(demande: Demande) -> bool:
    """Whether nothing was asked, noted, read, given or transferred for the question."""
    return not (
        demande.question
        or demande.note
        or demande.consultations.exists()
        or demande.orientations.exists()
        or demande.transferts.exists()
    )


@transaction.atomic
def open_fiche(demande: Demande, *, fiche, words: str = "") -> Consultation:
    """Record that the fiche is read for the question, and the words that led to it."""
    note_search(demande, words=words)
    misses.opened(_piste(demande), texte=clean_words(words), fiche=fiche)
    return consult(demande, fiche=fiche)


def clean_words(text: str) -> str:
    """Search words as they may be kept: on one line, masked, cut."""
    return mask(" ".join(text[: 4 * WORDS_MAX].replace("\0", " ").split()))[:WORDS_MAX]


def note_search(demande: Demande, *, words: str) -> None:
    """Keep the words as the question asked, and among the searches made for it."""
    words = clean_words(words)
    if not words or words == demande.question:
        return
    demande.question = words
    if words not in demande.recherches:
        demande.recherches = [*demande.recherches, words]
    demande.save(update_fields=["question", "recherches"])


def _piste(demande: Demande) -> str:
    """The name under which the searches of a question are followed until it is over."""
    return f"{demande.appel.agent_id}:{demande.pk}"


def follow_search(agent, *, demande_pk: int | None, words: str, results: int) -> None:
    """Remember a search as typed, for what it tells once the question is over.

    The question is the one the page names: asking the database at each letter would cost a query.
    Another agent's cannot be reached.
    """
    if demande_pk:
        misses.note(f"{agent.pk}:{demande_pk}", texte=words, resultats=results)


def find_body(demande: Demande, *, words: str) -> None:
    """Record the words by which a body was found."""
    note_search(demande, words=words)
    if words:
        misses.opened(_piste(demande), texte=clean_words(words))


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
    prefetch_related_objects([demande], _BODIES)


def give_outside(demande: Demande, *, titre: str, said: str) -> OrientationDonnee:
    """Record that an outside body, which the directory does not hold, was given to the caller."""
    orientation, _ = OrientationDonnee.objects.get_or_create(
        demande=demande,
        organisme=None,
        exterieur=titre[:200],
        defaults={"dit": said, "donnee_le": timezone.now()},
    )
    return orientation


def write_note(demande: Demande, *, note: str, confirmed: Collection[str] = ()) -> None:
    """Keep the agent's line; raises `NoteRefusee` when it identifies somebody, or may."""
    refuse_identifiers(note, confirmed=answers(demande, confirmed=confirmed))
    demande.note = note.strip()[:500]
    demande.save(update_fields=["note"])


def answers(demande: Demande, *, confirmed: Collection[str]) -> set[str]:
    """The doubts that are answered: those of the page, and those of the note as it was kept."""
    return {*confirmed, *(signs(demande.note) if demande.note else ())}


def refuse_identifiers(text: str, *, confirmed: Collection[str] = ()) -> None:
    """Raise `NoteRefusee`, with the reason in French, for a text that would identify somebody."""
    try:
        guard(text, confirmed=confirmed)
    except TexteRefuse as refusal:
        raise NoteRefusee(refusal.examen) from refusal


def propose_outcome(demande: Demande) -> str:
    """The outcome code that follows from what was done for the question."""
    if any(transfert.etat in ESCALADES for transfert in demande.transferts.all()):
        return ESCALADE
    if any(orientation.exterieur for orientation in demande.orientations.all()):
        return ORIENTE  # the case of the fiche says to go elsewhere
    natures = {consultation.fiche.nature for consultation in demande.consultations.all()}
    if Nature.REPONSE in natures:
        return REPONDU
    if demande.orientations.all() or Nature.ESCALADE in natures:
        return ORIENTE
    return PAS_DE_FICHE if demande.question else ABANDONNE


@transaction.atomic
def close(
    appel: Appel,
    *,
    outcome: str,
    note: str = "",
    useful: bool | None = None,
    words: str = "",
    confirmed: Collection[str] = (),
) -> Appel:
    """Close the current question with its outcome, then the call.

    A transfer still offered keeps the call open, unless the outcome says that nobody is there to
    be transferred; an accepted one becomes transferred. « Escaladé » needs a transfer that a sector
    has not sent back. An empty last line is dropped, unless its outcome was chosen.
    """
    demande = current_question(appel)
    refuse_identifiers(note, confirmed=answers(demande, confirmed=confirmed))
    note_search(demande, words=words)
    demande.note = note.strip()[:500]
    issue = CodeIssue.objects.filter(code=outcome).first()
    if issue is None:
        raise AppelImpossible("Choisissez une issue avant de clore.")
    escalate.settle(demande, caller_left=issue.sans_question, escalated=issue.code == ESCALADE)
    proposed = propose_outcome(demande)
    if issue.code == ESCALADE != proposed:
        raise AppelImpossible("Aucun secteur n'a pris cet appel\u00a0: choisissez une autre issue.")
    if demande.rang > 1 and is_blank(demande) and issue.code == proposed:
        misses.ended(_piste(demande))
        demande.delete()
    else:
        demande.fiche_utile = useful
        _conclude(demande, issue=issue.code)
    appel.termine_le = timezone.now()
    appel.save(update_fields=["termine_le"])
    return appel


def _conclude(demande: Demande, *, issue: str) -> None:
    demande.issue_id = issue
    demande.secteur_id = _sector_of(demande)
    demande.termine_le = timezone.now()
    demande.save()
    _teach(demande, misses.ended(_piste(demande)))


def _teach(demande: Demande, piste: misses.Piste) -> None:
    """Let the search learn from the fiche that answered: the last answer fiche of the question.

    By the words that opened it; where these are not known, by those of the question when it was
    searched only once. Nothing is learnt from a fiche that the agent did not find useful.
    """
    if demande.issue_id != REPONDU or demande.fiche_utile is False:
        return
    consultation = demande.consultations.of_answers().by_reading().last()
    if consultation is None:
        return
    words = piste.words_that_opened(consultation.fiche.reference)
    if not words and len(demande.recherches) == 1:
        words = demande.recherches[0]
    learn.teach(words, fiche=consultation.fiche, count=count_fiches)


def _sector_of(demande: Demande) -> int | None:
    """The sector that took the question, else the one its fiche belongs to."""
    transfert = demande.transferts.filter(etat__in=ESCALADES).last()
    if transfert is not None:
        return transfert.secteur_id
    consultation = demande.consultations.with_sector().by_reading().last()
    if consultation is None:
        return None
    cible = find_target(read(consultation).cible)
    secteur = escalate.designated_sector(consultation.fiche, cible)
    return secteur.pk if secteur else None
