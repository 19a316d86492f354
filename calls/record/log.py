"""The log of the call in progress, as every page and region of the console reads it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from allo3939.shared.composed import Composed, hold
from calls.models import Appel, Consultation, Demande, OrientationDonnee, Transfert

_CALL = Composed(
    lambda agent: Appel.objects.of_agent(agent).open().select_related("commune__departement")
)
# One query for each table of the log that holds something: this is read at each action of an agent.
_OF_QUESTIONS: dict[str, Composed[Any]] = {
    "consultations": Composed(
        lambda appel: Consultation.objects.with_sector().filter(demande__appel=appel)
    ),
    "orientations": Composed(
        lambda appel: OrientationDonnee.objects.with_bodies().filter(demande__appel=appel)
    ),
    "transferts": Composed(
        lambda appel: Transfert.objects.select_related("secteur").filter(demande__appel=appel)
    ),
}
_QUESTIONS = Composed(
    lambda appel: (
        Demande.objects.filter(appel=appel).select_related("issue").telling(*_OF_QUESTIONS)
    )
)


def open_call(agent) -> Appel | None:
    """The agent's call in progress, with its whole log, or None; five queries at most."""
    appel = _CALL.first(agent.pk)
    if appel is None:
        return None
    appel.agent = agent  # known: not to be fetched again
    demandes = _QUESTIONS.ask(appel.pk)
    hold(appel, "demandes", demandes)
    for name, composed in _OF_QUESTIONS.items():
        rows: dict[int, list[Any]] = defaultdict(list)
        if any(getattr(demande, f"a_{name}") for demande in demandes):
            for row in composed.ask(appel.pk):
                rows[row.demande_id].append(row)
        for demande in demandes:
            hold(demande, name, rows[demande.pk])
    for demande in demandes:
        for consultation in demande.consultations.all():
            consultation.fiche.a_venir = consultation.a_venir  # told at the head of the fiche
    return appel
