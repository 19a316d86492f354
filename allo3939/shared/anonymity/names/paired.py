"""A first name with a surname, in either order; a surname that is nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat
from allo3939.shared.anonymity.names.page import Page, Word


def paired(page: Page, place: int) -> Iterator[Constat]:
    first = page.words[place]
    second = page.follows(place + 1, r" {1,2}")
    if second is None or len(first.cle) < 2 or first.avant.endswith("-"):
        return
    if first.cle in page.known.saints:
        return  # a town: « saint denis »
    end = place + 2
    if second.cle in page.known.particules and not page.is_first(second):
        third = page.follows(end)
        if third is None or not (
            third.capital or page.is_surname(third) or page.is_plain_first(first)
        ):
            return
        if second.cle in ("de", "du", "des", "d", "la", "le", "les") and not (
            third.capital and not page.crie
        ):
            return
        if second.cle in ("de", "du", "des", "d") and third.cle in page.known.ordinaires:
            return  # « Marie de Paris »
        second, end = third, end + 1
    verdict = _pair(page, first, second)
    if verdict is None or page.is_place(place) or page.is_famous(max(0, place - 1), end + 1):
        return
    while (more := page.follows(end)) is not None and end - place < 5:
        if not (
            more.capital and not page.crie and (page.is_surname(more) or page.is_plain_first(more))
        ):
            break
        end += 1
    yield page.constat(place, end, verdict, "c'est un prénom suivi d'un nom")


def _pair(page: Page, first: Word, second: Word) -> bool | None:
    known = page.known
    proper = not page.crie
    if page.is_first(first):
        plain = page.is_plain_first(first) or (first.cle == "marie" and first.capital and proper)
        if second.capital and proper:
            if len(second.cle) < 2 or (second.capitals and second.cle in known.sigles):
                return None
            if page.is_surname(second) and (first.capital or plain):
                return first.capital or first.cle not in known.prenoms_mots
            if page.is_ordinary(second) or second.cle in known.lieux:
                return None
            if page.is_first(second) and not second.capitals:
                return True if plain and first.capital else None
            if first.capital and (plain or "-" in first.cle):
                return True
            weak = first.cle in known.prenoms_faibles or page.is_first(second)
            return False if (plain or first.capital) and not weak else None
        # In lower case, or all in capitals: both must be names.
        if second.cle in known.ordinaires or second.cle in known.sigles:
            return None
        if page.is_surname(second):
            if plain:
                return True
            both_words = first.cle in known.prenoms_mots and second.cle in known.noms_mots
            return None if both_words and not page.is_first(second) else False
        if plain and page.is_first(second) and second.cle not in known.prenoms_mots:
            return False
        if (
            plain
            and not page.is_ordinary(second)
            and len(second.cle) > 3
            and not _is_verbal(second)
        ):
            return False
        return None
    if page.is_first(second):
        plain = page.is_plain_first(second)
        known_pair = proper and first.capital and second.capital and len(first.cle) > 2
        if known_pair and not page.is_ordinary(first) and (first.capitals or plain):
            return first.capitals
        if page.is_surname(first) and first.cle not in known.lieux and (plain or second.capital):
            if first.cle in known.noms_mots and not (first.capital and second.capital and proper):
                return None
            return bool(plain or second.capital)
        low = not (first.capital or second.capital) and not page.crie
        if low and len(first.cle) > 3 and page.is_first_only(second):
            return None if page.is_ordinary(first) or _is_verbal(first) else False
    return None


def _is_verbal(word: Word) -> bool:
    """An unknown word in lower case that ends as verbs do."""
    return bool(re.search(r"(?:ent|ait|aient|era|ira)$", word.cle))


def alone(page: Page, place: int) -> Iterator[Constat]:
    word = page.words[place]
    if word.texte in ("M", "N") and not page.crie:  # « M'Barek », « N'Diaye »
        name = page.follows(place + 1, "'")
        if name and name.capital and len(name.cle) > 2 and not page.is_ordinary(name):
            if not page.is_place(place):
                yield page.constat(place, place + 2, False, "cela ressemble à un nom de famille")
            return
    second = page.follows(place + 1, r"\.[ ]?")
    if (
        len(word.texte) == 1
        and word.texte.isupper()
        and word.texte != "M"
        and second
        and not page.crie
    ):
        proper = second.capital and len(second.cle) > 2 and not page.is_ordinary(second)
        before = page.follows(place)
        lettered = before is not None and place and len(page.words[place - 1].cle) == 1
        if proper and not lettered and not page.is_place(place):
            yield page.constat(
                place, place + 2, False, "cela ressemble à un nom précédé d'une initiale"
            )
        return
    known = page.is_distinct(place) or _is_first_alone(page, word)
    if not known or page.is_place(place) or word.avant.endswith("-"):
        return
    # Part of a compound word or of an address.
    if page.reading.plie[word.fin : word.fin + 1] == "-" or word.avant.endswith(("@", "/")):
        return
    if page.is_famous(max(0, place - 2), place + 4):
        return
    reason = "c'est un nom de famille répandu" if page.is_distinct(place) else "c'est un prénom"
    yield page.constat(place, place + 1, False, reason)


def _is_first_alone(page: Page, word: Word) -> bool:
    """A first name that is nothing else, with its capital: « vu avec Sandrine »."""
    if not word.capital or page.crie:
        return False
    if (word.capitals and len(word.cle) < 5) or word.cle.split("-")[0] in page.known.saints:
        return False  # « LEA », « Saint-Rémy »
    return page.is_first_only(word)
