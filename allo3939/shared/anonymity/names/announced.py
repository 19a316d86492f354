"""Names after a word that announces one: a title, a label, « s'appelle »."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat
from allo3939.shared.anonymity.names.page import Page, Word

# Labels whose name, when no list knows it, must begin with a capital.
_STRICT = frozenset(
    [
        "nee",
        "epouse",
        "ep",
        "famille",
        "epoux",
        "consorts",
        "conjoints",
        "couple",
        "feu",
        "feue",
        "defunt",
        "defunte",
    ]
)
_CALLED = frozenset(["nommee", "prenommee", "denommee", "denomme"])
_COLON = frozenset(["nom", "noms", "prenom", "prenoms", "patronyme"])
_NAMING = frozenset(["appelle", "appelait", "nomme", "prenomme"])
_REFLEXIVE = frozenset(["s", "se", "m", "me"])
_ABOUT = frozenset(
    [
        *("dossier", "succession", "demande", "client", "affaire", "chez", "rappeler", "pour"),
        *("jugement", "contre", "tutelle", "avec", "joindre", "contacter", "prevenir", "ici"),
    ]
)
# Of these, those that no shop follows: « chez Leclerc », « pour Renault ».
_FILES = frozenset(["dossier", "succession", "affaire", "jugement", "contre", "tutelle"])
_RESEMBLES = "cela ressemble au nom d'une personne"
_THINGS = re.compile(
    r"\b(?:dispositif|aide|formulaire|prestation|site|procedure|carte|document|service|plateforme|"
    r"allocation|application|teleservice|impot|taxe|fiche|organisme|structure|association|societe|"
    r"entreprise|demarche|prime|ca|cela|numero|comment|banque|ecole|rue|commune|ville)\b[^.;]{0,25}$"
)


def name_at(page: Page, place: int, *, strict: bool = False) -> tuple[int, bool] | None:
    """The place after the name that begins here, and whether it is surely one.

    `strict`: a word that no list knows must begin with a capital.
    """
    at = place
    particle = False
    while (word := page.at(at)) is not None and at - place < 3:
        if not (word.cle in page.known.particules and (at == place or page.follows(at))):
            break
        # « M. le maire », « madame de la mairie »: what follows decides.
        following = page.follows(at + 1)
        if following is None:
            return (at + 1, True) if word.capital and page.is_surname(word) else None
        particle = True
        at += 1
    word = page.at(at)
    if word is None or (at > place and not page.follows(at)):
        return None
    article = particle and page.words[at - 1].cle in ("le", "la", "les", "l", "du", "des")
    if article and not page.words[at - 1].capital and not (word.capital or page.is_surname(word)):
        # « mme le goff »: few functions follow « le » after « mme »
        madame = page.words[at - 1].cle == "le" and page.at(at - 2)
        if not (madame and madame.cle in ("mme", "madame", "mlle", "melle")):
            return None
    verdict = _is_name(page, word, particle=particle, strict=strict)
    if verdict is None and particle and page.words[place].capital and word.capital:
        # « Mme De La Tour », not « Madame La Présidente »
        verdict = None if page.crie or word.cle in page.known.fonctions else False
    if verdict is None:
        return None
    end = at + 1
    while end - place < 5 and (following := page.follows(end)) is not None:
        goes_on = (
            page.is_surname(following) and (following.capital or not page.is_ordinary(following))
        ) or page.is_plain_first(following)
        proper = following.capital and not page.crie and not page.is_ordinary(following)
        linked = following.cle in page.known.particules and following.capital and not page.crie
        if not (goes_on or proper or linked):
            break
        end += 1
    return end, verdict


def _is_name(page: Page, word: Word, *, particle: bool, strict: bool) -> bool | None:
    """True for a name, False for what may be one, None for what is none."""
    known = page.known
    if len(word.cle) < 2 or (len(word.cle) < 3 and not page.is_surname(word)):
        return None
    proper = word.capital and not page.crie
    if word.cle in known.fonctions and not page.is_surname(word):
        return None
    listed = page.is_surname(word) or page.is_first(word)
    if listed and (proper or word.cle not in known.ordinaires):
        return True
    if listed and not particle and word.cle in known.noms and not strict:
        return word.cle not in known.ordinaires or None if particle else False
    if page.is_ordinary(word):
        return None
    if proper:
        return None if word.capitals and (word.cle in known.sigles or len(word.cle) < 3) else True
    if strict:
        return None
    return False


def titled(page: Page, place: int) -> Iterator[Constat]:
    word = page.words[place]
    title = word.cle in page.known.titres
    if not title and word.cle not in page.known.lettres:
        return
    if word.cle in ("m", "mm") and not _is_mister(page, place):
        return
    if word.cle == "me" and not (word.texte == "Me" and not page.crie):
        return
    following = page.follows(place + 1, r"\.?[ ]{0,2}")
    if following is None or page.is_place(place):
        return
    if word.cle in page.known.titres and following.cle in page.known.titres | {"et", "ou"}:
        return
    strict = not title
    found = name_at(page, place + 1, strict=strict)
    if found is None:
        return
    end, sure = found
    if page.is_famous(place + 1, end):
        return
    low = following.cle in page.known.noms and not following.capital
    certain = sure and (not low or following.cle not in page.known.ordinaires)
    yield page.constat(place, end, certain, "c'est le nom d'une personne")


def _is_mister(page: Page, place: int) -> bool:
    """« M. Dupont », « M DUBOIS »; not a metre, an initial, « m' »."""
    word, following = page.words[place], page.at(place + 1)
    if following is None or word.avant.endswith(("'", "-")):
        return False
    before = page.reading.plie[max(0, word.debut - 2) : word.debut]
    if before[-1:].isdigit() or re.search(r"\d ?$", before):
        return False
    dotted = following.avant.startswith(".")
    if word.texte == "M" or page.crie:
        return dotted or following.capital
    if dotted and following.capital:
        return True
    # « m. bensalem », « m renaud »
    return not page.is_ordinary(following) and (dotted or page.is_surname(following))


