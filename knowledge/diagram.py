"""The drawing of a parcours: questions from left to right, what each answer leads to, the ends.

Whole numbers of pixels everywhere: a template writes them as they are, in any language. A drawing
that would be illegible on one A4 sheet is cut: a question then begins another plate, and a box says
which. A question reached from several places, to go on alike, is drawn once.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.author import list_paths
from knowledge.models import Fiche
from knowledge.parcours import NSP, Etape, Fin, Suite, decide
from knowledge.target import name_targets

QUESTION_WIDTH, END_WIDTH, GAP = 200, 240, 165
LINE, PADDING, ROW_GAP, MARGIN = 18, 10, 16, 12
CHARACTER = 7.3  # width of one, on average, in the font of the drawing
COLUMNS_MAX = 3
HEIGHT_MAX = 720


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of text: where its baseline starts, and how it is set."""

    texte: str
    x: int
    y: int
    genre: str
    """``numero``, ``texte``, ``titre``, ``suite`` (where an issue leads), ``choix``, ``nsp``."""


@dataclass(frozen=True, slots=True)
class Boite:
    """A question, an end, or a reference to a question drawn elsewhere (``renvoi``)."""

    genre: str
    x: int
    y: int
    largeur: int
    hauteur: int
    lignes: list[Ligne]


@dataclass(frozen=True, slots=True)
class Lien:
    """A line from a question to what some of its answers lead to."""

    trace: str
    """The ``d`` of an SVG path."""
    nsp: bool
    """Only « Ne sait pas » leads there."""
    lignes: list[Ligne]


