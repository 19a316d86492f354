"""Which bodies serve a commune: the competent ones first, else the nearest, said not guaranteed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, When

from orientation.enums import Garantie, TypeCommune
from orientation.kinds import same_kind
from orientation.models import Commune, Competence, Organisme

# The three cities whose arrondissements have INSEE codes of their own.
_ARRONDISSEMENTS = {
    "75056": [str(code) for code in range(75101, 75121)],
    "13055": [str(code) for code in range(13201, 13217)],
    "69123": [str(code) for code in range(69381, 69390)],
}
_CITIES = {code: city for city, codes in _ARRONDISSEMENTS.items() for code in codes}
_OWN_COMMUNE_ONLY = frozenset(("mairie", "mairie_com", "paris_mairie"))
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Orientation:
    """A body to give, the kind of office asked for, and how far it is certain."""

    organisme: Organisme
    type_code: str
    garantie: Garantie


def competent_bodies(commune: Commune, *, kinds: list[str]) -> list[Orientation]:
    """The bodies of each kind that serve the commune, kind by kind in the order asked.

    The competence files decide: the commune's own rows, else those of its city, its
    arrondissements or the commune it is part of. A kind without any: bodies of the same commune,
    else the three nearest of the département, as not guaranteed. At most four queries.
    """
    if not kinds:
        return []
    codes = _codes(commune)
    accepted: dict[str, tuple[str, ...]] = {kind: same_kind(kind) for kind in kinds}
    competent = _competent(codes, accepted)
    bodies = _present({pk for pks in competent.values() for pk in pks})
    found: dict[str, list[Orientation]] = {}
    for kind in accepted:
        found[kind] = [
            Orientation(bodies[pk], kind, Garantie.COMPETENCE)
            for pk in competent.get(kind, ())
            if pk in bodies
        ]
    missing = {kind: accepted[kind] for kind in accepted if not found[kind]}
    if missing:
        for kind, nearest in _nearest(commune, codes, missing).items():
            found[kind] = nearest
    return [orientation for kind in accepted for orientation in found[kind]]


def _codes(commune: Commune) -> list[str]:
    """The INSEE codes under which its bodies may be filed, the most precise first."""
    codes = [commune.code_insee, *_ARRONDISSEMENTS.get(commune.code_insee, ())]
    if city := _CITIES.get(commune.code_insee):
        codes.append(city)
    elif commune.parente_id and commune.type != TypeCommune.ARRONDISSEMENT:
        codes.append(commune.parente_id)
    return codes


def _competent(codes: list[str], accepted: dict[str, tuple[str, ...]]) -> dict[str, list[UUID]]:
    """For each kind, the ids that the competence rows give, likeliest first."""
    wanted = {code for group in accepted.values() for code in group}
    rows = {
        (row.commune_insee, row.type_code): row.organismes
        for row in Competence.objects.filter(commune_insee__in=codes, type_code__in=wanted)
    }
    found = {}
    for kind, group in accepted.items():
        by_code = [
            [
                pk
                for each in sorted(group, key=lambda name: name != kind)
                for pk in rows.get((code, each), ())
            ]
            for code in codes
        ]
        # What is filed under the commune itself suffices; else all that its other codes hold.
        ids = by_code[0] or [pk for pks in by_code[1:] for pk in pks]
        found[kind] = list(dict.fromkeys(ids))
    return found


def _present(ids: Iterable[UUID]) -> dict[UUID, Organisme]:
    return Organisme.objects.present().in_bulk(list(ids)) if ids else {}


def _nearest(
    commune: Commune, codes: list[str], missing: dict[str, tuple[str, ...]]
) -> dict[str, list[Orientation]]:
    """Without competence rows: those of the same commune, else the nearest of the département."""
    place = _place(codes)
    near = list(
        Organisme.objects.present().nearest(
            kinds=sorted({code for group in missing.values() for code in group}),
            departement=commune.departement_id,
            communes=codes,
            place=place,
            limit=_NEAREST,
        )
    )
    found = {}
    for kind, group in missing.items():
        same_kind = [body for body in near if not set(group).isdisjoint(body.types)]
        here = [body for body in same_kind if body.commune_insee in codes]
        # A mairie serves its own commune and no other.
        others = [] if here or kind in _OWN_COMMUNE_ONLY else same_kind[:_NEAREST]
        found[kind] = [Orientation(body, kind, Garantie.COMMUNE) for body in here]
        found[kind] += [Orientation(body, kind, Garantie.DEPARTEMENT) for body in others]
    return found


def _place(codes: list[str]) -> tuple[float, float] | None:
    """Where a commune is: the files give no point, but its mairie has one."""
    return (
        Organisme.objects.present()
        .filter(commune_insee__in=codes, latitude__isnull=False, longitude__isnull=False)
        .order_by(Case(When(types__contains=["mairie"], then=0), default=1), "id")
        .values_list("latitude", "longitude")
        .first()
    )
