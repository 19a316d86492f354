"""Reading a fiche for one caller: the forks answered so far, the one to ask now, what to show.

A path (``chemin``) is the list of the ranks chosen, in the order in which forks are met when the
tree is read from top to bottom, each chosen case being read before what follows its fork. So
dropping the last rank is always "one step back".

Every fork is asked, also one that stands inside a chapter: an amount is only true in its case,
whatever the depth. Its question then falls back to the chapter's title. Such a fork matters to
that chapter only, so it may be passed over (`PASSER`): its cases then stay out of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.blocks import Block, children, definitions_named, inline_text, walk
from knowledge.layout import Groups, merge, title_of

PASSER = 0
PASSER_LIBELLE = "Passer cette question"
QUESTION_PAR_DEFAUT = "Dans quelle situation êtes-vous\u00a0?"
PATH_MAX = 64
FORK = "a39-fourche"


class CheminInconnu(ValueError):
    """The path does not exist in this fiche: an unknown rank, or more ranks than forks."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """What the agent has before the eyes, at one point of the path."""

    chemin: list[int]
    puces: list[str]
    """Labels of the cases chosen, in order (a fork passed over leaves none)."""
    questions: list[str]
    """The questions that got these answers, one per label of ``puces``."""
    fourche: dict | None
    """The fork to ask now: ``question``, ``aloud`` (the fiche words it for speech), ``genre``,
    ``choix`` (list of ``{rang, libelle, touche, ne_sait_pas}``; ``touche`` is its digit or "";
    ``rang`` 0 passes the question over), or None when nothing is left to ask. « Ne sait pas » is
    the last choice of a fork born here, always the digit 9, as passing a question over is."""
    aide: str
    """What to say when « Ne sait pas » has just been answered: how the caller may find out."""
    cas: str
    """The name of the case reached (« véhicule gardé, plusieurs héritiers »), or ""."""
    cible: dict | None
    """Where the issue reached leads (`knowledge.parcours`); None: what is said is the answer."""
    a_dire: str
    a_dire_origine: str
    """``fiche``, ``cas``, ``introduction`` or ``""``."""
    introduction: list[Block]
    """The blocks of the introduction when it stands in for the spoken text, else empty."""
    haut: list[Block]
    """Warnings, shown before anything else."""
    reperes: list[Block]
    """Escalation fiches: definition, examples in and out."""
    pieces: list[Block]
    couts: list[Block]
    delais: list[Block]
    services: list[Block]
    bureaux: list[Block]
    organismes: list[str]
    """Codes of the kinds of office in force: the deepest case's, else the fiche's."""
    sources: list[Block]
    """``source`` and ``reference`` blocks."""
    texte: list[Block]
    """The rest, limited to the chosen cases."""
    liens: list[Block] = field(default_factory=list)
    """Links to other fiches and outside, those of running text aside."""
    definitions: list[Block] = field(default_factory=list)
    """The fiche's own, and those the visible text points to, wherever they stand in the tree."""
    cadre: list[Block] = field(default_factory=list)
    """Where the fiche stands in its source."""

    @property
    def complet(self) -> bool:
        """Whether nothing is left to ask."""
        return self.fourche is None

    @property
    def retour(self) -> str:
        """The path one step back, as written in an address."""
        return format_path(self.chemin[:-1])


def parse_path(text: str) -> list[int]:
    """The path written in an address (``"1.2"``, ``""`` for the start); raises `CheminInconnu`."""
    if not text:
        return []
    parts = text.split(".")
    if len(parts) > PATH_MAX or not all(
        part.isascii() and part.isdigit() and len(part) <= 3 for part in parts
    ):
        raise CheminInconnu(text[:80])
    return [int(part) for part in parts]


def format_path(chemin: list[int]) -> str:
    """The path as written in an address."""
    return ".".join(map(str, chemin))


