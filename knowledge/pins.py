"""The fiche that comes first for some words, as a rédacteur decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.analyse import highlight
from allo3939.shared.anonymity import find_identifiers
from allo3939.shared.changes import EVERYTHING, Kept, record_change
from allo3939.shared.index import Trouvaille
from knowledge.enums import Etat
from knowledge.models import Epingle
from knowledge.vocabulary import GENRE, mattering

BEGUN = 3  # letters of its last word from which a pin is recognised
SHOWN = ("reference", "nature", "titre", "fil", "theme")  # never the whole text of a fiche
CHECKED = 10  # results that a check looks through
Search = Callable[..., list[Trouvaille]]


@dataclass(frozen=True, slots=True)
class Pose:
    """A pin as searches need it: the line it puts first is shown without a query."""

    reference: str
    nature: str
    titre: str
    complement: str

    def line(self, mots: Iterable[str], score: float) -> Trouvaille:
        """The fiche as a result, where the search itself did not find it."""
        titre = highlight(self.titre, racines=frozenset(mots))
        return Trouvaille(self.reference, self.nature, titre, self.complement, score, True)


@dataclass(frozen=True)
class Tableau:
    """The pins in force, by the stems of their words, and by all of these but one."""

    exact: dict[frozenset[str], list[Pose]] = field(default_factory=dict)
    begun: dict[frozenset[str], list[tuple[str, frozenset[str]]]] = field(default_factory=dict)

    def add(self, epingle: Epingle) -> None:
        said = mattering(epingle.mots)
        key = frozenset(word.racine for word in said)
        if not key:
            return
        fiche = epingle.fiche
        path = fiche.fil or ([fiche.theme.titre] if fiche.theme else [])
        pose = Pose(fiche.reference, fiche.nature, fiche.titre, " › ".join(path))
        if key not in self.exact:
            for word in said:
                self.begun.setdefault(key - {word.racine}, []).append((word.forme, key))
        self.exact.setdefault(key, []).append(pose)

    def find(self, mots: tuple[str, ...]) -> list[Pose]:
        """The pins for these stems in any order, the last of which may be a beginning.

        A beginning that fits two sets of words says nothing yet.
        """
        if not mots:
            return []
        found = self.exact.get(frozenset(mots))
        if found is None and len(mots[-1]) >= BEGUN:
            fitting = {
                key
                for form, key in self.begun.get(frozenset(mots[:-1]), ())
                if form.startswith(mots[-1])
            }
            found = self.exact[fitting.pop()] if len(fitting) == 1 else None
        return found or []


def put_first(
    mots: tuple[str, ...],
    lines: list[Trouvaille],
    *,
    nature: str = "",
    board: Tableau | None = None,
) -> list[Trouvaille]:
    """The results with the pinned fiches first, each marked; one not found is added.

    ``nature`` is the one kind asked for, or "". A fiche that is no longer published has no pin.
    """
    poses = (board or _BOARD.get()).find(mots)
    if nature:
        poses = [pose for pose in poses if pose.nature == nature]
    if not poses:
        return lines
    found = {line.cle: line for line in lines}
    best = max((line.score for line in lines), default=0.0)
    first = {
        pose.reference: replace(found[pose.reference], score=best, epinglee=True)
        if pose.reference in found
        else pose.line(mots, best)
        for pose in poses
    }
    return [*first.values(), *(line for line in lines if line.cle not in first)]


def board_of(epingles: Iterable[Epingle]) -> Tableau:
    """The pins as searches use them, the oldest first where two have the same words."""
    board = Tableau()
    for epingle in epingles:
        board.add(epingle)
    return board


def in_force() -> Iterable[Epingle]:
    """The pins that act on searches, the oldest first, with what a line of results shows."""
    return (
        Epingle.objects.in_force()
        .select_related("fiche__theme")
        .only("mots", *(f"fiche__{name}" for name in SHOWN), "fiche__theme__titre")
        .order_by("pk")
    )


# A fiche that is renamed, published again or archived writes a line of its own genre.
_BOARD: Kept[Tableau] = Kept(GENRE, "fiches", read=lambda: board_of(in_force()))


@transaction.atomic
def save(epingle: Epingle, *, by: Agent | None) -> Epingle:
    """Keep a pin; it acts on every process at its next search."""
    epingle._history_user = by  # type: ignore[attr-defined]
    epingle.save()
    record_change(GENRE, [EVERYTHING])
    return epingle


def check_words(epingle: Epingle) -> list[str]:
    """Why these words cannot be pinned, in French; empty when they can."""
    text = epingle.mots
    key = frozenset(word.racine for word in mattering(text))
    if found := find_identifiers(text):
        return [f"Le texte contient {' et '.join(found)}\u00a0: rien qui désigne quelqu'un."]
    if not key:
        return [
            f"«\u00a0{text}\u00a0» ne dit rien à la recherche\u00a0: écrivez un mot qui compte."
        ]
    others = Epingle.objects.exclude(pk=epingle.pk).filter(
        actif=True, fiche__nature=epingle.fiche.nature
    )
    for other in others.select_related("fiche"):
        if frozenset(word.racine for word in mattering(other.mots)) == key:
            return [
                f"Ces mots ont déjà une épingle\u00a0: {other}. Changez celle-là, ou mettez-la "
                "hors service."
            ]
    return []


# Checking -----------------------------------------------------------------------------------------


def check(epingle: Epingle, *, search: Search) -> Epingle:
    """Search the words of the pin and note the rank of its fiche in its group.

    ``search`` is `knowledge.search.search_fiches`: the way of every agent's search.
    """
    lines = search(epingle.mots, nature=epingle.fiche.nature, limit=CHECKED)
    places = [rank for rank, line in enumerate(lines, 1) if line.cle == epingle.fiche.reference]
    epingle.rang_constate = min(places, default=None)
    epingle.verifiee_le = timezone.now()
    # No line of history, and no other field: a rédacteur may be changing the pin now.
    Epingle.objects.filter(pk=epingle.pk).update(
        rang_constate=epingle.rang_constate, verifiee_le=epingle.verifiee_le
    )
    return epingle


def check_due(*, since: datetime, search: Search) -> tuple[int, list[Epingle]]:
    """Check the pins in service that were not since then: how many, and those that do not hold.

    Each result is kept at once, so that a run that was stopped goes on where it was.
    """
    failing = []
    count = 0
    for epingle in Epingle.objects.to_check(since).select_related("fiche"):
        count += 1
        if not check(epingle, search=search).tient:
            failing.append(epingle)
    return count, failing


REASONS = {
    Etat.BROUILLON: "la fiche n'est pas publiée",
    Etat.ARCHIVEE: "la fiche est archivée",
    Etat.DISPARUE: "la fiche a disparu de la source",
}


def explain(epingle: Epingle) -> str:
    """Why the pin does not hold, in French; "" when it does or is out of service.

    The state of the fiche counts as it is now, the rank as it was at the last check.
    """
    if not epingle.actif:
        return ""
    if reason := REASONS.get(Etat(epingle.fiche.etat)):
        return reason
    if epingle.verifiee_le is None:
        return "pas encore vérifiée"
    if epingle.tient:
        return ""
    same_words = _BOARD.get().find(tuple(word.racine for word in mattering(epingle.mots)))
    rivals = [pose for pose in same_words if pose.nature == epingle.fiche.nature]
    if rivals and rivals[0].reference != epingle.fiche.reference:
        return f"une autre épingle passe devant\u00a0: {rivals[0].reference} · {rivals[0].titre}"
    if epingle.rang_constate is None:
        return "la recherche ne la trouve plus"
    return f"n° {epingle.rang_constate} de son groupe à la dernière vérification"
