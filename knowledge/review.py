"""When each fiche is to be read again, by risk; and the reading itself.

Risk is use × volatility: a fiche often opened, often changed, that tells amounts or dates, is read
again every three months; one that nobody opens and that never moves, every two years. The days are
spread over working days, so that none has more than its quota, and a plan once made stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge.enums import Etat, Importance, Risque
from knowledge.models import Fiche, Parution, Proposition, UsageFiche

VERIFIEE = "Vérifiée, rien à changer"
"""The line of history of a verification; agents' reports before it are answered by it."""
PAR_ERREUR, ANNULEE = "Vérifiée par erreur", "Vérification annulée"
USE = timedelta(days=90)
CHANGES = timedelta(days=730)
MOIS = {Risque.CRITIQUE: 3, Risque.ELEVE: 6, Risque.MOYEN: 12, Risque.FAIBLE: 24}
"""Months from one reading to the next, the shortest first."""
# Calls in `USE` from which a fiche is used, or much used.
USED, MUCH_USED = 30, 300
# Versions published in `CHANGES` from which a fiche moves.
MOVES = 3
YOUNG = timedelta(days=180)
"""A fiche first published since then has not proved itself yet."""
# From which a freed day is worth moving a review that stands late of its class.
WORTH_MOVING = timedelta(days=30)
_DAY = timedelta(days=1)
_SATURDAY = 5
# An amount, or a day, as fiches write them.
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
FIGURES = rf"[0-9][\s\u00a0\u202f]*(€|euros?\M)|\m({_MONTHS})\s20[0-9]{{2}}"


class RevueImpossible(Exception):
    """The fiche was not marked as verified; the message, in French, says why."""


@dataclass(frozen=True, slots=True)
class Suivi:
    """What the plan knows of a published fiche."""

    pk: int
    lue: date
    """The day it was last read against its sources, or changed."""
    prevue: date | None
    appels: int = 0
    versions: int = 0
    """Published in the last two years."""
    changements: int = 0
    """Those of them that changed an answer."""
    chiffres: bool = False
    """It tells an amount or a day."""
    jeune: bool = False


# Risk ---------------------------------------------------------------------------------------------


def risk_of(suivi: Suivi) -> Risque:
    """The class of a fiche: its use (0 to 2) and its volatility (0 to 3), added."""
    use = (suivi.appels >= USED) + (suivi.appels >= MUCH_USED)
    moves = (suivi.versions >= MOVES) + (suivi.changements > 0) + suivi.chiffres + suivi.jeune
    match use + min(moves, 3):
        case 5 | 4:
            return Risque.CRITIQUE
        case 3:
            return Risque.ELEVE
        case 2 | 1:
            return Risque.MOYEN
    return Risque.FAIBLE


def _due(lue: date, risque: Risque) -> date:
    return _months_later(lue, MOIS[risque])


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - _DAY).day))


def planned_as(suivi: Suivi) -> Risque | None:
    """The class for which its day was chosen: the safest whose time had gone by then.

    None when there is no plan, or when it was read since: the day comes too early for any class.
    """
    if suivi.prevue is None:
        return None
    gone = [risque for risque in MOIS if _due(suivi.lue, risque) <= suivi.prevue]
    return gone[-1] if gone else None


# The plan -----------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _feasts(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Neither a week-end nor a public holiday in Paris."""
    return day.weekday() < _SATURDAY and day not in _feasts(day.year)


class _Diary:
    """How many reviews each day holds, and the first day with room."""

    def __init__(self, taken: Mapping[date, int], *, quota: int) -> None:
        self.taken = Counter(taken)
        self.quota = quota
        self._next: dict[date, date] = {}

    def first_free(self, day: date) -> date:
        """The first working day with room, that day or later."""
        passed = []
        while not (is_working_day(day) and self.has_room(day)):
            passed.append(day)
            day = self._next.get(day, day + _DAY)
        for each in passed:
            self._next[each] = day
        return day

    def has_room(self, day: date) -> bool:
        return self.taken[day] < self.quota

    def book(self, day: date) -> date:
        self.taken[day] += 1
        return day

    def release(self, day: date) -> None:
        self.taken[day] -= 1
        self._next.clear()


