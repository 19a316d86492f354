"""A small map of the bodies found, drawn here, without tiles or outlines.

The metropolis and each of five overseas départements have a frame; all the bodies of the directory
make its faint ground, a grid of cells, and those found are dots on it. A frame that holds all the
results is drawn closer, around them. Elsewhere (the Pacific, Saint-Pierre…) is only counted.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from orientation.columns import Columns, members

LARGEUR, VIGNETTE, LEGENDE = 320, 58, 12  # units of the drawing: main frame, inset, its caption
NOWHERE, ELSEWHERE = -1, -2
DOTS = 1500  # found in a frame: beyond, dots stand for the bodies of a cell
_GROUND = 90  # cells of the ground in the width of a frame
_GATHERED = 48  # cells where many dots are gathered, likewise
_CLOSEST = 0.8  # degrees of latitude: no frame shows less
_DRAWN = 50  # drawings kept: one serves all the pages of a list
_MARGIN = 0.08  # of what is shown, around it


class _Extent(NamedTuple):
    """A rectangle of the earth, in degrees."""

    west: float
    south: float
    east: float
    north: float


class _Territoire(NamedTuple):
    code: str
    nom: str
    extent: _Extent


TERRITOIRES = (
    _Territoire("", "Métropole", _Extent(-5.3, 41.2, 9.7, 51.2)),
    _Territoire("971", "Guadeloupe", _Extent(-61.9, 15.75, -60.9, 16.6)),
    _Territoire("972", "Martinique", _Extent(-61.4, 14.3, -60.6, 15.1)),
    _Territoire("973", "Guyane", _Extent(-54.8, 2.0, -51.4, 6.0)),
    _Territoire("974", "La Réunion", _Extent(55.1, -21.5, 55.95, -20.75)),
    _Territoire("976", "Mayotte", _Extent(44.9, -13.1, 45.4, -12.55)),
)


class _Window:
    """A rectangle of the earth drawn in a square of ``side`` units.

    Longitudes are drawn as long as they are in the middle of it; what is shown is as wide as high.
    """

    def __init__(self, extent: _Extent, side: float) -> None:
        west, south, east, north = extent
        self.side = side
        shrink = math.cos(math.radians((south + north) / 2))
        span = max((east - west) * shrink, north - south)
        self.north = (south + north + span) / 2
        self.south = self.north - span
        self.west = (west + east - span / shrink) / 2
        self.down, self.right = side / span, side / span * shrink

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (
            round((longitude - self.west) * self.right, 1),
            round((self.north - latitude) * self.down, 1),
        )

    def cell(self, latitude: float, longitude: float, cells: int) -> int:
        """The rank of the cell of a grid, row after row."""
        row = int((self.north - latitude) * self.down / self.side * cells)
        return row * cells + int((longitude - self.west) * self.right / self.side * cells)

    def holds(self, longitude: float) -> bool:
        return 0 <= (longitude - self.west) * self.right < self.side


@dataclass(frozen=True, slots=True)
class Point:
    """A body of the page of the list, in units of the drawing."""

    x: float
    y: float
    pk: UUID


@dataclass(frozen=True, slots=True)
class Cadre:
    """A square piece of the earth: ground and dots are paths of SVG, one of dots for each size."""

    nom: str
    window: _Window
    nombre: int
    fond: str
    semis: list[tuple[float, str]]
    points: list[Point] = field(default_factory=list)
    x: float = 0
    y: float = 0

    @property
    def cote(self) -> float:
        return self.window.side

    @property
    def legende(self) -> float:
        """Where its name is written, below an inset."""
        return self.y + self.cote + LEGENDE - 2


@dataclass(frozen=True, slots=True)
class Carte:
    """A drawing of ``largeur`` × ``hauteur``, and the same in words."""

    largeur: float
    hauteur: float
    cadres: list[Cadre] = field(default_factory=list)
    places: int = 0
    ailleurs: int = 0
    """Bodies with coordinates outside all frames."""
    sans_position: int = 0

    @property
    def resume(self) -> str:
        """What a person who does not see the drawing is told."""
        parts = [f"{cadre.nom}\u00a0: {cadre.nombre}" for cadre in self.cadres if cadre.nombre]
        if self.ailleurs:
            parts.append(f"hors de la carte\u00a0: {self.ailleurs}")
        if self.sans_position:
            parts.append(f"sans position connue\u00a0: {self.sans_position}")
        return f"Carte des résultats. {', '.join(parts)}."


class _Atlas:
    """Where the bodies of the directory are, worked out once."""

    def __init__(self, columns: Columns) -> None:
        frames: dict[int, array[int]] = {}
        self.cells = array("i")  # in the grid where dots are gathered in a whole frame
        for body, (latitude, longitude) in enumerate(
            zip(columns.latitudes, columns.longitudes, strict=True)
        ):
            frame = _frame_of(latitude, longitude)
            frames.setdefault(frame, array("i")).append(body)
            self.cells.append(
                WINDOWS[frame].cell(latitude, longitude, _GATHERED) if frame >= 0 else 0
            )
        self.sets = {frame: columns.bits(bodies) for frame, bodies in frames.items()}
        self.south_to_north = [
            sorted(frames.get(rank, ()), key=columns.latitudes.__getitem__)
            for rank in range(len(TERRITOIRES))
        ]
        self.drawn: dict[int, Carte] = {}
        self.grounds = [
            _ground(columns, window, bodies, cells=_GROUND if rank == 0 else _GROUND // 3)
            for rank, (window, bodies) in enumerate(zip(WINDOWS, self.south_to_north, strict=True))
        ]

    def within(self, columns: Columns, frame: int, window: _Window) -> list[int]:
        """The bodies of a frame between the south and the north of a window."""
        bodies, latitude = self.south_to_north[frame], columns.latitudes.__getitem__
        first = bisect_left(bodies, window.south, key=latitude)
        return bodies[first : bisect_right(bodies, window.north, key=latitude)]


WINDOWS = [
    _Window(territoire.extent, LARGEUR if rank == 0 else VIGNETTE)
    for rank, territoire in enumerate(TERRITOIRES)
]
_ATLASES: WeakKeyDictionary[Columns, _Atlas] = WeakKeyDictionary()


def draw(columns: Columns, found: int, *, shown: Sequence[int]) -> Carte:
    """The map of a set of bodies; ``shown``: the numbers of those of the page."""
    atlas = _ATLASES.get(columns)
    if atlas is None:
        atlas = _ATLASES[columns] = _Atlas(columns)
    carte = atlas.drawn.get(found)
    if carte is None:
        if len(atlas.drawn) >= _DRAWN:
            atlas.drawn.clear()
        carte = atlas.drawn[found] = _draw(columns, atlas, found)
    cadres = [replace(cadre, points=_points(columns, cadre, shown)) for cadre in carte.cadres]
    return replace(carte, cadres=cadres)


def _draw(columns: Columns, atlas: _Atlas, found: int) -> Carte:
    counts = {frame: (found & bits).bit_count() for frame, bits in atlas.sets.items()}
    held = [frame for frame in range(len(TERRITOIRES)) if counts.get(frame)]
    elsewhere, unknown = counts.get(ELSEWHERE, 0), counts.get(NOWHERE, 0)
    if not held:
        return Carte(LARGEUR, 0, ailleurs=elsewhere, sans_position=unknown)
    main = held[0]
    placed = {frame: members(found & atlas.sets[frame]) for frame in held}
    cadres = [_main(columns, atlas, main, placed[main], alone=len(held) == 1)]
    height: float = LARGEUR
    if len(held) > 1:
        gap = (LARGEUR - 5 * VIGNETTE) / 4
        insets = [rank for rank in range(1, len(TERRITOIRES)) if rank != main]
        for column, rank in enumerate(insets):
            ground, bodies = atlas.grounds[rank], placed.get(rank, [])
            inset = _cadre(columns, rank, WINDOWS[rank], ground, bodies)
            cadres.append(replace(inset, x=round(column * (VIGNETTE + gap), 1), y=height + 8))
        height += 8 + VIGNETTE + LEGENDE
    return Carte(LARGEUR, height, cadres, sum(map(len, placed.values())), elsewhere, unknown)


def _main(
    columns: Columns,
    atlas: _Atlas,
    frame: int,
    bodies: list[int],
    *,
    alone: bool,
) -> Cadre:
    """The large frame: around the results when all are in it, else the whole territory."""
    whole = _Window(TERRITOIRES[frame].extent, LARGEUR)
    if alone:
        closer = _Window(_around(columns, bodies), LARGEUR)
        if closer.north - closer.south < 0.7 * (whole.north - whole.south):
            bodies_around = atlas.within(columns, frame, closer)
            ground = _ground(columns, closer, bodies_around, cells=_GROUND // 2)
            return _cadre(columns, frame, closer, ground, bodies)
    if frame == 0:
        cells = atlas.cells if len(bodies) > DOTS else None
        return _cadre(columns, frame, whole, atlas.grounds[0], bodies, cells=cells)
    ground = _ground(columns, whole, atlas.south_to_north[frame], cells=_GROUND // 2)
    return _cadre(columns, frame, whole, ground, bodies)


def _around(columns: Columns, bodies: Sequence[int]) -> _Extent:
    latitudes = [columns.latitudes[body] for body in bodies]
    longitudes = [columns.longitudes[body] for body in bodies]
    south, north = min(latitudes), max(latitudes)
    west, east = min(longitudes), max(longitudes)
    span = max(north - south, (east - west) * math.cos(math.radians(south)), _CLOSEST)
    middle, edge = (south + north) / 2, span * (0.5 + _MARGIN)
    return _Extent(west - span * _MARGIN, middle - edge, east + span * _MARGIN, middle + edge)


def _cadre(
    columns: Columns,
    frame: int,
    window: _Window,
    ground: str,
    bodies: Sequence[int],
    *,
    cells: Sequence[int] | None = None,
) -> Cadre:
    semis = _dots(columns, window, bodies, cells)
    return Cadre(TERRITOIRES[frame].nom, window, len(bodies), ground, semis)


def _points(columns: Columns, cadre: Cadre, shown: Sequence[int]) -> list[Point]:
    """Those of the bodies shown that the frame holds, in order."""
    placed = ((body, *columns.point(body)) for body in shown)
    return [
        Point(*cadre.window.place(latitude, longitude), columns.ids[body])
        for body, latitude, longitude in placed
        if (rank := _frame_of(latitude, longitude)) >= 0 and TERRITOIRES[rank].nom == cadre.nom
    ]


def _dots(
    columns: Columns, window: _Window, bodies: Sequence[int], cells: Sequence[int] | None
) -> list[tuple[float, str]]:
    """Diameters, and the path of the dots of each; gathered by cells when they are many."""
    latitudes, longitudes = columns.latitudes, columns.longitudes
    if len(bodies) <= DOTS:
        size = 3.0 if len(bodies) < DOTS / 5 else 2.0
        places = {window.place(latitudes[body], longitudes[body]) for body in bodies}
        return [(size, _path(places))] if places else []
    counts = Counter(
        map(cells.__getitem__, bodies)
        if cells is not None
        else (window.cell(latitudes[body], longitudes[body], _GATHERED) for body in bodies)
    )
    most, step = max(counts.values()), window.side / _GATHERED
    sizes: dict[float, list[tuple[float, float]]] = {}
    for cell, count in counts.items():
        row, column = divmod(cell, _GATHERED)
        size = round(2 * step * math.sqrt(count / most)) / 2 + 1
        place = (round((column + 0.5) * step, 1), round((row + 0.5) * step, 1))
        sizes.setdefault(size, []).append(place)
    return [(size, _path(places)) for size, places in sorted(sizes.items())]


def _path(places: Iterable[tuple[float, float]]) -> str:
    """Dots as the round ends of lines without length."""
    return "".join(f"M{x:g} {y:g}h0" for x, y in sorted(places))


def _ground(columns: Columns, window: _Window, bodies: Iterable[int], *, cells: int) -> str:
    """The cells of a grid where there is a body, those side by side made one."""
    latitudes, longitudes = columns.latitudes, columns.longitudes
    held = sorted(
        {
            window.cell(latitudes[body], longitudes[body], cells)
            for body in bodies
            if window.holds(longitudes[body])
        }
    )
    step, path = window.side / cells, []
    for _, run in groupby(enumerate(held), key=lambda each: (each[1] // cells, each[1] - each[0])):
        members_of_run = [cell for _, cell in run]
        row, column = divmod(members_of_run[0], cells)
        width = f"{len(members_of_run) * step:.1f}"
        path.append(f"M{column * step:.1f} {row * step:.1f}h{width}v{step:.1f}h-{width}z")
    return "".join(path)


def _frame_of(latitude: float, longitude: float) -> int:
    """The rank of the territory that holds a point; `NOWHERE` without one, `ELSEWHERE` outside."""
    if math.isnan(latitude) or math.isnan(longitude):
        return NOWHERE
    for rank, (_, _, extent) in enumerate(TERRITOIRES):
        west, south, east, north = extent
        if south <= latitude <= north and west <= longitude <= east:
            return rank
    return ELSEWHERE
