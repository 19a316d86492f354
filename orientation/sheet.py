"""What the page of a body says: what to say of it, its hours, what is ours of its data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from allo3939.shared.days import day_in_words
from orientation.details import told
from orientation.enums import Certitude
from orientation.hours import (
    CLOCKS,
    Ouverture,
    clock,
    concerns,
    opening_of,
    own_closure,
    territory_of,
    week,
    zone_of,
)
from orientation.models import (
    Correction,
    Fermeture,
    HoraireExceptionnel,
    Organisme,
    TypeService,
)
from orientation.say import access, sentence

_ALWAYS = ("00:00", "23:59")
_LAST_MINUTE = time(23, 59)  # how the end of a day is typed


@dataclass(frozen=True, slots=True)
class Feuille:
    """A body as its page shows it at an instant.

    ``exceptions``: closures and exceptional hours that hold or are to come, in words, with their
    motif. ``corrections``: those in force, by column. ``details``: what the source says beyond our
    columns, as (label, texts).
    """

    organisme: Organisme
    types: list[str]
    ouverture: Ouverture
    phrase: str
    acces: list[str]
    semaine: list[tuple[str, list[tuple[str, str]]]]
    exceptions: list[tuple[str, str]]
    corrections: dict[str, Correction]
    details: list[tuple[str, list[str]]]


def read_sheet(organisme: Organisme, *, at: datetime) -> Feuille:
    """The page of a body at an aware instant; as many queries whatever it holds."""
    ouverture = opening_of(organisme, at=at)
    return Feuille(
        organisme=organisme,
        types=TypeService.objects.labels(organisme.types),
        ouverture=ouverture,
        phrase=sentence(organisme, ouverture, at=at),
        acces=access(organisme, ouverture) if organisme.etat == "present" else [],
        semaine=week(organisme.plages),
        exceptions=_exceptions(organisme, at),
        corrections={each.champ: each for each in organisme.corrections.in_force()},
        details=told(organisme.details),
    )


def _exceptions(organisme: Organisme, at: datetime) -> list[tuple[str, str]]:
    territory = territory_of(organisme.departement_code, postcode=organisme.code_postal)
    zone = zone_of(territory)
    special = organisme.horaires_exceptionnels.in_force(since=at.astimezone(zone).date())
    found: list[tuple[date, str, str]] = [
        (each.du, _days(each), each.motif) for each in special.order_by("du", "pk")
    ]
    for announced in Fermeture.objects.in_force(since=at - CLOCKS).order_by("du", "pk"):
        closure = own_closure(announced, territory)
        if closure.au > at and concerns(closure, organisme):
            start, end = closure.du.astimezone(zone), closure.au.astimezone(zone)
            said = "fermé" if closure.certitude == Certitude.FERME else "ouverture incertaine"
            found.append((start.date(), f"{_span(start, end)}\u00a0: {said}", closure.motif))
    return [(words, motif) for _, words, motif in sorted(found)]


def _days(exception: HoraireExceptionnel) -> str:
    """« Du 24 décembre au 2 janvier : fermé », « Le 24 décembre : 9 h – 12 h »."""
    if exception.du == exception.au:
        days = f"Le {_date(exception.du)}"
    else:
        days = f"Du {_date(exception.du)} au {_date(exception.au)}"
    return f"{days}\u00a0: {', '.join(map(_range, exception.plages)) or 'fermé'}"


def _range(plage: dict[str, Any]) -> str:
    if (plage["debut"], plage["fin"]) == _ALWAYS:
        return "toute la journée"
    start, end = (clock(time.fromisoformat(plage[name])) for name in ("debut", "fin"))
    return f"{start} – {end}"


def _span(start: datetime, end: datetime) -> str:
    """« Le 3 juin », « Du 3 juin à 14 h au 5 juin »: whole days are said without hours."""
    last = end - timedelta(minutes=1)
    if start.time() == time.min and end.time() in (time.min, _LAST_MINUTE):
        if start.date() == last.date():
            return f"Le {_date(start.date())}"
        return f"Du {_date(start.date())} au {_date(last.date())}"
    if start.date() == end.date():
        return f"Le {_date(start.date())} de {clock(start)} à {clock(end)}"
    return f"Du {_date(start.date())} à {clock(start)} au {_date(end.date())} à {clock(end)}"


def _date(day: date) -> str:
    same_year = day.year == timezone.localdate().year
    return day_in_words(day, "j F" if same_year else "j F Y")
