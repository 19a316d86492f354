"""All names of communes in memory, to forgive an error in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, F, Max, Value
from django.db.models.functions import Concat
from rapidfuzz import process
from rapidfuzz.distance import OSA

from allo3939.shared.models import Importation
from orientation.locate.heard import departement_of
from orientation.locate.spell import normalise, squeeze, without_article
from orientation.models import Commune, Departement

_BEGUN = 5  # letters from which a name not typed to its end may hold an error


@dataclass(slots=True)
class Names:
    """Every name and former name, with and without its article, in one piece."""

    codes: dict[str, list[str]] = field(default_factory=dict)
    """INSEE codes of each name."""
    by_length: dict[int, list[str]] = field(default_factory=dict)
    departements: dict[str, str] = field(default_factory=dict)
    """Code of each département by its normalised name, with and without its article."""

    def spelled(self, name: str, *, code: str = "") -> list[str]:
        """Communes that have exactly this name, whatever the article and the spaces.

        As INSEE codes; with ``code``, those of its département.
        """
        return self._coded([squeeze(name)], code)

    def near(self, name: str, *, code: str = "") -> list[str]:
        """Communes whose name is this but for one error, and spaces.

        A letter wrong, missing or too many, or two swapped.
        """
        wanted = squeeze(name)
        lengths = range(len(wanted) - 1, len(wanted) + 2)
        names = chain.from_iterable(self.by_length.get(length, ()) for length in lengths)
        return self._coded(_one_error_away(wanted, names), code)

    def holding(self, name: str, *, code: str = "") -> list[str]:
        """Communes whose name holds all these words, in any order."""
        words = sorted((word for word in name.split() if len(word) > 1), key=len, reverse=True)
        found: Iterable[str] = self.codes if words else ()
        for word in words:
            found = [known for known in found if word in known]
        return self._coded(found, code)

    def near_start(self, name: str, *, code: str = "") -> list[str]:
        """Communes whose name starts so, but for one error; none for a few letters."""
        wanted = squeeze(name)
        if len(wanted) < _BEGUN:
            return []
        near = tuple(_one_error_away(wanted, {known[: len(wanted)] for known in self.codes}))
        return self._coded((known for known in self.codes if known.startswith(near)), code)

    def _coded(self, names: Iterable[str], within: str) -> list[str]:
        departement = departement_of(within)
        departements = ("2A", "2B") if departement == "20" else departement
        found = (code for name in names for code in self.codes.get(name, ()))
        return [code for code in found if code.startswith(departements)]


def _one_error_away(name: str, known: Iterable[str]) -> list[str]:
    near = process.extract(name, list(known), scorer=OSA.distance, score_cutoff=1, limit=None)
    return [found for found, *_ in near]


def read_names() -> Names:
    """The names, from memory since the last import of communes; one query then, else three."""
    latest = Importation.objects.filter(genre="communes").aggregate(Max("pk"))["pk__max"]
    # Communes that no import brought could change without a sign.
    return _kept(latest) if latest else _read()


@cache
def warm() -> None:
    """Have the names in memory before somebody types one: once in a process, it takes a while."""
    read_names()


@lru_cache(maxsize=1)
def _kept(importation: int) -> Names:
    return _read()


def _read() -> Names:
    names = Names()
    for code, *forms in _rows():
        bare = (without_article(form) for form in forms)
        for name in {squeeze(form) for form in (*forms, *bare)}:
            names.codes.setdefault(name, []).append(code)
    for name in names.codes:
        names.by_length.setdefault(len(name), []).append(name)
    for code, nom in Departement.objects.values_list("code", "nom"):
        folded = normalise(nom)
        names.departements |= {folded: code, without_article(folded): code}
    return names


def _rows() -> Iterator[list[str]]:
    """Code, name and former names of each commune; as one text, five times faster than as rows."""
    line = Concat(
        "code_insee", Value("|"), "nom_recherche", F("anciens_noms_recherche"),
        output_field=CharField(),
    )  # fmt: skip
    text = Commune.objects.aggregate(text=StringAgg(line, "\n", default=Value("")))["text"]
    return (row.split("|") for row in text.splitlines())
