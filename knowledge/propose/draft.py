"""Opening a proposition, saving it while it is typed, taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge.author import next_reference
from knowledge.enums import EN_ECRITURE, Etat, Importance, Nature, Origine, OrigineProposition
from knowledge.enums import GesteProposition as G
from knowledge.models import Fiche, Proposition
from knowledge.propose.fields import values
from knowledge.propose.rights import (
    PropositionDepassee,
    PropositionInterdite,
    check_author,
    check_fields,
    may_propose,
)
from knowledge.propose.states import explain, lock, move, tell

PREMIERE = "Première version"


@transaction.atomic
def open_proposition(
    fiche: Fiche,
    *,
    by: Agent,
    origine: str = OrigineProposition.REDACTION,
    contexte: dict[str, Any] | None = None,
) -> Proposition:
    """The agent's proposition on this fiche: the one in writing, else a new one.

    ``contexte`` has no identifier of anybody: its texts went through the anonymity guard. Raises
    `PropositionInterdite`.
    """
    if not may_propose(by, fiche):
        raise PropositionInterdite("Cette fiche n'est pas de votre secteur.")
    fiche = Fiche.objects.select_for_update().get(pk=fiche.pk)
    found = Proposition.objects.of_fiche(fiche).of_author(by).in_writing().for_page().first()
    if found is not None:
        return found
    proposition = Proposition.objects.create(
        fiche=fiche,
        auteur=by,
        origine=origine,
        contexte=contexte or {},
        motif="" if fiche.publiee_le else PREMIERE,
    )
    tell(proposition, G.OUVRIR, by=by)
    return proposition


@transaction.atomic
def create_fiche(
    *,
    by: Agent,
    nature: str = Nature.REPONSE,
    champs: dict[str, Any],
    origine: str = OrigineProposition.REDACTION,
    contexte: dict[str, Any] | None = None,
) -> Proposition:
    """A fiche to come: a draft that holds its reference and its owner, and the proposition of all
    the rest (``champs``, as in `values`).

    A partenaire or an informateur creates it in the sector. Raises `PropositionInterdite`.
    """
    if by.role != Role.REDACTEUR and by.secteur_id is None:
        raise PropositionInterdite("Seuls les rédacteurs et les secteurs écrivent des fiches.")
    owner = champs.get("secteur") if by.role == Role.REDACTEUR else by.secteur_id
    fiche = Fiche(
        reference=next_reference(),
        nature=nature,
        origine=Origine.ALLO3939,
        etat=Etat.BROUILLON,
        titre=str(champs.get("titre", "")) or "Sans titre",
        secteur_id=owner,
    )
    fiche._history_user = by  # type: ignore[attr-defined]
    fiche._change_reason = "Fiche à écrire"  # type: ignore[attr-defined]
    fiche.save()
    proposition = open_proposition(fiche, by=by, origine=origine, contexte=contexte)
    kept = {name: value for name, value in champs.items() if name != "secteur"}
    check_fields(by, fiche, kept)
    now = values(fiche)
    proposition.champs = {name: value for name, value in kept.items() if value != now[name]}
    proposition.base = {name: now[name] for name in proposition.champs}
    proposition.save()
    return proposition


@transaction.atomic
def save(
    proposition: Proposition,
    *,
    by: Agent,
    edited: Fiche,
    lue: int | None,
    revision: int,
    saisie: dict[str, list[str]] | None = None,
    motif: str = "",
    importance: str = Importance.PRECISION,
    effet_le: date | None = None,
) -> Proposition:
    """Keep what is typed, at each pause; nothing is checked but who writes what.

    ``edited`` is the fiche of `fields.as_typed` with the form's fields on it, ``lue`` the line of
    the fiche's history the form was built on, ``revision`` the proposition's, ``saisie`` the raw
    form while one of its fields is not valid. Only what the author changed since then is kept, so
    what a colleague published meanwhile is never undone in silence. Raises `PropositionInterdite`,
    and `PropositionDepassee` when another window saved first.
    """
    stored = lock(proposition)
    check_author(stored, by)
    if stored.etat not in EN_ECRITURE:
        raise PropositionDepassee(explain(stored))
    if stored.revision != revision:
        raise PropositionDepassee(
            "Cette proposition a été enregistrée dans une autre fenêtre\u00a0: rechargez la page."
        )
    seen = _seen(stored.fiche, lue) | stored.base
    after = values(edited)
    changed = {name: value for name, value in after.items() if value != seen[name]}
    check_fields(by, stored.fiche, changed)
    stored.champs, stored.base = changed, {name: seen[name] for name in changed}
    stored.saisie = saisie
    stored.motif, stored.importance, stored.effet_le = motif[:300], importance, effet_le
    stored.revision += 1
    stored.save()
    return stored


def _seen(fiche: Fiche, lue: int | None) -> dict[str, Any]:
    """The fields as the author had them on screen."""
    if lue is None:
        return values(fiche)
    past = fiche.history.filter(history_id=lue).first()
    return values(past.instance if past is not None else fiche)


@transaction.atomic
def withdraw(proposition: Proposition, *, by: Agent) -> Proposition:
    """Its author takes it back, at any time before it is published; `restart` undoes it."""
    stored = lock(proposition)
    check_author(stored, by)
    return move(stored, G.RETIRER, by=by)


@transaction.atomic
def restart(proposition: Proposition, *, by: Agent) -> Proposition:
    """Write again what was withdrawn, or set aside.

    Raises `PropositionDepassee` when the author has another one in writing on this fiche.
    """
    stored = lock(proposition)
    check_author(stored, by)
    own = Proposition.objects.of_fiche(stored.fiche).of_author(by)
    if own.in_writing().exists():
        raise PropositionDepassee("Vous écrivez déjà une autre proposition sur cette fiche.")
    return move(stored, G.REPRENDRE, by=by, approuvee_par="", tranches={})


@transaction.atomic
def revert(fiche: Fiche, *, to: int, by: Agent) -> Proposition:
    """A proposition that brings the fiche back to a line of its history.

    Raises `PropositionInterdite`, `PropositionDepassee` when the agent is writing another one or
    when the fiche is already as it was then, and `Fiche.history.model.DoesNotExist`.
    """
    past = fiche.history.get(history_id=to)
    own = Proposition.objects.of_fiche(fiche).of_author(by).in_writing()
    if own.exists():
        raise PropositionDepassee("Vous écrivez déjà une proposition sur cette fiche.")
    proposition = open_proposition(fiche, by=by, origine=OrigineProposition.RETOUR)
    now, then = values(proposition.fiche), values(past.instance)
    changed = {name: value for name, value in then.items() if value != now[name]}
    if not changed:
        raise PropositionDepassee("La fiche est déjà comme dans cette version.")
    check_fields(by, fiche, changed)
    proposition.champs = changed
    proposition.base = {name: now[name] for name in changed}
    proposition.motif = f"Retour à la version {past.version}"
    proposition.save()
    return proposition


def others_on(fiche: Fiche, *, by: Agent) -> list[Proposition]:
    """The propositions of others that are not over on this fiche, to be told to who writes."""
    return list(
        Proposition.objects.of_fiche(fiche).pending().exclude(auteur=by).select_related("auteur")
    )