def read(contenu: list[Block], chemin: list[int], a_dire: str) -> Lecture:
    """What to show of a fiche once ``chemin`` has been answered.

    ``a_dire`` is the fiche's own spoken text; the deepest chosen case's wins over it, and where
    there is none the deepest introduction stands in. Raises `CheminInconnu`.
    """
    walker = _Walker(list(chemin))
    visible = walker.resolve(contenu, context="")
    if walker.left:
        raise CheminInconnu(format_path(chemin))
    sorted_out = Groups()
    sorted_out.sort(visible)

    spoken = [case["a_dire"] for case in walker.cases if case.get("a_dire")]
    introductions = sorted_out.introductions
    origin, said, introduction = "", "", []
    if spoken:
        origin, said = "cas", spoken[-1]
    elif a_dire:
        origin, said = "fiche", a_dire
    elif introductions:
        introduction = introductions.pop()
        origin, said = "introduction", _plain(introduction)

    offices = _unique(_of_type(visible, "bureau"), "id", "titre", "pivot")
    named = next((c["organismes"] for c in reversed(walker.cases) if c.get("organismes")), None)
    if named is not None:
        offices = [b for b in offices if not b.get("pivot") or b["pivot"] in named]
    organismes = named if named is not None else [b["pivot"] for b in offices if b.get("pivot")]

    return Lecture(
        chemin=list(chemin),
        puces=walker.labels,
        questions=walker.questions,
        fourche=walker.pending,
        aide=walker.aide,
        cible=walker.cases[-1].get("cible") if walker.cases else None,
        cas=_case_name(walker.cases),
        a_dire=said,
        a_dire_origine=origin,
        introduction=introduction,
        haut=sorted_out.haut,
        reperes=sorted_out.reperes,
        pieces=merge(sorted_out.pieces),
        couts=merge(sorted_out.couts),
        delais=merge(sorted_out.delais),
        services=_unique(_of_type(visible, "service"), "titre", "url"),
        bureaux=offices,
        organismes=list(dict.fromkeys(organismes)),
        sources=_unique(_of_type(visible, "source", "reference"), "titre", "url"),
        texte=[block for blocks in introductions for block in blocks] + sorted_out.texte,
        liens=sorted_out.liens,
        definitions=_definitions(contenu, visible),
        cadre=sorted_out.cadre,
    )


class _Walker:
    """Reads a tree along a path: chosen cases are unfolded, the other forks left out."""

    def __init__(self, ranks: list[int]) -> None:
        self.left = ranks
        self.labels: list[str] = []
        self.questions: list[str] = []
        self.cases: list[dict] = []
        self.pending: dict | None = None
        self.aide = ""

    def resolve(self, blocks: list[Block], *, context: str) -> list[Block]:
        """The tree without any fork; ``context`` is the title above, inside a chapter."""
        seen: list[Block] = []
        for block in blocks:
            if block["type"] == "fourche":
                seen += self._take(block, context)
            elif not any(inner["type"] == "fourche" for inner in walk([block])):
                seen.append(block)
            else:
                title = context
                if block["type"] == "chapitre":
                    title = title_of(block["titre"]) or context or QUESTION_PAR_DEFAUT
                resolved = self._rebuild(block, title)
                if any(children(resolved)):
                    seen.append(resolved)
        return seen

    def _rebuild(self, block: Block, context: str) -> Block:
        def read(blocks: list[Block]) -> list[Block]:
            return self.resolve(blocks, context=context)

        copy = dict(block)
        for key in ("resume", "blocs"):
            if key in block:
                copy[key] = read(block[key])
        if "items" in block:
            copy["items"] = [item for blocks in block["items"] if (item := read(blocks))]
        if "rangees" in block:
            copy["rangees"] = [
                row
                | {"cellules": [cell | {"blocs": read(cell["blocs"])} for cell in row["cellules"]]}
                for row in block["rangees"]
            ]
        if "reponses" in block:
            copy["reponses"] = [
                answer | {"blocs": read(answer["blocs"])} for answer in block["reponses"]
            ]
        return copy

    def _take(self, fork: Block, context: str) -> list[Block]:
        cases = fork["cas"]
        if not cases or self.pending is not None:
            return []
        question = fork.get("question") or context or QUESTION_PAR_DEFAUT
        passable = len(cases) == 1 or (bool(context) and not fork.get("question"))
        if not self.left:
            self.pending = {
                "question": question,
                "aloud": bool(fork.get("question")),
                "genre": fork.get("genre", ""),
                "choix": _choices(cases, passable=passable),
            }
            return []
        rank = self.left.pop(0)
        if rank == PASSER and passable:
            return []
        if not 1 <= rank <= len(cases):
            raise CheminInconnu(f"{question} : {rank}")
        case = cases[rank - 1]
        label = _case_label(case, rank)
        self.cases.append(case)
        self.labels.append(label)
        self.aide = fork.get("aide", "") if case.get("ne_sait_pas") else ""
        self.questions.append(question)
        blocks = self.resolve(case["blocs"], context=context and label)
        if context and blocks:
            # Inside a chapter the chips are far away: the text says again which case it is.
            return [{"type": "paragraphe", "texte": [{"m": "fort", "c": [label]}]}, *blocks]
        return blocks


