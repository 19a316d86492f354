"""Dealing with several things at once, and taking it back.

Each is dealt with by itself: one that cannot be is told and stops no other. What is done comes back
as plain values (`Bilan.faits`), kept a few minutes for `undo`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from allo3939.accounts.models import Agent
from allo3939.redaction.inbox.items import SEPARATOR, Genre
from calls.feedback import reasons
from knowledge import conflicts, misses, propose, review
from knowledge.conflicts import ConflitDepasse
from knowledge.enums import OrigineProposition
from knowledge.models import Conflit, Fiche, Lacune, Proposition, RechercheManquee
from knowledge.propose import PropositionDepassee, PropositionInterdite
from knowledge.review import RevueImpossible
from orientation import report
from orientation.models import Signalement
from orientation.report import SignalementImpossible

AT_ONCE = 100
DIGITS = 18  # of a bigint, safely
REFUSALS = (
    ConflitDepasse,
    PropositionDepassee,
    PropositionInterdite,
    RevueImpossible,
    SignalementImpossible,
    misses.LacuneClose,
)
GESTES = {
    "verifier": "Vérifiée aujourd'hui",
    "garder": "Garder tel quel",
    "juste": "Organisme juste",
    "traiter": "Traité",
    "prendre": "Prendre",
}
_ENOUGH = {
    "verifier": (Genre.REVUE, Genre.RETOUR),
    "garder": (Genre.CONFLIT,),
    "juste": (Genre.SIGNALEMENT,),
    "traiter": (Genre.MANQUE,),
    "prendre": (Genre.REVUE, Genre.RETOUR, Genre.MANQUE),
}


class GesteInconnu(Exception):
    """Nothing is called so."""


class _Absente(Exception):
    """Somebody else has dealt with it meanwhile."""


@dataclass(slots=True)
class Bilan:
    """What was done of what was asked; ``faits`` is what `undo` takes back."""

    geste: str
    faits: list[list[Any]] = field(default_factory=list)
    refus: list[str] = field(default_factory=list)
    autres: int = 0
    """Chosen, but not to be dealt with so."""
    passees: int = 0
    """Dealt with by somebody else meanwhile."""

    @property
    def nombre(self) -> int:
        return len(self.faits)


def act(geste: str, cles: Iterable[str], *, by: Agent) -> Bilan:
    """Do one thing to each of these keys (`items.key`), at most `AT_ONCE`.

    Raises `GesteInconnu`.
    """
    if geste not in GESTES:
        raise GesteInconnu(geste)
    bilan = Bilan(geste)
    for cle in list(dict.fromkeys(cles))[:AT_ONCE]:
        genre, *parts = cle.split(SEPARATOR)
        if genre not in _ENOUGH[geste]:
            bilan.autres += 1
            continue
        try:
            bilan.faits.append([genre, *_DO[geste](genre, parts, by)])
        except REFUSALS as refusal:
            bilan.refus.append(str(refusal))
        except _Absente:
            bilan.passees += 1
    return bilan


def undo(geste: str, faits: Iterable[list[Any]], *, by: Agent) -> Bilan:
    """Take back what `act` did, as long as nobody did anything else to it since."""
    bilan = Bilan(geste)
    for fait in faits:
        try:
            _UNDO[geste](fait, by)
        except REFUSALS as refusal:
            bilan.refus.append(str(refusal))
        except _Absente:
            bilan.passees += 1
        else:
            bilan.faits.append(fait)
    return bilan


# Each of them -------------------------------------------------------------------------------------


def _verify(genre: str, parts: list[str], by: Agent) -> list[Any]:
    fiche, version = _fiche(parts)
    before = fiche.a_revoir_le
    review.verify(fiche, by=by, version=version)
    return [fiche.pk, before and before.isoformat()]


def _unverify(fait: list[Any], by: Agent) -> None:
    _, pk, before = fait
    prevue = datetime.fromisoformat(before).date() if before else None
    review.undo(_get(Fiche, pk), by=by, prevue=prevue)


def _keep(genre: str, parts: list[str], by: Agent) -> list[Any]:
    pk, version = _numbers(parts)
    conflit = _get(Conflit, pk)
    conflicts.settle(conflit, by=by, version=version)
    return [conflit.pk]


def _reopen(fait: list[Any], by: Agent) -> None:
    conflicts.reopen(_get(Conflit, fait[1]), by=by)


def _confirm(genre: str, parts: list[str], by: Agent) -> list[Any]:
    """All that is reported of the body is answered: it was checked, and right."""
    if len(parts) != 1 or not _is_number(parts[0]):
        raise _Absente
    organisme = _get(Signalement, int(parts[0])).organisme
    before = [organisme.verifie_le and organisme.verifie_le.isoformat(), organisme.verifie_par_id]
    return [report.confirm(organisme, by=by), *before]


def _report_again(fait: list[Any], by: Agent) -> None:
    _, keys, le, par = fait
    verifie_le = datetime.fromisoformat(le) if le else None
    report.reopen(keys, by=by, verifie_le=verifie_le, verifie_par=par)


def _settle(genre: str, parts: list[str], by: Agent) -> list[Any]:
    until, cles = _group(parts)
    started = timezone.now()
    if not misses.settle(cles, until=until):
        raise _Absente
    return [cles, until.isoformat(), started.isoformat(), timezone.now().isoformat()]


def _unsettle(fait: list[Any], by: Agent) -> None:
    _, cles, until, *between = fait
    rows = RechercheManquee.objects.of_groups(cles, until=datetime.fromisoformat(until))
    span = [datetime.fromisoformat(each) for each in between]
    if not rows.filter(traitee_le__range=span).update(traitee_le=None):
        raise _Absente


def _take(genre: str, parts: list[str], by: Agent) -> list[Any]:
    """A group becomes a brief of one's own, a fiche a proposition that begins."""
    if genre == Genre.MANQUE:
        _, cles = _group(parts)
        found = next((group for group in misses.group() if set(cles) & set(group.cles)), None)
        if found is None:
            raise _Absente
        started = timezone.now()
        lacune = misses.take(found, by=by)
        return [lacune.pk, lacune.ouverte_le >= started]
    fiche, _ = _fiche(parts)
    origine = OrigineProposition.APPEL if genre == Genre.RETOUR else OrigineProposition.REVUE
    said = list(reasons(int(each) for each in parts[2:] if _is_number(each)).values())
    own = Proposition.objects.of_fiche(fiche).of_author(by).in_writing()
    if own.exists():
        raise _Absente
    context = {"precisions": said} if said else None
    return [propose.open_proposition(fiche, by=by, origine=origine, contexte=context).pk]


