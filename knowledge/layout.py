"""Where each block of a fiche stands on the page read on the phone."""

from __future__ import annotations

from knowledge.blocks import Block, inline_text
from knowledge.compose import TITRES

REPERES = frozenset({"definition", "exemples_dans", "exemples_hors"})


class Groups:
    """The places of the page; what has none of its own goes to ``texte``."""

    def __init__(self) -> None:
        self.haut: list[Block] = []
        self.reperes: list[Block] = []
        self.introductions: list[list[Block]] = []
        self.pieces: list[Block] = []
        self.couts: list[Block] = []
        self.delais: list[Block] = []
        self.texte: list[Block] = []
        self.liens: list[Block] = []
        self.cadre: list[Block] = []

    def sort(self, blocks: list[Block]) -> None:
        """Put each block of a tree without forks in its place."""
        for block in blocks:
            match block["type"]:
                case "avertissement":
                    self.haut.append(block)
                case "introduction":
                    self.introductions.append(block["blocs"])
                case "lien":
                    self.liens.append(block)
                case "cadre":
                    self.cadre.append(block)
                case "service" | "bureau" | "source" | "reference" | "definition":
                    pass  # gathered from the whole visible tree, also from inside chapters
                case "chapitre":
                    self._sort_chapter(block)
                case _:
                    self.texte.append(block)

    def _sort_chapter(self, chapter: Block) -> None:
        role = chapter.get("role", "")
        if role in REPERES:
            self.reperes.append(chapter)
        elif role == "texte":
            self.texte += chapter["blocs"]
        else:
            rest = self._lift(chapter)
            if rest is not None:
                self.texte.append(rest)

    def _lift(self, chapter: Block) -> Block | None:
        """Take documents, costs and delays out of a chapter, whatever its depth."""
        group = {"pieces": self.pieces, "cout": self.couts, "delai": self.delais}.get(
            chapter.get("role", "")
        )
        if group is not None:
            group.append(chapter)
            return None
        rest = [
            kept
            for inner in chapter["blocs"]
            if (kept := self._lift(inner) if inner["type"] == "chapitre" else inner) is not None
        ]
        return chapter | {"blocs": rest} if rest else None


def merge(chapters: list[Block]) -> list[Block]:
    """The contents of chapters of one role: the fiche's list goes on with the case's.

    Chapters born here are plain bulleted lists under a fixed title, which the page shows itself;
    a chapter of service-public.fr keeps its title.
    """
    merged: list[Block] = []
    for chapter in chapters:
        if not _is_native_list(chapter):
            merged.append(chapter)
        elif merged and merged[-1]["type"] == "liste":
            items = merged[-1]["items"]
            added = [item for item in chapter["blocs"][0]["items"] if item not in items]
            merged[-1] = merged[-1] | {"items": items + added}
        else:
            merged.append(chapter["blocs"][0])
    return merged


def _is_native_list(chapter: Block) -> bool:
    return title_of(chapter["titre"]) == TITRES[chapter["role"]] and [
        block["type"] for block in chapter["blocs"]
    ] == ["liste"]


def title_of(title: str | list) -> str:
    """A title as plain text, whichever of its two shapes it has."""
    return title if isinstance(title, str) else inline_text(title)
