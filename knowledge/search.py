"""Fiches found from words typed during a call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from allo3939.shared.analyse import Equivalents, lexicon, words
from allo3939.shared.index import Classement, Entree, Index, Trouvaille, refresh
from knowledge import learn, pins, vocabulary
from knowledge.blocks import Block, Inline, children, inline_text
from knowledge.enums import Origine
from knowledge.models import Epingle, Fiche, Synonyme
from knowledge.paroles import paroles, signature

BATCH = 200
# Titles of other pages, which would answer for this one.
OF_OTHERS = ("lien", "reference", "source", "image")
READ = ("reference", "nature", "origine", "titre", "fil", "mots_cles", "a_dire", "definition",
        "contenu", "exemples_dans", "theme__titre")  # fmt: skip


def _text(value: str | Inline) -> str:
    """A title of the block tree is plain text or an inline list."""
    return value if isinstance(value, str) else inline_text(value)


def _sort(blocks: list[Block], into: dict[str, list[str]], place: str) -> None:
    """Share the text of a tree between introduction, headings and body."""
    for block in blocks:
        kind = block["type"]
        if kind in OF_OTHERS or block.get("role") == "exemples_hors":
            continue
        inner = "introduction" if kind == "introduction" else place
        if kind == "paragraphe":
            into[place].append(_text(block["texte"]))
        elif titre := _text(block.get("titre") or ""):
            into["entetes"].append(titre)
        if kind == "fourche":
            into["entetes"].append(block.get("question", ""))
            for case in block["cas"]:
                into["entetes"].append(case["titre"])
                into[place].append(case.get("a_dire", ""))
        for blocs in children(block):
            _sort(blocs, into, inner)


def _read(keys: Sequence[str] | None) -> Iterator[Entree]:
    fiches = Fiche.objects.published().order_by("reference")
    if keys is not None:
        fiches = fiches.filter(reference__in=keys)
    for row in fiches.values(*READ).iterator(chunk_size=BATCH):
        texts: dict[str, list[str]] = {"introduction": [], "entetes": [], "corps": []}
        _sort(row["contenu"], texts, "corps")
        theme = row["theme__titre"] or ""
        path = row["fil"] or ([theme] if theme else [])
        yield Entree(
            cle=row["reference"],
            genre=row["nature"],
            titre=row["titre"],
            complement=" › ".join(path),
            champs={
                "titre": row["titre"],
                "mots_cles": " / ".join(row["mots_cles"]),
                "paroles": _said_of(row["reference"], row["origine"]),
                "fil": " / ".join([*row["fil"], theme]),
                "introduction": " / ".join(
                    [row["a_dire"], row["definition"], *row["exemples_dans"]]
                    + texts["introduction"]
                ),
                "entetes": " / ".join(texts["entetes"]),
                "corps": " / ".join(texts["corps"]),
            },
        )


def _said_of(reference: str, origine: str) -> str:
    """What callers say for an imported fiche; a native one has keywords of its own."""
    said = paroles().get(reference, "") if origine == Origine.SERVICE_PUBLIC else ""
    return said.replace(", ", " / ")


def _find_without_index(text: str, nature: str, limit: int) -> list[Trouvaille]:
    empty = lexicon().outils | lexicon().bavardage["bavardage"]
    fiches = Fiche.objects.published()
    if nature:
        fiches = fiches.filter(nature=nature)
    any_word = Q()
    for word in words(text):
        if word.forme not in empty:
            any_word |= Q(titre__icontains=text[word.debut : word.fin])
    if not any_word:
        return []
    rows = fiches.filter(any_word).order_by("reference")[:limit]
    return [
        Trouvaille(fiche.reference, fiche.nature, [(fiche.titre, False)], " › ".join(fiche.fil), 0)
        for fiche in rows
    ]


def _rank(mots: tuple[str, ...], lines: list[Trouvaille], genre: str) -> list[Trouvaille]:
    """What closed calls taught, then what rédacteurs decided."""
    return pins.put_first(mots, learn.lift(mots, lines), nature=genre)


# Weights: see docs/adr/0005-search-index.md.
FICHES = Index(
    nom="fiches",
    version=f"3-{signature()}",
    poids={
        "titre": 1.8,
        "mots_cles": 3.0,
        "paroles": 2.0,
        "fil": 1.1,
        "introduction": 1.2,
        "entetes": 0.9,
        "corps": 1.0,
    },
    lire=_read,
    apropos=("titre", "mots_cles", "paroles", "fil"),
    secours=_find_without_index,
    noms=vocabulary.names,
    classe=_rank,
)


def search_fiches(text: str, *, nature: str | None = None, limit: int = 10) -> list[Trouvaille]:
    """The published fiches that answer a text, best first; `nature` keeps one kind of fiche."""
    refresh(FICHES)
    return FICHES.search(text, genre=nature or "", limit=limit).lignes


def as_if(
    *, noms: Callable[[], Equivalents] | None = None, classe: Classement | None = None
) -> pins.Search:
    """A search of fiches with other names or another order than those in force, for a try-out.

    It reads the same files; nothing of it is seen by the searches of agents.
    """
    trial = replace(FICHES, noms=noms or FICHES.noms, classe=classe or FICHES.classe)

    def search(text: str, *, nature: str | None = None, limit: int = 10) -> list[Trouvaille]:
        refresh(trial)
        return trial.search(text, genre=nature or "", limit=limit).lignes

    return search


def search_with(savoir: learn.Savoir) -> pins.Search:
    """A search of fiches that has learnt this and nothing else, switched on or not."""

    def classe(mots: tuple[str, ...], lines: list[Trouvaille], genre: str) -> list[Trouvaille]:
        return pins.put_first(mots, learn.lift(mots, lines, savoir=savoir), nature=genre)

    return as_if(classe=classe)


def count_fiches(form: str) -> int:
    """How many published fiches hold a folded word."""
    return counting_fiches()(form)


def counting_fiches() -> Callable[[str], int]:
    """`count_fiches` for several words, brought up to date once for them all."""
    refresh(FICHES)
    return FICHES.count


# Trying out, for rédacteurs ----------------------------------------------------------------------

TRIED = 5  # fiches shown before and after


@dataclass(frozen=True, slots=True)
class Essai:
    """The first fiches for a text without and with what a rédacteur is typing."""

    texte: str
    avant: list[Trouvaille]
    apres: list[Trouvaille]

    @property
    def avant_lignes(self) -> list[tuple[Trouvaille, str]]:
        """The fiches before, as `lignes`."""
        return [(line, "") for line in self.avant]

    @property
    def lignes(self) -> list[tuple[Trouvaille, str]]:
        """The fiches after, each with how its rank changed, in French: "" when it did not."""
        ranks = {line.cle: rank for rank, line in enumerate(self.avant, 1)}
        return [
            (line, _moved(ranks.get(line.cle), rank)) for rank, line in enumerate(self.apres, 1)
        ]

    @property
    def change(self) -> bool:
        return [line.cle for line in self.avant] != [line.cle for line in self.apres]


def _moved(before: int | None, after: int) -> str:
    if before is None:
        return "entre"
    return f"était n° {before}" if before != after else ""


def try_synonyme(synonyme: Synonyme, *, texte: str) -> Essai:
    """What the synonym, in service, changes for a text; nothing is saved."""
    others = list(Synonyme.objects.filter(actif=True).exclude(pk=synonyme.pk))
    without, with_it = vocabulary.link(others), vocabulary.link([*others, synonyme])
    avant = as_if(noms=lambda: without)(texte, limit=TRIED)
    return Essai(texte, avant, as_if(noms=lambda: with_it)(texte, limit=TRIED))


def try_epingle(epingle: Epingle, *, texte: str) -> Essai:
    """What the pin, in force, changes for a text among the fiches of its kind."""
    others = [pin for pin in pins.in_force() if pin.pk != epingle.pk]
    nature = epingle.fiche.nature

    def ranked(board: pins.Tableau) -> list[Trouvaille]:
        def classe(mots: tuple[str, ...], lines: list[Trouvaille], genre: str) -> list[Trouvaille]:
            return pins.put_first(mots, learn.lift(mots, lines), nature=genre, board=board)

        return as_if(classe=classe)(texte, nature=nature, limit=TRIED)

    return Essai(texte, ranked(pins.board_of(others)), ranked(pins.board_of([*others, epingle])))
