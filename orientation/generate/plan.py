"""Which offices the invented directory holds, and which communes each serves."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orientation.communes import SOURCE, read_communes, read_departements
from orientation.enums import TypeCommune
from orientation.generate.kinds import DEPARTEMENTAUX, LOCAUX, Kind
from orientation.generate.places import of_departement
from orientation.generate.record import Draw, write_record

Line = dict[str, str]

# Overseas collectivities have institutions of their own: only what the State keeps there.
_COLLECTIVITES = frozenset(("975", "977", "978", "984", "986", "987", "988", "989"))
_KEPT_THERE = frozenset(("prefecture", "gendarmerie", "france_services"))
_VILLAGE = 1500  # below, the mairie opens a few hours a week


@dataclass(slots=True)
class Territoire:
    """A département, with what is placed in it."""

    code: str
    nom: str
    region: str
    chef_lieu: Line
    communes: list[Line]
    lieux: list[Line]
    """Where offices may stand, the most populated first: arrondissements instead of their city."""
    bureaux: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Identifiers by kind."""

    @property
    def population(self) -> int:
        return sum(_population(commune) for commune in self.communes)

    def keeps(self, kind: Kind) -> bool:
        return self.code not in _COLLECTIVITES or kind.code in _KEPT_THERE


@dataclass(slots=True)
class _Office:
    """An office decided upon."""

    key: str
    kind: str
    nom: str
    commune: Line
    horaires: str
    rank: int = 1
    sigle: str = ""
    site: str = ""


