"""Communes for what was heard, from the official code in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from operator import itemgetter

from allo3939.shared.composed import Composed
from orientation.locate.answer import NEAREST, Communes, Hit, explain, propose
from orientation.locate.heard import Heard, Place, departement_of, hear
from orientation.locate.names import Names, Numbers, read_names
from orientation.models import Commune

_SHARED = 50  # no postcode is shared by more communes: 51300, by 46
_NOBODY: Numbers = frozenset()
_RANK_THEN_NUMBER = itemgetter(1, 0)
_COMMUNES = Composed(
    lambda codes: Commune.objects.filter(pk__any_of=codes).select_related("departement", "parente")
)
# Apart: for a key PostgreSQL keeps one plan, for a list of them it makes one each time.
_COMMUNE = Composed(
    lambda code: Commune.objects.filter(pk=code).select_related("departement", "parente")
)


def commune_of(code_insee: str) -> Commune | None:
    """The commune of this INSEE code, with its département; one query."""
    return _COMMUNE.first(code_insee)


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
    """The communes to propose for what is being typed; two queries at most.

    Accepted: a postcode or its first two digits or more, an INSEE code, even of a commune merged
    since, the start of a name or of a former name, before or after a département, by its code or
    its name, or a postcode (« saint-denis dans le 93 »), an arrondissement (« marseille
    huitième »). Exact matches come first; then names that begin so and names but one error away,
    the most populated first; beside a name spelled so, those of larger communes only. All the
    communes of a whole postcode are given, whatever ``limit``. A postcode that no list holds, as
    those of CEDEX, gives the communes of the nearest postcodes of the département.
    Two more queries, one of them heavy, the first time after an import.
    """
    heard, hits = _search(text, limit=limit, blend=True)
    return Communes(
        [propose(hit.commune, heard) for hit in hits],
        hits[0].total if hits else 0,
        explication=explain(heard, hits),
        sure=any(hit.sure for hit in hits),
    )


def codes_proposed(text: str, *, names: Names, limit: int = 8) -> list[str]:
    """The INSEE codes of what `look_up` proposes, without a query."""
    return [names.codes[each.number] for each in _rank(text, names, limit, blend=True)[1]]


def _search(text: str, *, limit: int, blend: bool) -> tuple[Heard, list[Hit]]:
    names = read_names()
    heard, found = _rank(text, names, limit, blend)
    return heard, _read(found, names)


def _rank(text: str, names: Names, limit: int, blend: bool) -> tuple[Heard, list[Found]]:
    heard = hear(text, departements=names.departements)
    found: list[Found] = []
    if heard.code:
        found = _by_code(heard.code, names, limit, cedex=heard.cedex)
    elif heard.places:
        found = _by_name(heard, names, limit, blend)
    return heard, found


def _read(found: Sequence[Found], names: Names) -> list[Hit]:
    if not found:
        return []
    codes = [names.codes[each.number] for each in found]
    known = {commune.pk: commune for commune in _COMMUNES.ask(codes)}
    return [
        Hit(known[code], each.rank, each.sure, each.total, each.alike)
        for code, each in zip(codes, found, strict=True)
        if code in known
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """A commune of the answer by its number, with what is known of the whole of it, as `Hit`."""

    number: int
    rank: int
    sure: bool
    total: int
    alike: int


def _ordered(ranks: Mapping[int, int], *, sure: Numbers | None = None, limit: int) -> list[Found]:
    """The first communes by the rank of each, then the most populated, be it an error away."""
    best = nsmallest(limit, ranks.items(), key=_RANK_THEN_NUMBER)
    alike = Counter(ranks.values())
    return [
        Found(number, rank, sure is None or number in sure, len(ranks), alike[rank])
        for number, rank in best
    ]


def _ranked(*groups: Numbers) -> dict[int, int]:
    """The rank of each commune: that of the first group that holds it."""
    ranks: dict[int, int] = {}
    for rank, numbers in reversed(list(enumerate(groups))):
        ranks |= dict.fromkeys(numbers, rank)
    return ranks


# --- Codes --------------------------------------------------------------------------------------


def _by_code(code: str, names: Names, limit: int, *, cedex: bool) -> list[Found]:
    wanted = names.coded(code)
    if len(code) < 5:
        return _ordered(_ranked(_NOBODY, wanted), limit=limit)
    limit = max(limit, _SHARED)
    # Codes of the former Seine (75015: Bry-sur-Marne) are postcodes of Paris today.
    former = _NOBODY if wanted or cedex else names.with_former_code(code)
    insee = _NOBODY if cedex else names.with_code(code)
    ranks = _ranked(wanted & names.arrondissements, wanted, insee, former)
    found = _ordered(ranks, limit=limit)
    if wanted or not code.isdecimal():
        return found
    # A CEDEX may look like an INSEE code (18019: Azy, or Bourges): both readings are offered.
    around = names.with_postcode(*_nearest(code, names)) - ranks.keys()
    others = _ordered(_ranked(around), sure=_NOBODY, limit=1 if found else limit)
    if not found:
        return others
    return [replace(each, total=each.total + len(others)) for each in (*found, *others)]


def _nearest(code: str, names: Names) -> list[str]:
    """The known postcodes that a CEDEX most likely belongs to.

    La Poste numbers them after those of the town that delivers them: first the same three digits.
    """
    known = names.postcodes(departement_of(code))
    same_town = [each for each in known if each[:3] == code[:3]]
    return sorted(same_town or known, key=lambda each: (abs(int(each) - int(code)), each))[:NEAREST]


# --- Names --------------------------------------------------------------------------------------


def _by_name(heard: Heard, names: Names, limit: int, blend: bool) -> list[Found]:
    places = heard.places
    if names.spelled(places[0].nom):
        places = places[:1]  # Villeneuve-sur-Lot is not « Villeneuve » in the Lot
    exact = _union(names.named(name) for name in heard.arrondissements)
    begun: Numbers = _NOBODY
    for place in places:
        exact |= _beside(names.named(place.nom), place, names)
        begun |= _beside(names.begun(place.nom), place, names)
    whole, spelled = _among(names.spelled, places, names)
    forgive = blend and not heard.arrondissements
    near, _ = _among(names.near, places if forgive else (), names)
    if spelled:
        # A small commune may have the very name that a slip made of a larger one's.
        near = _larger(near, than=exact | whole)
    typed = exact | whole | begun
    found = _ordered(_ranked(exact, whole, typed | near), sure=typed, limit=limit)
    return found or _by_other_spelling(places, names, limit)


def _by_other_spelling(places: Sequence[Place], names: Names, limit: int) -> list[Found]:
    """When no name begins so: its words anywhere, an error in it, the postcode of a neighbour."""
    inside, found = _among(names.holding, places, names)
    near, others = _among(names.near, places, names)
    # The longest to look for: only when nothing else is left.
    begun, _ = _among(names.near_start, () if found or others else places, names)
    around = _union(
        names.begun(place.nom) & names.departement(departement_of(place.code))
        for place in places
        if len(place.code) > 2
    )
    hits = _ordered(_ranked(inside, near, begun, around), sure=inside, limit=limit)
    return [replace(hit, total=hit.alike) for hit in hits if hit.rank == hits[0].rank]


def _among(
    read: Callable[[str], Numbers], places: Sequence[Place], names: Names
) -> tuple[Numbers, bool]:
    """The communes that one way to read the names gives for the places.

    And whether any is in the département of a place, if not under its very code.
    """
    wanted, any_found = _NOBODY, False
    for place in places:
        found = read(place.nom)
        within = names.within(place.code)
        any_found = any_found or bool(found if within is None else found & within)
        wanted |= _beside(found, place, names)
    return wanted, any_found


def _beside(numbers: Numbers, place: Place, names: Names) -> Numbers:
    return numbers & names.beside(place.code) if place.code and numbers else numbers


def _larger(numbers: Numbers, *, than: Numbers) -> Numbers:
    """Those more populated than all the others."""
    largest = min(than, default=0)
    return frozenset(number for number in numbers if number < largest)


def _union(groups: Iterable[Numbers]) -> Numbers:
    return _NOBODY.union(*groups)
