"""The caller's commune, from whatever was heard: a name, a postcode, an INSEE code, an old name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.db.models import Case, Count, Exists, F, IntegerField, Max, Q, Value, When, Window
from rapidfuzz import process
from rapidfuzz.distance import OSA

from allo3939.shared.models import Importation
from orientation.enums import TypeCommune
from orientation.models import Commune

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "’": " ", "'": " "})
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}
_ARTICLES = ("le ", "la ", "les ", "l ")
_CODE = re.compile(r"\d{2,5}|2[abAB]\d{0,3}")
_NAME_THEN_CODE = re.compile(r"(?P<nom>.*[a-z].*?) (?P<code>\d{2,5}|2[ab])")
_CODE_THEN_NAME = re.compile(r"(?P<code>\d{2,5}|2[ab]) (?P<nom>.*[a-z].*)")
_CEDEX = re.compile(r"(?i)\bcedex\b")
_OVERSEAS = frozenset(("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"))
_NEAREST = 3  # postcodes tried for a CEDEX
_MISTYPED = 5  # letters from which a name may hold an error
_CLOSEST = 50  # names kept for what was mistyped

Page = tuple[list[Commune], int]


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or punctuation, single spaces."""
    text = unicodedata.normalize("NFKD", text).lower().translate(_LIGATURES)
    kept = (char if char.isalnum() else " " for char in text if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def normalise(name: str) -> str:
    """A commune's name as it is searched: folded, « St », « Ste » and « s/ » developed."""
    return " ".join(_SHORT.get(word, word) for word in fold(name).split())


def find_communes(text: str, *, limit: int = 8) -> list[Commune]:
    """The communes that the text may mean, the likeliest first; at most four queries.

    Accepted: a postcode or its first two digits or more, an INSEE code, even of a commune merged
    since, the start of a name or of a former name, before or after a département or postcode
    (« saint-denis 93 »). Exact matches come first, then the most populated; an arrondissement comes
    first for its own postcode. A postcode that no list holds, as those of CEDEX, gives the communes
    of the nearest postcodes of the département. When no name is so, those one error away.
    Several answers are normal: homonyms differ by `departement` and `population`.
    """
    return find_communes_page(text, limit=limit)[0]


def find_communes_page(text: str, *, limit: int = 8) -> Page:
    """The same communes, and how many there are without ``limit``; as many queries.

    A fifth one lists the names, when one is mistyped for the first time since they were imported.
    """
    text, *cedex = _CEDEX.split(text, maxsplit=1)
    code = re.sub(r"\s", "", text).upper()
    if _CODE.fullmatch(code):
        return _by_code(code, limit)
    name = normalise(text)
    if cedex and (match := _CODE_THEN_NAME.fullmatch(name)):
        # No list holds that postcode, but its town is named beside it.
        name = f"{match['nom']} {_start_of_departement(match['code'])}"
    return _by_name(name, limit)


def _by_code(code: str, limit: int) -> Page:
    wanted = _coded(code)
    if len(code) < 5:
        return _ordered(wanted, Case(When(code_insee=code, then=Value(1)), default=Value(2)), limit)
    rank = Case(
        When(wanted & Q(type=TypeCommune.ARRONDISSEMENT), then=Value(0)),
        When(wanted, then=Value(1)),
        When(code_insee=code, then=Value(2)),
        default=Value(3),
    )
    # Codes of the former Seine (75015: Bry-sur-Marne) are postcodes of Paris today.
    former = Q(anciens_codes__contains=[code]) & Q(~Exists(Commune.objects.filter(wanted)))
    found, total = _ordered(wanted | Q(code_insee=code) | former, rank, limit)
    if not code.isdecimal() or any(code in commune.codes_postaux for commune in found):
        return found, total
    # A CEDEX may look like an INSEE code (18019: Azy, or Bourges): both readings are offered.
    near, near_total = _ordered(Q(codes_postaux__overlap=_nearest(code)), Value(0), limit)
    if not found:
        return near, near_total
    known = {commune.pk for commune in found}
    others = [commune for commune in near[:2] if commune.pk not in known][:1]
    return [*found, *others][:limit], total + len(others)


def _coded(code: str) -> Q:
    """Communes whose postcodes start so; below three digits, those of the département."""
    if len(code) == 5:
        return Q(codes_postaux__contains=[code])
    if len(code) == 2 or code in _OVERSEAS or not code.isdecimal():
        return _of_departement(code)
    # The index of an array answers equality, not prefixes.
    missing = 5 - len(code)
    return Q(codes_postaux__overlap=[f"{code}{rest:0{missing}d}" for rest in range(10**missing)])


def _start_of_departement(postcode: str) -> str:
    return postcode[:3] if postcode[:2] in ("97", "98") else postcode[:2]


def _of_departement(code: str) -> Q:
    if code == "20":  # Corsican postcodes
        return Q(departement__in=("2A", "2B"))
    if code in ("97", "98"):
        return Q(departement__code__startswith=code)
    if code[:2] in ("2A", "2B"):
        return Q(code_insee__startswith=code)
    return Q(departement=code)


def _nearest(code: str) -> list[str]:
    """The known postcodes that a CEDEX most likely belongs to.

    La Poste numbers them after those of the town that delivers them: first the same three digits.
    """
    department = _start_of_departement(code)
    lists = Commune.objects.filter(_of_departement(department)).values_list(
        "codes_postaux", flat=True
    )
    known = {each for postcodes in lists for each in postcodes if each.startswith(department)}
    same_town = {each for each in known if each[:3] == code[:3]}
    return sorted(same_town or known, key=lambda each: (abs(int(each) - int(code)), each))[
        :_NEAREST
    ]


def _by_name(name: str, limit: int) -> Page:
    if not name:
        return [], 0
    wanted, exact = _named(name), Q(nom_recherche=name)
    place, beside = name, Q()
    if match := _NAME_THEN_CODE.fullmatch(name) or _CODE_THEN_NAME.fullmatch(name):
        place, code = match["nom"], match["code"].upper()
        beside = _coded(code) | Q(code_insee=code)
        wanted |= _named(place) & beside
        exact |= Q(nom_recherche=place)
    articled = Q(nom_recherche__in=[article + name for article in _ARTICLES])
    rank = Case(When(exact, then=Value(0)), When(articled, then=Value(1)), default=Value(2))
    found = _ordered(wanted, rank, limit)
    words = [word for word in name.split() if len(word) > 1]
    if found[1] or not words:
        return found
    inside = Q()
    for word in words:
        inside &= Q(nom_recherche__contains=word)
    found = _ordered(inside, Value(0), limit)
    if found[1] or sum(map(str.isalpha, place)) < _MISTYPED:
        return found
    codes = _one_error_away(place)
    return _ordered(Q(code_insee__in=codes) & beside, Value(0), limit) if codes else ([], 0)


def _one_error_away(name: str) -> list[str]:
    """Codes of the communes whose name, or else its beginning, is this but for one error.

    A letter wrong, missing or too many, or two swapped.
    """
    latest = Importation.objects.filter(genre="communes").aggregate(Max("pk"))["pk__max"]
    codes = _codes_by_name(latest, None if latest else Commune.objects.count())
    near = process.extract(name, codes.keys(), scorer=OSA.distance, score_cutoff=1, limit=_CLOSEST)
    if near:
        return [code for known, *_ in near for code in codes[known]]
    starts: dict[str, list[str]] = {}
    for known in codes:
        starts.setdefault(known[: len(name)], []).append(known)
    near = process.extract(name, starts.keys(), scorer=OSA.distance, score_cutoff=1, limit=_CLOSEST)
    return [code for start, *_ in near for known in starts[start] for code in codes[known]]


@lru_cache(maxsize=1)
def _codes_by_name(importation: int | None, count: int | None) -> dict[str, list[str]]:
    """Every name and former name, with and without its article; anew after each import."""
    codes: dict[str, list[str]] = {}
    rows = Commune.objects.values_list("code_insee", "nom_recherche", "anciens_noms_recherche")
    for code, current, former in rows:
        for name in (current, *former.split("|")[1:]):
            bare = next(
                (name.removeprefix(each) for each in _ARTICLES if name.startswith(each)), ""
            )
            for form in filter(None, (name, bare)):
                codes.setdefault(form, []).append(code)
    return codes


def _named(start: str) -> Q:
    """Names and former names that start so, with or without their article."""
    wanted = Q(nom_recherche__startswith=start)
    for article in _ARTICLES:
        wanted |= Q(nom_recherche__startswith=article + start)
    former = Q(anciens_noms_recherche__contains=f"|{start}") & ~Q(anciens_noms_recherche="")
    return wanted | former


def _ordered(wanted: Q, rank: Case | Value, limit: int) -> Page:
    communes = (
        Commune.objects.filter(wanted)
        .select_related("departement", "parente__departement")
        .annotate(
            rang=rank if isinstance(rank, Case) else Value(0, IntegerField()),
            total=Window(Count("*")),
        )
        .order_by("rang", F("population").desc(nulls_last=True), "nom_recherche", "code_insee")
    )
    found = list(communes[:limit])
    return [*found], found[0].total if found else 0
