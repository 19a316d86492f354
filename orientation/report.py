"""An agent says that something in a body is wrong; somebody who keeps the directory answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.anonymity import LIBELLES, Genre, check
from orientation import amend
from orientation.correct import unverify, verify
from orientation.enums import ChampOrganisme, EtatSignalement, ObjetSignalement
from orientation.models import Correction, Organisme, Signalement
from orientation.phones import in_pairs
from orientation.querysets import SignalementQuerySet

__all__ = [
    "COLUMNS",
    "Attente",
    "SignalementImpossible",
    "confirm",
    "queue",
    "reopen",
    "report",
    "settle",
    "settle_by_correcting",
    "withdraw",
]

# Nine digits or more in a row, as one writes a number.
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .\-/]{0,3}\d){8,}")

COLUMNS: dict[str, tuple[ChampOrganisme, ...]] = {
    ObjetSignalement.TELEPHONE: (ChampOrganisme.TELEPHONES,),
    ObjetSignalement.HORAIRES: (ChampOrganisme.PLAGES, ChampOrganisme.COMMENTAIRE_PLAGES),
    ObjetSignalement.ADRESSE: (ChampOrganisme.ADRESSE,),
    ObjetSignalement.COURRIEL: (
        ChampOrganisme.COURRIELS,
        ChampOrganisme.SITES,
        ChampOrganisme.FORMULAIRES,
    ),
    ObjetSignalement.DISPARU: (ChampOrganisme.ADRESSE, ChampOrganisme.TELEPHONES),
    ObjetSignalement.AUTRE: tuple(ChampOrganisme),
}
"""The columns that each subject is about."""
PRECISION_MAX, REPONSE_MAX = 200, 300
_CHECKED = (EtatSignalement.CORRIGE, EtatSignalement.CONFIRME)


class SignalementImpossible(Exception):
    """Nothing was written; the message, in French, says why."""


def report(organisme: Organisme, *, objet: str, precision: str = "", by: Agent) -> Signalement:
    """Keep that the agent says a body wrong, with the columns as they stood on screen.

    Pressed twice, it is one report, which keeps the last precision given. ``precision`` passes
    the anonymity guard, but for the numbers and addresses of the body itself. Raises
    `SignalementImpossible`.
    """
    if objet not in ObjetSignalement.values:
        raise SignalementImpossible("Choisissez ce qui est faux, de 1 à 6.")
    text = " ".join(precision.replace("\x00", "").split())
    if len(text) > PRECISION_MAX:
        raise SignalementImpossible(
            f"La précision est trop longue\u00a0: {PRECISION_MAX} caractères au plus."
        )
    if found := _identifiers(text, organisme):
        raise SignalementImpossible(
            f"La précision contient {' et '.join(found)}\u00a0: l'appelant reste anonyme, "
            "effacez-le. Seuls les numéros de l'organisme affiché peuvent y figurer."
        )
    with transaction.atomic():
        signalement, created = Signalement.objects.get_or_create(
            organisme=organisme,
            objet=objet,
            auteur=by,
            etat=EtatSignalement.A_TRAITER,
            defaults={
                "precision": text,
                "montre": {champ: getattr(organisme, champ) for champ in COLUMNS[objet]},
            },
        )
        if not created and text and text != signalement.precision:
            signalement.precision = text
            signalement.save(update_fields=["precision"])
    return signalement


def withdraw(signalement: Signalement, *, by: Agent) -> None:
    """Take back one's own report while nobody has answered it. Raises `SignalementImpossible`."""
    own = Signalement.objects.open().by(by).filter(pk=signalement.pk)
    if not own.delete()[0]:
        raise SignalementImpossible("Ce signalement a déjà reçu une réponse.")


@transaction.atomic
def settle(
    signalement: Signalement,
    *,
    etat: str,
    reponse: str,
    by: Agent,
    correction: Correction | None = None,
) -> int:
    """Answer a report, and with it every open one of the same body and subject; says how many.

    « Corrigé » and « la fiche était juste » say that the body was checked: it is verified today,
    by that agent. « Écarté » and « transmis » need words. Raises `SignalementImpossible`.
    """
    if etat not in EtatSignalement.values or etat == EtatSignalement.A_TRAITER:
        raise SignalementImpossible("Choisissez une réponse.")
    reponse = " ".join(reponse.replace("\x00", "").split())
    if len(reponse) > REPONSE_MAX:
        raise SignalementImpossible(
            f"La réponse est trop longue\u00a0: {REPONSE_MAX} caractères au plus."
        )
    if not reponse and etat in (EtatSignalement.ECARTE, EtatSignalement.TRANSMIS):
        raise SignalementImpossible(
            "Dites en quelques mots pourquoi\u00a0: l'agent lira la réponse."
        )
    if found := _identifiers(reponse, signalement.organisme, signalement.montre):
        raise SignalementImpossible(
            f"La réponse contient {' et '.join(found)} qui n'est pas de l'organisme\u00a0: "
            "effacez-le."
        )
    same = Signalement.objects.open().about(signalement.organisme, objets=[signalement.objet])
    count = same.update(
        etat=etat,
        reponse=reponse,
        correction=correction,
        traite_par=by,
        traite_le=timezone.now(),
    )
    if not count:
        raise SignalementImpossible("Quelqu'un vient de répondre à ce signalement.")
    if etat in _CHECKED:
        verify(signalement.organisme, by=by)
    return count


