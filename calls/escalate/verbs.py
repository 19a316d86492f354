"""One function for each thing that happens to a transfer: see `states.TRANSITIONS`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from allo3939.accounts.models import Secteur
from allo3939.shared.anonymity import TexteRefuse, guard
from allo3939.shared.composed import Composed, ask_together
from calls.enums import EN_MAIN, EtatTransfert, ModeTransfert, Motif, MotifRefus, Niveau1, Resultat
from calls.escalate.card import describe_card
from calls.escalate.oversee import tell_supervision
from calls.escalate.states import TransfertImpossible, explain, move
from calls.models import Demande, Transfert
from knowledge.models import Fiche

REASON_MAX = 200
_LOCKED = Composed(
    lambda demande: Demande.objects.filter(pk=demande).only("pk").select_for_update()
)
_LOCKED_OPEN = Composed(
    lambda demande: Transfert.objects.filter(demande=demande).open().select_for_update()
)


class TransfertDejaEnCours(TransfertImpossible):
    """The question is being handed over already, perhaps by the same request sent twice."""


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
    _guard(precision, confirmed=confirmed)
    with transaction.atomic():
        Demande.objects.select_for_update().get(pk=demande.pk)
        if demande.transferts.open().exists():
            raise TransfertDejaEnCours("Un transfert est déjà en cours pour cette question.")
        transfert = Transfert.objects.create(
            demande=demande,
            secteur=secteur,
            fiche=fiche,
            motif=motif,
            precision=precision.strip(),
            carte=describe_card(demande),
            prepare_le=timezone.now(),
        )
    move(transfert, "offer", propose_le=timezone.now())
    return transfert


def _guard(line: str, *, confirmed: Collection[str]) -> None:
    try:
        guard(line, confirmed=confirmed)
    except TexteRefuse as refusal:
        raise TransfertImpossible(str(refusal)) from refusal


def accept(transfert: Transfert, *, by) -> None:
    """Take the call; exactly one informateur of the sector succeeds.

    Accepting again a call that one has in hand changes nothing: the first answer may have been lost
    on its way.
    """
    _check_sector(transfert, by)
    if _is_in_hand_of(transfert, by):
        return
    try:
        move(transfert, "accept", informateur=by, repondu_le=timezone.now())
    except IntegrityError as error:
        raise TransfertImpossible("Terminez d'abord l'appel que vous avez accepté.") from error


def refuse(transfert: Transfert, *, by, reason: str) -> None:
    """Send the card back to the agent, intact, with the reason."""
    _check_sector(transfert, by)
    if reason not in MotifRefus.values:
        raise TransfertImpossible("Choisissez le motif du refus.")
    if _is_in_hand_of(transfert, by):
        raise TransfertImpossible("Vous avez déjà accepté cet appel.")
    now = timezone.now()
    with transaction.atomic():
        move(transfert, "refuse", informateur=by, repondu_le=now, revenu_le=now, motif_refus=reason)
        tell_supervision(transfert.demande_id)


def consult(transfert: Transfert, *, by) -> None:
    """The informateur answers the teleconseiller while the caller waits."""
    _check_hand(transfert, by)
    move(transfert, "consult", consulte_le=timezone.now())


def hand_back(transfert: Transfert, *, by) -> None:
    """The question returns to the same agent, with the card intact."""
    _check_hand(transfert, by)
    move(transfert, "hand_back", revenu_le=timezone.now())


def transfer(transfert: Transfert, *, by, mode: str = ModeTransfert.TRANSFERT) -> None:
    """The caller speaks with the informateur, alone or with the teleconseiller still there.

    Said by either of the two; saying it again changes nothing.
    """
    if by.pk != transfert.demande.appel.agent_id:
        _check_hand(transfert, by)
    if mode not in ModeTransfert.values:
        raise TransfertImpossible("Choisissez transfert ou conférence.")
    if transfert.etat == EtatTransfert.TRANSFEREE:
        return
    move(transfert, "transfer", transfere_le=timezone.now(), mode=mode)


def caller_gone(transfert: Transfert, *, by) -> None:
    """The caller has hung up before the transfer: the sector is free, the agent closes."""
    if by.pk != transfert.demande.appel.agent_id:
        _check_hand(transfert, by)
    move(transfert, "caller_gone", revenu_le=timezone.now())


def reroute(
    transfert: Transfert, *, by, secteur: Secteur, reason: str, confirmed: Collection[str] = ()
) -> Transfert:
    """Send a question that came to the wrong sector on to the right one, with its card.

    ``reason``: one line, for the agent and the next informateur; ``confirmed``: the signs of what
    the informateur said to be nobody's in it. Nothing is asked of the caller
    again. Raises `TransfertImpossible` once the agent has closed the question: nobody would be
    there any more if the next sector refused.
    """
    _check_sector(transfert, by)
    reason = " ".join(reason.split())[:REASON_MAX]
    if secteur.pk == transfert.secteur_id:
        raise TransfertImpossible("Choisissez un autre secteur que le vôtre.")
    if not reason:
        raise TransfertImpossible("Dites en une ligne pourquoi ce secteur.")
    _guard(reason, confirmed=confirmed)
    if transfert.etat != EtatTransfert.PROPOSEE:
        _check_hand(transfert, by)
    now = timezone.now()
    with transaction.atomic():
        demande = Demande.objects.select_for_update().get(pk=transfert.demande_id)
        if demande.termine_le is not None:
            raise TransfertImpossible(
                "Le conseiller a déjà clos\u00a0: transférez vous-même l'appel au "
                f"{secteur.numero_transfert}, puis closez avec «\u00a0Mauvais secteur\u00a0»."
            )
        move(
            transfert,
            "reroute",
            informateur=by,
            repondu_le=transfert.repondu_le or now,
            revenu_le=now,
            motif_refus=MotifRefus.MAUVAIS_SECTEUR,
        )
        step = {"de": transfert.secteur.nom, "par": by.designation, "raison": reason}
        following = Transfert.objects.create(
            demande=transfert.demande,
            secteur=secteur,
            fiche=transfert.fiche,
            motif=transfert.motif,
            precision=transfert.precision,
            carte=transfert.carte | {"reroutages": [*transfert.carte.get("reroutages", []), step]},
            prepare_le=now,
            reroute_de=transfert,
        )
        move(following, "offer", propose_le=now)
        tell_supervision(transfert.demande_id)
    return following


def finish(transfert: Transfert, *, by, result: str, level_1: str) -> None:
    """Level 2 closes: result, and whether level 1 could have answered."""
    if result not in Resultat.values or level_1 not in Niveau1.values:
        raise TransfertImpossible("Dites le résultat, et si le niveau 1 pouvait répondre.")
    _check_hand(transfert, by)
    now = timezone.now()
    fields = {"resultat": result, "niveau_1": level_1, "clos_le": now}
    if transfert.etat == EtatTransfert.ACCEPTEE:
        fields["transfere_le"] = now
    move(transfert, "finish", **fields)


@transaction.atomic(savepoint=False)
def settle(demande: Demande, *, caller_left: bool, escalated: bool = False) -> None:
    """The agent closes the question: what was being handed over ends with it.

    An accepted call is transferred; one consulted on is transferred when the outcome says so
    (``escalated``), else handed back. An offer nobody answered keeps the question open, unless the
    caller has left.
    """
    now = timezone.now()
    # The question before its transfers, as `reroute` does.
    _, open_ones = ask_together((_LOCKED, (demande.pk,)), (_LOCKED_OPEN, (demande.pk,)))
    for transfert in open_ones:
        transfert.demande = demande
        consulted = transfert.etat == EtatTransfert.EN_CONSULTATION
        if caller_left:
            move(transfert, "caller_gone", revenu_le=now)
        elif consulted and not escalated:
            move(transfert, "hand_back", revenu_le=now)
        elif consulted or transfert.etat == EtatTransfert.ACCEPTEE:
            move(transfert, "transfer", transfere_le=now, mode=transfert.mode)
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
            with transaction.atomic():
                move(transfert, "expire", revenu_le=timezone.now())
                tell_supervision(transfert.demande_id)
        except TransfertImpossible:  # answered meanwhile
            continue
        expired += 1
    return expired


def _check_sector(transfert: Transfert, by) -> None:
    if by.secteur_id != transfert.secteur_id:
        raise TransfertImpossible("Ce transfert est proposé à un autre secteur.")


def _is_in_hand_of(transfert: Transfert, by) -> bool:
    taken = transfert.etat in EN_MAIN and transfert.clos_le is None
    return taken and transfert.informateur_id == by.pk


def _check_hand(transfert: Transfert, by) -> None:
    """Raise `TransfertImpossible` unless the informateur is the one who took this call."""
    if transfert.informateur_id != by.pk:
        raise TransfertImpossible(explain(transfert))