def _put_back(fait: list[Any], by: Agent) -> None:
    genre, pk, *created = fait
    if genre != Genre.MANQUE:
        propose.withdraw(_get(Proposition, pk), by=by)
        return
    lacune = _get(Lacune, pk)
    if not all(created) or lacune.responsable_id != by.pk or lacune.fiche_id is not None:
        raise misses.LacuneClose(f"La lacune «\u00a0{lacune.titre}\u00a0» est déjà en cours.")
    lacune.delete()  # its misses are groups again


_DO: dict[str, Callable[[str, list[str], Agent], list[Any]]] = {
    "verifier": _verify,
    "garder": _keep,
    "juste": _confirm,
    "traiter": _settle,
    "prendre": _take,
}
_UNDO: dict[str, Callable[[list[Any], Agent], None]] = {
    "verifier": _unverify,
    "garder": _reopen,
    "juste": _report_again,
    "traiter": _unsettle,
    "prendre": _put_back,
}


# What a page sends --------------------------------------------------------------------------------


def _fiche(parts: list[str]) -> tuple[Fiche, int]:
    pk, version = _numbers(parts[:2])
    return _get(Fiche, pk), version


def _group(parts: list[str]) -> tuple[datetime, list[str]]:
    until = parse_datetime(parts[0]) if len(parts) > 1 else None
    if until is None or until.tzinfo is None:
        raise _Absente
    return until, parts[1:]


def _numbers(parts: list[str]) -> tuple[int, int]:
    if len(parts) != 2 or not all(map(_is_number, parts)):
        raise _Absente
    return int(parts[0]), int(parts[1])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS


def _get(model: Any, pk: int) -> Any:
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise _Absente
    return found
