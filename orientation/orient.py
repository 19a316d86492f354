"""Which bodies serve a commune: the competent ones first, else the nearest, said not guaranteed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from allo3939.shared.composed import Composed
from orientation.enums import Garantie, TypeCommune
from orientation.kinds import same_kind
from orientation.locate import fold
from orientation.models import Commune, Competence, Organisme

# The three cities whose arrondissements have INSEE codes of their own.
_ARRONDISSEMENTS = {
    "75056": [str(code) for code in range(75101, 75121)],
    "13055": [str(code) for code in range(13201, 13217)],
    "69123": [str(code) for code in range(69381, 69390)],
}
_CITIES = {code: city for city, codes in _ARRONDISSEMENTS.items() for code in codes}
_NAMES = {"75056": "Paris", "13055": "Marseille", "69123": "Lyon"}
# The first four of Paris have one mairie.
_PARIS_CENTRE = ("75101", "75102", "75103", "75104")
_MAIRIES_OF_PARTS = ("mairie_com", "paris_mairie")
_MAIRIES = ("mairie", *_MAIRIES_OF_PARTS)
_NEAREST = 3
_ROWS = Composed(
    lambda codes, kinds: Competence.objects.filter(
        commune_insee__any_of=codes, type_code__any_of=kinds
    )
)
_BODIES = Composed(
    lambda pks, codes: (
        Organisme.objects.to_give()
        .filter(Q(pk__any_of=pks) | Q(commune_insee__any_of=codes, types__overlap=list(_MAIRIES)))
        .order_by("pk")
    )
)
_KM_A_DEGREE = 111.2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Orientation:
    """A body to give, the kind of office asked for, how far it is certain, and why it is given."""

    organisme: Organisme
    type_code: str
    garantie: Garantie
    pourquoi: str = ""
    """In words: « compétence déclarée pour Paris 11e »."""


def competent_bodies(commune: Commune, *, kinds: list[str]) -> list[Orientation]:
    """The bodies of each kind that serve the commune, kind by kind in the order asked.

    The competence files decide: the commune's own rows, else those of its city, its
    arrondissements, the commune it is part of or those it was made of. All of them are given, the
    likeliest first: those that stand in the commune, then the nearest, then those that travel. A
    kind without any: bodies of the same commune, else the three nearest of the département, as not
    guaranteed. The mairie of a part of a commune is given beside that of the whole. At most four
    queries.
    """
    if not kinds:
        return []
    codes = _codes(commune)
    accepted = {kind: _accepted(kind, commune) for kind in kinds}
    competent = _competent(codes, accepted)
    bodies, place = _read({pk for pks in competent.values() for pk in pks}, codes)
    found: dict[str, list[Orientation]] = {}
    for kind in accepted:
        found[kind] = [
            Orientation(
                bodies[pk], kind, Garantie.COMPETENCE, f"compétence déclarée {_for(commune, code)}"
            )
            for pk, code in competent[kind].items()
            if pk in bodies
        ]
    missing = {
        kind: accepted[kind]
        for kind, given in found.items()
        if not given or _lacks_local_mairie(commune, kind, given)
    }
    for given in found.values():
        given.sort(key=lambda each: _likelihood(each.organisme, codes, place))
    if missing:
        place = place or _any_place(codes)
        for kind, nearest in _nearest(commune, codes, missing, place).items():
            # Beside a competent one, only what stands there: the mairie of the part.
            found[kind] += [
                each
                for each in nearest
                if not found[kind] or each.organisme.commune_insee in _part(commune)
            ]
    return [orientation for kind in accepted for orientation in found[kind]]


def _codes(commune: Commune) -> list[str]:
    """The INSEE codes under which its bodies may be filed, the most precise first."""
    code = commune.code_insee
    codes = [code, *_part(commune), *_ARRONDISSEMENTS.get(code, ())]
    if city := _CITIES.get(code):
        codes.append(city)
    elif commune.parente_id and commune.type != TypeCommune.ARRONDISSEMENT:
        codes.append(commune.parente_id)
    return list(dict.fromkeys((*codes, *commune.anciens_codes)))


def _accepted(kind: str, commune: Commune) -> tuple[str, ...]:
    """The codes under which the directory may hold a kind; a part of a commune has its mairie."""
    if kind == "mairie" and commune.type != TypeCommune.ACTUELLE:
        return _MAIRIES
    return same_kind(kind)


def _competent(
    codes: list[str], accepted: dict[str, tuple[str, ...]]
) -> dict[str, dict[UUID, str]]:
    """For each kind, the ids that the competence rows give, with the code that gave each."""
    wanted = list({code for group in accepted.values() for code in group})
    rows = {(row.commune_insee, row.type_code): row.organismes for row in _ROWS.ask(codes, wanted)}
    found: dict[str, dict[UUID, str]] = {}
    for kind, group in accepted.items():
        by_code = [
            {
                pk: code
                for each in sorted(group, key=lambda name: name != kind)
                for pk in rows.get((code, each), ())
            }
            for code in codes
        ]
        # What is filed under the commune itself suffices; else all that its other codes hold. The
        # mairie of a part does not replace that of the whole.
        own, *others = by_code
        merged: dict[UUID, str] = dict(own)
        if not own or group == _MAIRIES:
            for each in others:
                merged |= {pk: code for pk, code in each.items() if pk not in merged}
        found[kind] = merged
    return found


def _for(commune: Commune, code: str) -> str:
    """« pour Paris 11e », for the code under which a competence is filed."""
    if code == commune.code_insee:
        return f"pour {commune.nom.removesuffix(' Arrondissement')}"
    if code in _NAMES:
        return f"pour {_NAMES[code]}"
    if city := _CITIES.get(code):
        rank = _ARRONDISSEMENTS[city].index(code) + 1
        return f"pour {_NAMES[city]} {rank}{'er' if rank == 1 else 'e'}"
    if code == commune.parente_id:
        return "pour la commune dont elle fait partie"
    return f"sous son ancien code {code}"


def _read(ids: set[UUID], codes: list[str]) -> tuple[dict[UUID, Organisme], Point | None]:
    """The present bodies among the ids, and where the commune is: the files give no point, but its
    mairie has one.
    """
    bodies = {body.pk: body for body in _BODIES.ask(list(ids), codes)}
    placed = [
        body
        for body in bodies.values()
        if body.commune_insee in codes
        and not set(_MAIRIES).isdisjoint(body.types)
        and body.latitude is not None
        and body.longitude is not None
    ]
    placed.sort(key=lambda body: (body.commune_insee != codes[0], "mairie" not in body.types))
    point = (placed[0].latitude, placed[0].longitude) if placed else None
    return {pk: bodies[pk] for pk in ids if pk in bodies}, point


def _lacks_local_mairie(commune: Commune, kind: str, given: list[Orientation]) -> bool:
    if kind != "mairie" or commune.type == TypeCommune.ACTUELLE:
        return False
    return all(each.organisme.commune_insee not in _part(commune) for each in given)


def _part(commune: Commune) -> tuple[str, ...]:
    """The codes of the part of a commune that has one mairie."""
    code = commune.code_insee
    return _PARIS_CENTRE if code in _PARIS_CENTRE else (code,)


def _likelihood(body: Organisme, codes: list[str], place: Point | None) -> tuple[bool, int, float]:
    """What sorts competent bodies; equal ones keep the order of the source."""
    here = (body.commune_insee not in codes) + (body.commune_insee != codes[0])
    distance = _distance(body, place)
    return _travels(body), here, math.inf if distance is None else distance


def _travels(body: Organisme) -> bool:
    return "itinerant" in fold(body.nom)


def _distance(body: Organisme, place: Point | None) -> float | None:
    """Kilometres, as the crow flies; the earth is flat within a département."""
    if place is None or body.latitude is None or body.longitude is None:
        return None
    latitude, longitude = place
    north = body.latitude - latitude
    east = (body.longitude - longitude) * math.cos(math.radians(latitude))
    return math.hypot(north, east) * _KM_A_DEGREE


def _nearest(
    commune: Commune,
    codes: list[str],
    missing: dict[str, tuple[str, ...]],
    place: Point | None,
) -> dict[str, list[Orientation]]:
    """Without competence rows: those of the same commune, else the nearest of the département."""
    near = list(
        Organisme.objects.to_give().nearest(
            kinds=sorted({code for group in missing.values() for code in group}),
            departement=commune.departement_id,
            communes=codes,
            place=place,
            limit=_NEAREST,
        )
    )
    near.sort(key=lambda body: _likelihood(body, codes, place))
    found = {}
    for kind, group in missing.items():
        alike = [body for body in near if not set(group).isdisjoint(body.types)]
        here = [body for body in alike if body.commune_insee in codes]
        # A mairie serves its own commune and no other.
        others = [] if here or kind in _MAIRIES else alike[:_NEAREST]
        found[kind] = [
            Orientation(body, kind, Garantie.COMMUNE, str(Garantie.COMMUNE.label)) for body in here
        ]
        found[kind] += [
            Orientation(body, kind, Garantie.DEPARTEMENT, _how_far(body, place, nearest=not rank))
            for rank, body in enumerate(others)
        ]
    return found


def _how_far(body: Organisme, place: Point | None, *, nearest: bool) -> str:
    distance = _distance(body, place)
    if distance is None:
        return str(Garantie.DEPARTEMENT.label)
    km = f"{max(1, round(distance))} km"
    first = f"le plus proche du département ({km})" if nearest else f"même département, à {km}"
    return f"{first}, compétence non garantie"


def _any_place(codes: list[str]) -> Point | None:
    """Where some body of the commune is, for want of a mairie."""
    return (
        Organisme.objects.present()
        .filter(commune_insee__in=codes, latitude__isnull=False, longitude__isnull=False)
        .order_by("id")
        .values_list("latitude", "longitude")
        .first()
    )
