"""How a change is said: quotations, names of parts, agreement."""

from __future__ import annotations

import re

from knowledge.differ.parts import KINDS, Part

_CUT = 110  # characters of a quotation
WORDS = re.compile(r"[ \t\r\n]+")
# A space inside a figure, before its unit or a high punctuation mark: one word with them.
_BOUND = re.compile(r"(?<=\d) (?=\d{3}\b|[€%])|(?<=«) | (?=[»:;!?])")
_FIGURE = re.compile(r"[\d\s.,/:%€+-]+")


def even_spaces(text: str) -> str:
    """The text with French typography's spaces, however they were typed."""
    return _BOUND.sub("\u00a0", " ".join(text.split()))


def shorten(sentences: list[str], *, limit: int) -> list[str]:
    """The first sentences, and how many are left out."""
    left = len(sentences) - limit
    if left <= 0:
        return sentences
    more = "et 1 autre changement" if left == 1 else f"et {left} autres changements"
    return [*sentences[:limit], more]


def changed_text(before: str, after: str) -> str:
    """« 486,49 € » devient « 492,10 € »: the words that differ, with what makes them clear."""
    old, new = WORDS.split(before.strip()), WORDS.split(after.strip())
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if not old_middle or not new_middle or len(" ".join(old_middle + new_middle)) < 12:
        # An insertion, or a figure alone: a word on either side says what it is about.
        if end and _FIGURE.fullmatch(" ".join(old_middle + new_middle) or "x"):
            end = max(0, end - 1)
        else:
            start, end = max(0, start - 3), max(0, end - 3)
        old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    return f"{quote(' '.join(old_middle))} devient {quote(' '.join(new_middle))}"


def quote(text: str) -> str:
    """A text between French quotation marks, cut when long."""
    text = " ".join(WORDS.split(text.strip()))
    if len(text) > _CUT:
        text = text[:_CUT].rsplit(" ", 1)[0] + "\u2026"
    return f"«\u00a0{text}\u00a0»"


def name(part: Part) -> str:
    noun = KINDS.get(part.kind, ("passage", False))[0]
    return f"{noun} {quote(part.title)}" if part.title.strip() else noun


def ending(part: Part) -> str:
    return "e" if KINDS.get(part.kind, ("", False))[1] else ""


def newly(part: Part) -> str:
    noun, feminine = KINDS.get(part.kind, ("passage", False))
    if feminine:
        return "nouvelle"
    return "nouvel" if noun[0] in "aeio" else "nouveau"
