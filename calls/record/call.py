"""A call from pick-up to close: its questions one after the other, and its instants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from allo3939.shared.composed import Composed
from calls import escalate
from calls.models import Appel, CodeIssue, Demande
from calls.record.faults import AppelImpossible
from calls.record.outcome import (
    ESCALADE,
    check_outcome,
    find_code,
    propose_outcome,
    report_gap,
    sector_of,
    teach,
)
from calls.record.texts import note_search, piste_of, set_lines, write_lines
from knowledge import misses

_CALL = Composed(lambda agent: Appel.objects.open_of(agent))
_QUESTION = Composed(lambda agent: Demande.objects.in_hand_of(agent).order_by("-rang")[:1])
_CURRENT = Composed(
    lambda appel: Demande.objects.filter(appel=appel).current().order_by("-rang")[:1]
)


def call_in_hand(agent) -> Appel | None:
    """The agent's call in progress, None outside one: one query, none of the log."""
    return _CALL.first(agent.pk)


def question_in_hand(agent) -> Demande | None:
    """The question the agent is dealing with, None outside a call: one query, none of the log."""
    return _QUESTION.first(agent.pk)


def pick_up(agent) -> Appel:
    """Open a call and its first question; a second pick-up returns the call in progress."""
    now = timezone.now()
    try:
        with transaction.atomic():
            appel = Appel.objects.create(agent=agent, commence_le=now)
            Demande.objects.create(appel=appel, rang=1, commence_le=now)
    except IntegrityError:
        return Appel.objects.open_of(agent).get()
    return appel


def current_question(appel: Appel) -> Demande:
    """The question being dealt with: the last one not closed."""
    demande = _CURRENT.first(appel.pk)
    if demande is None:
        raise AppelImpossible("Cet appel est clos.")
    demande.appel = appel  # known: not to be fetched again
    return demande


@transaction.atomic
def begin_question(
    appel: Appel,
    *,
    words: str = "",
    outcome: str = "",
    confirmed: Collection[str] = (),
    **lines: str,
) -> Demande:
    """Close the current question and open the next line.

    The question ends with `outcome` when the agent chose one, else with the one proposed; either
    may ask for a line, as at the close: raises `LigneManquante`. `words` are those in the search
    box, `lines` those of `texts.LINES` being typed; an empty one leaves what was kept. A question
    for which nothing was done is the next line already. While a sector has not answered, the
    question stays: raises `escalate.TransfertImpossible`; `NoteRefusee` for a line that identifies
    somebody. A caller who asks again has not hung up, whatever key was pressed.
    """
    Appel.objects.select_for_update().get(pk=appel.pk)
    demande = current_question(appel)
    note_search(demande, words=words)
    typed = {name: text for name, text in lines.items() if text}
    if typed:
        write_lines(demande, confirmed=confirmed, **typed)
    if appel.raccroche_le and not appel.communications.exclude(raccroche_le=None).exists():
        resume(appel)
    if is_blank(demande):
        return demande
    issue = find_code(outcome or propose_outcome(demande))
    escalate.settle(demande, caller_left=False, escalated=issue.code == ESCALADE)
    check_outcome(demande, issue=issue)
    _conclude(demande, issue=issue, at=timezone.now())
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


def hang_up(appel: Appel) -> None:
    """The conversation is over, unless the telephone said so before; what follows is after-call."""
    now = timezone.now()
    Appel.objects.filter(pk=appel.pk, raccroche_le=None).open().update(raccroche_le=now)
    appel.refresh_from_db(fields=["raccroche_le"])


def resume(appel: Appel) -> None:
    """The conversation goes on after all; raises `AppelImpossible` when the telephone hung up."""
    if appel.communications.exclude(raccroche_le=None).exists():
        raise AppelImpossible("L'usager a raccroché\u00a0: la conversation ne peut pas reprendre.")
    appel.raccroche_le = None
    appel.save(update_fields=["raccroche_le"])


def save_usefulness(demande: Demande, *, useful: bool | None) -> None:
    """Whether the fiche was useful, as soon as the agent says so; None says nothing."""
    if useful is None:
        return
    demande.fiche_utile = useful
    demande.save(update_fields=["fiche_utile"])


@transaction.atomic
def close(
    appel: Appel,
    *,
    outcome: str,
    useful: bool | None = None,
    words: str = "",
    confirmed: Collection[str] = (),
    at: datetime | None = None,
    **lines: str,
) -> Appel:
    """Close the current question with its outcome, then the call.

    `lines` are those of `texts.LINES`, `confirmed` the doubts that the agent answered. A transfer
    still offered keeps the call open, unless the outcome says that nobody is there to be
    transferred; an accepted one becomes transferred. An empty last line is dropped, unless its
    outcome was chosen. `at` is the instant of the close when it is not now: it was done without
    network. Raises `AppelImpossible`.
    """
    at = at or timezone.now()
    demande = current_question(appel)
    set_lines(demande, confirmed=confirmed, **lines)
    note_search(demande, words=words)
    issue = find_code(outcome)
    escalate.settle(demande, caller_left=issue.sans_question, escalated=issue.code == ESCALADE)
    if demande.rang > 1 and is_blank(demande) and issue.code == propose_outcome(demande):
        misses.ended(piste_of(demande), agent=appel.agent_id)
        demande.delete()
    else:
        check_outcome(demande, issue=issue)
        demande.fiche_utile = useful
        if useful is not False:
            demande.motif_inutile = ""
        _conclude(demande, issue=issue, at=at)
    appel.raccroche_le, appel.termine_le = appel.raccroche_le or at, at
    appel.save(update_fields=["raccroche_le", "termine_le"])
    return appel


def _conclude(demande: Demande, *, issue: CodeIssue, at: datetime) -> None:
    if not issue.demande_precision:
        demande.precision = ""
    demande.issue = issue
    demande.secteur_id = sector_of(demande)
    demande.termine_le = at
    demande.save()
    teach(demande, misses.ended(piste_of(demande), agent=demande.appel.agent_id))
    report_gap(demande)