@transaction.atomic
def confirm(organisme: Organisme, *, by: Agent) -> list[int]:
    """Answer every open report of a body at once: it was checked, and right; the keys answered.

    Raises `SignalementImpossible` when none is open any more.
    """
    waiting = Signalement.objects.open().about(organisme).select_for_update()
    keys = list(waiting.values_list("pk", flat=True))
    if not keys:
        raise SignalementImpossible("Quelqu'un vient de répondre à ce signalement.")
    Signalement.objects.filter(pk__in=keys).update(
        etat=EtatSignalement.CONFIRME, traite_par=by, traite_le=timezone.now()
    )
    verify(organisme, by=by)
    return keys


@transaction.atomic
def reopen(
    keys: Iterable[int], *, by: Agent, verifie_le: datetime | None, verifie_par: int | None
) -> None:
    """Take back one's own `confirm`: the reports wait again, the body is as verified as it was.

    Raises `SignalementImpossible` when one was answered anew since, or withdrawn.
    """
    wanted = list(keys)
    own = Signalement.objects.filter(pk__in=wanted, etat=EtatSignalement.CONFIRME, traite_par=by)
    organismes = list(Organisme.objects.filter(signalements__in=own).distinct())
    if own.update(etat=EtatSignalement.A_TRAITER, traite_par=None, traite_le=None) != len(wanted):
        raise SignalementImpossible("Une de ces réponses a changé depuis\u00a0: elles restent.")
    for organisme in organismes:
        unverify(organisme, by=by, le=verifie_le, par=verifie_par)


@transaction.atomic
def settle_by_correcting(
    signalement: Signalement, *, values: Mapping[str, Any], lu: str, reponse: str, by: Agent
) -> int:
    """Put the body right, then answer « corrigé »; both or nothing.

    ``values`` and ``lu`` as `amend.amend` takes them. Raises `SignalementImpossible` when nothing
    differs, and what `amend.amend` raises.
    """
    motif = f"Signalement\u00a0: {signalement.get_objet_display()}"
    done = amend.amend(signalement.organisme, values=values, lu=lu, by=by, motif=motif)
    if not done:
        raise SignalementImpossible(
            "Rien n'a été changé. Si la fiche est juste, répondez «\u00a0La fiche est juste\u00a0»."
        )
    return settle(
        signalement, etat=EtatSignalement.CORRIGE, reponse=reponse, by=by, correction=done[0]
    )


@dataclass(frozen=True, slots=True)
class Attente:
    """The open reports of one body; ``objets`` by subject, the first of each answers for all."""

    organisme: Organisme
    premier: datetime
    nombre: int
    objets: list[list[Signalement]]


def queue(bodies: Iterable[Mapping[str, Any]], signalements: SignalementQuerySet) -> list[Attente]:
    """The reports of a page of `SignalementQuerySet.bodies`, in its order; one query."""
    waiting = list(bodies)
    found: dict[Any, dict[str, list[Signalement]]] = {}
    for each in signalements.on([body["organisme"] for body in waiting]).for_page():
        found.setdefault(each.organisme_id, {}).setdefault(each.objet, []).append(each)
    return [
        Attente(
            next(iter(by_subject.values()))[0].organisme,
            body["premier"],
            body["nombre"],
            list(by_subject.values()),
        )
        for body in waiting
        if (by_subject := found.get(body["organisme"]))
    ]


# --- The guard ----------------------------------------------------------------------------------


def _identifiers(
    text: str, organisme: Organisme, montre: Mapping[str, Any] | None = None
) -> list[str]:
    """What in the text could identify somebody other than the body, in an agent's words.

    A number is the body's only when it is so from its first to its last digit: its own followed by
    two more is somebody's. What it had when it was reported (``montre``) is its own too.
    """
    then = montre or {}
    own = {_number(each["numero"]) for each in (*organisme.telephones, *then.get("telephones", ()))}
    own |= {each.lower() for each in (*organisme.courriels, *then.get("courriels", ()))}

    def is_own(value: str) -> bool:
        return _number(value) in own or value.lower() in own

    found = [each.libelle for each in check(text, is_public=is_own) if each.certain]
    if any(not is_own(run.group()) for run in _LONG_NUMBER.finditer(text)):
        found.append(LIBELLES[Genre.TELEPHONE])
    return list(dict.fromkeys(found))


def _number(text: str) -> str:
    """The digits of a number, however it is spelled."""
    return re.sub(r"\D", "", in_pairs(text))
