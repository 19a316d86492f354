"""Other names of things, kept by rédacteurs beside the language lists that are shipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from allo3939.accounts.models import Agent
from allo3939.shared.analyse import (
    Equivalents,
    Mot,
    lexicon,
    link_names,
    read_expression,
    stems,
    words,
)
from allo3939.shared.anonymity import find_identifiers
from allo3939.shared.changes import EVERYTHING, Kept, record_change
from knowledge.models import Synonyme

GENRE = "langue"  # of the lines that tell every process about synonyms and pins
COMMON = 100  # fiches: a word found in more of them changes many searches at once


@dataclass
class Verdict:
    """What is to be said of a synonym, in French: faults by field, and what is worth a look."""

    fautes: dict[str, list[str]] = field(default_factory=dict)
    remarques: list[str] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        self.fautes.setdefault(name, []).append(message)


def mattering(text: str) -> list[Mot]:
    """The words of a search that matter, as the index reads them: no grammar, no chatter."""
    lists = lexicon()
    said = [word for word in words(text) if word.sigle or word.forme not in lists.outils]
    chatter = lists.bavardage["bavardage"]
    return [word for word in said if word.sigle or word.forme not in chatter]


def names() -> Equivalents:
    """The synonyms in service, for the indexes' `noms`; no query when nothing has changed.

    For an expression that the shipped lists know too, their names come after ours.
    """
    return _NAMES.get()


def merge(own: Equivalents) -> Equivalents:
    """Our names first, then those that the shipped lists give for the same expression."""
    shipped = lexicon().equivalents
    merged = {}
    for expression, found in own.items():
        known = {name.racines for name in found}
        others = shipped.get(expression, ())
        merged[expression] = (*found, *(name for name in others if name.racines not in known))
    return merged


def pairs(synonyme: Synonyme) -> Iterable[tuple[str, str]]:
    """What is said and what is written, as the index links them."""
    for equivalent in synonyme.equivalents:
        yield synonyme.expression, equivalent
        if synonyme.deux_sens:
            yield equivalent, synonyme.expression


def link(synonymes: Iterable[Synonyme]) -> Equivalents:
    """The names that these synonyms give, whether in service or not."""
    return merge(link_names(pair for synonyme in synonymes for pair in pairs(synonyme)))


def _read() -> Equivalents:
    return link(Synonyme.objects.filter(actif=True).order_by("expression"))


_NAMES: Kept[Equivalents] = Kept(GENRE, read=_read)


@transaction.atomic
def save(synonyme: Synonyme, *, by: Agent | None) -> Synonyme:
    """Keep a synonym; every process searches with it at its next search."""
    synonyme._history_user = by  # type: ignore[attr-defined]
    synonyme.save()
    record_change(GENRE, [EVERYTHING])
    return synonyme


def check(synonyme: Synonyme, *, count: Callable[[str], int]) -> Verdict:
    """Whether the search can use the synonym; ``count``: the fiches that hold a word."""
    verdict = Verdict()
    _check_expression(synonyme, verdict, count)
    _check_equivalents(synonyme, verdict, count)
    return verdict


def _check_expression(synonyme: Synonyme, verdict: Verdict, count: Callable[[str], int]) -> None:
    text = synonyme.expression
    key = read_expression(text)
    if found := find_identifiers(text):
        verdict.refuse("expression", _identifies(found))
    elif not mattering(text):
        verdict.refuse(
            "expression",
            f"«\u00a0{text}\u00a0» ne dit rien à la recherche\u00a0: écrivez au moins un mot qui "
            "compte.",
        )
    elif twin := _twin(synonyme, key):
        verdict.refuse(
            "expression",
            f"Pour la recherche, c'est la même chose que «\u00a0{twin.expression}\u00a0», déjà "
            f"{'en service' if twin.actif else 'noté, hors service'}\u00a0: complétez plutôt "
            "celui-là.",
        )
    else:
        (word, *others) = mattering(text)
        if not others and (holding := count(word.forme)) > COMMON:
            verdict.remarques.append(
                f"«\u00a0{text}\u00a0» figure dans {holding} fiches\u00a0: toutes les recherches "
                "qui emploient ce mot vont changer."
            )


def _check_equivalents(synonyme: Synonyme, verdict: Verdict, count: Callable[[str], int]) -> None:
    key = read_expression(synonyme.expression)
    shipped = {name.racines for name in lexicon().equivalents.get(key, ())}
    seen: set[tuple[str, ...]] = set()
    for text in synonyme.equivalents:
        racines = tuple(stems(text))
        if found := find_identifiers(text):
            verdict.refuse("equivalents", _identifies(found))
        elif not mattering(text):
            verdict.refuse("equivalents", f"«\u00a0{text}\u00a0» ne dit rien à la recherche.")
        elif racines == key:
            verdict.refuse(
                "equivalents",
                f"«\u00a0{text}\u00a0» et «\u00a0{synonyme.expression}\u00a0» sont déjà la même "
                "chose pour la recherche.",
            )
        elif racines in seen:
            verdict.refuse("equivalents", f"«\u00a0{text}\u00a0» est écrit deux fois.")
        elif racines in shipped:
            verdict.remarques.append(
                f"Le lexique livré connaît déjà «\u00a0{synonyme.expression} → {text}\u00a0»."
            )
        elif strange := [word.forme for word in mattering(text) if not count(word.forme)]:
            verdict.remarques.append(
                f"Aucune fiche n'emploie «\u00a0{', '.join(strange)}\u00a0»\u00a0: vérifiez "
                f"l'orthographe de «\u00a0{text}\u00a0»."
            )
        seen.add(racines)


def _twin(synonyme: Synonyme, key: tuple[str, ...]) -> Synonyme | None:
    others = Synonyme.objects.exclude(pk=synonyme.pk)
    return next((other for other in others if read_expression(other.expression) == key), None)


def _identifies(found: list[str]) -> str:
    return f"Le texte contient {' et '.join(found)}\u00a0: rien qui désigne quelqu'un."
