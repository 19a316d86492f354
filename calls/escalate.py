"""Warm escalation: the card is saved, offered to a sector, accepted by exactly one informateur.

States: préparée → proposée → acceptée → transférée, or refusée, expirée, usager parti. Each
transition is a verb that compares and swaps the state in one UPDATE, so that of two informateurs
who accept together exactly one wins. After commit, the push channels of the sector and of the agent
say "something changed"; the pages then fetch.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from allo3939.accounts.models import Secteur
from allo3939.shared.anonymity import TexteRefuse, guard
from allo3939.shared.push import agent_channel, notify, secteur_channel
from calls.enums import EtatTransfert, Motif, MotifRefus
from calls.models import Demande, Transfert
from calls.presence import count_available
from knowledge import qualify
from knowledge.enums import Nature
from knowledge.models import Fiche
from knowledge.target import Cible
from orientation.hours import Ouverture, opening


class TransfertImpossible(Exception):
    """The transfer cannot change so; the message is for the agent."""


@dataclass(frozen=True, slots=True)
class Route:
    """A sector that may receive the question, with what changes what the agent says."""

    rang: int
    secteur: Secteur
    designe: bool
    """The fiche designates it; else it is often confused with the one designated."""
    disponibles: int
    ouverture: Ouverture


def designated_sector(fiche: Fiche | None, cible: Cible | None = None) -> Secteur | None:
    """The sector the question leads to: where the case reached leads (``cible``), else the target
    of the fiche, else its owner, else its theme's."""
    if cible is not None and cible.secteur is not None:
        return cible.secteur
    if fiche is None:
        return None
    return fiche.cible or fiche.secteur or (fiche.theme.secteur if fiche.theme else None)


def routes(
    fiche: Fiche | None, *, cible: Cible | None = None, last: Transfert | None = None
) -> list[Route]:
    """The sectors to offer: the one designated, by the case reached (``cible``) before the fiche,
    those the fiche is confused with, the others.

    `last`: the question's last transfer; a sector that has refused it, or let it expire, goes to
    the end, so that the second-best route comes first.
    """
    sectors = {secteur.slug: secteur for secteur in Secteur.objects.all()}
    designated, usual = designated_sector(fiche, cible), designated_sector(fiche)
    confused = fiche.confondu_avec if fiche is not None and designated is not None else []
    first = [secteur.slug for secteur in (designated, usual) if secteur]
    order = [slug for slug in dict.fromkeys([*first, *confused, *sectors]) if slug in sectors]
    if last is not None and last.etat in (EtatTransfert.REFUSEE, EtatTransfert.EXPIREE):
        order.sort(key=lambda slug: slug == last.secteur.slug)
    now = timezone.now()
    available = count_available()
    return [
        Route(
            rang=rank,
            secteur=sectors[slug],
            designe=designated is not None and slug == designated.slug,
            disponibles=available.get(slug, 0),
            ouverture=opening(sectors[slug].horaires, at=now),
        )
        for rank, slug in enumerate(order, start=1)
    ]


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


def request(
    demande: Demande,
    *,
    secteur: Secteur,
    motif: str,
    precision: str = "",
    fiche: Fiche | None,
    confirmed: Collection[str] = (),
) -> Transfert:
    """Save the card, then offer it to the sector. Raises `TransfertImpossible`.

    ``confirmed``: the signs of what the agent said to be nobody's in `precision`.
    """
    if motif not in Motif.values:
        raise TransfertImpossible("Choisissez le motif de l'escalade.")
    try:
        guard(precision, confirmed=confirmed)
    except TexteRefuse as refusal:
        raise TransfertImpossible(str(refusal)) from refusal
    with transaction.atomic():
        Demande.objects.select_for_update().get(pk=demande.pk)
        if demande.transferts.open().exists():
            raise TransfertImpossible("Un transfert est déjà en cours pour cette question.")
        transfert = Transfert.objects.create(
            demande=demande,
            secteur=secteur,
            fiche=fiche,
            motif=motif,
            precision=precision.strip(),
            carte=describe_card(demande),
            prepare_le=timezone.now(),
        )
    _move(
        transfert,
        source=EtatTransfert.PREPAREE,
        etat=EtatTransfert.PROPOSEE,
        propose_le=timezone.now(),
    )
    return transfert


