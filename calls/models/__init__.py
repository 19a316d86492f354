"""What happened: calls, questions, fiches read, bodies given, transfers. No caller's identity."""

from calls.models.appel import (
    Appel,
    CodeIssue,
    Consultation,
    Demande,
    OrientationDonnee,
    Rectification,
)
from calls.models.flash import FlashInfo
from calls.models.rejeu import Rejeu
from calls.models.telephonie import Communication
from calls.models.transfert import Presence, Transfert

__all__ = [
    "Appel",
    "CodeIssue",
    "Communication",
    "Consultation",
    "Demande",
    "FlashInfo",
    "OrientationDonnee",
    "Presence",
    "Rectification",
    "Rejeu",
    "Transfert",
]