def plan(suivis: Iterable[Suivi], *, on: date, quota: int) -> dict[int, date]:
    """The day of the next review of each fiche, by key: those that have one to be changed only.

    A day that has come stays until the fiche is read. A day to come stays too, unless the class
    changed, the day is over its quota or is not worked, or a review late of its class can come
    `WORTH_MOVING` earlier. The others take the first free day from the one their class asks for,
    those at risk first.
    """
    if quota < 1:
        raise ValueError("quota")
    diary = _Diary({}, quota=quota)
    moving: list[tuple[Suivi, Risque]] = []
    late: list[tuple[Suivi, Risque]] = []
    for suivi, risque in _by_risk(suivis):
        day, chosen = suivi.prevue, planned_as(suivi)
        if day is None or chosen is None:
            moving.append((suivi, risque))
        elif day <= on:
            continue
        elif not is_working_day(day) or not diary.has_room(day) or MOIS[chosen] < MOIS[risque]:
            moving.append((suivi, risque))
        else:
            diary.book(day)
            if chosen != risque:
                late.append((suivi, risque))
    found = _bring_forward(late, diary, on=on)
    for suivi, risque in moving:
        found[suivi.pk] = diary.book(diary.first_free(_earliest(suivi, risque, on=on)))
    return found


def _by_risk(suivis: Iterable[Suivi]) -> list[tuple[Suivi, Risque]]:
    """Each fiche with its class, those at risk first, then those read longest ago."""
    ranked = [(suivi, risk_of(suivi)) for suivi in suivis]
    ranked.sort(key=lambda each: (MOIS[each[1]], each[0].lue, -each[0].appels, each[0].pk))
    return ranked


def _bring_forward(late: list[tuple[Suivi, Risque]], diary: _Diary, *, on: date) -> dict[int, date]:
    """Earlier days for reviews that stand late of their class, as long as one gains enough."""
    found: dict[int, date] = {}
    moved = True
    while moved:  # a day that one leaves may be worth it for another
        moved = False
        for suivi, risque in late:
            now = found.get(suivi.pk, suivi.prevue)
            day = diary.first_free(_earliest(suivi, risque, on=on))
            if now is not None and now - day >= WORTH_MOVING:
                diary.release(now)
                found[suivi.pk] = diary.book(day)
                moved = True
    return found


def _earliest(suivi: Suivi, risque: Risque, *, on: date) -> date:
    return max(_due(suivi.lue, risque), on + _DAY)


@transaction.atomic
def plan_all(*, on: date) -> int:
    """Plan the review of every published fiche; returns how many days changed.

    One that agents no longer read has no review to come. Nothing is written in the history.
    """
    Fiche.objects.exclude(etat=Etat.PUBLIEE).exclude(a_revoir_le=None).update(a_revoir_le=None)
    days = plan(follow(on=on), on=on, quota=settings.REVUES_PAR_JOUR)
    changed = [Fiche(pk=pk, a_revoir_le=day) for pk, day in days.items()]
    Fiche.objects.bulk_update(changed, ["a_revoir_le"], batch_size=500)
    return len(changed)


def follow(*, on: date, only: int | None = None) -> list[Suivi]:
    """What the plan has to know of each published fiche, or of one; four queries."""
    fiches = Fiche.objects.published()
    if only is not None:
        fiches = fiches.filter(pk=only)
    keys = fiches.values("pk")
    used = UsageFiche.objects.since(on - USE).filter(fiche__in=keys).by_fiche()
    calls = {row["fiche_id"]: row["appels"] for row in used}
    versions, answers, young = _published(keys, on=on)
    figures = _with_figures(fiches)
    rows = fiches.values_list(
        "pk", "a_revoir_le", "verifiee_le", "modifiee_le", "publiee_le", named=True
    )
    return [
        Suivi(
            pk=row.pk,
            lue=_last_read(row),
            prevue=row.a_revoir_le,
            appels=calls.get(row.pk, 0),
            versions=versions[row.pk],
            changements=answers[row.pk],
            chiffres=row.pk in figures,
            jeune=row.pk in young,
        )
        for row in rows
    ]


def _last_read(row) -> date:
    """As what agents are told of its age (`freshness`), else the day it was published."""
    days = [day for day in (row.verifiee_le, row.modifiee_le) if day]
    return max(days) if days else timezone.localdate(row.publiee_le)


