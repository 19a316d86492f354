"""Whom to ask: the sectors in their order, with what changes what the agent says."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from allo3939.accounts.models import Secteur
from calls import presence, wait
from calls.enums import SANS_SUITE
from calls.models import Transfert
from knowledge.models import Fiche
from knowledge.target import Cible
from orientation.hours import Ouverture, opening

FIRST_BODIES = 3  # digits left on the panel after the six sectors


@dataclass(frozen=True, slots=True)
class Route:
    """A sector that may receive the question, with what changes what the agent says."""

    rang: int
    secteur: Secteur
    designe: bool
    """The fiche designates it."""
    proche: bool
    """It is designated, or often confused with the one that is."""
    proposee: bool
    """It is the one to choose, unless the agent knows better."""
    disponibles: int
    attente: wait.Attente | None
    """None: the last hour does not tell."""
    ouverture: Ouverture

    @property
    def fermee(self) -> bool:
        return self.ouverture.etat == "ferme"


def designated_sector(fiche: Fiche | None, cible: Cible | None = None) -> Secteur | None:
    """The sector the question leads to: where the case reached leads (``cible``), else the target
    of the fiche, else its owner, else its theme's."""
    if cible is not None and cible.secteur is not None:
        return cible.secteur
    if fiche is None:
        return None
    return fiche.cible or fiche.secteur or (fiche.theme.secteur if fiche.theme else None)


def routes(
    fiche: Fiche | None, *, cible: Cible | None = None, last: Transfert | None = None
) -> list[Route]:
    """The sectors to offer: the one designated, by the case reached (``cible``) before the fiche,
    those the fiche is confused with, the others; closed ones last.

    `last`: the question's last transfer; a sector that has refused it, or let it expire, goes
    behind the other open ones, so that the second-best route comes first.
    """
    at = timezone.now()
    sectors = {secteur.slug: secteur for secteur in Secteur.objects.all()}
    designated, usual = designated_sector(fiche, cible), designated_sector(fiche)
    confused = fiche.confondu_avec if fiche is not None and designated is not None else []
    near = [*(secteur.slug for secteur in (designated, usual) if secteur), *confused]
    order = [slug for slug in dict.fromkeys([*near, *sectors]) if slug in sectors]
    hours = {slug: opening(sectors[slug].horaires, at=at) for slug in order}
    second_best = last is not None and last.etat in SANS_SUITE and designated is not None
    if last is not None and last.etat in SANS_SUITE:
        order.sort(key=lambda slug: slug == last.secteur.slug)
    order.sort(key=lambda slug: hours[slug].etat == "ferme")
    teams = presence.read_teams(at=at)
    waits = wait.expected_waits(teams, at=at)
    return [
        Route(
            rang=rank,
            secteur=sectors[slug],
            designe=designated is not None and slug == designated.slug,
            proche=slug in near,
            proposee=(
                rank == 1
                and hours[slug].etat != "ferme"
                and (second_best or (designated is not None and slug == designated.slug))
            ),
            disponibles=teams[slug].disponibles,
            attente=waits[slug],
            ouverture=hours[slug],
        )
        for rank, slug in enumerate(order, start=1)
    ]


def closed_bodies(found: list[Route]) -> list[Secteur]:
    """The sectors of the question that are closed and have a body to give instead, the designated
    one first."""
    closed = [route for route in found if route.fermee and route.proche and route.secteur.repli]
    closed.sort(key=lambda route: not route.designe)
    return [route.secteur for route in closed[:FIRST_BODIES]]


def other_sectors(secteur: Secteur) -> QuerySet[Secteur]:
    """The sectors to which this one may send a question on."""
    return Secteur.objects.exclude(pk=secteur.pk)
