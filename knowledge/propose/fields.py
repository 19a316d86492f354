"""What of a fiche a proposition may change, read and written as JSON by field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from allo3939.accounts.models import Secteur
from allo3939.shared.days import day_in_words
from knowledge import reuse
from knowledge.compose import compose
from knowledge.enums import Origine, TypeBureau
from knowledge.models import Fiche, Proposition, Theme
from knowledge.parcours import answers_to

OWNER = "secteur"
NATIVE = (
    *("titre", "theme", OWNER, "mots_cles", "a_dire", "pieces", "cout", "delai", "organismes"),
    *("texte", "services", "sources", "parcours", "definition", "exemples_dans"),
    *("exemples_hors", "cible", "confondu_avec", "note", "verifiee_le"),
)
OVERLAY = ("a_dire", "note", "mots_cles", OWNER)
_OFFICES = dict(TypeBureau.choices)
_KEYS = {"theme": Theme, OWNER: Secteur, "cible": Secteur}


def editable(fiche: Fiche) -> tuple[str, ...]:
    """The fields that are ours to change: all of a fiche born here, else what the desk adds."""
    return OVERLAY if fiche.origine == Origine.SERVICE_PUBLIC else NATIVE


def values(fiche: Fiche) -> dict[str, Any]:
    """The editable fields by name: texts, lists and trees as they are typed, keys as numbers, days
    as ``2026-01-31``."""
    return {name: _value(fiche, name) for name in editable(fiche)}


def _value(fiche: Fiche, name: str) -> Any:
    if name in _KEYS:
        return getattr(fiche, f"{name}_id")
    value = reuse.typed_value(fiche, name)
    return value.isoformat() if isinstance(value, date) else value


def differences(before: Fiche, after: Fiche) -> dict[str, Any]:
    """The fields that differ, with their values after."""
    old = values(before)
    return {name: value for name, value in values(after).items() if value != old[name]}


def write(fiche: Fiche, champs: dict[str, Any]) -> Fiche:
    """Put values on a fiche as typed, in memory. Raises `KeyError` for a field that is not ours."""
    allowed = editable(fiche)
    for name, value in champs.items():
        if name not in allowed:
            raise KeyError(name)
        if name in _KEYS:
            setattr(fiche, f"{name}_id", value)
            continue
        setattr(fiche, name, date.fromisoformat(value) if _is_day(name, value) else value)
    return fiche


def _is_day(name: str, value: Any) -> bool:
    return name == "verifiee_le" and value is not None


def as_typed(proposition: Proposition) -> Fiche:
    """The fiche with what the proposition changes, as it is typed: what a form shows."""
    return write(reuse.as_typed(proposition.fiche), proposition.champs)


def as_fiche(proposition: Proposition, *, on: date | None = None) -> Fiche:
    """The fiche as agents would read it, blocks at their value of the day (``effet_le``, or
    today); in memory."""
    fiche = as_typed(proposition)
    day = on or max(proposition.effet_le or timezone.localdate(), timezone.localdate())
    reuse.expand(fiche, on=day)
    if fiche.origine != Origine.SERVICE_PUBLIC:
        fiche.contenu = compose(fiche)
    return fiche


def labels(names) -> list[str]:
    """The fields as the forms call them."""
    return [str(Fiche._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


def show(name: str, value: Any) -> str:
    """A value in words, for a comparison: a line for each item, « vide » for nothing."""
    if value in (None, "", [], {}):
        return "vide"
    if name in _KEYS:
        found = _KEYS[name]._default_manager.filter(pk=value).first()
        return str(found or "inconnu")
    if name == "verifiee_le":
        return day_in_words(date.fromisoformat(value))
    if name == "parcours":
        return "\n".join(_parcours_lines(value))
    if name == "organismes":
        return "\n".join(_OFFICES.get(code, code) for code in value)
    if isinstance(value, list):
        return "\n".join(_line(item) for item in value)
    return str(value)


def _parcours_lines(parcours: dict) -> Iterator[str]:
    """A line for each thing that may differ: what is asked, when a case holds, what it says."""
    labels: dict[tuple[str, str], str] = {}
    for question in parcours["questions"]:
        choices = [choice["libelle"] for choice in question["choix"]]
        yield f"? {question['texte']} {' / '.join(choices)}"
        if question.get("aide"):
            yield f"? {question['texte']} (ne sait pas) {question['aide']}"
        for choice in answers_to(question):
            labels[question["code"], choice["code"]] = choice["libelle"]
    for issue in parcours["issues"]:
        case = f"→ {issue['titre']}"
        accepted = [
            " ou ".join(labels.get((question, code), code) for code in codes)
            for question, codes in issue.get("si", {}).items()
        ]
        others = "cas de repli" if issue.get("inconnu") else "toutes les réponses"
        yield f"{case}\u00a0: {' et '.join(accepted) or others}"
        for key in ("a_dire", "pieces", "cout", "delai", "organismes", "cible"):
            said = issue.get(key)
            for text in [said] if isinstance(said, str) else said or []:
                told = _line(said[text]) if isinstance(said, dict) else _OFFICES.get(text, text)
                if told:
                    yield f"{case} · {told}"


def _line(item: Any) -> str:
    if isinstance(item, dict):
        return " · ".join(str(part) for part in item.values() if part)
    return str(item)
