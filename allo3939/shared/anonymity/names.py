"""Names of persons, by pattern: a title, a label, a first name with a surname.

A list of names alone says little: « Pierre », « Rose », « Martin » are also a stone, a flower and a
saint's street. What stands before and after a word decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from allo3939.shared.anonymity.constat import Constat, Genre
from allo3939.shared.anonymity.lists import Listes, lists
from allo3939.shared.anonymity.reading import Reading, key

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ELISION = frozenset(["l", "d", "n", "s", "m", "j", "t", "c", "qu", "jusqu", "lorsqu", "puisqu"])
_PARTICLES = frozenset(
    "de du des d la le les da do dos das di del della van von der den ben bin ibn el al ould abd aït"
    " ait mac mc o n ten ter zu abou abu bel st saint sainte san santa".split()
)
_TITLES = frozenset(
    "m mr mrs mme mlle melle monsieur madame mademoiselle mm mmes messieurs".split()
)
_LETTERS = frozenset(
    "me dr pr maitre docteur docteure professeur professeure pere veuve vve".split()
)
_INITIAL_TITLES = frozenset(["m", "me", "pr", "mm", "dr"])
_ENDINGS = re.compile(
    r"(?:ment|ments|tions?|sions?|ites?|ances?|ences?|aires?|iques?|ables?|ibles?|ait|aient|aien|erait|"
    r"eur|eurs|euse|euses|ages?|ismes?|istes?|ures?|elles?|ives?|rons|raient|ront)$"
)
_PARTICIPLE = re.compile(r"(?:é|ée|és|ées)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, and how it is tied to the one before."""

    texte: str
    cle: str
    debut: int
    fin: int
    avant: str
    """What stands between the word before and this one."""

    @property
    def capital(self) -> bool:
        return self.texte[0].isupper()

    @property
    def capitals(self) -> bool:
        return len(self.texte) > 1 and self.texte.isupper()


def words(reading: Reading) -> list[Word]:
    found: list[Word] = []
    last = 0
    for match in _TOKEN.finditer(reading.texte):
        start, end = match.span()
        found.append(Word(match[0], key(match[0]), start, end, reading.plie[last:start]))
        last = end
    return found


