"""Fiches written here: what makes one publishable."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import Max

from knowledge.compose import matching
from knowledge.enums import Nature, Origine, TypeBureau
from knowledge.models import Fiche

A_DIRE_MAX = 60
QUESTIONS_MAX = 8
CHOIX_MAX = 9
COMBINAISONS_MAX = 4096
_REPORTED = 5
_LOCK = 3_939_004  # one new reference at a time
_REFERENCE = re.compile(r"A39-\d{4}")
_CODES = frozenset(TypeBureau.values)


def count_words(text: str) -> int:
    """Words as they are said: split on white space, a lone punctuation mark is not one."""
    return sum(any(char.isalnum() for char in word) for word in text.split())


def next_reference() -> str:
    """The next free ``A39-0000``, numbers above 1000 being those given on screen.

    Asked in the transaction that saves the fiche: who asks next waits for its end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Fiche.objects.native().filter(reference__gte="A39-1").aggregate(last=Max("reference"))
    return f"A39-{int((last['last'] or 'A39-1000').removeprefix('A39-')) + 1:04d}"


def check_fiche(fiche: Fiche) -> list[str]:
    """What keeps the fiche from being published, in French; empty when nothing does.

    On an imported fiche only the local overlay is ours to check.
    """
    errors = list(_too_long(fiche.a_dire, "Le texte à dire"))
    if fiche.origine == Origine.SERVICE_PUBLIC:
        return errors
    if not _REFERENCE.fullmatch(fiche.reference):
        errors.append("La référence s'écrit A39- suivi de quatre chiffres.")
    required: dict[str, Any] = {
        "un titre": fiche.titre.strip(),
        "un texte à dire": fiche.a_dire.strip(),
        "un thème": fiche.theme_id,
        "au moins un mot-clé": fiche.mots_cles,
        "au moins une source": fiche.sources,
        "une date de vérification": fiche.verifiee_le,
    }
    if fiche.nature == Nature.ESCALADE:
        required |= {
            "une définition": fiche.definition.strip(),
            "le secteur à joindre": fiche.cible_id,
            "au moins un exemple qui en relève": fiche.exemples_dans,
            "au moins un exemple qui n'en relève pas": fiche.exemples_hors,
        }
    errors += [f"Il manque {what}." for what, value in required.items() if not value]
    errors += _unknown_offices(fiche.organismes, "la fiche")
    for label, links in (("service", fiche.services), ("source", fiche.sources)):
        errors += _check_links(label, links)
    return errors + check_parcours(fiche.parcours)


def check_parcours(parcours: dict) -> list[str]:
    """What is wrong with the questions to ask and their issues, in French.

    Every combination of answers is tried: each must match exactly one issue. An issue whose
    conditions name known choices is then always reached, so one that is not shows as an unknown or
    missing choice. A spoken text over 60 words counts as an error here; `notice_parcours` lists
    what is only worth a look.
    """
    questions, issues = parcours.get("questions", []), parcours.get("issues", [])
    if not questions and not issues:
        return []
    errors = [*_check_questions(questions), *_check_issues(questions, issues)]
    if not questions or not issues:
        errors.append("Il faut des questions et des issues, ou ni les unes ni les autres.")
    # Combinations mean something once every code is known.
    return errors or _check_combinations(questions, issues)


def notice_parcours(parcours: dict) -> list[str]:
    """What is worth a look without preventing publication."""
    notices = [
        f"Issue « {issue['titre']} » : sans texte à dire, l'agent lira celui de la fiche."
        for issue in parcours.get("issues", [])
        if not issue.get("a_dire", "").strip()
    ]
    notices += [
        f"Question « {question['texte']} » : elle se dit à voix haute, finissez par « ? »."
        for question in parcours.get("questions", [])
        if not question["texte"].rstrip().endswith("?")
    ]
    return notices


def _check_questions(questions: list[dict]) -> Iterator[str]:
    if len(questions) > QUESTIONS_MAX:
        yield f"{QUESTIONS_MAX} questions au plus."
    if math.prod(len(question["choix"]) for question in questions) > COMBINAISONS_MAX:
        yield "Trop de combinaisons de réponses : retirez une question."
    codes = [question["code"] for question in questions]
    yield from (f"Le code de question « {code} » sert deux fois." for code in _twice(codes))
    for rank, question in enumerate(questions, start=1):
        name = f"Question {rank}"
        if not question["texte"].strip():
            yield f"{name} : il manque le texte à dire."
        choices = question["choix"]
        if not 2 <= len(choices) <= CHOIX_MAX:
            yield f"{name} : entre 2 et {CHOIX_MAX} choix."
        if any(not choice["libelle"].strip() for choice in choices):
            yield f"{name} : un choix est vide."
        for key, what in (("code", "code"), ("libelle", "choix")):
            for value in _twice([choice[key] for choice in choices]):
                yield f"{name} : le {what} « {value} » figure deux fois."


def _check_issues(questions: list[dict], issues: list[dict]) -> Iterator[str]:
    known = {q["code"]: {choice["code"] for choice in q["choix"]} for q in questions}
    for titre in _twice([issue["titre"] for issue in issues]):
        yield f"Deux issues s'appellent « {titre} »."
    for rank, issue in enumerate(issues, start=1):
        titre = issue["titre"].strip()
        name = f"Issue « {titre} »" if titre else f"Issue {rank}"
        if not titre:
            yield f"{name} : il manque le titre."
        for question, accepted in issue.get("si", {}).items():
            if question not in known:
                yield f"{name} : la question « {question} » n'existe pas."
                continue
            if not accepted:
                yield f"{name} : aucune réponse acceptée à « {question} »."
            for code in sorted(set(accepted) - known[question]):
                yield f"{name} : le choix « {code} » n'existe pas dans « {question} »."
        yield from _too_long(issue.get("a_dire", ""), name)
        yield from _unknown_offices(issue.get("organismes", []), name)


def _check_combinations(questions: list[dict], issues: list[dict]) -> list[str]:
    errors: list[str] = []
    for choices in product(*(question["choix"] for question in questions)):
        answers = {q["code"]: c["code"] for q, c in zip(questions, choices, strict=True)}
        found = matching(issues, answers)
        if len(found) == 1:
            continue
        said = ", ".join(f"« {choice['libelle']} »" for choice in choices)
        if not found:
            errors.append(f"Aucune issue pour les réponses {said}.")
        else:
            titles = " et ".join(f"« {issue['titre']} »" for issue in found)
            errors.append(f"Plusieurs issues pour les réponses {said} : {titles}.")
    if len(errors) > _REPORTED:
        others = len(errors) - _REPORTED
        errors[_REPORTED:] = [f"Et {others} autres combinaisons à revoir."]
    return errors


def _check_links(label: str, links: list[dict]) -> Iterator[str]:
    for link in links:
        titre, url = link.get("titre", "").strip(), link.get("url", "")
        if not titre:
            yield f"Un {label} n'a pas de titre." if label == "service" else "Une source est vide."
        if url and not url.startswith(("https://", "http://")):
            yield f"L'adresse « {url} » doit commencer par https://."
        if label == "service" and not url:
            yield f"Le service « {titre} » n'a pas d'adresse."


def _too_long(text: str, name: str) -> Iterator[str]:
    words = count_words(text)
    if words > A_DIRE_MAX:
        yield f"{name} : {words} mots à dire, {A_DIRE_MAX} au plus."


def _unknown_offices(codes: list[str], name: str) -> list[str]:
    return [f"Type d'organisme inconnu dans {name} : {c}." for c in codes if c not in _CODES]


def _twice(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})