def accept(transfert: Transfert, *, by) -> None:
    """Take the call; exactly one informateur of the sector succeeds."""
    if by.secteur_id != transfert.secteur_id:
        raise TransfertImpossible("Ce transfert est proposé à un autre secteur.")
    try:
        _move(
            transfert,
            source=EtatTransfert.PROPOSEE,
            etat=EtatTransfert.ACCEPTEE,
            informateur=by,
            repondu_le=timezone.now(),
        )
    except IntegrityError as error:
        raise TransfertImpossible("Terminez d'abord l'appel que vous avez accepté.") from error


def refuse(transfert: Transfert, *, by, reason: str) -> None:
    """Send the card back to the agent, intact, with the reason."""
    if by.secteur_id != transfert.secteur_id:
        raise TransfertImpossible("Ce transfert est proposé à un autre secteur.")
    if reason not in MotifRefus.values:
        raise TransfertImpossible("Choisissez le motif du refus.")
    _move(
        transfert,
        source=EtatTransfert.PROPOSEE,
        etat=EtatTransfert.REFUSEE,
        informateur=by,
        repondu_le=timezone.now(),
        motif_refus=reason,
    )


def finish(transfert: Transfert, *, by, result: str, level_1: str) -> None:
    """Level 2 closes: result, and whether level 1 could have answered."""
    closed = (
        Transfert.objects.in_hand_of(by)
        .filter(pk=transfert.pk)
        .update(
            etat=EtatTransfert.TRANSFEREE,
            resultat=result,
            niveau_1=level_1,
            clos_le=timezone.now(),
        )
    )
    if not closed:
        raise TransfertImpossible("Cet appel est déjà clos.")
    _tell(transfert)


@transaction.atomic
def settle(demande: Demande, *, caller_left: bool) -> None:
    """The agent closes the question: an accepted transfer is done, an offered one is not."""
    for transfert in demande.transferts.open().select_for_update():
        if transfert.etat == EtatTransfert.ACCEPTEE:
            _move(transfert, source=EtatTransfert.ACCEPTEE, etat=EtatTransfert.TRANSFEREE)
        elif caller_left:
            _move(transfert, source=transfert.etat, etat=EtatTransfert.USAGER_PARTI)
        else:
            raise TransfertImpossible(
                "Le secteur n'a pas encore répondu. Attendez, ou choisissez "
                "«\u00a0Abandonné\u00a0» si l'usager est parti."
            )


def expire_overdue() -> int:
    """Bring back to their agents the transfers that nobody answered in time; how many."""
    delay = timedelta(seconds=settings.TRANSFERT_DELAI_SECONDES)
    expired = 0
    for transfert in Transfert.objects.overdue(timezone.now(), delay=delay):
        try:
            _move(transfert, source=transfert.etat, etat=EtatTransfert.EXPIREE)
        except TransfertImpossible:  # answered meanwhile
            continue
        expired += 1
    return expired


def _move(transfert: Transfert, *, source: str, **fields) -> None:
    """Compare and swap the state; raises `TransfertImpossible` when somebody was faster."""
    with transaction.atomic():
        moved = Transfert.objects.filter(pk=transfert.pk, etat=source).update(**fields)
        if not moved:
            transfert.refresh_from_db()
            raise TransfertImpossible(explain(transfert))
        for name, value in fields.items():
            setattr(transfert, name, value)
        _tell(transfert)


def explain(transfert: Transfert) -> str:
    """Why a transfer can no longer be answered, for an informateur who is too late."""
    return {
        EtatTransfert.ACCEPTEE: "Un collègue vient d'accepter ce transfert.",
        EtatTransfert.TRANSFEREE: "Un collègue a pris cet appel.",
        EtatTransfert.REFUSEE: "Un collègue vient de refuser ce transfert.",
        EtatTransfert.EXPIREE: "Le délai est passé\u00a0: le transfert est revenu au conseiller.",
        EtatTransfert.USAGER_PARTI: "L'usager a raccroché.",
    }.get(EtatTransfert(transfert.etat), "Ce transfert n'attend plus de réponse.")


def _tell(transfert: Transfert) -> None:
    notify(secteur_channel(transfert.secteur.slug), "secteur", str(transfert.pk))
    notify(agent_channel(transfert.demande.appel.agent_id), "transfert", str(transfert.pk))
