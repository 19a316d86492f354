"""Whose calls, which transfers."""

from __future__ import annotations

from datetime import date, datetime, time

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

    def waiting(self):
        return self.filter(etat="proposee")
