"""What waits on fiches: propositions, conflicts, what agents said, pins, reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import FloatField, Func
from django.db.models.functions import Coalesce, TruncDate

from allo3939.accounts.models import Agent
from allo3939.redaction.inbox.items import (
    NAMING,
    OF_FICHE,
    Affaire,
    Genre,
    Pour,
    about,
    day_of,
)
from allo3939.shared.composed import Composed
from allo3939.shared.days import day_in_words
from calls.feedback import fed_back
from calls.usage import STAKE, days_ago
from knowledge import pins, review
from knowledge.enums import EN_ECRITURE, Etat, EtatProposition, Importance
from knowledge.freshness import label
from knowledge.models import Conflit, Epingle, Fiche, Proposition

AHEAD = timedelta(days=7)
TAKEN = (*EN_ECRITURE, EtatProposition.A_RELIRE, EtatProposition.APPROUVEE)
"""States in which somebody is already changing the fiche."""
_OWN = (
    *("pk", "motif", "importance", "effet_le", "etat", "approuvee_par", "blocage", "jour"),
    *("auteur_id", "auteur__username", "auteur__poste", "auteur__site"),
)
_DATES = ("verifiee_le", "modifiee_le", "a_revoir_le", "importante_le")
# Django's own `Extract` would count them on the clock of Paris.
_SECONDS = Func(
    "publiee_le",
    template="extract(epoch FROM %(expressions)s)::double precision",
    output_field=FloatField(),
)
_PENDING: Composed[Any] = Composed(
    lambda: (
        Proposition.objects.pending()
        .annotate(jour=TruncDate(Coalesce("soumise_le", "modifiee_le")))
        .order_by("pk")
        .values_list(*_OWN, *OF_FICHE, named=True)
    )
)
_CONFLICTS: Composed[Any] = Composed(
    lambda: (
        Conflit.objects.open()
        .order_by("pk")
        .values_list("pk", "changements", "ouvert_le", *OF_FICHE, named=True)
    )
)
_TOLD: Composed[Any] = Composed(
    lambda keys: (
        Fiche.objects.published()
        .filter(pk__any_of=keys)
        .annotate(publiee=_SECONDS)
        .values_list(*NAMING, "publiee", "verifiee_le", named=True)
    )
)
_DUE: Composed[Any] = Composed(
    lambda on: Fiche.objects.to_review(on=on).values_list(*NAMING, *_DATES, named=True)
)
_FAILING: Composed[Any] = Composed(
    lambda: (
        Epingle.objects.failing()
        .order_by("pk")
        .values_list("pk", "mots", "rang_constate", "verifiee_le", *OF_FICHE, named=True)
    )
)
_FICHE, _PROPOSITION = "admin:knowledge_fiche_change", "admin:knowledge_proposition_change"


def pending_propositions() -> list[Any]:
    """All that are not over, with what their lines say: one query."""
    return _PENDING.ask()


def of_propositions(rows: Collection[Any], *, agent: Agent, on: date) -> Iterator[Affaire]:
    """To approve, to take up again, blocked, programmed in the days to come."""
    for row in rows:
        own = row.auteur_id == agent.pk
        genre, pour = _way(row, own=own)
        if genre == Genre.PROGRAMMEE and row.effet_le > on + AHEAD:
            continue
        writing = own and row.etat in EN_ECRITURE
        yield Affaire(
            genre=genre,
            sait=(row.pk,),
            vue=_FICHE if writing else _PROPOSITION,
            objet=row.fiche__pk if writing else row.pk,
            dire=partial(_say_proposition, row, own=own),
            depuis=row.jour,
            pour=pour,
            **about(row),
        )


def _way(row: Any, *, own: bool) -> tuple[Genre, Pour]:
    """Where a proposition stands: its kind, and who has it in hand."""
    match row.etat:
        case EtatProposition.A_RELIRE:
            return Genre.A_RELIRE, Pour.AUTRE if own else Pour.TOUS
        case EtatProposition.APPROUVEE:
            return Genre.A_RELIRE, Pour.TOUS
        case EtatProposition.PROGRAMMEE:
            return Genre.EMPECHEE if row.blocage else Genre.PROGRAMMEE, Pour.TOUS
    return Genre.A_REPRENDRE, Pour.MOI if own else Pour.AUTRE


def _say_proposition(row: Any, *, own: bool) -> str:
    what = f"{Importance(row.importance).label}\u00a0: {row.motif or 'sans motif'}"
    place = " · ".join(part for part in (row.auteur__poste, row.auteur__site) if part)
    by = what if own else f"{what} · {place or row.auteur__username}"
    match row.etat:
        case EtatProposition.A_RELIRE:
            return by
        case EtatProposition.APPROUVEE:
            return f"Approuvée par {row.approuvee_par}, à publier · {what}"
        case EtatProposition.PROGRAMMEE:
            return row.blocage or f"{day_in_words(row.effet_le, 'l j F')} à 0\u00a0h · {by}"
        case EtatProposition.A_CORRIGER:
            return f"Renvoyée à corriger · {by}"
    return f"En cours d'écriture · {by}"


def of_conflicts() -> Iterator[Affaire]:
    """Imported fiches that changed under what the desk adds to them."""
    for row in _CONFLICTS.ask():
        yield Affaire(
            genre=Genre.CONFLIT,
            sait=(row.pk, row.fiche__version),
            vue="admin:knowledge_conflit_change",
            objet=row.pk,
            dire=partial("\u00a0; ".join, row.changements[:2]),
            depuis=day_of(row.ouvert_le),
            gestes=("garder",),
            **about(row),
        )


def of_feedback(*, busy: Collection[int], on: date) -> Iterator[Affaire]:
    """Fiches that agents found insufficient or useless since they were last published or verified.

    One being changed (``busy``) is already in somebody's hands.
    """
    told: dict[int, list[Any]] = defaultdict(list)
    for retour in fed_back(since=on - STAKE, on=on):
        if retour.fiche not in busy:
            told[retour.fiche].append(retour)
    rows = _TOLD.ask(list(told))
    first = on - STAKE
    lately = [row.pk for row in rows if row.verifiee_le is not None and row.verifiee_le >= first]
    verified = review.verified_at(lately, since=days_ago(on, STAKE))
    for row in rows:
        answered = row.publiee
        if row.pk in verified:
            answered = max(answered, verified[row.pk].timestamp())
        since = [each for each in told[row.pk] if each.le.timestamp() > answered]
        if not since:
            continue
        since.sort(key=attrgetter("le"), reverse=True)
        questions = [each.demande for each in since]
        yield Affaire(
            genre=Genre.RETOUR,
            sait=(row.pk, row.version, *questions[:5]),
            vue=_FICHE,
            objet=row.pk,
            dire=partial("{} fois insuffisante ou inutile".format, len(since)),
            depuis=day_of(since[-1].le),
            gestes=("verifier", "prendre"),
            retours=questions,
            **about(row, ""),
        )


def of_reviews(*, busy: Collection[int], on: date) -> Iterator[Affaire]:
    """Fiches whose day of review has come."""
    for row in _DUE.ask(on):
        if row.pk in busy:
            continue
        yield Affaire(
            genre=Genre.REVUE,
            sait=(row.pk, row.version),
            vue=_FICHE,
            objet=row.pk,
            dire=partial(_say_review, row, on=on),
            depuis=row.a_revoir_le,
            gestes=("verifier", "prendre"),
            **about(row, ""),
        )


def _say_review(row: Any, *, on: date) -> str:
    since = label(row, on=on).depuis
    return since[:1].upper() + since[1:] if since else "Sans date de vérification"


def of_pins() -> Iterator[Affaire]:
    """Pins whose fiche is not first any more, or gone."""
    for row in _FAILING.ask():
        since = row.verifiee_le or row.fiche__publiee_le
        words = f"«\u00a0{row.mots}\u00a0»"
        yield Affaire(
            genre=Genre.EPINGLE,
            sait=(row.pk,),
            vue="admin:knowledge_epingle_change",
            objet=row.pk,
            dire=partial(_say_pin, row),
            depuis=day_of(since) if since else date.min,
            **(about(row) | {"titre": f"{words} → {row.fiche__titre}"}),
        )


def _say_pin(row: Any) -> str:
    """Why a pin does not hold, in short: its page says which other passes before it."""
    reason = pins.REASONS.get(Etat(row.fiche__etat), "")
    if not reason and row.rang_constate is None:
        reason = "la recherche ne la trouve plus"
    elif not reason:
        reason = f"n° {row.rang_constate} de son groupe"
    return reason[:1].upper() + reason[1:]
