"""What a person or a partner may put in a column of a body, in the shape the column has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from orientation.enums import Accessibilite, ChampOrganisme
from orientation.phones import in_pairs

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_POSTCODE = re.compile(r"\d{5}")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_LISTED_MAX, _RANGES_MAX, _LINES_MAX = 30, 200, 8
_LINE_MAX, _TEXT_MAX, _LINK_MAX, _EMAIL_MAX = 300, 10_000, 500, 200
_is_link = URLValidator(schemes=["http", "https"])


class ValeurRefusee(ValueError):
    """The value is not one the column may hold; the message, in French, says why."""


def clean_value(champ: str, valeur: Any) -> Any:
    """The value as the column ``champ`` (`ChampOrganisme`) holds it; raises `ValeurRefusee`.

    ``telephones``: list of ``{numero, description}``. ``plages``: list of ``{jour: 0 to 6, debut,
    fin: "HH:MM", commentaire}``, hours both empty when the comment says all. ``courriels``,
    ``sites``, ``formulaires``: lists of texts. ``adresse``: ``{lignes, code_postal, commune, pays,
    accessibilite, note_accessibilite, autres, postale}``, of which only the keys given come back.
    The others are texts. What is said twice is kept once.
    """
    if champ not in ChampOrganisme.values:
        raise ValeurRefusee(f"«\u00a0{champ}\u00a0» ne se corrige pas à la main.")
    return _CLEANERS[champ](valeur)


def same_value(champ: str, one: Any, other: Any) -> bool:
    """Whether two values of a column say the same, however a number or a link is spelled."""
    return bool(_meaning(champ, one) == _meaning(champ, other))


def place_columns(adresse: Mapping[str, Any]) -> tuple[str, str]:
    """The columns ``code_postal`` ("" abroad) and ``commune_nom`` that go with an address."""
    postcode = str(adresse.get("code_postal", ""))
    town = str(adresse.get("commune", ""))
    return (
        postcode if _POSTCODE.fullmatch(postcode) else "",
        town if len(town) <= 120 else f"{town[:119]}…",
    )


# --- One column each ----------------------------------------------------------------------------


def _phones(valeur: Any) -> list[dict[str, str]]:
    found = []
    for item in _listed(valeur, _LISTED_MAX, "numéros"):
        if not isinstance(item, Mapping):
            raise ValeurRefusee("Un téléphone est un numéro et une précision.")
        number = _line(item.get("numero"), "Le numéro", 60)
        if not re.search(r"\d.*\d", number):
            raise ValeurRefusee(f"«\u00a0{number}\u00a0» n'est pas un numéro de téléphone.")
        words = _line(item.get("description"), "La précision du numéro", _LINE_MAX)
        found.append({"numero": number, "description": words})
    return _once(found)


def _ranges(valeur: Any) -> list[dict[str, Any]]:
    found = []
    for item in _listed(valeur, _RANGES_MAX, "plages"):
        if not isinstance(item, Mapping):
            raise ValeurRefusee("Une plage est un jour, deux heures et une remarque.")
        day = item.get("jour")
        if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day <= 6:
            raise ValeurRefusee("Le jour d'une plage va de 0 (lundi) à 6 (dimanche).")
        start, end = (_line(item.get(key), "L'heure", 5) for key in ("debut", "fin"))
        comment = _line(item.get("commentaire"), "La remarque d'une plage", 500)
        _check_hours(_DAYS[day], start, end, comment)
        found.append({"jour": day, "debut": start, "fin": end, "commentaire": comment})
    return _once(found)


def _check_hours(day: str, start: str, end: str, comment: str) -> None:
    if not start and not end:
        if not comment:
            raise ValeurRefusee(
                f"Une plage du {day} n'a ni heures ni remarque\u00a0: retirez-la si c'est fermé."
            )
        return
    for hour in (start, end):
        if not _HOUR.fullmatch(hour):
            raise ValeurRefusee(
                f"«\u00a0{hour}\u00a0» n'est pas une heure, le {day}\u00a0: "
                "écrivez 09:00, de 00:00 à 23:59."
            )
    if start == end:
        raise ValeurRefusee(f"Une plage du {day} finit à l'heure où elle commence ({start}).")


def _emails(valeur: Any) -> list[str]:
    found = []
    for item in _listed(valeur, _LISTED_MAX, "courriels"):
        text = _line(item, "Un courriel", _EMAIL_MAX)
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValeurRefusee(
                f"«\u00a0{text}\u00a0» n'est pas une adresse électronique."
            ) from error
        found.append(text)
    return _once(found)


def _links(valeur: Any) -> list[str]:
    found = []
    for item in _listed(valeur, _LISTED_MAX, "liens"):
        text = _line(item, "Un lien", _LINK_MAX)
        try:
            _is_link(text)
        except ValidationError as error:
            raise ValeurRefusee(
                f"«\u00a0{text}\u00a0» n'est pas une adresse du Web (https://… ou http://…)."
            ) from error
        found.append(text)
    return _once(found)


def _address(valeur: Any) -> dict[str, Any]:
    if not isinstance(valeur, Mapping):
        raise ValeurRefusee("Une adresse est faite de lignes, d'un code postal et d'une commune.")
    found = _place(valeur)
    if "accessibilite" in valeur:
        access = _line(valeur["accessibilite"], "L'accessibilité", 10)
        if access and access not in Accessibilite.values:
            raise ValeurRefusee(
                "L'accessibilité est ACC (accessible), DEM (sur demande), NAC (non) ou rien."
            )
        found["accessibilite"] = access
    if "note_accessibilite" in valeur:
        found["note_accessibilite"] = _line(
            valeur["note_accessibilite"], "La note d'accessibilité", 1000
        )
    if "autres" in valeur:
        others = _listed(valeur["autres"], _LISTED_MAX, "adresses")
        found["autres"] = [_place(_object(each)) for each in others]
    if "postale" in valeur:
        found["postale"] = _place(_object(valeur["postale"]))
    return found


def _place(valeur: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "lignes" in valeur:
        lines = _listed(valeur["lignes"], _LINES_MAX, "lignes")
        found["lignes"] = [
            text for each in lines if (text := _line(each, "Une ligne d'adresse", _LINE_MAX))
        ]
    for key, name in (("commune", "La commune"), ("pays", "Le pays")):
        if key in valeur:
            found[key] = _line(valeur[key], name, 120)
    if "code_postal" in valeur:
        postcode = _line(valeur["code_postal"], "Le code postal", 20).replace(" ", "")
        if postcode and not found.get("pays") and not _POSTCODE.fullmatch(postcode):
            raise ValeurRefusee(
                f"«\u00a0{postcode}\u00a0» n'est pas un code postal\u00a0: cinq chiffres en France."
            )
        found["code_postal"] = postcode
    return found


def _object(valeur: Any) -> Mapping[str, Any]:
    if not isinstance(valeur, Mapping):
        raise ValeurRefusee("Une adresse est faite de lignes, d'un code postal et d'une commune.")
    return valeur


def _text(valeur: Any) -> str:
    if valeur is None:
        return ""
    if not isinstance(valeur, str):
        raise ValeurRefusee("Un texte est attendu.")
    text = valeur.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > _TEXT_MAX:
        raise ValeurRefusee(f"Le texte dépasse {_TEXT_MAX} caractères.")
    return text


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    ChampOrganisme.TELEPHONES: _phones,
    ChampOrganisme.PLAGES: _ranges,
    ChampOrganisme.COMMENTAIRE_PLAGES: _text,
    ChampOrganisme.ADRESSE: _address,
    ChampOrganisme.COURRIELS: _emails,
    ChampOrganisme.SITES: _links,
    ChampOrganisme.FORMULAIRES: _links,
    ChampOrganisme.INFORMATIONS: _text,
}


# --- Pieces -------------------------------------------------------------------------------------


def _line(valeur: Any, name: str, length: int) -> str:
    if valeur is None:
        return ""
    if not isinstance(valeur, str):
        raise ValeurRefusee(f"{name} doit être un texte.")
    text = " ".join(valeur.replace("\x00", "").split())
    if len(text) > length:
        raise ValeurRefusee(f"{name} dépasse {length} caractères.")
    return text


def _listed(valeur: Any, most: int, name: str) -> list[Any]:
    if not isinstance(valeur, list | tuple):
        raise ValeurRefusee(f"Une liste est attendue ({name}).")
    if len(valeur) > most:
        raise ValeurRefusee(f"Plus de {most} {name}.")
    return list(valeur)


def _once(items: list[Any]) -> list[Any]:
    return [item for rank, item in enumerate(items) if item not in items[:rank]]


def _meaning(champ: str, valeur: Any) -> Any:
    """A value without what only its spelling changes."""
    if champ == ChampOrganisme.TELEPHONES:
        return [(in_pairs(each["numero"]), each.get("description", "")) for each in valeur]
    if champ == ChampOrganisme.PLAGES:
        keys = ("jour", "debut", "fin", "commentaire")
        return sorted(tuple(str(each.get(key, "")) for key in keys) for each in valeur)
    if champ == ChampOrganisme.COURRIELS:
        return [each.lower() for each in valeur]
    if champ in (ChampOrganisme.SITES, ChampOrganisme.FORMULAIRES):
        return [each.rstrip("/") for each in valeur]
    if champ == ChampOrganisme.ADRESSE:
        return {key: each for key, each in valeur.items() if each}
    return " ".join(str(valeur).split())
