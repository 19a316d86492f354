"""The directory narrowed by facets: which bodies are found, and how many each choice would give.

Inside a facet choices add up (« mairie » or « CAF »); between facets they cross. The counts of a
facet leave its own choices out, so that they say what choosing one more would bring.

« Ouverts maintenant » is exact at the minute, over the whole directory: `columns` knows the weekly
hours of all bodies; closures that hold now take theirs away, and the few bodies with exceptional
hours are read one by one by `hours`. The state shown on a line is worked out again for that line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from orientation.columns import Columns
from orientation.enums import Accessibilite
from orientation.hours import CLOCKS, openings_of, own_closure
from orientation.kinds import same_kinds
from orientation.locate import find_communes, fold, normalise
from orientation.models import Departement, Fermeture, Organisme, TypeService

UNKNOWN_ACCESS = "inconnue"
SHOWN = 8  # values of a facet before « voir tous »
_PLACES = 20  # communes of one name looked into


@dataclass(frozen=True)
class Criteres:
    """What the directory is narrowed by; nothing: the whole of it."""

    nom: str = ""
    lieu: str = ""
    types: Sequence[str] = ()
    departements: Sequence[str] = ()
    acces: Sequence[str] = ()
    ouverts: bool = False


@dataclass(frozen=True, slots=True)
class Valeur:
    """A choice of a facet, and how many bodies it would give."""

    code: str
    libelle: str
    nombre: int
    choisie: bool


@dataclass(frozen=True, slots=True)
class Facette:
    """A group of choices. ``autres``: how many more there are than are shown."""

    nom: str
    libelle: str
    valeurs: list[Valeur]
    autres: int = 0
    depliee: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The bodies found, as a set of `Columns`, the facets, and the criteria that hold now.

    ``retenus``: each criterion as (what takes it away, its words), « type:mairie », « Mairie ».
    """

    trouves: int
    facettes: list[Facette] = field(default_factory=list)
    retenus: list[tuple[str, str]] = field(default_factory=list)


def narrow(
    columns: Columns, criteres: Criteres, *, at: datetime, unfolded: Sequence[str] = ()
) -> Selection:
    """The bodies that meet the criteria at an instant; as many queries whatever is found.

    ``unfolded``: names of the facets whose values are all shown.
    """
    base = _named_and_placed(columns, criteres)
    access = _access(columns)
    open_now = open_bodies(columns, at=at)
    chosen = {
        "type": _any(columns.kinds, criteres.types, columns),
        "dep": _any(columns.departements, criteres.departements, columns),
        "acces": _any(access, criteres.acces, columns),
        "ouvert": open_now if criteres.ouverts else columns.everything,
    }

    def without(own: str) -> int:
        found = base
        for name, bits in chosen.items():
            if name != own:
                found &= bits
        return found

    kinds = _count(columns.kinds, without("type"), criteres.types, "type" in unfolded)
    departements = _count(
        columns.departements, without("dep"), criteres.departements, "dep" in unfolded
    )
    kind_names = _kind_names([*(code for code, _ in kinds[0]), *criteres.types])
    place_names = _place_names([*(code for code, _ in departements[0]), *criteres.departements])
    open_count = (without("ouvert") & open_now).bit_count()
    entries = [(code, (without("acces") & access.get(code, 0)).bit_count()) for code in _ACCESS]
    return Selection(
        trouves=without(""),
        facettes=[
            Facette("ouvert", "Ouverture", [
                Valeur("1", "Ouverts maintenant", open_count, criteres.ouverts)
            ]),
            _facette("type", "Types d'organisme", kinds, kind_names, criteres.types),
            _facette("dep", "Départements", departements, place_names, criteres.departements),
            _facette("acces", "Accès en fauteuil roulant", (entries, 0, False), _ACCESS,
                     criteres.acces),
        ],
        retenus=_held(criteres, kind_names, place_names),
    )  # fmt: skip