def labelled(page: Page, place: int) -> Iterator[Constat]:
    word = page.words[place]
    reason = "c'est présenté comme le nom d'une personne"
    if word.cle in _STRICT | _CALLED | _COLON | _NAMING:
        start = _after_label(page, place)
        if start is None:
            return
        found = name_at(page, start, strict=word.cle in _STRICT - {"nee"})
        if found is None or page.is_place(start) or page.is_famous(start, found[0]):
            return
        end, sure = found
        if word.cle == "nee" and not (
            (sure and page.words[start].capital) or page.is_distinct(start)
        ):
            return
        yield page.constat(start, end, sure, reason)
    elif word.cle in page.known.usagers and (
        first := page.follows(place + 1, r" ?[:=] ?|, | {1,2}")
    ):
        second = page.follows(place + 2)
        if first.avant.strip() in ("", ",") and not (
            page.is_plain_first(first) or page.is_distinct(place + 1)
        ):
            return
        found = name_at(page, place + 1, strict=True)
        listed = page.is_surname(first) or page.is_plain_first(first)
        both = second is not None and second.capital and not page.is_ordinary(second)
        if (
            found
            and found[1]
            and (listed or both or first.capitals)
            and not page.is_ordinary(first)
        ):
            yield page.constat(place + 1, found[0], listed, reason)
    elif word.cle in page.known.proches and (first := page.follows(place + 1)):
        # « sa fille Chloé », « le mari inès »
        proper = first.capital and not page.crie and page.is_first(first)
        weak = first.cle in page.known.prenoms_faibles
        if (page.is_plain_first(first) or proper) and not weak:
            yield page.constat(place + 1, place + 2, False, _RESEMBLES)
    elif word.cle in _ABOUT:
        first = page.follows(place + 1)
        if first is None or page.crie:
            return
        if not first.capital:  # « rappeler sandrine »
            if page.is_first_only(first):
                yield page.constat(place + 1, place + 2, False, _RESEMBLES)
            return
        of_one = word.cle in _FILES and _is_of_one(page, first, word)
        if not (of_one or page.is_distinct(place + 1)):
            return
        yield page.constat(place + 1, place + 2, False, _RESEMBLES)


def _is_of_one(page: Page, name: Word, label: Word) -> bool:
    """« dossier Fournier », « dossier SLIMANI »; not « dossier Visale »."""
    if page.is_ordinary(name) or name.cle in page.known.lieux:
        return False
    unknown = label.cle in ("dossier", "succession") and len(name.cle) > (4 if name.capitals else 3)
    return page.is_surname(name) or unknown


def _after_label(page: Page, place: int) -> int | None:
    """Where the name announced by a label begins; None when the label announces none."""
    word = page.words[place]
    before = page.reading.plie[max(0, word.debut - 45) : word.debut]
    before = re.split(r"[.,;]| - ", before)[-1]
    if word.cle in _NAMING:
        previous = page.at(place - 1)
        if previous is None or previous.cle not in _REFLEXIVE or _THINGS.search(before):
            return None
        return place + 1 if page.follows(place + 1, r"[ ]{1,2}|[ ]?:[ ]?") else None
    if word.cle in _COLON:
        at = place + 1
        while (
            (next_word := page.at(at)) is not None
            and next_word.cle in page.known.de_nom
            and at - place < 5
        ):
            at += 1
        name = page.at(at)
        if name is None:
            return None
        if re.fullmatch(r"[ ]?[:=][ ]?[\"«]?[ ]?", name.avant):
            return at
        previous = page.at(place - 1)
        if previous is not None and previous.cle == "au" and page.words[at - 1].cle in ("de", "d"):
            return at if page.follows(at) else None
        said = page.follows(at + 1)
        if name.cle == "est" and said and said.capital and not page.crie:
            return None if page.is_ordinary(said) else at + 1
        unknown = name.capital and not page.crie and not page.is_ordinary(name)
        if at > place + 1:  # « nom de naissance Garnier »
            return at if page.follows(at) and unknown else None
        direct = page.follows(at) and (page.is_plain_first(name) or page.is_distinct(at) or unknown)
        return at if direct else None
    if word.cle in ("nee", "epouse", "ep", "feu", "feue", "defunt", "defunte"):
        return place + 1 if page.follows(place + 1, r"\.? {1,2}|\(") else None
    return place + 1 if page.follows(place + 1) else None
