"""All communes in memory as they are searched: their names, their codes, the most populated first.

They change once a year. A set of communes is a set of numbers, in the order in which communes of
one rank are proposed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from rapidfuzz import process
from rapidfuzz.distance import OSA

from allo3939.shared.cache import Moment
from allo3939.shared.composed import Composed
from allo3939.shared.models import Importation
from orientation.enums import TypeCommune
from orientation.locate.heard import departement_of
from orientation.locate.spell import normalise, squeeze, without_article
from orientation.models import Commune, Departement

_BEGUN = 5  # letters from which a name not typed to its end may hold an error
_END = 2  # letters at each end
_AFTER = "\U0010ffff"  # follows whatever a name may hold
_OF_THE_MOMENT = Moment["Names"](seconds=5)
_LATEST = Composed(
    lambda: Importation.objects.filter(genre="communes").order_by("-pk").only("pk")[:1]
)

Numbers = frozenset[int]
Row = tuple[str, str, str, list[str], list[str], list[str]]
"""INSEE code, type, département, postcodes, former codes, names: the present one first."""


class Names:
    """Communes by each of their names and codes; ``rows`` by decreasing population."""

    def __init__(self, rows: Iterable[Row], departements: Mapping[str, str]) -> None:
        self.codes: list[str] = []
        """The INSEE code of each number."""
        self.departements = dict(departements)
        """Code of each département by its normalised name, with and without its article."""
        self.arrondissements: Numbers
        self._named: dict[str, list[int]] = {}
        self._written: dict[str, list[int]] = {}
        self._squeezed: dict[str, list[int]] = {}
        self._postcodes: dict[str, list[int]] = {}
        self._former: dict[str, list[int]] = {}
        inside: dict[str, list[int]] = {}
        arrondissements = []
        for number, (code, kind, departement, postcodes, former, names) in enumerate(rows):
            self.codes.append(code)
            inside.setdefault(departement, []).append(number)
            if kind == TypeCommune.ARRONDISSEMENT:
                arrondissements.append(number)
            for each in postcodes:
                self._postcodes.setdefault(each, []).append(number)
            for each in former:
                self._former.setdefault(each, []).append(number)
            self._named.setdefault(names[0], []).append(number)
            forms = {*names, *map(without_article, names)}
            for form in forms:
                self._written.setdefault(form, []).append(number)
            for form in set(map(squeeze, forms)):
                self._squeezed.setdefault(form, []).append(number)
        self.arrondissements = frozenset(arrondissements)
        self._numbers = {code: number for number, code in enumerate(self.codes)}
        self._inside = {code: frozenset(numbers) for code, numbers in inside.items()}
        self._forms, self._sorted_postcodes = sorted(self._written), sorted(self._postcodes)
        self._alike: dict[tuple[int, str], list[str]] = {}
        for form in self._squeezed:
            for key in _ends(form):
                self._alike.setdefault((len(form), key), []).append(form)

    # --- Codes ----------------------------------------------------------------------------------

    def with_code(self, code: str) -> Numbers:
        """The commune of this INSEE code."""
        return frozenset((self._numbers[code],)) if code in self._numbers else frozenset()

    def with_former_code(self, code: str) -> Numbers:
        """Communes that took over this INSEE code."""
        return frozenset(self._former.get(code, ()))

    def with_postcode(self, *codes: str) -> Numbers:
        """Communes of any of these postcodes."""
        return frozenset(chain.from_iterable(self._postcodes.get(code, ()) for code in codes))

    def coded(self, code: str) -> Numbers:
        """Communes whose postcodes start so; a code of a département gives all of its own."""
        if len(code) == 5 and code.isdecimal():
            return self.with_postcode(code)
        if within := self.departement(code):
            return within
        if not code.isdecimal():  # « 2A0 »
            return frozenset(
                number for number, known in enumerate(self.codes) if known.startswith(code)
            )
        return self.with_postcode(*self.postcodes(code))

    def departement(self, code: str) -> Numbers:
        """Communes of a département, or of those that a code stands for: « 20 », « 97 »."""
        if code == "20":  # Corsican postcodes
            return self.departement("2A") | self.departement("2B")
        if code in ("97", "98"):
            found = (numbers for known, numbers in self._inside.items() if known.startswith(code))
            return frozenset(chain.from_iterable(found))
        return self._inside.get(code, frozenset())

    def beside(self, code: str) -> Numbers:
        """Communes that a code typed beside a name may mean."""
        return self.coded(code) | self.with_code(code)

    def postcodes(self, start: str) -> list[str]:
        """The known postcodes that start so, in order."""
        return _starting(self._sorted_postcodes, start)

    # --- Names ----------------------------------------------------------------------------------

    def named(self, name: str) -> Numbers:
        """Communes that have this very name today."""
        return frozenset(self._named.get(name, ()))

    def begun(self, start: str) -> Numbers:
        """Communes whose name, or a former one, starts so, with or without its article."""
        forms = _starting(self._forms, start)
        return frozenset(chain.from_iterable(self._written[form] for form in forms))

    def spelled(self, name: str) -> Numbers:
        """Communes with exactly this name or former name, whatever the article and the spaces."""
        return frozenset(self._squeezed.get(squeeze(name), ()))

    def near(self, name: str) -> Numbers:
        """Communes whose name or former name is this but for one error, and spaces.

        A letter wrong, missing or too many, or two swapped.
        """
        wanted = squeeze(name)
        forms = {
            form
            for length in range(len(wanted) - 1, len(wanted) + 2)
            for key in _ends(wanted)
            for form in self._alike.get((length, key), ())
        }
        return self._of(_one_error_away(wanted, forms))

    def holding(self, name: str) -> Numbers:
        """Communes whose name holds all these words, in any order."""
        words = sorted((word for word in name.split() if len(word) > 1), key=len, reverse=True)
        found: Iterable[str] = self._squeezed if words else ()
        for word in words:
            found = [known for known in found if word in known]
        return self._of(found)

    def near_start(self, name: str) -> Numbers:
        """Communes whose name starts so, but for one error; none for a few letters."""
        wanted = squeeze(name)
        if len(wanted) < _BEGUN:
            return frozenset()
        near = tuple(_one_error_away(wanted, {known[: len(wanted)] for known in self._squeezed}))
        return self._of(known for known in self._squeezed if known.startswith(near))

    def within(self, code: str) -> Numbers | None:
        """Communes of the département of a code, be it typed wrong; None without a code."""
        return self.departement(departement_of(code)) | self.beside(code) if code else None

    def _of(self, forms: Iterable[str]) -> Numbers:
        return frozenset(chain.from_iterable(self._squeezed[form] for form in forms))


def _ends(form: str) -> tuple[str, ...]:
    """Keys of a name in one piece: one error leaves its first letters or its last as they are.

    A very short one may share nothing but its length with what was meant.
    """
    start, end = form[:_END], form[-_END:]
    return (f"{start}-", f"-{end}") if len(form) > 2 * _END else (f"{start}-", f"-{end}", "")


def _starting(known: list[str], start: str) -> list[str]:
    """Those of a sorted list that start so."""
    return known[bisect_left(known, start) : bisect_left(known, start + _AFTER)]


def _one_error_away(name: str, known: Iterable[str]) -> list[str]:
    near = process.extract(name, list(known), scorer=OSA.distance, score_cutoff=1, limit=None)
    return [found for found, *_ in near]


# --- Reading ------------------------------------------------------------------------------------


def read_names() -> Names:
    """The communes, from memory since the last import of them: whether another came is asked every
    few seconds, in one query; three where they have to be read.
    """
    return _OF_THE_MOMENT.get("communes", _read_when_imported)


def _read_when_imported() -> Names:
    latest = _LATEST.first()
    # Communes that no import brought could change without a sign.
    return _kept(latest.pk) if latest else _read()


@cache
def warm() -> None:
    """Have the names in memory before somebody types one: once in a process, it takes a while."""
    read_names()


@lru_cache(maxsize=1)
def _kept(importation: int) -> Names:
    return _read()


def _read() -> Names:
    departements: dict[str, str] = {}
    for code, nom in Departement.objects.values_list("code", "nom"):
        folded = normalise(nom)
        departements |= {folded: code, without_article(folded): code}
    rows = sorted(_rows(), key=lambda each: (-each[0], each[1][5][0], each[1][0]))
    return Names((row for _, row in rows), departements)


def _rows() -> Iterator[tuple[int, Row]]:
    """Each commune after its population; as one text, five times faster than as rows."""
    line = Concat(
        Cast(Coalesce("population", Value(-1)), TextField()),
        *chain.from_iterable(
            (Value("|"), field)
            for field in (
                *("code_insee", "type", "departement_id"),
                *(_joined("codes_postaux"), _joined("anciens_codes"), "nom_recherche"),
            )
        ),
        F("anciens_noms_recherche"),
        output_field=TextField(),
    )
    text = Commune.objects.aggregate(text=StringAgg(line, "\n", default=Value("")))["text"]
    for each in text.splitlines():
        people, code, kind, departement, postcodes, former, *names = each.split("|")
        yield int(people), (code, kind, departement, postcodes.split(), former.split(), names)


def _joined(field: str) -> Func:
    return Func(F(field), Value(" "), function="array_to_string", output_field=TextField())