def open_bodies(columns: Columns, *, at: datetime) -> int:
    """The bodies that are open at an instant, closures and exceptional hours counted in."""
    found = columns.open_at(at)
    for closure in Fermeture.objects.in_force(since=at - CLOCKS).started(by=at + CLOCKS):
        places = [
            code
            for code in closure.departements or columns.territories
            if (own := own_closure(closure, code)).du <= at < own.au
        ]
        if places:
            kinds = _any(columns.kinds, sorted(same_kinds(closure.types)), columns)
            found &= ~(kinds & _any(columns.territories, places, columns))
    # Of the day before and the day after too: the day is that of the body's own clock.
    day = timedelta(days=1)
    special = list(Organisme.objects.present().with_other_hours(at - 2 * day, at + day))
    states = openings_of(special, at=at)
    opened = columns.of(
        body.pk for body, state in zip(special, states, strict=True) if state.etat == "ouvert"
    )
    return found & ~columns.of(body.pk for body in special) | opened


def _named_and_placed(columns: Columns, criteres: Criteres) -> int:
    found = columns.everything & columns.named(fold(criteres.nom).split())
    if not criteres.lieu:
        return found
    code = criteres.lieu.replace(" ", "").upper()
    if len(code) < 5 and (code.isdecimal() or code in ("2A", "2B")):
        return found & columns.in_departement(code)
    communes = find_communes(criteres.lieu, limit=_PLACES)
    exact = [each for each in communes if each.nom_recherche == normalise(criteres.lieu)]
    return found & columns.standing_in(
        communes=[each.code_insee for each in exact or communes],
        postcode=code if code.isdecimal() else "",
    )


def _any(column: Mapping[str, int], codes: Sequence[str], columns: Columns) -> int:
    """Bodies that have one of the values; no value asked: all bodies."""
    if not codes:
        return columns.everything
    return reduce(or_, (column.get(code, 0) for code in codes))


def _access(columns: Columns) -> dict[str, int]:
    """The sets by what is known of access; codes of no meaning to us are unknown."""
    known = {code: columns.access.get(code, 0) for code in Accessibilite.values}
    return known | {UNKNOWN_ACCESS: columns.everything & ~reduce(or_, known.values())}


_ACCESS = {
    Accessibilite.ACCESSIBLE.value: "Accessible",
    Accessibilite.SUR_DEMANDE.value: "Sur demande",
    Accessibilite.NON.value: "Non accessible",
    UNKNOWN_ACCESS: "Non renseigné",
}

Counted = tuple[list[tuple[str, int]], int, bool]


def _count(column: Mapping[str, int], among: int, chosen: Sequence[str], unfolded: bool) -> Counted:
    """Values with their counts, the most frequent first; how many are left out; all shown or not.

    Those chosen are always shown, at their rank.
    """
    counts = [(code, (bits & among).bit_count()) for code, bits in column.items() if code]
    ranked = sorted(
        ((code, count) for code, count in counts if count or code in chosen),
        key=lambda each: (-each[1], each[0]),
    )
    if unfolded:
        return ranked, 0, True
    shown = [each for rank, each in enumerate(ranked) if rank < SHOWN or each[0] in chosen]
    return shown, len(ranked) - len(shown), False


def _facette(
    name: str, label: str, counted: Counted, names: Mapping[str, str], chosen: Sequence[str]
) -> Facette:
    values, others, unfolded = counted
    return Facette(
        name,
        label,
        [Valeur(code, names.get(code, code), count, code in chosen) for code, count in values],
        others,
        unfolded,
    )


def _kind_names(codes: Sequence[str]) -> dict[str, str]:
    return dict(zip(codes, TypeService.objects.labels(codes), strict=True))


def _place_names(codes: Sequence[str]) -> dict[str, str]:
    return {each.code: str(each) for each in Departement.objects.filter(code__in=codes)}


def _held(
    criteres: Criteres, kinds: Mapping[str, str], places: Mapping[str, str]
) -> list[tuple[str, str]]:
    held = []
    if criteres.nom:
        held.append(("nom", f"«\u00a0{criteres.nom}\u00a0»"))
    if criteres.lieu:
        held.append(("lieu", f"Lieu\u00a0: {criteres.lieu}"))
    if criteres.ouverts:
        held.append(("ouvert:1", "Ouverts maintenant"))
    for name, codes, labels in (
        ("type", criteres.types, kinds),
        ("dep", criteres.departements, places),
        ("acces", criteres.acces, _ACCESS),
    ):
        held += [(f"{name}:{code}", labels.get(code, code)) for code in codes]
    return held
