"""Fiches written here: what makes one publishable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from knowledge.author.notices import notice_fiche
from knowledge.author.parcours import check_parcours, list_paths, notice_parcours
from knowledge.author.speech import A_DIRE_MAX, count_words, too_long
from knowledge.author.targets import check_targets, fiches_leading_to
from knowledge.enums import Nature, Origine, TypeBureau
from knowledge.models import Fiche
from knowledge.parcours import Chemin

__all__ = [
    "A_DIRE_MAX",
    "Controle",
    "check_fiche",
    "check_parcours",
    "check_targets",
    "count_words",
    "fiches_leading_to",
    "inspect",
    "list_paths",
    "next_reference",
    "notice_fiche",
    "notice_parcours",
]

_LOCK = 3_939_004  # one new reference at a time
_REFERENCE = re.compile(r"A39-\d{4}")


def next_reference() -> str:
    """The next free ``A39-0000``, numbers above 1000 being those given on screen.

    Asked in the transaction that saves the fiche: who asks next waits for its end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Fiche.objects.native().filter(reference__gte="A39-1").aggregate(last=Max("reference"))
    return f"A39-{int((last['last'] or 'A39-1000').removeprefix('A39-')) + 1:04d}"


@dataclass(frozen=True, slots=True)
class Controle:
    """What a rédacteur is told of a fiche while writing it, in French."""

    parcours: list[str]
    """Faults of the questions and their issues; they block publication."""
    autres: list[str]
    """What else blocks publication."""
    remarques: list[str]
    """What is worth a look."""
    chemins: list[Chemin]
    """Every path and where it leads; empty while there are too many to show."""

    @property
    def bloquants(self) -> int:
        return len(self.parcours) + len(self.autres)


def inspect(fiche: Fiche) -> Controle:
    """All that is to be told of a fiche as it stands; nothing is written."""
    if fiche.origine == Origine.SERVICE_PUBLIC:
        return Controle([], check_fiche(fiche), notice_fiche(fiche), [])
    return Controle(
        parcours=_check_questions_and_issues(fiche),
        autres=_check_fields(fiche),
        remarques=[*notice_fiche(fiche), *notice_parcours(fiche.parcours)],
        chemins=list_paths(fiche.parcours),
    )


def check_fiche(fiche: Fiche) -> list[str]:
    """What keeps the fiche from being published, in French; empty when nothing does.

    On an imported fiche only the local overlay is ours to check.
    """
    if fiche.origine == Origine.SERVICE_PUBLIC:
        return list(too_long(fiche.a_dire, "Le texte à dire", A_DIRE_MAX))
    return [*_check_fields(fiche), *_check_questions_and_issues(fiche)]


def _check_questions_and_issues(fiche: Fiche) -> list[str]:
    targets = check_targets(fiche.parcours, reference=fiche.reference)
    return [*check_parcours(fiche.parcours), *targets]


def _check_fields(fiche: Fiche) -> list[str]:
    errors = list(too_long(fiche.a_dire, "Le texte à dire", A_DIRE_MAX))
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
    unknown = [code for code in fiche.organismes if code not in TypeBureau.values]
    errors += [f"Type d'organisme inconnu dans la fiche : {code}." for code in unknown]
    for label, links in (("service", fiche.services), ("source", fiche.sources)):
        errors += _check_links(label, links)
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
