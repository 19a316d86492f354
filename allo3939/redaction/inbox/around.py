"""What waits beside fiches: reports on bodies, what agents did not find."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.redaction.inbox.items import Affaire, Genre, Pour, day_of
from allo3939.shared.composed import Composed
from calls.usage import times_given
from knowledge import misses
from knowledge.models import Lacune
from orientation.enums import ObjetSignalement
from orientation.models import Signalement, TypeService

_SHOWN = 3
_REPORTS: Composed[Any] = Composed(
    lambda: (
        Signalement.objects.open()
        .order_by("organisme")
        .values_list("organisme", "organisme__nom", "organisme__types")
        .annotate(
            premier=Min("pk"),
            depuis=TruncDate(Min("cree_le")),
            nombre=Count("pk"),
            objets=ArrayAgg("objet", distinct=True),
        )
    )
)
_KINDS: Composed[Any] = Composed(
    lambda: TypeService.objects.filter(secteur__isnull=False).values_list(
        "code", "secteur__slug", "secteur__nom"
    )
)


def of_reports(*, on: date) -> Iterator[Affaire]:
    """Bodies that agents report; at stake are the calls in which the body was given."""
    bodies = {body: line for body, *line in _REPORTS.ask()}
    given = times_given(bodies, on=on)
    sectors = _sectors_of_kinds()
    for body, (nom, types, first, since, number, subjects) in bodies.items():
        secteur = next((sectors[code] for code in types if code in sectors), None)
        yield Affaire(
            genre=Genre.SIGNALEMENT,
            sait=(first,),
            titre=nom,
            vue="admin:orientation_signalement_change",
            objet=first,
            dire=partial(_say_reports, number, subjects),
            depuis=since,
            secteur=secteur[0] if secteur else "",
            secteur_nom=secteur[1] if secteur else "",
            gestes=("juste",),
            appels=given.get(body, 0),
        )


def _say_reports(number: int, subjects: list[str]) -> str:
    told = f"{number} signalements" if number > 1 else "1 signalement"
    named = [ObjetSignalement(each).label for each in subjects[:_SHOWN]]
    return f"{told}\u00a0: {', '.join(named)}"


def _sectors_of_kinds() -> dict[str, tuple[str, str]]:
    """(code, name) of the sector that keeps each kind of body."""
    return {code: (slug, nom) for code, slug, nom in _KINDS.ask()}


def of_briefs(agent: Agent, *, busy: Collection[int]) -> Iterator[Affaire]:
    """What agents lacked and somebody took up; one being written (``busy``) is a proposition."""
    for lacune in Lacune.objects.open().for_list():
        if lacune.fiche_id in busy:
            continue
        mine = lacune.responsable_id == agent.pk
        others = lacune.responsable_id is not None and not mine
        told = f"Prise par {lacune.responsable}" if others else "Lacune à combler"
        yield Affaire(
            genre=Genre.MANQUE,
            sait=(lacune.pk,),
            titre=lacune.titre,
            vue="admin:knowledge_lacune_change",
            objet=lacune.pk,
            dire=partial(str, told),
            depuis=day_of(lacune.ouverte_le),
            pour=Pour.MOI if mine else Pour.AUTRE if others else Pour.TOUS,
            appels=lacune.nombre,
        )


def of_misses() -> Iterator[Affaire]:
    """Groups of misses that nobody took up.

    One made only of questions that a fiche answered badly is told with that fiche.
    """
    for found in misses.group():
        if found.insuffisante == found.nombre and found.fiches:
            continue
        seen = found.derniere or timezone.now()
        yield Affaire(
            genre=Genre.MANQUE,
            sait=(seen.isoformat(), *found.cles),
            titre=found.titre,
            vue="admin:knowledge_recherchemanquee_changelist",
            objet=None,
            dire=partial(_say_misses, found),
            depuis=day_of(found.premiere or seen),
            gestes=("traiter", "prendre"),
            appels=found.nombre,
        )


def _say_misses(found: misses.Groupe) -> str:
    if found.precisions:
        return found.precisions[0].texte
    words = [f"«\u00a0{each.texte}\u00a0»" for each in found.formulations[1 : _SHOWN + 1]]
    return f"Dit aussi\u00a0: {', '.join(words)}" if words else _how_missed(found)


def _how_missed(found: misses.Groupe) -> str:
    if found.pas_de_fiche:
        return "Questions closes sans fiche"
    return "Cherché sans résultat" if found.sans_resultat else "Cherché, puis dit autrement"