def unfold(contenu: list[Block]) -> tuple[list[Block], list[dict]]:
    """The whole tree, and what each of its forks asks, for a page that reads it without a server.

    A fork of the tree bears its place in the list as the attribute `FORK` of its source. An item
    of the list is as ``Lecture.fourche``, each choice with its ``cible``, and with ``aide``. Forks
    come in the order in which a path answers them.
    """
    walker = _Unfolder()
    return walker.resolve(contenu, context=""), walker.forks


class _Unfolder(_Walker):
    """Reads a tree to its end: every fork stays, under its number."""

    def __init__(self) -> None:
        super().__init__([])
        self.forks: list[dict] = []

    def _take(self, fork: Block, context: str) -> list[Block]:
        if not fork["cas"]:
            return []
        number = str(len(self.forks))
        asked = _ask(fork, context) | {"aide": fork.get("aide", "")}
        for choice in asked["choix"]:
            if choice["rang"] != PASSER:
                choice["cible"] = fork["cas"][choice["rang"] - 1].get("cible")
        self.forks.append(asked)
        cases = [
            case
            | {"blocs": self.resolve(case["blocs"], context=context and _case_label(case, rank))}
            for rank, case in enumerate(fork["cas"], start=1)
        ]
        marks = (fork.get("attributs") or {}) | {FORK: number}
        return [fork | {"cas": cases, "attributs": marks}]


def _question(fork: Block, context: str) -> str:
    return fork.get("question") or context or QUESTION_PAR_DEFAUT


def _passable(fork: Block, context: str) -> bool:
    return len(fork["cas"]) == 1 or (bool(context) and not fork.get("question"))


def _ask(fork: Block, context: str) -> dict:
    return {
        "question": _question(fork, context),
        "aloud": bool(fork.get("question")),
        "genre": fork.get("genre", ""),
        "choix": _choices(fork["cas"], passable=_passable(fork, context)),
    }


def _choices(cases: list[dict], *, passable: bool) -> list[dict]:
    """What may be answered, each with its digit; past nine there is none left."""
    choices = [_choice(case, rank) for rank, case in enumerate(cases, start=1)]
    if passable:
        digit = "9" if len(cases) < 9 else ""
        choices.append(
            {"rang": PASSER, "libelle": PASSER_LIBELLE, "touche": digit, "ne_sait_pas": False}
        )
    return choices


def _choice(case: dict, rank: int) -> dict:
    unknown = bool(case.get("ne_sait_pas"))
    digit = "9" if unknown else str(rank) if rank < 10 else ""
    label = _case_label(case, rank)
    return {"rang": rank, "libelle": label, "touche": digit, "ne_sait_pas": unknown}


def _case_label(case: dict, rank: int) -> str:
    return title_of(case["titre"]) or f"Cas {rank}"


def _of_type(blocks: list[Block], *types: str) -> list[Block]:
    return [block for block in walk(blocks) if block["type"] in types]


def _unique(blocks: list[Block], *keys: str) -> list[Block]:
    """The first block of each identity; a service stands in its case and again at the end."""
    seen: dict[tuple, Block] = {}
    for block in blocks:
        seen.setdefault(tuple(str(block.get(key, "")) for key in keys), block)
    return list(seen.values())


def _definitions(contenu: list[Block], visible: list[Block]) -> list[Block]:
    """The definitions at the top of the page, then those that what is visible names.

    One may stand in a case not chosen, or be named by another one only. What stands inside the
    visible text is shown there.
    """
    own = [block for block in visible if block["type"] == "definition"]
    everywhere = {block["id"]: block for block in _of_type(contenu, "definition") if "id" in block}
    shown = {block.get("id") for block in _of_type(visible, "definition")}
    if everywhere.keys() <= shown:
        return own
    to_read: list[Block] = visible
    while missing := [
        everywhere[name]
        for name in dict.fromkeys(definitions_named(to_read))
        if name in everywhere and name not in shown
    ]:
        own = own + missing
        shown |= {block["id"] for block in missing}
        to_read = missing
    return own


def _case_name(cases: list[dict]) -> str:
    """An issue names itself; an imported case is named by the labels that lead to it."""
    if not cases:
        return ""
    return cases[-1].get("issue") or ", ".join(title_of(case["titre"]) for case in cases)


def _plain(blocks: list[Block]) -> str:
    return "\n".join(
        text
        for block in walk(blocks)
        if block["type"] == "paragraphe" and (text := inline_text(block["texte"]).strip())
    )
