"""What a switch says, reduced at the door to what the desk may know.

Every field that is not named here is dropped before anything else happens; those that are kept have
shapes into which no telephone number fits. Errors quote nothing of what was sent.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

SEQUENCE_MAX = 999_999  # six digits: the seventh could make a telephone number of it
CALL_ID_MAX = 200
INSTANT_MAX = 40  # characters of an ISO 8601 instant
# An instant further away than this is no instant of a call in progress.
PLAUSIBLE = timedelta(days=1)
DATED = (SEQUENCE_MAX + 1) * 10  # the ranks from here on are instants

_POSTE = re.compile(r"(?:poste\s*)?([0-9]{1,6})", re.IGNORECASE)


class Genre(StrEnum):
    """What happened to the agent's leg of a call; « answered » again after « held » resumes it."""

    RINGING = "ringing"
    ANSWERED = "answered"
    HELD = "held"
    TRANSFERRED = "transferred"
    HUNG_UP = "hung_up"


class EvenementRefuse(Exception):
    """What was sent is no event; the message says what is expected and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Evenement:
    """All that is kept of an event."""

    genre: Genre
    empreinte: str
    """Keyed hash of the switch's call id and the extension, 64 hexadecimal digits."""
    poste: str
    """The agent's extension, « 214 »."""
    rang: int
    """Grows with what happens to a call: see `_rank`."""
    survenu_le: datetime
    """When the switch says it happened, never later than now; now when it does not say."""


def parse(body: bytes) -> Evenement:
    """The event of a JSON object, without anything else it holds. Raises `EvenementRefuse`.

    ``event``: one of `Genre`. ``call``: the switch's call id. ``extension``: « 214 », 214 or
    « Poste 214 ». ``sequence``: the place of the event in its call, 0 to 999 999; ``at``: its
    instant in ISO 8601 with an offset. One of the two orders the events of a call, the first if
    both are there.
    """
    data = _decode(body)
    if data is None:
        raise EvenementRefuse("Un objet JSON est attendu.")
    genre, call, poste = data.get("event"), data.get("call"), _poste(data.get("extension"))
    sequence, at = _sequence(data.get("sequence")), _instant(data.get("at"))
    if not isinstance(genre, str) or genre not in list(Genre):
        raise EvenementRefuse(f"event\u00a0: un de {', '.join(Genre)} est attendu.")
    if not _is_call(call):
        raise EvenementRefuse("call\u00a0: l'identifiant de l'appel au standard est attendu.")
    if not poste:
        raise EvenementRefuse("extension\u00a0: le poste de l'agent est attendu, 1 à 6 chiffres.")
    if sequence is None and at is None:
        raise EvenementRefuse(
            "sequence (0 à 999999) ou at (ISO 8601 avec décalage, à un jour près)\u00a0: l'un des "
            "deux est attendu."
        )
    kind, now = Genre(genre), timezone.now()
    return Evenement(
        genre=kind,
        empreinte=_fingerprint(str(call), poste=poste),
        poste=poste,
        rang=_rank(kind, sequence=sequence, at=at),
        survenu_le=min(at or now, now),
    )


def _decode(body: bytes) -> dict[str, Any] | None:
    # The error of the parser holds the whole text: it goes no further.
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _is_call(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    return 0 < len(str(value).strip()) <= CALL_ID_MAX


def _poste(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    found = _POSTE.fullmatch(str(value).strip())
    return found[1] if found else ""


def _sequence(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= SEQUENCE_MAX else None


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or len(value) > INSTANT_MAX:
        return None
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None or abs(timezone.now() - at) > PLAUSIBLE:
            return None
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _fingerprint(call: str, *, poste: str) -> str:
    """A switch may make its call ids of numbers: without the key, nobody finds them by trying all.

    With the extension, each leg of a call that goes from one agent to another stands by itself.
    """
    value = f"{poste}\0{call.strip()}".encode("utf-8", "surrogatepass")
    return salted_hmac("calls.telephony", value, algorithm="sha256").hexdigest()


def _rank(genre: Genre, *, sequence: int | None, at: datetime | None) -> int:
    """The sequence, else the instant in microseconds; then the usual order of a call's events."""
    if sequence is not None:
        place = sequence
    else:
        assert at is not None  # noqa: S101  # `parse` refuses an event with neither
        place = int(at.timestamp() * 1_000_000)
    return place * 10 + list(Genre).index(genre) + 1
