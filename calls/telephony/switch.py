"""What the switch is asked to do, through one interface whatever the installation has.

`ManualSwitch`: nothing is wired to the desk, the agent does it on the telephone and is told how.
`SimulatedSwitch`: a switch that is none, for the demonstration and tests; it sends the events that
a real one would, signed, to the same address.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from calls.models import Communication
from calls.telephony.event import Genre
from calls.telephony.sign import HORODATAGE, SIGNATURE, sign
from orientation.phones import in_pairs

PATIENCE = 5.0  # seconds: an agent is waiting
REMEMBERED = 4 * 3600  # seconds that the simulated switch keeps a call
# Of the numbers reserved for fiction; it is there to be dropped.
APPELANT = "01 99 00 12 34"


class StandardInjoignable(Exception):
    """The switch did not do what it was asked; the message is for the agent."""


@dataclass(frozen=True, slots=True)
class Consigne:
    """What came of a command."""

    texte: str
    """What the agent has to do by hand, or reads once it is done."""
    faite: bool
    """The switch has done it."""


class Standard(Protocol):
    """A switch. Each command concerns the line of a call; None where no switch told of it."""

    automatique: bool
    """Commands act by themselves: the desk offers a button rather than an instruction."""

    def hold(self, communication: Communication | None) -> Consigne:
        """The caller waits, with music."""

    def resume(self, communication: Communication | None) -> Consigne:
        """The caller who waits hears the agent again, alone with them."""

    def consult(self, communication: Communication | None, *, numero: str) -> Consigne:
        """The caller waits while the agent speaks with the number."""

    def bridge(self, communication: Communication | None) -> Consigne:
        """Caller, agent and the one consulted hear one another."""

    def transfer(self, communication: Communication | None, *, numero: str) -> Consigne:
        """The caller speaks with the number; the agent's line is free."""


class ManualSwitch:
    """The agent does it on the telephone: each command is the instruction to show."""

    automatique = False

    def hold(self, communication: Communication | None) -> Consigne:
        return Consigne("Appuyez sur Attente.", faite=False)

    def resume(self, communication: Communication | None) -> Consigne:
        return Consigne("Appuyez de nouveau sur Attente.", faite=False)

    def consult(self, communication: Communication | None, *, numero: str) -> Consigne:
        return Consigne(
            f"Appuyez sur Attente, puis composez le {_spoken(numero)}.", faite=False
        )  # fmt: skip

    def bridge(self, communication: Communication | None) -> Consigne:
        return Consigne("Appuyez sur Conférence.", faite=False)

    def transfer(self, communication: Communication | None, *, numero: str) -> Consigne:
        return Consigne(
            f"Appuyez sur Transfert, composez le {_spoken(numero)}, annoncez l'appel, "
            "puis raccrochez.",
            faite=False,
        )


class SimulatedSwitch:
    """Invents calls at an extension and tells of them as a switch does, with a caller's number.

    It remembers the call of each extension in the cache, as a switch does in its own memory: the
    desk keeps no call id that could be sent back.
    """

    automatique = True

    def __init__(self, url: str = "") -> None:
        self.address = (url or settings.TELEPHONIE_SIMULE_URL).rstrip("/") + reverse(
            "telephonie-evenements"
        )

    def ring(self, poste: str) -> str:
        """A new caller at the extension; what the desk answers, as the verbs below."""
        self._remember(poste, {"call": uuid.uuid4().hex, "sequence": 0})
        return self.tell(poste, Genre.RINGING)

    def answer(self, poste: str) -> str:
        return self.tell(poste, Genre.ANSWERED)

    def hang_up(self, poste: str) -> str:
        return self.tell(poste, Genre.HUNG_UP)

    def hold(self, communication: Communication | None) -> Consigne:
        self.tell(_line(communication), Genre.HELD)
        return Consigne("L'usager est en attente.", faite=True)

    def resume(self, communication: Communication | None) -> Consigne:
        self.tell(_line(communication), Genre.ANSWERED)
        return Consigne("L'usager vous entend de nouveau.", faite=True)

    def consult(self, communication: Communication | None, *, numero: str) -> Consigne:
        self.tell(_line(communication), Genre.HELD)
        return Consigne(
            f"L'usager est en attente, le {_spoken(numero)} est appelé.", faite=True
        )  # fmt: skip

    def bridge(self, communication: Communication | None) -> Consigne:
        self.tell(_line(communication), Genre.ANSWERED)
        return Consigne("Vous êtes trois en ligne.", faite=True)

    def transfer(self, communication: Communication | None, *, numero: str) -> Consigne:
        poste = _line(communication)
        self.tell(poste, Genre.TRANSFERRED)
        self.tell(poste, Genre.HUNG_UP)
        return Consigne(f"L'appel est transféré au {_spoken(numero)}.", faite=True)

    def tell(self, poste: str, genre: Genre, *, sequence: int | None = None) -> str:
        """Send the next event of the extension's call, or again one of that rank.

        Returns why the desk set it aside, "" when it counted. Raises `StandardInjoignable`.
        """
        call = cache.get(_key(poste))
        if call is None:
            raise StandardInjoignable("Le standard n'a plus d'appel à ce poste.")
        if sequence is None:
            sequence = call["sequence"]
            self._remember(poste, {**call, "sequence": sequence + 1})
        event = {"event": genre.value, "call": call["call"], "sequence": sequence}
        return self._post({**event, "extension": poste, "caller": APPELANT})

    def _remember(self, poste: str, call: dict) -> None:
        cache.set(_key(poste), call, REMEMBERED)

    def _post(self, event: dict) -> str:
        body, at = json.dumps(event).encode(), int(time.time())
        headers = {
            "Content-Type": "application/json",
            HORODATAGE: str(at),
            SIGNATURE: sign(body, at=at),
        }
        request = urllib.request.Request(self.address, data=body, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                return json.load(response).get("ecarte", "")
        except (urllib.error.URLError, TimeoutError, ValueError) as error:
            raise StandardInjoignable(
                "Le standard ne répond pas\u00a0: faites-le au téléphone."
            ) from error


def standard() -> Standard:
    """The switch of the installation (``TELEPHONIE_STANDARD``: ``manuel`` or ``simule``)."""
    match settings.TELEPHONIE_STANDARD:
        case "manuel":
            return ManualSwitch()
        case "simule":
            return SimulatedSwitch()
    raise ImproperlyConfigured("TELEPHONIE_STANDARD\u00a0: manuel ou simule.")


def _line(communication: Communication | None) -> str:
    if communication is None:
        raise StandardInjoignable(
            "Cet appel est inconnu du standard\u00a0: faites-le au téléphone."
        )
    return communication.poste


def _key(poste: str) -> str:
    return f"telephonie-simulee:{poste}"


def _spoken(numero: str) -> str:
    """In pairs that no line break separates."""
    return in_pairs(numero).replace(" ", "\u00a0")
