"""Whose calls, which transfers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First and last instant of a day in the service's own time zone (Europe/Paris)."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone)


class AppelQuerySet(models.QuerySet):
    def of_agent(self, agent):
        return self.filter(agent=agent)

    def open(self):
        return self.filter(termine_le__isnull=True)

    def on(self, day: date):
        return self.filter(commence_le__range=day_bounds(day))

    def with_log(self):
        """With all that the log of a call shows, in a constant number of queries."""
        return self.select_related("commune__departement").prefetch_related(
            "demandes__issue",
            "demandes__consultations__fiche",
            "demandes__orientations__organisme",
            "demandes__transferts__secteur",
        )


class DemandeQuerySet(models.QuerySet):
    def current(self):
        """Questions not closed yet."""
        return self.filter(termine_le__isnull=True)

    def on(self, day: date):
        return self.filter(commence_le__range=day_bounds(day))


class TransfertQuerySet(models.QuerySet):
    def visible_to(self, agent):
        """An informateur sees the transfers of the sector; a teleconseiller the own ones."""
        if agent.role == "informateur":
            return self.filter(secteur=agent.secteur_id)
        if agent.role == "teleconseiller":
            return self.filter(demande__appel__agent=agent)
        return self.none()

    def on(self, day: date):
        return self.filter(prepare_le__range=day_bounds(day))

    def waiting(self):
        """Offered to the sector, not answered yet, the oldest first."""
        return self.filter(etat="proposee").order_by("propose_le")

    def numbered(self, number: str):
        """The one with this key, as a page sends it; nothing when it is no number."""
        return self.filter(pk=number) if number.isdecimal() else self.none()

    def for_card(self):
        """With what the queue and the card show."""
        return self.select_related(
            "secteur", "fiche", "informateur", "demande__appel__agent", "demande__appel__commune"
        )

    def in_hand(self):
        """Accepted by an informateur and not closed yet."""
        return self.filter(
            etat__in=("acceptee", "en_consultation", "transferee"), clos_le__isnull=True
        )

    def in_hand_of(self, agent):
        return self.in_hand().filter(informateur=agent)

    def closed_by(self, agent, day: date):
        return self.filter(informateur=agent, clos_le__range=day_bounds(day)).order_by("-clos_le")

    def overdue(self, now: datetime, *, delay: timedelta):
        """Offered longer ago than the delay."""
        return self.filter(etat="proposee", propose_le__lt=now - delay)
