"""The caller's commune, from whatever was heard: a name, a postcode, an INSEE code, an old name."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Case, F, IntegerField, Q, Value, When

from orientation.models import Commune

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "’": " ", "'": " "})
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}
_ARTICLES = ("le ", "la ", "les ", "l ")
_CODE = re.compile(r"\d{2,5}|2[abAB]\d{0,3}")
_NAME_THEN_CODE = re.compile(r"(?P<nom>.*[a-z].*?) (?P<code>\d{2,5}|2[ab])")
_CODE_THEN_NAME = re.compile(r"(?P<code>\d{5}) (?P<nom>.*[a-z].*)")
_CEDEX = re.compile(r"(?i)\bcedex\b")
_OVERSEAS = frozenset(("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"))
_NEAREST = 3  # postcodes tried for a CEDEX


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or punctuation, single spaces."""
    text = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    kept = (char if char.isalnum() else " " for char in text if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def normalise(name: str) -> str:
    """A commune's name as it is searched: folded, « St », « Ste » and « s/ » developed."""
    return " ".join(_SHORT.get(word, word) for word in fold(name).split())


def find_communes(text: str, *, limit: int = 8) -> list[Commune]:
    """The communes that the text may mean, the likeliest first; at most three queries.

    Accepted: a postcode or its first two digits or more, an INSEE code, even of a commune merged
    since, the start of a name or of a former name, a name followed by a département or postcode
    (« saint-denis 93 »). Exact matches come first, then the most populated. A postcode that no list
    holds, as those of CEDEX, gives the communes of the nearest postcodes of the département.
    Several answers are normal: homonyms differ by `departement` and `population`.
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


def _by_code(code: str, limit: int) -> list[Commune]:
    wanted, rank = _coded(code), Case(When(code_insee=code, then=Value(1)), default=Value(2))
    if len(code) < 5:
        return _ordered(wanted, rank, limit)
    postal = Q(codes_postaux__contains=[code])
    rank.cases.insert(0, When(postal, then=Value(0)))
    wanted |= Q(code_insee=code) | Q(anciens_codes__contains=[code])
    found = _ordered(wanted, rank, limit)
    if not code.isdecimal() or any(code in commune.codes_postaux for commune in found):
        return found
    # A CEDEX may look like an INSEE code (18019: Azy, or Bourges): both readings are offered.
    known = {commune.pk for commune in found}
    near = _ordered(Q(codes_postaux__overlap=_nearest(code)), Value(0), 2 if found else limit)
    others = [commune for commune in near if commune.pk not in known]
    return [*found, *(others[:1] if found else others)][:limit]


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


def _by_name(name: str, limit: int) -> list[Commune]:
    if not name:
        return []
    wanted, exact = _named(name), Q(nom_recherche=name)
    if match := _NAME_THEN_CODE.fullmatch(name) or _CODE_THEN_NAME.fullmatch(name):
        place, code = match["nom"], match["code"].upper()
        wanted |= _named(place) & (_coded(code) | Q(code_insee=code))
        exact |= Q(nom_recherche=place)
    articled = Q(nom_recherche__in=[article + name for article in _ARTICLES])
    rank = Case(When(exact, then=Value(0)), When(articled, then=Value(1)), default=Value(2))
    found = _ordered(wanted, rank, limit)
    if found:
        return found
    words = [word for word in name.split() if len(word) > 1]
    if not words:
        return []
    inside = Q()
    for word in words:
        inside &= Q(nom_recherche__contains=word)
    return _ordered(inside, Value(0), limit)


def _named(start: str) -> Q:
    """Names and former names that start so, with or without their article."""
    wanted = Q(nom_recherche__startswith=start)
    for article in _ARTICLES:
        wanted |= Q(nom_recherche__startswith=article + start)
    former = Q(anciens_noms_recherche__contains=f"|{start}") & ~Q(anciens_noms_recherche="")
    return wanted | former


def _ordered(wanted: Q, rank: Case | Value, limit: int) -> list[Commune]:
    communes = (
        Commune.objects.filter(wanted)
        .select_related("departement", "parente__departement")
        .annotate(rang=rank if isinstance(rank, Case) else Value(0, IntegerField()))
        .order_by("rang", F("population").desc(nulls_last=True), "nom_recherche", "code_insee")
    )
    return list(communes[:limit])