def _published(keys, *, on: date) -> tuple[Counter[int], Counter[int], set[int]]:
    """Of each fiche the versions lately published, those that changed an answer; the new ones."""
    recent = Parution.objects.filter(fiche__in=keys, parue_le__date__gte=on - CHANGES)
    versions: Counter[int] = Counter()
    answers: Counter[int] = Counter()
    young = set()
    for pk, version, importance, instant in recent.values_list(
        "fiche_id", "version", "importance", "parue_le"
    ):
        versions[pk] += 1
        answers[pk] += importance == Importance.CHANGEMENT
        if version == 1 and on - timezone.localdate(instant) < YOUNG:
            young.add(pk)
    return versions, answers, young


def _with_figures(fiches) -> set[int]:
    """The keys of those that tell an amount or a day; read by PostgreSQL, texts stay there."""
    told = fiches.filter(Q(a_dire__regex=FIGURES) | Q(contenu__regex=FIGURES))
    return set(told.values_list("pk", flat=True))


# Reading ------------------------------------------------------------------------------------------


@transaction.atomic
def verify(fiche: Fiche, *, by: Agent, version: int) -> Fiche:
    """A rédacteur has read the fiche against its sources and nothing is to be changed.

    No proposition: not a word of what agents read changes, so there is nothing for a second person
    to compare. It is told in the history, by whom; the next review is planned at once.
    ``version`` is the one that was read. Raises `RevueImpossible`.
    """
    if by.role != Role.REDACTEUR:
        raise RevueImpossible("Seul un rédacteur de la DILA vérifie une fiche.")
    stored = Fiche.objects.select_for_update().get(pk=fiche.pk)
    if stored.etat != Etat.PUBLIEE:
        raise RevueImpossible(f"{stored.reference} n'est plus publiée.")
    if stored.version != version:
        raise RevueImpossible(f"{stored.reference} a changé pendant votre lecture.")
    if Proposition.objects.of_fiche(stored).pending().filter(champs__has_key="verifiee_le"):
        raise RevueImpossible(
            f"{stored.reference}\u00a0: une proposition en cours change sa date de vérification."
        )
    today = timezone.localdate()
    stored.verifiee_le = today
    stored.a_revoir_le = next_review(stored, on=today)
    return _write(stored, by=by, raison=VERIFIEE)


def next_review(fiche: Fiche, *, on: date) -> date:
    """The day of the next review of a published fiche that is read on that day."""
    suivi = follow(on=on, only=fiche.pk)[0]
    others = Fiche.objects.published().exclude(pk=fiche.pk).filter(a_revoir_le__gt=on)
    taken = dict(others.order_by().values_list("a_revoir_le").annotate(Count("pk")))
    diary = _Diary(taken, quota=settings.REVUES_PAR_JOUR)
    return diary.first_free(_due(on, risk_of(suivi)))


@transaction.atomic
def undo(fiche: Fiche, *, by: Agent, prevue: date | None) -> Fiche:
    """Take back one's own verification, as long as nothing else was done to the fiche since.

    ``prevue`` is the day of review it had. Raises `RevueImpossible`.
    """
    stored = Fiche.objects.select_for_update().get(pk=fiche.pk)
    last, before = [*stored.history.all()[:2], None][:2]
    own = last is not None and last.history_user_id == by.pk
    if not own or before is None or last.history_change_reason != VERIFIEE:
        raise RevueImpossible(f"{stored.reference} a changé depuis : elle reste ainsi.")
    stored.verifiee_le, stored.a_revoir_le = before.verifiee_le, prevue
    # It stays in the history, and answers no report any more.
    stored.history.filter(pk=last.pk).update(history_change_reason=PAR_ERREUR)
    return _write(stored, by=by, raison=ANNULEE)


def verified_at(keys: Iterable[int], *, since: datetime) -> dict[int, datetime]:
    """The instant of the last verification of each of these fiches that had one since then; one
    query."""
    verified = Fiche.history.filter(history_change_reason=VERIFIEE, history_date__gte=since)
    lines = verified.filter(id__any_of=list(keys)).order_by()
    return dict(lines.values_list("id").annotate(le=Max("history_date")))


def _write(stored: Fiche, *, by: Agent, raison: str) -> Fiche:
    stored._history_user = by  # type: ignore[attr-defined]
    stored._change_reason = raison  # type: ignore[attr-defined]
    stored.save(update_fields=["verifiee_le", "a_revoir_le"])
    return stored
