"""What is answered: communes to choose from, under the names typed, and why these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from orientation.enums import TypeCommune
from orientation.locate.heard import Heard, Place
from orientation.locate.spell import normalise, squeeze, without_article
from orientation.models import Commune

NEAREST = 3  # postcodes tried for a CEDEX
_POSTCODES = 3  # shown of a commune
_DIGITS = 9  # lines that a digit chooses
_CEDEX = "Un code CEDEX est réservé au courrier des entreprises et des administrations"


@dataclass(frozen=True, slots=True)
class Proposition:
    """A commune to choose, under the name that was typed."""

    commune: Commune
    nom: str
    remarque: str = ""
    """« ancienne commune, aujourd'hui Bâgé-Dommartin (4 050 hab.) », or ""."""

    @property
    def codes_postaux(self) -> str:
        """The first of its postcodes: « 75001, 75002, 75003… », or ""."""
        codes = self.commune.codes_postaux
        return ", ".join(codes[:_POSTCODES]) + ("…" if len(codes) > _POSTCODES else "")

    @property
    def habitants(self) -> str:
        """« 145 000 hab. », or "" when it is not known."""
        people = self.commune.population
        return f"{_grouped(people)} hab." if people else ""


@dataclass(frozen=True, slots=True)
class Communes:
    """What a text may mean, the likeliest first."""

    propositions: list[Proposition]
    total: int
    """How many there are, shown or not."""
    explication: str = ""
    """Why these, when it is not plain: a CEDEX, an error in the name, homonyms, too many."""
    sure: bool = True
    """Nothing was guessed: a single proposition may be taken without being looked at."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of the answer, with what the database says of the whole of it."""

    commune: Commune
    rank: int
    sure: bool
    """As typed; else guessed, from an error in the name or a code close to this one."""
    total: int
    alike: int
    """How many have this rank."""


def propose(commune: Commune, heard: Heard) -> Proposition:
    parent = commune.parente
    nom = _as_typed(commune, heard.places)
    if nom != commune.nom:
        return Proposition(commune, nom, f"ancienne commune, aujourd'hui {commune.nom}")
    if commune.type == TypeCommune.ARRONDISSEMENT or parent is None:
        old = heard.code and heard.code in commune.anciens_codes
        return Proposition(commune, nom, f"ancien code\u00a0: {heard.code}" if old else "")
    people = f" ({_grouped(parent.population)} hab.)" if parent.population else ""
    return Proposition(commune, nom, f"ancienne commune, aujourd'hui {parent.nom}{people}")


def _as_typed(commune: Commune, places: Sequence[Place]) -> str:
    """The name of the commune, or the former one that was typed instead."""
    if not commune.anciens_noms:
        return commune.nom
    known = {nom: normalise(nom) for nom in (commune.nom, *commune.anciens_noms)}
    for alike in (_starts, _is_near):
        for nom, written in known.items():
            if any(alike(written, place.nom) for place in places):
                return nom
    return commune.nom


def _starts(name: str, typed: str) -> bool:
    return name.startswith(typed) or without_article(name).startswith(typed)


def _is_near(name: str, typed: str) -> bool:
    start = squeeze(name)[: len(squeeze(typed))]
    return OSA.distance(start, squeeze(typed), score_cutoff=1) <= 1


def explain(heard: Heard, hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    if heard.code:
        return _explain_code(heard, hits)
    if heard.cedex:
        return f"{_CEDEX}\u00a0: voici la commune qui porte ce nom."
    if not any(hit.sure for hit in hits):
        codes = [place.code for place in heard.places if len(place.code) == 5]
        if codes and any(
            _starts(normalise(hits[0].commune.nom), each.nom) for each in heard.places
        ):
            return f"{codes[0]} n'est pas un code postal de cette commune\u00a0: vérifiez-le."
        return "Aucune commune ne s'écrit ainsi. Les noms les plus proches\u00a0:"
    if hits[0].total > len(hits):
        return f"{len(hits)} communes sur {_grouped(hits[0].total)}\u00a0: continuez le nom."
    if hits[0].rank == 0 and hits[0].alike > 1:
        return f"{hits[0].alike} communes ont ce nom\u00a0: demandez le département."
    return ""


def _explain_code(heard: Heard, hits: Sequence[Hit]) -> str:
    code = heard.code
    if not hits[0].sure:
        around = {each for hit in hits for each in hit.commune.codes_postaux}
        near = sorted(around, key=lambda each: (abs(int(each) - int(code)), each))[:NEAREST]
        known = (
            f"{code} est un code CEDEX, réservé au courrier des entreprises et des administrations."
            if heard.cedex
            else f"{code} n'est le code postal d'aucune commune. {_CEDEX}."
        )
        return f"{known} Communes des codes voisins ({', '.join(sorted(near))})\u00a0:"
    if not hits[-1].sure:
        return f"{code} est un code INSEE, ou un code CEDEX\u00a0: demandez le nom. {_CEDEX}."
    if hits[0].total > len(hits):
        return (
            f"{len(hits)} communes sur {_grouped(hits[0].total)}\u00a0: continuez le code, "
            "ou ajoutez le début du nom."
        )
    sharing = [hit.commune for hit in hits if code in hit.commune.codes_postaux]
    if len(sharing) < 2 or any(each.type == TypeCommune.ARRONDISSEMENT for each in sharing):
        return ""
    many = f"{len(sharing)} communes ont ce code postal\u00a0: demandez le nom"
    return f"{many}, et tapez-en le début." if len(sharing) > _DIGITS else f"{many}."


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
