"""The telephone beside the desk: what the switch tells, what it is asked to do.

Events come signed (`sign`), are reduced at the door to the few fields that may be known (`event`)
and change a `Communication` (`receive`); commands go out (`command`) through one interface
(`switch`). The caller's number has no place in any of these.

`receive` and `command` are imported by their own names: they stand on `calls.escalate`, which may
ask for the rest.
"""

from calls.telephony.event import Evenement, EvenementRefuse, Genre, parse
from calls.telephony.line import Ligne, extension_of, is_wired, line_of, live_communication
from calls.telephony.sign import sign, verify
from calls.telephony.switch import (
    Consigne,
    ManualSwitch,
    SimulatedSwitch,
    Standard,
    StandardInjoignable,
    standard,
)

__all__ = [
    "Consigne",
    "Evenement",
    "EvenementRefuse",
    "Genre",
    "Ligne",
    "ManualSwitch",
    "SimulatedSwitch",
    "Standard",
    "StandardInjoignable",
    "extension_of",
    "is_wired",
    "line_of",
    "live_communication",
    "parse",
    "sign",
    "standard",
    "verify",
]
