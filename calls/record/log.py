"""The log of the call in progress, as every page and region of the console reads it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from allo3939.shared.composed import Composed, ask_together, hold
from calls.models import Appel, Consultation, Demande, OrientationDonnee, Transfert

_CALL = Composed(lambda agent: Appel.objects.open_of(agent).select_related("commune__departement"))
_QUESTIONS = Composed(lambda agent: Demande.objects.of_open_call(agent).select_related("issue"))
_OF_QUESTIONS: dict[str, Composed[Any]] = {
    "consultations": Composed(lambda agent: Consultation.objects.with_sector().of_open_call(agent)),
    "orientations": Composed(
        lambda agent: OrientationDonnee.objects.with_bodies().of_open_call(agent)
    ),
    "transferts": Composed(
        lambda agent: Transfert.objects.select_related("secteur").of_open_call(agent)
    ),
}


def open_call(agent) -> Appel | None:
    """The agent's call in progress, with its whole log, or None: five queries, asked together."""
    asked = (_CALL, _QUESTIONS, *_OF_QUESTIONS.values())
    calls, demandes, *logs = ask_together(*((composed, (agent.pk,)) for composed in asked))
    appel = calls[0] if calls else None
    # Closed between two of the queries, its questions are missing, or are those of the next call.
    if appel is None or not demandes or demandes[0].appel_id != appel.pk:
        return None
    appel.agent = agent  # known: not to be fetched again
    hold(appel, "demandes", demandes)
    for name, log in zip(_OF_QUESTIONS, logs, strict=True):
        rows: dict[int, list[Any]] = defaultdict(list)
        for row in log:
            rows[row.demande_id].append(row)
        for demande in demandes:
            hold(demande, name, rows[demande.pk])
    for demande in demandes:
        for consultation in demande.consultations.all():
            consultation.fiche.a_venir = consultation.a_venir  # told at the head of the fiche
    return appel
