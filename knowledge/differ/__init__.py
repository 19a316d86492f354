"""What changed between two states of a content, in sentences that a rédacteur reads.

Both trees are read into the same parts, each with a title, facts (address, cerfa number) and lines
of text. Parts are matched by title, then by likeness; lines by their order. What is only technical
makes no sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from knowledge.blocks import Block
from knowledge.differ.parts import FACTS, KINDS, TARGET, Line, Part, read_parts
from knowledge.differ.wording import WORDS, changed_text, ending, name, newly, quote, shorten

__all__ = ["changed_text", "describe", "match", "neutral", "quote", "shorten"]

LIMIT = 12  # sentences; then « et N autres changements »
_ALIKE = 0.55
_LINES_MAX = 400  # beyond, likeness of every pair would cost too much
# The site changed its domain: the same pages.
_DOMAIN = re.compile(r"service-public\.fr")
Told = tuple[int, str]  # how much it matters, the sentence
# What matters most is told first: figures, warnings, the text, then services, sources, sisters.
_FIRST, _TEXT, _LAST = 0, 1, 4
_WEIGHTS = {
    "avertissement": 0,
    **dict.fromkeys(("bureau", "service", "video", "image"), 2),
    **dict.fromkeys(("reference", "definition", "lien", "source"), 3),
    "dossier": 4,
}


def neutral(value: Any) -> Any:
    """A tree, a list or a text with the site's two domains made one."""
    if isinstance(value, str):
        return (
            _DOMAIN.sub("service-public.gouv.fr", value) if "service-public.fr" in value else value
        )
    if isinstance(value, dict):
        return {key: neutral(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [neutral(inner) for inner in value]
    return value


def describe(before: list[Block], after: list[Block], *, limit: int = LIMIT) -> list[str]:
    """French sentences, each located by its chapter and case; [] when nothing readable changed.

    A change of the site's domain in an address is none. At most ``limit`` sentences, then one that
    says how many more there are.
    """
    old, new = read_parts("", "", neutral(before)), read_parts("", "", neutral(after))
    told = sorted(_compare(old, new, _Place()), key=lambda each: each[0])
    return shorten(list(dict.fromkeys(sentence for _, sentence in told)), limit=limit)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the content a change stands, and how much it matters there."""

    path: tuple[str, ...] = ()
    weight: int = _TEXT

    def inside(self, part: Part) -> _Place:
        return _Place((*self.path, name(part)), max(self.weight, _weight(part)))

    def tell(self, what: str, weight: int | None = None) -> Told:
        """« Chapitre « Montant », cas « Salarié » : … »; without a place, the sentence alone."""
        sentence = f"{', '.join(self.path)}\u00a0: {what}" if self.path else what
        told = self.weight if weight is None else min(max(weight, _FIRST), _LAST)
        return told, sentence[0].upper() + sentence[1:]


def _weight(part: Part) -> int:
    return _WEIGHTS.get(part.kind, _TEXT)


def _compare(old: Part, new: Part, place: _Place) -> Iterator[Told]:
    yield from _compare_facts(old, new, place)
    yield from _compare_lines(old.lines, new.lines, place)
    pairs, gone, added = match(old.parts, new.parts)
    for part in gone:
        yield place.tell(f"{name(part)} supprimé{ending(part)}", _weight(part))
    for part in added:
        yield place.tell(f"{newly(part)} {name(part)}", _weight(part))
    for before, after in pairs:
        if before.title != after.title:
            yield place.tell(_renamed(before, after), _weight(after))
        yield from _compare(before, after, place.inside(after))
    yield from _order(old.parts, pairs, place)


def _renamed(before: Part, after: Part) -> str:
    noun = KINDS.get(after.kind, ("passage", False))[0]
    if before.title.strip() and after.title.strip():
        return f"{name(before)} devient {quote(after.title)}"
    if after.title.strip():
        return f"{noun} intitulé{ending(after)} {quote(after.title)}"
    return f"{name(before)} n'a plus de titre"


def match(
    old: list[Part], new: list[Part]
) -> tuple[list[tuple[Part, Part]], list[Part], list[Part]]:
    """Pairs of the same part before and after, in the new order, then those gone and those new."""
    waiting: dict[tuple, list[Part]] = {}
    for part in old:
        waiting.setdefault((part.kind, part.title), []).append(part)
    found: dict[int, Part] = {}
    for part in new:
        if same := waiting.get((part.kind, part.title)):
            found[id(part)] = same.pop(0)
    left = {id(part) for parts in waiting.values() for part in parts}
    gone = [part for part in old if id(part) in left]
    added = [part for part in new if id(part) not in found]
    for part in list(added) if len(added) * len(gone) <= _LINES_MAX else []:
        best = max(gone, key=lambda other: _likeness(other, part), default=None)
        if best is not None and _likeness(best, part) >= _ALIKE:
            found[id(part)] = best
            gone = [other for other in gone if other is not best]
            added = [other for other in added if other is not part]
    return [(found[id(part)], part) for part in new if id(part) in found], gone, added


def _likeness(old: Part, new: Part) -> float:
    if old.kind != new.kind:
        return 0.0
    title = SequenceMatcher(None, old.title, new.title, autojunk=False).ratio()
    if title >= _ALIKE:
        return title
    before, after = Counter(old.all_text().split()), Counter(new.all_text().split())
    total = before.total() + after.total()
    shared = 2 * (before & after).total() / total if total else 0.0
    return shared if total >= 12 else 0.0


def _order(old: list[Part], pairs: list[tuple[Part, Part]], place: _Place) -> Iterator[Told]:
    ranks = {id(part): rank for rank, part in enumerate(old)}
    for kind in dict.fromkeys(after.kind for _, after in pairs):
        places = [ranks[id(before)] for before, after in pairs if after.kind == kind]
        if places != sorted(places):
            noun = KINDS.get(kind, ("passage", False))[0]
            yield place.tell(f"l'ordre des {_plural(noun)} change", _WEIGHTS.get(kind, _TEXT))


def _plural(noun: str) -> str:
    first, space, rest = noun.partition(" ")
    return (first if first.endswith("s") else f"{first}s") + space + rest


def _compare_facts(old: Part, new: Part, place: _Place) -> Iterator[Told]:
    for key in dict.fromkeys((*old.facts, *new.facts)):
        before, after = old.facts.get(key, ""), new.facts.get(key, "")
        if before == after:
            continue
        label = (FACTS | TARGET)[key]
        if before and after:
            yield place.tell(f"{label} {quote(before)} devient {quote(after)}")
        elif after:
            yield place.tell(f"{label} {quote(after)} ajouté{_agree(label)}")
        else:
            yield place.tell(f"{label} {quote(before)} supprimé{_agree(label)}")


def _agree(label: str) -> str:
    feminine = ("adresse", "date", "précision", "source", "condition", "légende", "mention")
    return "e" if label.startswith(feminine) else ""


def _compare_lines(old: list[Line], new: list[Line], place: _Place) -> Iterator[Told]:
    before, after = [line.text for line in old], [line.text for line in new]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    gone: list[str] = []
    added: list[str] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            for a, b in zip(old[i1:i2], new[j1:j2], strict=True):
                yield from _compare_links(a, b, place)
            continue
        left, right = list(range(i1, i2)), list(range(j1, j2))
        for i in list(left) if len(left) * len(right) <= _LINES_MAX else []:
            best = max(right, key=lambda j: _same(before[i], after[j]), default=None)
            if best is not None and _same(before[i], after[best]) >= _ALIKE:
                told = changed_text(before[i], after[best])
                # What the caller would be told wrong: an amount, a delay, a number of papers.
                yield place.tell(told, place.weight - any(map(str.isdigit, told)))
                left.remove(i)
                right.remove(best)
        gone += [before[i] for i in left]
        added += [after[j] for j in right]
    moved = Counter(gone) & Counter(added)
    if moved:
        yield place.tell(f"l'ordre du texte change autour de {quote(next(iter(moved)))}")
    for text in (Counter(gone) - moved).elements():
        yield place.tell(f"suppression de {quote(text)}")
    for text in (Counter(added) - moved).elements():
        yield place.tell(f"ajout de {quote(text)}")


def _same(before: str, after: str) -> float:
    return SequenceMatcher(None, WORDS.split(before), WORDS.split(after), autojunk=False).ratio()


def _compare_links(old: Line, new: Line, place: _Place) -> Iterator[Told]:
    if old.links == new.links:
        return
    before, after = dict(old.links), dict(new.links)
    for text, target in new.links:
        if text not in before:
            yield place.tell(f"nouveau lien {quote(text)} vers {target}")
        elif before[text] != target:
            yield place.tell(f"le lien {quote(text)} mène à {target} et non à {before[text]}")
    for text in before:
        if text not in after:
            yield place.tell(f"le lien {quote(text)} est supprimé")
