"""How names are written to be compared."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "’": " ", "'": " "})
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}
ARTICLES = ("le ", "la ", "les ", "l ")


@lru_cache(maxsize=4096)  # the same names and remarks come back at each action
def fold(text: str) -> str:
    """Lower case, without accents, ligatures or punctuation, single spaces."""
    text = unicodedata.normalize("NFKD", text).lower().translate(_LIGATURES)
    kept = (char if char.isalnum() else " " for char in text if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def normalise(name: str) -> str:
    """A commune's name as it is searched: folded, « St », « Ste » and « s/ » developed."""
    return " ".join(_SHORT.get(word, word) for word in fold(name).split())


def without_article(name: str) -> str:
    """A normalised name without « le », « la », « les » or « l » before it."""
    article = next((each for each in ARTICLES if name.startswith(each)), "")
    return name.removeprefix(article)


def squeeze(name: str) -> str:
    """A normalised name in one piece: a space too many or too few is no error."""
    return name.replace(" ", "")
