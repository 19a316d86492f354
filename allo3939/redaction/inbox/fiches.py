"""What waits on fiches: propositions, conflicts, what agents said, pins, reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from allo3939.accounts.models import Agent
from allo3939.redaction.inbox.items import (
    NAMING,
    OF_FICHE,
    Affaire,
    Genre,
    Pour,
    about,
    day_of,
    key,
)
from calls.feedback import fed_back
from calls.usage import STAKE
from knowledge import pins, review
from knowledge.enums import EN_ECRITURE, Etat, EtatProposition
from knowledge.freshness import label
from knowledge.models import Conflit, Epingle, Fiche, Proposition

AHEAD = timedelta(days=7)
TAKEN = (*EN_ECRITURE, EtatProposition.A_RELIRE, EtatProposition.APPROUVEE)
"""States in which somebody is already changing the fiche."""
_OWN = (
    *("motif", "importance", "effet_le", "etat", "approuvee_par", "blocage", "modifiee_le"),
    *("soumise_le", "auteur__username", "auteur__poste", "auteur__site"),
)


def pending_propositions() -> list[Proposition]:
    """All that are not over, with what their lines say: one query."""
    rows = Proposition.objects.pending().order_by("pk")
    related = rows.select_related("auteur", "fiche__secteur", "fiche__theme__secteur")
    return list(related.only(*_OWN, *OF_FICHE))


def of_propositions(
    propositions: Collection[Proposition], *, agent: Agent, on: date
) -> Iterator[Affaire]:
    """To approve, to take up again, blocked, programmed in the days to come."""
    for proposition in propositions:
        own = proposition.auteur_id == agent.pk
        genre, dit, pour = _way(proposition, own=own)
        if genre == Genre.PROGRAMMEE and proposition.effet_le and proposition.effet_le > on + AHEAD:
            continue
        written = proposition.etat in EN_ECRITURE
        yield Affaire(
            genre=genre,
            cle=key(genre, proposition.pk),
            dit=dit,
            url=reverse("admin:knowledge_fiche_change", args=[proposition.fiche_id])
            if written and own
            else reverse("admin:knowledge_proposition_change", args=[proposition.pk]),
            depuis=day_of(proposition.soumise_le or proposition.modifiee_le),
            pour=pour,
            **about(proposition.fiche),
        )


def _way(proposition: Proposition, *, own: bool) -> tuple[Genre, str, Pour]:
    """Where a proposition stands: its kind, what is said of it, who has it in hand."""
    what = f"{proposition.get_importance_display()}\u00a0: {proposition.motif or 'sans motif'}"
    by = f"{what} · {proposition.auteur}"
    match proposition.etat:
        case EtatProposition.A_RELIRE:
            return Genre.A_RELIRE, by, Pour.AUTRE if own else Pour.TOUS
        case EtatProposition.APPROUVEE:
            agreed = f"Approuvée par {proposition.approuvee_par}, à publier"
            return Genre.A_RELIRE, f"{agreed} · {what}", Pour.TOUS
        case EtatProposition.PROGRAMMEE if proposition.blocage:
            return Genre.EMPECHEE, proposition.blocage, Pour.TOUS
        case EtatProposition.PROGRAMMEE:
            day = date_format(proposition.effet_le, "l j F")  # type: ignore[arg-type]
            return Genre.PROGRAMMEE, f"{day} à 0\u00a0h · {by}", Pour.TOUS
    back = proposition.etat == EtatProposition.A_CORRIGER
    state = "Renvoyée à corriger" if back else "En cours d'écriture"
    if own:
        return Genre.A_REPRENDRE, f"{state} · {what}", Pour.MOI
    return Genre.A_REPRENDRE, f"{state} · {by}", Pour.AUTRE


def of_conflicts() -> Iterator[Affaire]:
    """Imported fiches that changed under what the desk adds to them."""
    rows = Conflit.objects.open().select_related("fiche__secteur", "fiche__theme__secteur")
    for conflit in rows.only("changements", "ouvert_le", *OF_FICHE):
        yield Affaire(
            genre=Genre.CONFLIT,
            cle=key(Genre.CONFLIT, conflit.pk, conflit.fiche.version),
            dit="\u00a0; ".join(conflit.changements[:2]),
            url=reverse("admin:knowledge_conflit_change", args=[conflit.pk]),
            depuis=day_of(conflit.ouvert_le),
            gestes=("garder",),
            **about(conflit.fiche),
        )


def of_feedback(*, busy: Collection[int], on: date) -> Iterator[Affaire]:
    """Fiches that agents found insufficient or useless since they were last published or verified.

    One being changed (``busy``) is already in somebody's hands.
    """
    told: dict[int, list[Any]] = defaultdict(list)
    for retour in fed_back(since=on - STAKE, on=on):
        if retour.fiche not in busy:
            told[retour.fiche].append(retour)
    verified = review.verified_at(told)
    for fiche in _named(told):
        seen = verified.get(fiche.pk)
        answered = max(filter(None, (fiche.publiee_le, seen)))
        since = [each for each in told[fiche.pk] if each.le > answered]
        if not since:
            continue
        since.sort(key=lambda each: each.le, reverse=True)
        count = len(since)
        yield Affaire(
            genre=Genre.RETOUR,
            cle=key(Genre.RETOUR, fiche.pk, fiche.version, *(each.demande for each in since[:5])),
            dit=f"{count} fois insuffisante ou inutile",
            url=reverse("admin:knowledge_fiche_change", args=[fiche.pk]),
            depuis=day_of(since[-1].le),
            gestes=("verifier", "prendre"),
            retours=[each.demande for each in since],
            **about(fiche),
        )


def of_reviews(*, busy: Collection[int], on: date) -> Iterator[Affaire]:
    """Fiches whose day of review has come."""
    due = Fiche.objects.to_review(on=on).select_related("secteur", "theme__secteur")
    for fiche in due.only(*NAMING, "verifiee_le", "modifiee_le", "a_revoir_le", "importante_le"):
        if fiche.pk in busy or fiche.a_revoir_le is None:
            continue
        yield Affaire(
            genre=Genre.REVUE,
            cle=key(Genre.REVUE, fiche.pk, fiche.version),
            dit=label(fiche, on=on).depuis.capitalize() or "Sans date de vérification",
            url=reverse("admin:knowledge_fiche_change", args=[fiche.pk]),
            depuis=fiche.a_revoir_le,
            gestes=("verifier", "prendre"),
            **about(fiche),
        )


def of_pins() -> Iterator[Affaire]:
    """Pins whose fiche is not first any more, or gone."""
    rows = Epingle.objects.failing().select_related("fiche__secteur", "fiche__theme__secteur")
    for epingle in rows.only("mots", "actif", "rang_constate", "verifiee_le", *OF_FICHE):
        since = epingle.verifiee_le or epingle.fiche.publiee_le
        yield Affaire(
            genre=Genre.EPINGLE,
            cle=key(Genre.EPINGLE, epingle.pk),
            dit=_fallen(epingle),
            url=reverse("admin:knowledge_epingle_change", args=[epingle.pk]),
            depuis=day_of(since) if since else date.min,
            **(dict(about(epingle.fiche)) | {"titre": str(epingle)}),
        )


def _fallen(epingle: Epingle) -> str:
    """Why a pin does not hold, in short: its page says which other passes before it."""
    reason = pins.REASONS.get(Etat(epingle.fiche.etat), "")
    if not reason and epingle.rang_constate is None:
        reason = "la recherche ne la trouve plus"
    elif not reason:
        reason = f"n° {epingle.rang_constate} de son groupe"
    return reason[:1].upper() + reason[1:]


def _named(keys: Collection[int]):
    rows = Fiche.objects.published().filter(pk__in=keys)
    return rows.select_related("secteur", "theme__secteur").only(*NAMING)
