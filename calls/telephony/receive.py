"""What an event changes: the communication, the call it opens or ends, the agent's screen.

Events come repeated, late and in any order. One that is not newer than what is known of its call
changes nothing; the end is the end, whenever it comes, and nothing follows it.
"""

from __future__ import annotations

from django.db import transaction

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from allo3939.shared.push import agent_channel, notify
from calls import escalate, record
from calls.enums import EtatCommunication, EtatTransfert
from calls.models import Appel, Communication
from calls.telephony.event import DATED, Evenement, Genre

ETATS = {
    Genre.RINGING: EtatCommunication.SONNE,
    Genre.ANSWERED: EtatCommunication.DECROCHEE,
    Genre.HELD: EtatCommunication.EN_ATTENTE,
    Genre.TRANSFERRED: EtatCommunication.TRANSFEREE,
    Genre.HUNG_UP: EtatCommunication.RACCROCHEE,
}
# Somebody speaks with the agent, even where « answered » was lost on the way.
IN_CONVERSATION = (Genre.ANSWERED, Genre.HELD)

POSTE_INCONNU = "Aucun agent actif n'a ce poste."
POSTE_AMBIGU = "Plusieurs agents actifs ont ce poste."
TERMINE = "L'appel est déjà terminé."
DEPASSE = "Un événement aussi récent de cet appel est déjà connu."
ORDRE_MELANGE = "Les événements d'un appel portent tous sequence, ou tous at seulement."
AUTRE_APPEL = "L'agent a un autre appel au bureau\u00a0: celui-ci n'y est pas ouvert."


@transaction.atomic
def receive(evenement: Evenement) -> str:
    """Apply the event; why it was set aside, or "" when it counted."""
    agents = list(_agents_at(evenement.poste)[:2])
    if len(agents) != 1:
        return POSTE_AMBIGU if agents else POSTE_INCONNU
    agent = agents[0]
    communication = _lock(evenement)
    if reason := _stale(evenement, communication):
        return reason
    reason = _apply(evenement, communication, agent)
    communication.save()
    if agent.role == Role.TELECONSEILLER:
        notify(agent_channel(agent.pk), "telephone")
    return reason


def _agents_at(poste: str):
    """Agents at an extension, written « Poste 214 » or « 214 »."""
    return Agent.objects.filter(is_active=True, poste__iregex=rf"^\s*(poste\s*)?{poste}\s*$")


def _lock(evenement: Evenement) -> Communication:
    """The communication, made at its first event; no other event changes it meanwhile."""
    communication, _ = Communication.objects.get_or_create(
        empreinte=evenement.empreinte,
        defaults={"poste": evenement.poste, "etat": EtatCommunication.SONNE},
    )
    return Communication.objects.select_for_update().get(pk=communication.pk)


def _stale(evenement: Evenement, communication: Communication) -> str:
    if communication.etat == EtatCommunication.RACCROCHEE:
        return TERMINE
    if evenement.genre == Genre.HUNG_UP:
        return ""
    if communication.rang and (communication.rang < DATED) != (evenement.rang < DATED):
        return ORDRE_MELANGE
    return DEPASSE if evenement.rang <= communication.rang else ""


def _apply(evenement: Evenement, communication: Communication, agent) -> str:
    was_transferred = communication.etat == EtatCommunication.TRANSFEREE
    communication.etat = ETATS[evenement.genre]
    communication.rang = max(communication.rang, evenement.rang)
    at, reason = evenement.survenu_le, ""
    if evenement.genre == Genre.RINGING:
        communication.sonne_le = at
    elif evenement.genre in IN_CONVERSATION:
        communication.decroche_le = communication.decroche_le or at
    else:
        communication.raccroche_le = at if evenement.genre == Genre.HUNG_UP else None
    if evenement.genre != Genre.RINGING and agent.role == Role.TELECONSEILLER:
        reason = _link(communication, agent, opens=evenement.genre in IN_CONVERSATION)
    if communication.appel and evenement.genre == Genre.TRANSFERRED:
        _hand_over(communication.appel)
    if communication.appel and evenement.genre == Genre.HUNG_UP:
        _end(communication.appel, at=at, caller_left=not was_transferred)
    return reason


def _link(communication: Communication, agent, *, opens: bool) -> str:
    """Tell which call of the desk this is: the one picked up by hand, else a new one.

    A second line, such as a consultation, and a caller who comes before the previous call is closed
    have no call of their own: their events would be written in somebody else's log.
    """
    if communication.appel_id:
        return ""
    appel = next(iter(Appel.objects.open_of(agent).select_for_update()), None)
    if appel is None:
        communication.appel = record.pick_up(agent) if opens else None
        return ""
    if appel.raccroche_le or appel.communications.exists():
        return AUTRE_APPEL if opens else ""
    # Spoken before it was picked up by hand, or not spoken at all: another caller.
    if communication.decroche_le is not None:
        communication.appel = appel
    return ""


def _hand_over(appel: Appel) -> None:
    """The switch made the transfer that a sector had accepted, or was consulted on."""
    taken = (EtatTransfert.ACCEPTEE, EtatTransfert.EN_CONSULTATION)
    _settle(appel, states=taken, caller_left=False)


def _end(appel: Appel, *, at, caller_left: bool) -> None:
    """The conversation is over; nobody is left to be transferred to a sector that has not answered.

    What a sector has accepted is left to the agent: some switches say no more of a transfer than
    that the agent's leg ended.
    """
    ended = max(at, appel.commence_le)
    Appel.objects.of_agent(appel.agent_id).open().filter(pk=appel.pk, raccroche_le=None).update(
        raccroche_le=ended
    )
    if caller_left:
        offered = (EtatTransfert.PREPAREE, EtatTransfert.PROPOSEE)
        _settle(appel, states=offered, caller_left=True)


def _settle(appel: Appel, *, states, caller_left: bool) -> None:
    """End the transfer in progress when it stands in one of the states."""
    # The question before its transfers, as every verb of the hand-over locks them.
    demande = appel.demandes.current().select_for_update().last()
    if demande is None:
        return
    open_states = list(demande.transferts.open().select_for_update().values_list("etat", flat=True))
    if not open_states or not set(open_states) <= set(states):
        return
    try:
        with transaction.atomic():
            escalate.settle(demande, caller_left=caller_left, escalated=not caller_left)
    except escalate.TransfertImpossible:
        return  # somebody was faster: what they did stands
