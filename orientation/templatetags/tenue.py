"""How the columns of a body are shown to those who put them right: lines of words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

from orientation.enums import Accessibilite, ChampOrganisme
from orientation.hours import week
from orientation.phones import in_pairs

register = template.Library()

_NOTHING = ["rien"]


@register.filter
def en_lignes(valeur: Any, champ: str) -> list[str]:
    """The value of a column of a body as lines to read; « rien » when it is empty."""
    return _LINES.get(champ, _texts)(valeur) or _NOTHING


@register.filter
def attente(since: datetime) -> str:
    """« en attente depuis 2 jours », « en attente depuis moins d'une minute »."""
    short = timezone.now() - since < timedelta(minutes=1)
    return "en attente depuis " + ("moins d'une minute" if short else timesince(since))


@register.filter
def titre_de(champ: str) -> str:
    """What a column is called on screen."""
    return str(dict(ChampOrganisme.choices).get(champ, champ))


@register.filter
def plages_en_clair(plages: list[dict[str, str]]) -> str:
    """« 9 h – 12 h, 14 h – 16 h » of exceptional hours; « fermé » without any."""
    (_, ranges), *_ = week({"jour": 0, "commentaire": "", **each} for each in plages)
    return ", ".join(words for words, _ in ranges) or "fermé"


def _phones(valeur: Any) -> list[str]:
    return [
        " · ".join(filter(None, (in_pairs(each["numero"]), each.get("description", ""))))
        for each in valeur
    ]


def _week(valeur: Any) -> list[str]:
    if not valeur:
        return []
    return [
        f"{day.capitalize()}\u00a0: "
        + (", ".join(" ".join(filter(None, each)) for each in ranges) or "fermé")
        for day, ranges in week(valeur)
    ]


def _address(valeur: Any) -> list[str]:
    lines = _place(valeur)
    access = valeur.get("accessibilite", "")
    words = (dict(Accessibilite.choices).get(access, access), valeur.get("note_accessibilite", ""))
    lines += [str(each) for each in words if each]
    for name, place in (
        *(("Autre adresse", each) for each in valeur.get("autres", ())),
        ("Adresse postale", valeur.get("postale", {})),
    ):
        if told := ", ".join(_place(place)):
            lines.append(f"{name}\u00a0: {told}")
    return lines


def _place(valeur: Any) -> list[str]:
    town = f"{valeur.get('code_postal', '')} {valeur.get('commune', '')}".strip()
    return [each for each in (*valeur.get("lignes", ()), town, valeur.get("pays", "")) if each]


def _texts(valeur: Any) -> list[str]:
    return [str(each) for each in valeur]


def _text(valeur: Any) -> list[str]:
    return str(valeur).splitlines()


_LINES: dict[str, Callable[[Any], list[str]]] = {
    ChampOrganisme.TELEPHONES: _phones,
    ChampOrganisme.PLAGES: _week,
    ChampOrganisme.ADRESSE: _address,
    ChampOrganisme.COMMENTAIRE_PLAGES: _text,
    ChampOrganisme.INFORMATIONS: _text,
}
