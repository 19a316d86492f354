"""What is told to the desks: news from the superviseurs, and by the switch."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Coalesce

from allo3939.accounts.enums import Role
from calls.enums import EN_CONVERSATION, EtatCommunication


class FlashInfoQuerySet(models.QuerySet):
    def not_over(self, instant: datetime):
        """In force at the instant, or still to come."""
        return self.filter(retire_le=None, au__gt=instant)

    def sent_since(self, instant: datetime):
        """Those sent since then, with what the list of a superviseur shows of them."""
        return self.filter(cree_le__gte=instant).select_related("secteur", "auteur")

    def in_force(self, instant: datetime):
        """Those to be shown at the instant, the latest first."""
        return self.filter(retire_le=None, du__lte=instant, au__gt=instant)

    def for_agent(self, agent):
        """Those for everybody; an informateur or a partenaire has the sector's besides, and a
        teleconseiller those of all sectors, whose questions any call may bring."""
        if agent.role == Role.TELECONSEILLER:
            return self
        return self.filter(models.Q(secteur=None) | models.Q(secteur=agent.secteur_id))


class CommunicationQuerySet(models.QuerySet):
    def live(self, poste: str, *, rung: datetime, answered: datetime):
        """At the extension: ringing since the first instant, or on the line since the second."""
        ringing = models.Q(etat=EtatCommunication.SONNE, sonne_le__gte=rung)
        speaking = models.Q(etat__in=EN_CONVERSATION, decroche_le__gte=answered)
        return self.filter(ringing | speaking, poste=poste).order_by("pk")

    def over_before(self, instant: datetime):
        """Of which nothing was told since; one of which no instant is known is not among them."""
        last = Coalesce("raccroche_le", "decroche_le", "sonne_le")
        return self.annotate(dernier=last).filter(dernier__lt=instant)

    def in_conversation(self):
        """Answered and not over, the caller speaking or on hold."""
        return self.filter(etat__in=EN_CONVERSATION).order_by("pk")
