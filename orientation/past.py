"""What was done to a body, by whom and when, in one list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orientation.close import restored
from orientation.enums import EtatCorrection
from orientation.models import Organisme

LATEST = 200  # rows of each kind


@dataclass(frozen=True, slots=True)
class Fait:
    """Something that happened to a body, in words."""

    le: datetime
    quoi: str
    par: str
    detail: str = ""


def read_past(organisme: Organisme) -> list[Fait]:
    """Corrections, reports and their answers, exceptional hours, verifications and imports, the
    latest first. Five queries, whatever the body went through."""
    versions = _versions(organisme)
    facts = [
        *_corrections(organisme),
        *_reports(organisme),
        *_days(organisme, signed={fact.quoi for fact in versions}),
        *versions,
    ]
    return sorted(facts, key=lambda fact: fact.le, reverse=True)


def _corrections(organisme: Organisme) -> list[Fait]:
    facts = []
    for each in organisme.corrections.with_author()[:LATEST]:
        label = each.get_champ_display()
        facts.append(Fait(each.cree_le, f"Correction\u00a0: {label}", str(each.auteur), each.motif))
        # What replaces another correction tells it, and so does the one that withdraws it.
        if each.finie_le and each.etat == EtatCorrection.RATTRAPEE:
            facts.append(Fait(each.finie_le, f"La source dit comme nous\u00a0: {label}", "import"))
    return facts


def _reports(organisme: Organisme) -> list[Fait]:
    facts = []
    for each in organisme.signalements.for_page().order_by("-cree_le")[:LATEST]:
        subject = each.get_objet_display()
        facts.append(
            Fait(each.cree_le, f"Signalement\u00a0: {subject}", str(each.auteur), each.precision)
        )
        if each.traite_le:
            answered = f"{each.get_etat_display()}\u00a0: {subject}"
            facts.append(Fait(each.traite_le, answered, str(each.traite_par), each.reponse))
    return facts


def _days(organisme: Organisme, *, signed: Collection[str]) -> list[Fait]:
    """Exceptional hours; ``signed``: what the history tells with who did it."""
    facts = []
    for each in organisme.horaires_exceptionnels.with_author()[:LATEST]:
        days = f"du {each.du:%d/%m/%Y} au {each.au:%d/%m/%Y}"
        facts.append(
            Fait(each.cree_le, f"Horaires exceptionnels {days}", str(each.auteur), each.motif)
        )
        if each.retire_le and restored(each) not in signed:
            facts.append(Fait(each.retire_le, restored(each), ""))
    return facts


def _versions(organisme: Organisme) -> list[Fait]:
    """The rows of history that a correction does not tell already: verifications, imports."""
    facts = []
    history: Any = organisme.history
    for each in history.select_related("history_user")[:LATEST]:
        reason = each.history_change_reason or "Modification"
        if reason.startswith("Correction"):
            continue
        by = str(each.history_user) if each.history_user else "import"
        facts.append(Fait(each.history_date, reason[:1].upper() + reason[1:], by))
    return facts
