"""What a page puts around the form of a proposition: its addresses, and who else writes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge import opened, propose
from knowledge.enums import EtatProposition, GesteProposition
from knowledge.models import EtapeProposition, Fiche, Proposition

_ASKED = ("controle", "enregistrer", "apercu", "dessin")


def addresses(fiche: Fiche | None) -> dict[str, str]:
    """Where the form asks while it is typed, and finds fiches to link."""
    place = [fiche.reference] if fiche else []
    asked = {name: reverse(f"edition-{name}", args=place) for name in _ASKED}
    return asked | {"liens": reverse("edition-liens")}


def edit_address(fiche: Fiche, *, by: Agent) -> str:
    """The page where this agent writes on the fiche."""
    if by.role == Role.REDACTEUR:
        return reverse("admin:knowledge_fiche_change", args=[fiche.pk])
    return reverse("redaction-fiche", args=[fiche.reference])


def own_proposition(fiche: Fiche | None, *, by: Agent) -> Proposition | None:
    """The one the agent has in writing on the fiche, with the fiche; None before the first save."""
    if fiche is None:
        return None
    return Proposition.objects.of_fiche(fiche).of_author(by).in_writing().for_page().first()


def writing_others(fiche: Fiche, *, by: Agent) -> list[Any]:
    """`propose.others_on`, each with ``noms``, what it changes as the forms call it; one query."""
    others: list[Any] = propose.others_on(fiche, by=by)
    for other in others:
        other.noms = propose.labels(other.champs)
    return others


def only_opened(fiche: Fiche, *, by: Agent, writing: list[Any]) -> list[Agent]:
    """Those who opened the form lately and keep nothing in it yet (``writing``: who does)."""
    keys = opened.note(fiche, by=by) - {other.auteur_id for other in writing}
    return list(Agent.objects.in_bulk(keys).values()) if keys else []


def sent_back(proposition: Proposition) -> EtapeProposition | None:
    """What a reviewer asks its author to correct; None when nothing is asked."""
    if proposition.etat != EtatProposition.A_CORRIGER:
        return None
    return proposition.etapes.filter(geste=GesteProposition.CORRIGER).last()


def last_taken_back(fiche: Fiche | None, *, by: Agent) -> Proposition | None:
    """The agent's last proposition on the fiche, when it was withdrawn or set aside."""
    if fiche is None:
        return None
    last = Proposition.objects.of_fiche(fiche).of_author(by).for_list().first()
    over = (EtatProposition.RETIREE, EtatProposition.ECARTEE)
    return last if last is not None and last.etat in over else None
