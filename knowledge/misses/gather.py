"""The misses as rédacteurs read them: grouped by meaning, the most frequent first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils import timezone

from knowledge.enums import GenreManque
from knowledge.models import Lacune, RechercheManquee

KEYWORDS = 6  # wordings that a new fiche begins with
KEY_DIGITS = 18  # of a bigint, safely
ALIKE = 0.6  # share of stems in common from which two groups are one


@dataclass(slots=True)
class Formulation:
    """A wording of agents, and how often it came."""

    texte: str
    nombre: int = 0


@dataclass
class Groupe:
    """Searches that meant the same, with what followed them."""

    pk: int
    """Of one of them, the latest."""
    cles: list[str] = field(default_factory=list)
    nombre: int = 0
    sans_resultat: int = 0
    pas_de_fiche: int = 0
    insuffisante: int = 0
    formulations: list[Formulation] = field(default_factory=list)
    suites: list[Formulation] = field(default_factory=list)
    precisions: list[Formulation] = field(default_factory=list)
    """What agents said was missing, when they closed the question."""
    fiches: dict[str, str] = field(default_factory=dict)
    """Title by reference, of the fiches opened afterwards."""
    premiere: datetime | None = None
    derniere: datetime | None = None
    traitee_le: datetime | None = None
    """When it was last dealt with, if it came back since."""

    @property
    def titre(self) -> str:
        """The most frequent wording."""
        return self.formulations[0].texte

    def sort(self) -> None:
        """The most frequent words first."""
        for wordings in (self.formulations, self.suites, self.precisions):
            wordings.sort(key=_often)


def group_of_brief(lacune: Lacune) -> Groupe | None:
    """All the misses of a brief as one group; None when they are purged."""
    found: Groupe | None = None
    for row in lacune.manques.by_wording():
        found = found or Groupe(row["pk"])
        _count(found, row)
    if found is not None:
        found.sort()
    return found


class _Kept:
    """The groups as this process last made them, and the mark of the misses they were made of."""

    groups: tuple[object, list[Groupe]] = (None, [])


def group(*, limit: int | None = None) -> list[Groupe]:
    """The misses that nobody has dealt with nor taken up, by meaning, the most frequent first.

    One group for those with the same stems; brought together when most stems are the same, or when
    the agents ended at the same fiche. To be read only: as long as no miss changes, all get the
    same groups, for one query.
    """
    mark = (connection.settings_dict["NAME"], RechercheManquee.objects.mark())
    known, groups = _Kept.groups
    if known != mark:
        groups = _group()
        _Kept.groups = (mark, groups)
    return groups[:limit]


def _group() -> list[Groupe]:
    rows = list(RechercheManquee.objects.pending().untaken().by_wording())
    together = _bring_together(rows)
    groups: dict[str, Groupe] = {}
    for row in rows:
        _count(groups.setdefault(together[row["cle"]], Groupe(row["pk"])), row)
    for found in groups.values():
        found.sort()
    best = sorted(groups.values(), key=lambda found: (-found.nombre, found.titre))
    _tell_settled(best)
    return best


def _often(wording: Formulation) -> tuple[int, str]:
    return -wording.nombre, wording.texte


def _count(found: Groupe, row: dict) -> None:
    n, fiche = row["n"], row["fiche__reference"]
    found.pk = max(found.pk, row["pk"])
    found.nombre += n
    match row["genre"]:
        case GenreManque.SANS_RESULTAT:
            found.sans_resultat += n
        case GenreManque.PAS_DE_FICHE:
            found.pas_de_fiche += n
        case GenreManque.INSUFFISANTE:
            found.insuffisante += n
    if row["cle"] not in found.cles:
        found.cles.append(row["cle"])
    told = (
        (row["texte"], found.formulations),
        (row["suite"], found.suites),
        (row["precision"], found.precisions),
    )
    for texte, wordings in told:
        if not texte:
            continue
        wording = next((w for w in wordings if w.texte == texte), None)
        if wording is None:
            wordings.append(wording := Formulation(texte))
        wording.nombre += n
    if fiche:
        found.fiches[fiche] = row["fiche__titre"]
    found.premiere = min(found.premiere or row["premiere"], row["premiere"])
    found.derniere = max(found.derniere or row["derniere"], row["derniere"])


def _bring_together(rows: list[dict]) -> dict[str, str]:
    """For the key of each group, the key of the group it is shown in."""
    leader = {row["cle"]: row["cle"] for row in rows}

    def find(key: str) -> str:
        while leader[key] != key:
            leader[key] = key = leader[leader[key]]
        return key

    for left, right in [*_alike(list(leader)), *_same_fiche(rows)]:
        leader[find(right)] = find(left)
    return {key: find(key) for key in leader}


def _same_fiche(rows: list[dict]) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for row in rows:
        if fiche := row["fiche__reference"]:
            yield first.setdefault(fiche, row["cle"]), row["cle"]


def _alike(keys: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of keys most of whose stems are the same.

    Two sets that share `ALIKE` of their stems share one of the rarest of each, so that only those
    are compared: a word in a thousand searches does not make a million pairs.
    """
    sets = {key: frozenset(key.split()) for key in keys}
    frequency = Counter(stem for stems in sets.values() for stem in stems)
    holders: dict[str, list[str]] = {}
    for key, stems in sets.items():
        rare = sorted(stems, key=lambda stem: (frequency[stem], stem))
        rare = rare[: len(stems) - math.ceil(ALIKE * len(stems)) + 1]
        for other in {other for stem in rare for other in holders.get(stem, ())}:
            union = len(stems | sets[other])
            if len(stems & sets[other]) >= ALIKE * union:
                yield other, key
        for stem in rare:
            holders.setdefault(stem, []).append(key)


def _tell_settled(groups: list[Groupe]) -> None:
    keys = [key for found in groups for key in found.cles]
    settled = dict(RechercheManquee.objects.settled_since(keys))
    for found in groups:
        found.traitee_le = max((settled[key] for key in found.cles if key in settled), default=None)


def settle(keys: Iterable[str], *, until: datetime) -> int:
    """Take groups off the list: what was seen up to then. Seen again, they come back."""
    rows = RechercheManquee.objects.pending().of_groups(list(keys), until=until)
    return rows.update(traitee_le=timezone.now())


def begin_fiche(found: Groupe) -> dict[str, object]:
    """Title and keywords of a fiche that would answer a group, in the agents' words."""
    words = list(dict.fromkeys(wording.texte for wording in found.formulations))
    return {"titre": sentence(found.titre), "mots_cles": words[:KEYWORDS]}


def suggest_synonyme(number: str) -> dict[str, object]:
    """Expression and, when known, what is written instead, for the form of a synonym."""
    found = find_group(number)
    if found is None:
        return {}
    return {"expression": found.titre, "equivalents": [w.texte for w in found.suites[:1]]}


def sentence(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def find_group(number: str) -> Groupe | None:
    """The group, or the brief, that holds the miss of this key, or None."""
    if not number.isascii() or not number.isdecimal() or len(number) > KEY_DIGITS:
        return None
    row = RechercheManquee.objects.filter(pk=number).first()
    if row is None:
        return None
    if row.lacune is not None:
        return group_of_brief(row.lacune)
    return next((found for found in group() if row.cle in found.cles), None)
