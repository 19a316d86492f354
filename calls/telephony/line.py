"""What the agent's screen shows of the telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from allo3939.shared.composed import Composed
from calls.enums import EtatCommunication
from calls.models import Appel, Communication
from calls.telephony.switch import standard

# A telephone that rang longer ago has stopped: the event of its end was lost.
RINGS = timedelta(minutes=3)
# No conversation lasts so long: the end of this one was lost.
LASTS = timedelta(hours=4)

_LIVE = Composed(
    lambda poste, rung, answered: Communication.objects.live(poste, rung=rung, answered=answered)
)


@dataclass(frozen=True, slots=True)
class Ligne:
    """The telephone of one agent at one instant."""

    sonne: bool = False
    """A caller is waiting to be answered."""
    en_attente: bool = False
    """The caller of the call in progress is on hold."""
    commandable: bool = False
    """The switch does what it is asked of the call in progress."""
    autre: bool = False
    """A caller is on the line while the previous call is not closed, or not yet picked up here."""


def line_of(agent, *, appel: Appel | None) -> Ligne | None:
    """The agent's telephone beside the call in progress; None where no switch tells anything.

    One query, and none for an installation without telephony or an agent without an extension.
    """
    if not is_wired(agent):
        return None
    poste = extension_of(agent)
    now = timezone.now()
    live = _LIVE.ask(poste, now - RINGS, now - LASTS)
    own = [item for item in live if appel is not None and item.appel_id == appel.pk]
    apart = [item for item in live if item.appel_id is None]
    return Ligne(
        sonne=any(item.etat == EtatCommunication.SONNE for item in live),
        en_attente=any(item.etat == EtatCommunication.EN_ATTENTE for item in own),
        commandable=bool(own) and standard().automatique,
        autre=(appel is None or appel.raccroche_le is not None)
        and any(item.etat != EtatCommunication.SONNE for item in apart),
    )


def is_wired(agent) -> bool:
    """Whether a switch may tell anything of the agent."""
    return bool(settings.TELEPHONIE_SECRET and extension_of(agent))


def live_communication(appel: Appel) -> Communication | None:
    """The line on which the caller of this call is, None where no switch told of it."""
    return appel.communications.in_conversation().last()


def extension_of(agent) -> str:
    """« 214 » of an agent whose desk is « Poste 214 » or « 214 »; "" without a number."""
    found = re.fullmatch(r"\s*(?:poste\s*)?([0-9]{1,6})\s*", agent.poste, re.IGNORECASE)
    return found[1] if found else ""
