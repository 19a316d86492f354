"""A whole day, call after call, in the order of the pick-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.demo import refuse_outside_demonstration
from allo3939.accounts.models import Secteur
from calls.models import Appel
from calls.simulate import profile
from calls.simulate.clock import another_present
from calls.simulate.play import Scene, play_call
from calls.simulate.profile import JourImpossible
from calls.simulate.staff import PREFIX, Equipe
from calls.simulate.subjects import Sujets

PROBABILITY_MAX = 0.85  # that a question is for an open sector, on a day when few are open
# Calls of today picked up since might end after the present: they are left out.
STILL_GOING_ON = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Bilan:
    """What was made."""

    appels: int
    teleconseillers: int
    informateurs: int


def simulate_day(
    day: date,
    *,
    calls: int,
    seed: int | None = None,
    report: Callable[[int], object] | None = None,
) -> Bilan:
    """Make the calls of a day that is over, or of today so far; the same ones for the same seed
    and the same fiches.

    ``report`` is told how many are made, at each. Every call is one transaction. Raises
    `JourImpossible` for a day that is to come, closed or simulated already, and without any fiche;
    `ImproperlyConfigured` outside demonstration.
    """
    chance = Random(day.toordinal() if seed is None else seed)  # noqa: S311  # no secret
    refuse_outside_demonstration()
    pick_ups = _pick_ups(day, calls=calls, chance=chance)
    teleconseillers = Equipe()
    secteurs = {secteur.slug: secteur for secteur in Secteur.objects.all()}
    with another_present(profile.opening_hours(day)[0]) as clock:
        scene = Scene(
            chance=chance,
            clock=clock,
            sujets=Sujets(chance),
            secteurs=secteurs,
            informateurs={slug: Equipe(secteur) for slug, secteur in secteurs.items()},
            escalated=0.0,
        )
        scene.escalated = _probability(scene, pick_ups)
        for made, instant in enumerate(pick_ups, start=1):
            clock.instant = instant
            agent = teleconseillers.free_at(instant)
            with transaction.atomic():
                play_call(scene, agent=agent)
            teleconseillers.busy(agent, until=clock.instant)
            if report:
                report(made)
    informateurs = sum(equipe.worked for equipe in scene.informateurs.values())
    return Bilan(len(pick_ups), teleconseillers.worked, informateurs)


def _pick_ups(day: date, *, calls: int, chance: Random) -> list[datetime]:
    now = timezone.now()
    if day > timezone.localdate(now):
        raise JourImpossible("Ce jour n'est pas encore venu.")
    if Appel.objects.on(day).filter(agent__username__startswith=PREFIX).exists():
        raise JourImpossible("Ce jour a déjà été simulé.")
    drawn = profile.draw_pick_ups(day, calls=calls, chance=chance)
    return [instant for instant in drawn if instant <= now - STILL_GOING_ON]


def _probability(scene: Scene, pick_ups: Iterable[datetime]) -> float:
    """How likely a question is for level 2 while its sector is open, so that over the day the
    service's share is, closed sectors included."""
    total = open_ = 0.0
    for instant in pick_ups:
        for slug, share in profile.SECTORS.items():
            total += share
            if slug in scene.secteurs and scene.is_open(slug, instant):
                open_ += share
    aimed_at = profile.ESCALATED / (profile.dealt_with() * profile.TAKEN)
    return min(PROBABILITY_MAX, aimed_at * total / open_) if open_ else 0.0
