"""Whose calls, which transfers."""

from calls.querysets.appel import AppelQuerySet, DemandeQuerySet, JsonbSet, RectificationQuerySet
from calls.querysets.bounds import day_bounds
from calls.querysets.lecture import ConsultationQuerySet, OrientationQuerySet
from calls.querysets.poste import CommunicationQuerySet, FlashInfoQuerySet
from calls.querysets.transfert import PresenceQuerySet, TransfertQuerySet

__all__ = [
    "AppelQuerySet",
    "CommunicationQuerySet",
    "ConsultationQuerySet",
    "DemandeQuerySet",
    "FlashInfoQuerySet",
    "JsonbSet",
    "OrientationQuerySet",
    "PresenceQuerySet",
    "RectificationQuerySet",
    "TransfertQuerySet",
    "day_bounds",
]