class Page:
    """The words of one text, with what the lists say of each."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = words(reading)
        self.known: Listes = lists()
        self.crie = reading.crie

    def at(self, place: int) -> Word | None:
        return self.words[place] if 0 <= place < len(self.words) else None

    def follows(self, place: int, signs: str = r" {1,2}|'|-") -> Word | None:
        """The word at a place when only such signs part it from the one before."""
        word = self.at(place)
        return word if word and re.fullmatch(signs, word.avant) else None

    def is_first(self, word: Word) -> bool:
        """A first name of the list, each part of a compound one counting."""
        known = self.known
        if word.cle in known.prenoms:
            ends = word.texte.lower()[-1:] in "éè" or word.texte.lower().endswith(("ée", "és"))
            return not ends or any(form == word.texte.lower() for form in known.accents[word.cle])
        parts = word.cle.split("-")
        return len(parts) > 1 and all(part in known.prenoms for part in parts)

    def is_plain_first(self, word: Word) -> bool:
        """A first name that is no ordinary word."""
        return self.is_first(word) and word.cle not in (
            self.known.prenoms_mots | self.known.ordinaires
        )

    def is_surname(self, word: Word) -> bool:
        known = self.known.noms
        return word.cle in known or any(part in known for part in word.cle.split("-")[:1] if part)

    def is_ordinary(self, word: Word) -> bool:
        """A word of the language or of the administration, by the lists or by its ending."""
        known = self.known
        if word.cle in known.ordinaires or word.cle in known.sigles:
            return True
        if word.cle in known.lieux or word.cle in known.institutions:
            return True
        if word.cle.rstrip("sx") in known.ordinaires:
            return True
        if any(part in known.ordinaires - _PARTICLES for part in word.cle.split("-")):
            return True
        low = not word.capital or self.crie
        if _ENDINGS.search(word.cle) and len(word.cle) > 4:
            return True
        return low and bool(_PARTICIPLE.search(word.texte.lower())) and len(word.cle) > 3

    def is_place(self, place: int) -> bool:
        """Whether the words before make a name that of a street, a law, a school, a brand."""
        for back in range(place - 1, max(-1, place - 6), -1):
            word = self.words[back]
            if re.search(r"[.;:!?,\n(]| - ", self.words[back + 1].avant):
                return False
            if word.cle in self.known.lieux or word.cle.rstrip("s") in self.known.lieux:
                return True
            if back < place - 1 and word.cle in _TITLES - {"m"}:
                return False
            if word.cle in self.known.ordinaires and word.cle not in _BETWEEN:
                return False
        return False

    def is_famous(self, place: int, end: int) -> bool:
        said = [part for word in self.words[place:end] for part in word.cle.split("-")]
        return any(
            tuple(said[at:until]) in self.known.celebres
            for at in range(len(said))
            for until in range(at + 1, len(said) + 1)
        )


_BETWEEN = frozenset(
    "de du des d la le les l et docteur dr general marechal colonel commandant capitaine president "
    "professeur pere abbe saint sainte st ste monseigneur madame monsieur mme m primaire "
    "maternelle elementaire prive privee public publique notre dame departementale communale "
    "regional regionale a en".split()
)


def find(reading: Reading) -> Iterator[Constat]:
    """The names of a text, those that overlap included."""
    page = Page(reading)
    for place in range(len(page.words)):
        yield from _titled(page, place)
        yield from _labelled(page, place)
        yield from _paired(page, place)
        yield from _alone(page, place)


def _constat(page: Page, place: int, end: int, certain: bool, reason: str) -> Constat:
    first, last = page.words[place], page.words[end - 1]
    return Constat(Genre.NOM, first.debut, last.fin, certain, reason)


# A name after a word that announces one -----------------------------------------------------------


def _name_at(page: Page, place: int, *, strict: bool = False) -> tuple[int, bool] | None:
    """The place after the name that begins here, and whether it is surely one.

    `strict`: a word that no list knows must begin with a capital.
    """
    at = place
    particle = False
    while (word := page.at(at)) is not None and at - place < 3:
        if not (word.cle in _PARTICLES and (at == place or page.follows(at))):
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
        return None
    verdict = _is_name(page, word, particle=particle, strict=strict)
    if verdict is None:
        return None
    end = at + 1
    while end - place < 5 and (following := page.follows(end)) is not None:
        goes_on = (
            page.is_surname(following) and (following.capital or not page.is_ordinary(following))
        ) or page.is_plain_first(following)
        proper = following.capital and not page.crie and not page.is_ordinary(following)
        linked = following.cle in _PARTICLES and following.capital and not page.crie
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


def _titled(page: Page, place: int) -> Iterator[Constat]:
    word = page.words[place]
    title = word.cle in _TITLES
    if not title and word.cle not in _LETTERS:
        return
    if word.cle in ("m", "mm") and not _is_mister(page, place):
        return
    if word.cle == "me" and not (word.texte == "Me" and not page.crie):
        return
    following = page.follows(place + 1, r"\.? {0,2}|\. ?")
    if following is None or page.is_place(place):
        return
    if word.cle in _TITLES and following.cle in _TITLES | {"et", "ou"}:
        return
    strict = not title
    found = _name_at(page, place + 1, strict=strict)
    if found is None:
        return
    end, sure = found
    if page.is_famous(place + 1, end):
        return
    low = following.cle in page.known.noms and not following.capital
    certain = sure and (not low or following.cle not in page.known.ordinaires)
    yield _constat(page, place, end, certain, "c'est le nom d'une personne")


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
    return dotted and (following.capital or page.is_surname(following))


_LABELS = {
    # Label: whether a word that no list knows must begin with a capital.
    ("appelle",): False,
    ("appelait",): False,
    ("nomme",): False,
    ("prenomme",): False,
    ("prenommee",): False,
    ("nommee",): False,
    ("denommee",): False,
    ("denomme",): False,
    ("nom",): False,
    ("noms",): False,
    ("prenom",): False,
    ("prenoms",): False,
    ("patronyme",): False,
    ("nee",): True,
    ("epouse",): True,
    ("ep",): True,
    ("famille",): True,
    ("epoux",): True,
    ("consorts",): True,
    ("conjoints",): True,
    ("couple",): True,
    ("feu",): True,
    ("feue",): True,
    ("defunt",): True,
    ("defunte",): True,
}
_COLON = frozenset(["nom", "noms", "prenom", "prenoms", "patronyme"])
_NAMING = frozenset(["appelle", "appelait", "nomme", "prenomme"])
_REFLEXIVE = frozenset(["s", "se", "m", "me"])
_PEOPLE = frozenset(
    "usager usagere appelant appelante demandeur demandeuse allocataire locataire proprietaire "
    "bailleur titulaire beneficiaire contact interlocuteur interlocutrice identite client cliente "
    "correspondant correspondante assure assuree patient patiente conjoint conjointe".split()
)
_THINGS = re.compile(
    r"\b(?:dispositif|aide|formulaire|prestation|site|procedure|carte|document|service|plateforme|"
    r"allocation|application|teleservice|impot|taxe|fiche|organisme|structure|association|societe|"
    r"entreprise|demarche|prime|ca|cela|numero|comment|banque|ecole|rue|commune|ville)\b[^.;]{0,25}$"
)


def _labelled(page: Page, place: int) -> Iterator[Constat]:
    word = page.words[place]
    reason = "c'est présenté comme le nom d'une personne"
    if (word.cle,) in _LABELS:
        start = _after_label(page, place)
        if start is None:
            return
        found = _name_at(page, start, strict=_LABELS[(word.cle,)] and word.cle != "nee")
        if found is None or page.is_place(start) or page.is_famous(start, found[0]):
            return
        end, sure = found
        if word.cle == "nee" and not (
            sure and page.words[start].capital or _is_distinct(page, start)
        ):
            return
        yield _constat(page, start, end, sure, reason)
    elif word.cle in _PEOPLE and (first := page.follows(place + 1, r" ?[:=] ?|, | {1,2}")):
        second = page.follows(place + 2)
        if first.avant.strip() in ("", ",") and not (
            page.is_plain_first(first) or _is_distinct(page, place + 1)
        ):
            return
        found = _name_at(page, place + 1, strict=True)
        listed = page.is_surname(first) or page.is_plain_first(first)
        both = second is not None and second.capital and not page.is_ordinary(second)
        if (
            found
            and found[1]
            and (listed or both or first.capitals)
            and not page.is_ordinary(first)
        ):
            yield _constat(page, place + 1, found[0], listed, reason)
    elif word.cle in (
        "dossier",
        "succession",
        "demande",
        "client",
        "affaire",
        "chez",
        "rappeler",
        "pour",
    ):
        first = page.follows(place + 1)
        if first is None or page.crie or not first.capital or not _is_distinct(page, place + 1):
            return
        yield _constat(page, place + 1, place + 2, False, "cela ressemble au nom d'une personne")


def _after_label(page: Page, place: int) -> int | None:
    """Where the name announced by a label begins; None when the label announces none."""
    word = page.words[place]
    before = page.reading.plie[max(0, word.debut - 45) : word.debut]
    before = re.split(r"[.,;]| - ", before)[-1]
    if word.cle in _NAMING:
        previous = page.at(place - 1)
        if previous is None or previous.cle not in _REFLEXIVE or _THINGS.search(before):
            return None
        return place + 1 if page.follows(place + 1, r" {1,2}|: ?| : ?") else None
    if word.cle in _COLON:
        at = place + 1
        while (
            (next_word := page.at(at)) is not None and next_word.cle in _OF_NAME and at - place < 5
        ):
            at += 1
        name = page.at(at)
        if name is None:
            return None
        if re.fullmatch(r" ?[:=] ?[\"«]? ?", name.avant):
            return at
        previous = page.at(place - 1)
        if previous is not None and previous.cle == "au" and page.words[at - 1].cle in ("de", "d"):
            return at if page.follows(at) else None
        direct = page.follows(at) and (page.is_plain_first(name) or _is_distinct(page, at))
        return at if direct and at == place + 1 else None
    if word.cle in ("nee", "epouse", "ep", "feu", "feue", "defunt", "defunte"):
        return place + 1 if page.follows(place + 1, r"\.? {1,2}|\(") else None
    return place + 1 if page.follows(place + 1) else None


_OF_NAME = frozenset(
    "de famille jeune fille naissance d usage l usager complet et prenom patronymique".split()
)


# A first name and a surname -----------------------------------------------------------------------


def _paired(page: Page, place: int) -> Iterator[Constat]:
    first = page.words[place]
    second = page.follows(place + 1, r" {1,2}")
    if second is None or len(first.cle) < 2 or first.avant.endswith("-"):
        return
    end = place + 2
    if second.cle in _PARTICLES and not page.is_first(second):
        third = page.follows(end)
        if third is None or not (
            third.capital or page.is_surname(third) or page.is_plain_first(first)
        ):
            return
        if second.cle in ("de", "du", "des", "d", "la", "le", "les") and not (
            third.capital and not page.crie
        ):
            return
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
    yield _constat(page, place, end, verdict, "c'est un prénom suivi d'un nom")


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
        if proper and first.capital and second.capital and len(first.cle) > 2:
            if not page.is_ordinary(first) and (first.capitals or plain):
                return first.capitals
        if page.is_surname(first) and first.cle not in known.lieux and (plain or second.capital):
            if first.cle in known.noms_mots and not (first.capital and second.capital and proper):
                return None
            return bool(plain or second.capital)
    return None


def _is_verbal(word: Word) -> bool:
    """An unknown word in lower case that ends as verbs do."""
    return bool(re.search(r"(?:ent|ait|aient|era|ira)$", word.cle))


# A surname that is nothing else -------------------------------------------------------------------


def _is_distinct(page: Page, place: int) -> bool:
    """A surname of the list that is no word, town, first name nor brand."""
    word = page.words[place]
    known = page.known
    return (
        word.cle in known.noms
        and word.cle not in known.noms_mots
        and word.cle not in known.ordinaires
        and word.cle not in known.sigles
        and len(word.cle) > 3
    )


def _alone(page: Page, place: int) -> Iterator[Constat]:
    word = page.words[place]
    second = page.follows(place + 1, r"\. ?")
    if (
        len(word.texte) == 1
        and word.texte.isupper()
        and word.texte != "M"
        and second
        and not page.crie
    ):
        proper = second.capital and len(second.cle) > 2 and not page.is_ordinary(second)
        if proper and not page.is_place(place):
            yield _constat(
                page, place, place + 2, False, "cela ressemble à un nom précédé d'une initiale"
            )
        return
    if not _is_distinct(page, place) or page.is_place(place) or word.avant.endswith("-"):
        return
    if (
        page.reading.plie[word.fin : word.fin + 1] == "-"
        or page.reading.plie[word.debut - 1 : word.debut] in "@./"
    ):
        if word.debut:
            return
    if page.is_famous(max(0, place - 2), place + 2):
        return
    yield _constat(page, place, place + 1, False, "c'est un nom de famille répandu")
