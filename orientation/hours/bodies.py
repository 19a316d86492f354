"""The hours of bodies of the directory, with what the desk knows better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta
from uuid import UUID

from allo3939.shared.composed import Composed, ask_together
from orientation.hours.state import Ouverture, opening
from orientation.hours.territory import by_own_clock, has_clock, zone_of, zones_of
from orientation.kinds import same_kinds
from orientation.models import Fermeture, HoraireExceptionnel, Organisme

_CLOSURES = Composed(lambda since: Fermeture.objects.in_force(since=since).order_by("du", "pk"))
_EXCEPTIONS = Composed(
    lambda since, bodies: (
        HoraireExceptionnel.objects.in_force(since=since)
        .filter(organisme__any_of=bodies)
        .order_by("pk")
    )
)
CLOCKS = timedelta(days=1)
"""More than what separates any clock of the country from that of Paris."""
# Postcodes of the collectivities that La Poste still numbers with Guadeloupe.
_BY_POSTCODE = {"97133": "977", "97150": "978"}


def openings_of(organismes: Iterable[Organisme], *, at: datetime) -> list[Ouverture]:
    """The states of bodies at the aware instant ``at``, in their order.

    Exceptional hours and closures of the desk are taken into account. Two queries, asked
    together, whatever the number of bodies.
    """
    bodies = list(organismes)
    if not bodies:
        return []
    # A night that began the day before still lasts, and days differ from one ocean to another.
    since = at.date() - timedelta(days=2)
    hours, fermetures = ask_together(
        (_EXCEPTIONS, (since, [body.pk for body in bodies])), (_CLOSURES, (at - CLOCKS,))
    )
    # In the order they were entered: the last one holds.
    exceptionnels: dict[UUID, list[HoraireExceptionnel]] = defaultdict(list)
    for row in hours:
        exceptionnels[row.organisme_id].append(row)
    return [
        _opening(
            body,
            at=at,
            exceptionnels=exceptionnels[body.pk],
            fermetures=[
                own
                for each in fermetures
                if concerns(each, body) and (own := own_closure(each, _territory(body))).au > at
            ],
        )
        for body in bodies
    ]


def opening_of(organisme: Organisme, *, at: datetime) -> Ouverture:
    """The state of one body; a list of bodies is read by `openings_of`, in as many queries."""
    return openings_of([organisme], at=at)[0]


def concerns(fermeture: Fermeture, organisme: Organisme) -> bool:
    """Whether a closure holds for a body: its kind, under any of its codes, and its département."""
    if fermeture.departements and _territory(organisme) not in fermeture.departements:
        return False
    return not fermeture.types or not same_kinds(fermeture.types).isdisjoint(organisme.types)


def own_closure(fermeture: Fermeture, territory: str) -> Fermeture:
    """The same, in instants of the territory's own clock.

    A closure is announced by the clock of Paris for a day, and is of that day everywhere.
    """
    zone = zone_of(territory)
    own = copy(fermeture)
    own.du, own.au = by_own_clock(own.du, zone), by_own_clock(own.au, zone)
    return own


def lasting(
    du: datetime, au: datetime, *, departements: Iterable[str]
) -> tuple[datetime, datetime]:
    """When a closure begins in the first of its territories, and ends in the last."""
    zones = zones_of(departements)
    return (
        min(by_own_clock(du, zone) for zone in zones),
        max(by_own_clock(au, zone) for zone in zones),
    )


def _opening(
    organisme: Organisme,
    *,
    at: datetime,
    exceptionnels: list[HoraireExceptionnel],
    fermetures: list[Fermeture],
) -> Ouverture:
    if organisme.etat != "present":
        return Ouverture("inconnu", mention="organisme disparu de l'annuaire")
    departement = _territory(organisme)
    abroad = organisme.adresse.get("pays", "")
    if not follows_clock(departement, pays=abroad):
        place = f"heure locale inconnue\u00a0: {departement or abroad}"
        return Ouverture("inconnu", mention=place)
    return opening(
        organisme.plages,
        at=at,
        departement=departement,
        commentaire=organisme.commentaire_plages,
        exceptionnels=exceptionnels,
        fermetures=fermetures,
    )


def follows_clock(territory: str, *, pays: str) -> bool:
    """Whether the clock and the public holidays of a body are known; ``pays``: of its address."""
    return has_clock(territory) and not (pays and not territory)


def territory_of(departement: str, *, postcode: str) -> str:
    """The département or collectivity whose clock and public holidays a body follows."""
    return _BY_POSTCODE.get(postcode, departement) if departement == "971" else departement


def _territory(organisme: Organisme) -> str:
    return territory_of(organisme.departement_code, postcode=organisme.code_postal)
