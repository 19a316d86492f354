"""What an agent asks of the telephone from the screen, and what came of it."""

from __future__ import annotations

from calls import escalate
from calls.enums import CommandeTelephone, EtatTransfert, ModeTransfert
from calls.models import Appel, Communication, Transfert
from calls.telephony.line import live_communication
from calls.telephony.switch import (
    Consigne,
    ManualSwitch,
    Standard,
    StandardInjoignable,
    standard,
)

# What only makes sense once a sector has said that it takes the question.
FOR_A_SECTOR = (
    CommandeTelephone.CONSULTATION,
    CommandeTelephone.CONFERENCE,
    CommandeTelephone.TRANSFERT,
)
TAKEN = (EtatTransfert.ACCEPTEE, EtatTransfert.EN_CONSULTATION)


class CommandeImpossible(Exception):
    """The call is not where this may be asked of the telephone."""


def command(
    appel: Appel, *, kind: CommandeTelephone, transfert: Transfert | None = None, by
) -> Consigne:
    """Have the switch do it; where it does not, what the agent has to do by hand.

    ``transfert`` is the one of the question in hand. A conference that the switch has made is
    written in it; a transfer is, when the switch tells of it. No transaction is open while the
    switch is asked. Raises `CommandeImpossible`, and `escalate.TransfertImpossible` when the
    transfer has changed meanwhile.
    """
    if kind in FOR_A_SECTOR and (transfert is None or transfert.etat not in TAKEN):
        raise CommandeImpossible(kind)
    numero = transfert.secteur.numero_transfert if transfert else ""
    line = live_communication(appel)
    try:
        done = _ask(standard(), kind, line, numero=numero)
    except StandardInjoignable as refusal:
        by_hand = _ask(ManualSwitch(), kind, line, numero=numero)
        return Consigne(f"{refusal} {by_hand.texte}", faite=False)
    if transfert and done.faite and kind == CommandeTelephone.CONFERENCE:
        escalate.transfer(transfert, by=by, mode=ModeTransfert.CONFERENCE)
    return done


def _ask(
    switch: Standard, kind: CommandeTelephone, line: Communication | None, *, numero: str
) -> Consigne:
    match kind:
        case CommandeTelephone.ATTENTE:
            return switch.hold(line)
        case CommandeTelephone.REPRISE:
            return switch.resume(line)
        case CommandeTelephone.CONSULTATION:
            return switch.consult(line, numero=numero)
        case CommandeTelephone.CONFERENCE:
            return switch.bridge(line)
        case CommandeTelephone.TRANSFERT:
            return switch.transfer(line, numero=numero)
