"""Texts that are said aloud: how long they may be, and what sounds wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

A_DIRE_MAX = 60
QUESTION_MAX = 25
CHOIX_MAX_MOTS = 8
AIDE_MAX = 25
_YES_NO = frozenset({"oui", "non"})
_UNSPEAKABLE = re.compile(r"https?://|www\.|\betc\b|[/()\[\]&*]|\bcf\b", re.IGNORECASE)


def count_words(text: str) -> int:
    """Words as they are said: split on white space, a lone punctuation mark is not one."""
    return sum(any(char.isalnum() for char in word) for word in text.split())


def too_long(text: str, name: str, limit: int) -> Iterator[str]:
    """The fault of a text over its limit of words, in French."""
    words = count_words(text)
    if words > limit:
        yield f"{name} : {words} mots à dire, {limit} au plus."


def doubtful_question(question: dict) -> Iterator[str]:
    """What makes a question hard to say or to answer on the phone, in French."""
    text = question["texte"].strip()
    labels = {choice["libelle"].strip().casefold() for choice in question["choix"]}
    if not text.endswith("?"):
        yield "elle se dit à voix haute, finissez par « ? »"
    if text.count("?") > 1:
        yield "deux questions en une, séparez-les"
    if labels >= _YES_NO and re.search(r"\bou\b", text):
        yield "« ou » avec les réponses Oui et Non : on ne saura pas à quoi l'usager dit oui"
    if labels >= _YES_NO and re.search(r"\bn(?:e\b|['’]).*\bpas\b", text, re.IGNORECASE):
        yield "une négation avec Oui et Non prête à confusion"
    yield from doubtful_speech(text)


def doubtful_speech(text: str) -> Iterator[str]:
    """What is written but not said, in French."""
    found = _UNSPEAKABLE.search(text)
    if found:
        yield f"« {found[0]} » ne se dit pas à voix haute"