@dataclass(slots=True)
class Planche:
    """A drawing that fits on one sheet."""

    largeur: int = 0
    hauteur: int = 0
    boites: list[Boite] = field(default_factory=list)
    liens: list[Lien] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Situation:
    """One row of the table under the drawing: a path, with the answers that lead to the same."""

    reponses: list[tuple[str, list[str]]]
    """(question, the answers that lead there), as said."""
    cas: str
    """The name of the issue; several, or "", in a draft with faults."""
    a_dire: str
    suite: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A parcours to be read on one page: its drawing, and the same as a table."""

    planches: list[Planche]
    situations: list[Situation]


@dataclass(slots=True)
class _Noeud:
    """A box before it has a place: what it says, and what hangs on it."""

    suite: Suite
    genre: str
    largeur: int
    lignes: list[tuple[str, str]]
    branches: list[tuple[list[tuple[str, str]], bool, _Noeud]] = field(default_factory=list)

    @property
    def hauteur(self) -> int:
        return len(self.lignes) * LINE + 2 * PADDING

    def spread(self) -> int:
        """The height of the node with all that hangs on it."""
        if not self.branches:
            return self.hauteur
        inner = sum(_row(label, node) for label, _, node in self.branches)
        return max(self.hauteur, inner + ROW_GAP * (len(self.branches) - 1))


def describe(fiche: Fiche) -> Schema | None:
    """The parcours of a fiche, as stored or as typed; None when there is none to draw, or too much.

    An issue without a spoken text of its own shows the fiche's, as the agent reads it.
    """
    if not list_paths(fiche.parcours):
        return None
    start = decide(fiche.parcours)
    suites = name_targets(fiche.parcours["issues"])
    situations = [
        Situation(
            answers,
            " et ".join(issue["titre"] for issue in end.issues),
            (end.issue.get("a_dire") or fiche.a_dire) if end.issue else "",
            suites[end.issue["titre"]] if end.issue else "",
        )
        for answers, end in _situations(start)
    ]
    planches = draw(start, questions=fiche.parcours["questions"], suites=suites)
    return Schema(planches, situations)


def _situations(suite: Suite) -> Iterator[tuple[list[tuple[str, list[str]]], Fin]]:
    if isinstance(suite, Fin):
        yield [], suite
        return
    for choices, after in suite.groups():
        answer = (suite.question["texte"], [choice["libelle"] for choice in choices])
        for rest, end in _situations(after):
            yield [answer, *rest], end


def draw(start: Suite, *, questions: list[dict], suites: Mapping[str, str]) -> list[Planche]:
    """The plates of a parcours (`knowledge.parcours.decide`), the first one to be read first.

    ``suites``: for the title of each issue, where it leads, in words.
    """
    return _Drawing(start, questions, suites).plates()


class _Drawing:
    def __init__(self, start: Suite, questions: list[dict], suites: Mapping[str, str]) -> None:
        self.suites = suites
        self.names = _name_points(start, questions)
        self.waiting: list[Suite] = [start]
        self.plate_of = {id(start): 1}
        """The plate of each question already drawn, or that begins a plate to come."""
        self.here: set[int] = set()
        """The questions drawn on the plate in hand."""

    def plates(self) -> list[Planche]:
        plates: list[Planche] = []
        while self.waiting:
            root = self._fit(self.waiting.pop(0))
            plates.append(_place(root))
            for point in self.here:
                self.plate_of.setdefault(point, len(plates))
        return plates

    def _fit(self, suite: Suite) -> _Noeud:
        """The tree of a plate; its tallest questions are sent to plates of their own until it is
        low enough."""
        while True:
            self.here = set()
            root = self._node(suite, column=1)
            steps = [node for _, _, node in root.branches if node.genre == "question"]
            if root.spread() <= HEIGHT_MAX or not steps:
                return root
            self._begin_plate(max(steps, key=_Noeud.spread).suite)

    def _begin_plate(self, suite: Suite) -> None:
        self.waiting.append(suite)
        self.plate_of[id(suite)] = max(self.plate_of.values()) + 1

    def _node(self, suite: Suite, *, column: int) -> _Noeud:
        if isinstance(suite, Fin):
            return self._end(suite)
        elsewhere = id(suite) in self.here or (column > 1 and id(suite) in self.plate_of)
        if column > COLUMNS_MAX and not elsewhere:
            self._begin_plate(suite)
            elsewhere = True
        if elsewhere:
            return self._reference(suite)
        self.here.add(id(suite))
        lines = [(f"Question {self.names[id(suite)]}", "numero")]
        lines += [(line, "texte") for line in _wrap(suite.question["texte"], QUESTION_WIDTH)]
        node = _Noeud(suite, "question", QUESTION_WIDTH, lines)
        for choices, after in suite.groups():
            label = [line for choice in choices for line in _label(choice)]
            unknown = all(choice["code"] == NSP for choice in choices)
            node.branches.append((label, unknown, self._node(after, column=column + 1)))
        return node

    def _end(self, end: Fin) -> _Noeud:
        if not end.issues:
            return _Noeud(end, "faute", END_WIDTH, [("Aucun cas", "titre")])
        lines = []
        for issue in end.issues:
            lines += [(line, "titre") for line in _wrap(issue["titre"], END_WIDTH)]
            leads = self.suites.get(issue["titre"], "")
            lines += [(line, "suite") for line in _wrap(leads, END_WIDTH)]
        return _Noeud(end, "fin" if len(end.issues) == 1 else "faute", END_WIDTH, lines)

    def _reference(self, suite: Etape) -> _Noeud:
        text = f"Suite à la question {self.names[id(suite)]}"
        if plate := self.plate_of.get(id(suite)):
            text += f", schéma {plate}"
        lines = [(line, "suite") for line in _wrap(text, END_WIDTH)]
        return _Noeud(suite, "renvoi", END_WIDTH, lines)


def _name_points(start: Suite, questions: list[dict]) -> dict[int, str]:
    """« 2 », the place of the question in its table; « 2a » and « 2b » where it is asked at several
    points that go on differently."""
    points: dict[int, list[int]] = {id(question): [] for question in questions}

    def visit(suite: Suite) -> None:
        if isinstance(suite, Fin) or id(suite) in points[id(suite.question)]:
            return
        points[id(suite.question)].append(id(suite))
        for _, after in suite.suites:
            visit(after)

    visit(start)
    return {
        point: f"{rank}{chr(ord('a') + place) if len(asked) > 1 else ''}"
        for rank, asked in enumerate(points.values(), start=1)
        for place, point in enumerate(asked)
    }


def _row(label: list[tuple[str, str]], node: _Noeud) -> int:
    """The height a branch needs: its node, and its label above the line that leads to it."""
    return max(node.spread(), 2 * (len(label) * LINE + 6))


def _place(root: _Noeud) -> Planche:
    plate = Planche()
    spread = root.spread()
    _put(plate, root, x=MARGIN, top=MARGIN, spread=spread)
    plate.largeur = max(box.x + box.largeur for box in plate.boites) + MARGIN
    plate.hauteur = spread + 2 * MARGIN
    return plate


def _put(plate: Planche, node: _Noeud, *, x: int, top: int, spread: int) -> int:
    """Draw a node and what hangs on it within a height; the height of its middle."""
    middle = top + spread // 2
    inner = sum(_row(label, after) for label, _, after in node.branches)
    inner += ROW_GAP * max(len(node.branches) - 1, 0)
    at = top + (spread - inner) // 2
    right = x + node.largeur
    for label, unknown, after in node.branches:
        height = _row(label, after)
        target = _put(plate, after, x=right + GAP, top=at, spread=height)
        plate.liens.append(
            Lien(
                f"M{right} {middle} H{right + 18} V{target} H{right + GAP - 7}",
                unknown,
                [
                    Ligne(text, right + 26, target - 7 - LINE * (len(label) - 1 - rank), genre)
                    for rank, (text, genre) in enumerate(label)
                ],
            )
        )
        at += height + ROW_GAP
    box_top = middle - node.hauteur // 2
    plate.boites.append(
        Boite(
            node.genre,
            x,
            box_top,
            node.largeur,
            node.hauteur,
            [
                Ligne(text, x + PADDING, box_top + PADDING + LINE * rank + 13, genre)
                for rank, (text, genre) in enumerate(node.lignes)
            ],
        )
    )
    return middle


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, int((width - 2 * PADDING) / CHARACTER))


def _label(choice: dict) -> list[tuple[str, str]]:
    genre = "nsp" if choice["code"] == NSP else "choix"
    lines = textwrap.wrap(choice["libelle"], int((GAP - 40) / CHARACTER))
    return [(line, genre) for line in lines]
