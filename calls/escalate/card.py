"""The hand-off card, and what to say to the caller before the transfer."""

from __future__ import annotations

from datetime import datetime

from allo3939.accounts.models import Secteur
from calls.models import Demande, Transfert
from knowledge import qualify
from knowledge.enums import Nature
from knowledge.models import Fiche
from orientation.hours import describe_next, opening


def describe_card(demande: Demande) -> dict:
    """The hand-off card, written from the log: question, situation, commune, said, fiches."""
    consultations = list(demande.consultations.select_related("fiche"))
    as_read = sorted(consultations, key=lambda item: (item.lue_le, item.pk))
    last = as_read[-1] if as_read else None
    commune = demande.appel.commune
    return {
        "question": demande.question,
        "situation": last.situation if last else [],
        "commune": str(commune) if commune else "",
        "dit": next((item.dit for item in reversed(as_read) if item.dit), ""),
        "organismes": [str(given) for given in demande.orientations.all()],
        "fiches": [
            {
                "reference": item.fiche.reference,
                "titre": item.fiche.titre,
                "version": item.version,
                "chemin": item.chemin,
            }
            for item in consultations
        ],
        "par": demande.appel.agent.designation,
    }


def read_as_seen(transfert: Transfert, *, fiche: Fiche) -> qualify.Lecture:
    """A fiche of the card, at the case the agent had reached; at its start when it has changed."""
    path: list[int] = next(
        (
            seen["chemin"]
            for seen in reversed(transfert.carte["fiches"])
            if (seen["reference"], seen["version"]) == (fiche.reference, fiche.version)
        ),
        [],
    )
    return qualify.read(fiche.contenu, path, fiche.a_dire)


def sentence(transfert: Transfert) -> str:
    """What to say to the caller before the transfer: see `sentence_for`."""
    fiche = transfert.fiche
    lecture = read_as_seen(transfert, fiche=fiche) if fiche else None
    return sentence_for(transfert.secteur, fiche=fiche, lecture=lecture)


def sentence_for(secteur: Secteur, *, fiche: Fiche | None, lecture: qualify.Lecture | None) -> str:
    """What to say before a transfer to the sector: the words of the case that leads there, else
    those of the escalation fiche that leads there, else the service's."""
    leads_there = lecture and lecture.cible and lecture.cible.get("secteur") == secteur.slug
    if lecture and leads_there and lecture.a_dire_origine == "cas":
        return lecture.a_dire
    if fiche and fiche.nature == Nature.ESCALADE and fiche.cible_id == secteur.pk:
        return fiche.a_dire
    return (
        "Votre situation demande un spécialiste. Je vous mets en relation avec un informateur du "
        f"secteur {secteur.nom}\u00a0; vous n'aurez rien à répéter."
    )


def fallback_sentence(secteur: Secteur, *, at: datetime) -> str:
    """What to say when the sector is closed: when it opens again, and whom to ask meanwhile."""
    reopening = describe_next(opening(secteur.horaires, at=at), at=at, spoken=True)
    opens = f"\u00a0; il rouvre {reopening}" if reopening else ""
    return (
        f"Le secteur {secteur.nom} est fermé{opens}. "
        f"D'ici là, vous pouvez vous adresser à\u00a0: {secteur.repli}."
    )
