"""Communes for what was heard, from the table of the official code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db.models import Case, Count, Exists, F, Q, Value, When, Window

from orientation.enums import TypeCommune
from orientation.locate.answer import NEAREST, Communes, Hit, explain, propose
from orientation.locate.heard import Heard, Place, departement_of, hear
from orientation.locate.names import Names, read_names
from orientation.locate.spell import ARTICLES
from orientation.models import Commune

_OVERSEAS = frozenset(("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"))
_SHARED = 50  # no postcode is shared by more communes: 51300, by 46


def find_communes(text: str, *, limit: int = 8) -> list[Commune]:
    """The communes that the text may mean, the likeliest first; those an error away, if no other.

    Accepted: see `look_up`. Several answers are normal: homonyms differ by `departement` and
    `population`.
    """
    return [hit.commune for hit in _search(text, limit=limit, blend=False)[1]]


def find_communes_page(text: str, *, limit: int = 8) -> tuple[list[Commune], int]:
    """The same communes, and how many there are, shown or not."""
    hits = _search(text, limit=limit, blend=False)[1]
    return [hit.commune for hit in hits], hits[0].total if hits else 0


def look_up(text: str, *, limit: int = 8) -> Communes:
    """The communes to propose for what is being typed; at most four queries.

    Accepted: a postcode or its first two digits or more, an INSEE code, even of a commune merged
    since, the start of a name or of a former name, before or after a département, by its code or
    its name, or a postcode (« saint-denis dans le 93 »), an arrondissement (« marseille
    huitième »). Exact matches come first; then names that begin so and names but one error away,
    the most populated first. All the communes of a whole postcode are given, whatever ``limit``.
    A postcode that no list holds, as those of CEDEX, gives the communes of the nearest postcodes of
    the département. One more query, a heavy one, the first time after an import.
    """
    heard, hits = _search(text, limit=limit, blend=True)
    return Communes(
        [propose(hit.commune, heard) for hit in hits],
        hits[0].total if hits else 0,
        explication=explain(heard, hits),
        sure=any(hit.sure for hit in hits),
    )


def _search(text: str, *, limit: int, blend: bool) -> tuple[Heard, list[Hit]]:
    names = read_names()
    heard = hear(text, departements=names.departements)
    if heard.code:
        return heard, _by_code(heard.code, limit, cedex=heard.cedex)
    if heard.places:
        return heard, _by_name(heard, names, limit, blend)
    return heard, []


# --- Codes --------------------------------------------------------------------------------------


def _by_code(code: str, limit: int, *, cedex: bool) -> list[Hit]:
    wanted = _coded(code)
    if len(code) < 5:
        rank = Case(When(code_insee=code, then=Value(1)), default=Value(2))
        return _ordered(wanted, rank=rank, limit=limit)
    limit = max(limit, _SHARED)
    rank = Case(
        When(wanted & Q(type=TypeCommune.ARRONDISSEMENT), then=Value(0)),
        When(wanted, then=Value(1)),
        When(code_insee=code, then=Value(2)),
        default=Value(3),
    )
    # Codes of the former Seine (75015: Bry-sur-Marne) are postcodes of Paris today.
    former = Q(anciens_codes__contains=[code]) & ~Q(Exists(Commune.objects.filter(wanted)))
    insee = Q(pk__in=[]) if cedex else Q(code_insee=code) | former
    found = _ordered(wanted | insee, rank=rank, limit=limit)
    if not code.isdecimal() or any(code in hit.commune.codes_postaux for hit in found):
        return found
    # A CEDEX may look like an INSEE code (18019: Azy, or Bourges): both readings are offered.
    around = Q(codes_postaux__overlap=_nearest(code)) & ~Q(pk__in=[hit.commune.pk for hit in found])
    others = _ordered(around, sure=Q(pk__in=[]), limit=1 if found else limit)
    if not found:
        return others
    return [replace(hit, total=hit.total + len(others)) for hit in (*found, *others)]


def _coded(code: str) -> Q:
    """Communes whose postcodes start so; below three digits, those of the département."""
    if len(code) == 5:
        return Q(codes_postaux__contains=[code])
    if len(code) == 2 or code in _OVERSEAS or not code.isdecimal():
        return _of_departement(code)
    # The index of an array answers equality, not prefixes.
    missing = 5 - len(code)
    return Q(codes_postaux__overlap=[f"{code}{rest:0{missing}d}" for rest in range(10**missing)])


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
    department = departement_of(code)
    lists = Commune.objects.filter(_of_departement(department)).values_list(
        "codes_postaux", flat=True
    )
    known = {each for postcodes in lists for each in postcodes if each.startswith(department)}
    same_town = {each for each in known if each[:3] == code[:3]}
    return sorted(same_town or known, key=lambda each: (abs(int(each) - int(code)), each))[:NEAREST]


# --- Names --------------------------------------------------------------------------------------


def _by_name(heard: Heard, names: Names, limit: int, blend: bool) -> list[Hit]:
    places = heard.places
    if names.spelled(places[0].nom):
        places = places[:1]  # Villeneuve-sur-Lot is not « Villeneuve » in the Lot
    exact, begun = Q(nom_recherche__in=heard.arrondissements), Q()
    for place in places:
        here = _beside(place.code)
        exact |= Q(nom_recherche=place.nom) & here
        begun |= _begun(place.nom) & here
    whole, spelled = _among(names.spelled, places)
    forgive = blend and not spelled and not heard.arrondissements
    near, _ = _among(names.near, places if forgive else ())
    rank = Case(When(exact, then=Value(0)), When(whole, then=Value(1)), default=Value(2))
    typed = exact | whole | begun
    found = _ordered(typed | near, sure=typed, rank=rank, limit=limit)
    return found or _by_other_spelling(places, names, limit)


def _by_other_spelling(places: Sequence[Place], names: Names, limit: int) -> list[Hit]:
    """When no name begins so: its words anywhere, an error in it, the postcode of a neighbour."""
    inside, found = _among(names.holding, places)
    near, others = _among(names.near, places)
    # The longest to look for: only when nothing else is left.
    begun, _ = _among(names.near_start, () if found or others else places)
    around = Q(pk__in=[])
    for place in places:
        if len(place.code) > 2:
            around |= _begun(place.nom) & _beside(departement_of(place.code))
    rank = Case(
        *(When(each, then=Value(at)) for at, each in enumerate((inside, near, begun, around)))
    )
    hits = _ordered(inside | near | begun | around, sure=inside, rank=rank, limit=limit)
    best = [hit for hit in hits if hit.rank == hits[0].rank]
    return [replace(hit, total=hit.alike) for hit in best]


def _among(read: Callable[..., list[str]], places: Sequence[Place]) -> tuple[Q, bool]:
    """The communes that one way to read the names gives for the places, and whether any."""
    wanted, any_found = Q(pk__in=[]), False
    for place in places:
        if codes := read(place.nom, code=place.code):
            wanted |= Q(code_insee__in=codes) & _beside(place.code)
            any_found = True
    return wanted, any_found


def _beside(code: str) -> Q:
    return _coded(code) | Q(code_insee=code) if code else Q()


def _begun(start: str) -> Q:
    """Names and former names that start so, with or without their article."""
    wanted = Q(nom_recherche__startswith=start)
    for article in ARTICLES:
        wanted |= Q(nom_recherche__startswith=article + start)
    former = Q(anciens_noms_recherche__contains=f"|{start}") & ~Q(anciens_noms_recherche="")
    return wanted | former


def _ordered(
    wanted: Q, *, sure: Q | None = None, rank: Case | None = None, limit: int
) -> list[Hit]:
    """Lines in the order of ``rank``, then the most populated, be it an error away."""
    certain = Value(True) if sure is None else Case(When(sure, then=Value(True)), default=False)
    communes = (
        Commune.objects.filter(wanted)
        .select_related("departement", "parente__departement")
        .annotate(rang=rank or Value(0), certain=certain)
        .annotate(
            total=Window(Count("*")),
            semblables=Window(Count("*"), partition_by=[F("rang")]),
        )
        .order_by("rang", F("population").desc(nulls_last=True), "nom_recherche", "code_insee")
    )
    return [
        Hit(each, each.rang, each.certain, each.total, each.semblables) for each in communes[:limit]
    ]
