"""Putting right a closed question, the same day, by the agent who closed it.

Each change leaves its line: the former value, the new one, who and when. Going back is one more
change. What the search learnt from the former outcome follows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from allo3939.shared.anonymity import signs
from calls.models import Demande, Rectification
from calls.record import AppelImpossible, outcome, texts

UTILE = {"oui": True, "non": False, "": None}
CHAMPS = ("issue", "fiche_utile", *texts.LINES)
"""What may be put right."""


class RectificationImpossible(AppelImpossible):
    """The question may not be put right; the message is for the agent."""


def may_rectify(demande: Demande, *, by) -> bool:
    """Whether the agent may put the question right now: an own one, closed, begun today."""
    return (
        demande.appel.agent_id == by.pk
        and demande.termine_le is not None
        and timezone.localdate(demande.appel.commence_le) == timezone.localdate()
    )


@transaction.atomic
def rectify(
    demande: Demande, *, by, confirmed: Collection[str] = (), **values: Any
) -> list[Rectification]:
    """Put right the fields of `CHAMPS` given (``issue`` by its two letters); the lines it left.

    What does not change leaves no line. Raises `RectificationImpossible`, and as a close does
    `AppelImpossible` and `NoteRefusee`.
    """
    demande = Demande.objects.select_for_update(of=("self",)).with_call().get(pk=demande.pk)
    if not may_rectify(demande, by=by):
        raise RectificationImpossible(
            "Une question se rectifie le jour même, par l'agent qui l'a close."
        )
    before = _values(demande)
    taught = outcome.teaches(demande)
    if "issue" in values:
        demande.issue = outcome.find_code(values.pop("issue"))
    if "fiche_utile" in values:
        demande.fiche_utile = values.pop("fiche_utile")
    texts.set_lines(demande, confirmed=confirmed, **values)
    changed = _changes(demande, before, by=by)
    if demande.issue and any(line.champ in ("issue", "precision") for line in changed):
        outcome.check_outcome(demande, issue=demande.issue)
    demande.save(update_fields=CHAMPS)
    Rectification.objects.bulk_create(changed)
    if before["issue"] != (demande.issue_id or ""):
        outcome.retract_gap(demande, issue=before["issue"])
        outcome.report_gap(demande)
    if taught and not outcome.teaches(demande):
        outcome.unteach(demande)
    elif not taught and outcome.teaches(demande):
        outcome.teach(demande)
    return changed


def go_back(rectification: Rectification, *, by) -> list[Rectification]:
    """Put the former value back, as one more change."""
    value: Any = rectification.avant
    if rectification.champ == "fiche_utile":
        value = UTILE[value]
    # It was kept once: its doubts were answered then.
    answered = signs(rectification.avant)
    demande = rectification.demande
    return rectify(demande, by=by, confirmed=answered, **{rectification.champ: value})


def _values(demande: Demande) -> dict[str, str]:
    return {
        "issue": demande.issue_id or "",
        "fiche_utile": demande.utilite,
        **{name: getattr(demande, name) for name in texts.LINES},
    }


def _changes(demande: Demande, before: dict[str, str], *, by) -> list[Rectification]:
    after = _values(demande)
    return [
        Rectification(demande=demande, champ=name, avant=before[name], apres=after[name], auteur=by)
        for name in CHAMPS
        if before[name] != after[name]
    ]