class Plan:
    """The offices of a directory of ``count`` records, the same for the same seed."""

    def __init__(self, *, count: int, seed: int, folder: Path = SOURCE) -> None:
        self._seed, self._left = seed, count
        self._offices: list[_Office] = []
        self._mairies: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._here: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._regions: dict[str, dict[str, str]] = defaultdict(dict)
        self._read(folder)
        covered = self._place_essential()
        self._place_mairies(covered)
        self._place_more(covered)
        self._covered = covered

    def __len__(self) -> int:
        return len(self._offices)

    def records(self) -> Iterator[dict[str, Any]]:
        """Every record, in the shape of the dump."""
        for office in self._offices:
            yield write_record(
                key=office.key,
                kind=office.kind,
                nom=office.nom,
                commune=office.commune,
                horaires=office.horaires,
                rank=office.rank,
                sigle=office.sigle,
                site=office.site,
            )

    def competences(self) -> Iterator[tuple[Line, list[tuple[str, list[str]]]]]:
        """For each commune of the départements covered, the bodies of each kind that serve it."""
        for territoire in self._covered:
            whole = [
                (kind.code, territoire.bureaux[kind.code])
                for kind in DEPARTEMENTAUX
                if territoire.bureaux.get(kind.code)
            ]
            whole += [
                (code, [identifier])
                for code, identifier in self._regions[territoire.region].items()
                if territoire.code not in _COLLECTIVITES
            ]
            local = [
                (kind.code, territoire.bureaux[kind.code])
                for kind in LOCAUX
                if territoire.bureaux.get(kind.code)
            ]
            places = sorted(
                {
                    line["code_insee"]: line for line in territoire.communes + territoire.lieux
                }.items()
            )
            for rank, (code, commune) in enumerate(places):
                served = [
                    (
                        kind,
                        self._here.get((kind, code))
                        or [offices[rank * len(offices) // len(places)]],
                    )
                    for kind, offices in local
                ]
                mairies: dict[str, list[str]] = defaultdict(list)
                for kind, identifier in self._mairies.get(code, ()):
                    mairies[kind].append(identifier)
                yield commune, [*mairies.items(), *whole, *served]

    # --- Reading ------------------------------------------------------------------------------

    def _read(self, folder: Path) -> None:
        current: dict[str, Line] = {}
        inside: dict[str, list[Line]] = defaultdict(list)
        self._delegated: list[Line] = []
        for line in read_communes(folder):
            if line["type"] == TypeCommune.ACTUELLE:
                current[line["code_insee"]] = line
            elif line["type"] == TypeCommune.ARRONDISSEMENT:
                inside[line["commune_parente"]].append(line)
            else:
                self._delegated.append(line)
        self._current, self._inside = current, inside
        by_departement: dict[str, list[Line]] = defaultdict(list)
        for line in current.values():
            by_departement[line["departement"]].append(line)
        self._territoires = {}
        self._seats: dict[str, Line] = {}
        for departement in read_departements(folder):
            communes = sorted(by_departement[departement.code], key=_by_size)
            if not communes:
                continue
            lieux = [each for line in communes for each in inside.get(line["code_insee"], [line])]
            chef_lieu = current.get(departement.chef_lieu, communes[0])
            self._territoires[departement.code] = Territoire(
                departement.code,
                departement.nom,
                departement.region,
                chef_lieu if chef_lieu["departement"] == departement.code else communes[0],
                communes,
                sorted(lieux, key=_by_size),
            )
        for territoire in sorted(self._territoires.values(), key=lambda each: -each.population):
            self._seats.setdefault(territoire.region, territoire.chef_lieu)

    # --- Deciding -----------------------------------------------------------------------------

    def _place_essential(self) -> list[Territoire]:
        """Each kind for the départements of the largest communes, half of the count at most."""
        covered: list[Territoire] = []
        mairies = self._left // 2
        seen: set[str] = set()
        for commune in sorted(self._current.values(), key=_by_size):
            code = commune["departement"]
            if code in seen:
                continue
            seen.add(code)
            territoire = self._territoires[code]
            needed = list(self._essential(territoire))
            if covered and len(needed) > self._left - mairies:
                continue
            for kind, place, rank in needed[: self._left]:
                self._place(territoire, kind, place, rank)
            covered.append(territoire)
        return covered

    def _essential(self, territoire: Territoire) -> Iterator[tuple[Kind, Line, int]]:
        for kind in DEPARTEMENTAUX:
            if not territoire.keeps(kind):
                continue
            if kind.region:
                if kind.code not in self._regions[territoire.region]:
                    yield kind, self._seats[territoire.region], 1
                continue
            places = [territoire.chef_lieu, *(_others(territoire) or territoire.lieux)]
            for rank in range(min(kind.nombre, len(places))):
                yield kind, places[rank], rank + 1
        for kind in LOCAUX:
            if territoire.keeps(kind):
                places = _others(territoire) if kind.code == "sous_pref" else territoire.lieux
                for rank in range(min(kind.nombre, len(places))):
                    yield kind, places[rank], rank + 1

    def _place_mairies(self, covered: list[Territoire]) -> None:
        """A mairie for each commune, the largest first, then those inside a commune."""
        departements = {territoire.code for territoire in covered}
        for commune in sorted(self._current.values(), key=_by_size):
            if commune["departement"] in departements:
                self._place_mairie(commune, "mairie", f"Mairie - {commune['nom']}", commune)
        for city, arrondissements in self._inside.items():
            if self._current[city]["departement"] not in departements:
                continue
            kind = "paris_mairie" if city == "75056" else "mairie_com"
            for line in arrondissements:
                self._place_mairie(line, kind, f"Mairie - {line['nom']}", line)
        for line in self._delegated:
            parent = self._current.get(line["commune_parente"])
            if parent is not None and parent["departement"] in departements:
                # Filed under the INSEE code of the commune, as the real ones: several share one.
                self._place_mairie(
                    parent, "mairie_com", f"Mairie déléguée - {line['nom']}", line | parent
                )

    def _place_mairie(self, commune: Line, kind: str, nom: str, place: Line) -> None:
        if not self._left:
            return
        hours = "mairie-rurale" if _population(commune) < _VILLAGE else "mairie"
        known = self._mairies[commune["code_insee"]]
        key = f"{self._seed}-{kind}-{commune['code_insee']}-{nom}"
        known.append((kind, Draw(key).identifier))
        self._left -= 1
        self._offices.append(_Office(key, kind, nom, place, hours, len(known)))

    def _place_more(self, covered: list[Territoire]) -> None:
        """Fill up with local offices, by the size of the département and the weight of the kind."""
        kinds = [kind for kind in LOCAUX if kind.part]
        parts = sum(kind.part for kind in kinds)
        weights = {each.code: math.sqrt(each.population) for each in covered}
        total, wanted = sum(weights.values()), self._left
        for territoire in covered:
            for kind in kinds:
                if territoire.keeps(kind):
                    share = weights[territoire.code] / total * kind.part / parts
                    for _ in range(int(wanted * share)):
                        self._place_next(territoire, kind)
        mainland = [each for each in covered if each.code not in _COLLECTIVITES] or covered
        filler = next(kind for kind in LOCAUX if kind.code == "france_services")
        while self._left:
            for territoire in mainland:
                self._place_next(territoire, filler)

    def _place_next(self, territoire: Territoire, kind: Kind) -> None:
        if self._left:
            rank = len(territoire.bureaux[kind.code])
            place = territoire.lieux[rank % len(territoire.lieux)]
            self._place(territoire, kind, place, rank + 1)

    def _place(self, territoire: Territoire, kind: Kind, place: Line, rank: int) -> None:
        key = f"{self._seed}-{kind.code}-{territoire.code}-{rank}"
        nom = kind.nom.format(
            de=of_departement(territoire.code, territoire.nom), ville=place["nom"]
        )
        again = (rank - 1) // len(territoire.lieux)
        if again:
            nom = f"{nom} {again + 1}"
        identifier = Draw(key).identifier
        if kind.region:
            self._regions[territoire.region][kind.code] = identifier
        else:
            territoire.bureaux[kind.code].append(identifier)
            self._here[kind.code, place["code_insee"]].append(identifier)
        self._left -= 1
        self._offices.append(
            _Office(key, kind.code, nom, place, kind.horaires, rank, kind.sigle, kind.site)
        )


def _others(territoire: Territoire) -> list[Line]:
    chef_lieu = territoire.chef_lieu["code_insee"]
    return [
        line
        for line in territoire.lieux
        if chef_lieu not in (line["code_insee"], line["commune_parente"])
    ]


def _population(line: Line) -> int:
    return int(line["population"] or 0)


def _by_size(line: Line) -> tuple[int, str]:
    return -_population(line), line["code_insee"]
