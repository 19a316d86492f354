"""Which fiches were read, which bodies given."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db import models

from calls.querysets.bounds import LONGEST_CALL
from calls.querysets.entry import EntryQuerySet


class ConsultationQuerySet(EntryQuerySet):
    def in_hand_of(self, agent):
        """Those of the question that the agent is dealing with, with their fiche."""
        current = self.of_open_call(agent).filter(demande__termine_le__isnull=True)
        return current.select_related("fiche", "demande__appel")

    def with_sector(self):
        """With what tells the sector of the fiche, and ``a_venir``: whether it will be read
        otherwise from a day to come."""
        proposition = apps.get_model("knowledge", "Proposition")._default_manager
        coming = proposition.told_ahead().filter(fiche=models.OuterRef("fiche"))
        related = self.select_related("fiche__theme__secteur", "fiche__secteur", "fiche__cible")
        return related.annotate(a_venir=models.Exists(coming))

    def of_answers(self):
        """Of answer fiches."""
        return self.filter(fiche__nature="reponse").select_related("fiche")

    def by_reading(self):
        """The one in front of the agent last."""
        return self.order_by("lue_le", "pk")

    def since(self, instant: datetime):
        return self.filter(ouverte_le__gte=instant)

    def of_agent(self, agent):
        return self.filter(demande__appel__agent=agent)

    def used_by(self, agent, *, since: datetime):
        """Opened by the agent since the instant, found by the calls: a year of them is not read."""
        calls = {
            "demande__appel__agent": agent,
            "demande__appel__commence_le__gte": since - LONGEST_CALL,
        }
        return self.since(since).filter(**calls)

    def of_last_calls(self, agent, calls: int):
        """Those of the agent's last calls: a year of them is not read to find the last few."""
        appel = apps.get_model("calls", "Appel")._default_manager
        last = appel.of_agent(agent).order_by("-commence_le").values("pk")[:calls]
        return self.filter(demande__appel__in=last)

    def most_read(self, limit: int):
        """(reference, title, nature) of published fiches, the most read first."""
        return (
            self.filter(fiche__etat="publiee")
            .values_list("fiche__reference", "fiche__titre", "fiche__nature")
            .annotate(n=models.Count("pk"))
            .order_by("-n", "fiche__reference")[:limit]
        )

    def last_version_read(self):
        """(fiche's key, the version last opened) for each published fiche, by key."""
        return (
            self.filter(fiche__etat="publiee")
            .values_list("fiche_id")
            .annotate(version=models.Max("version"))
            .order_by("fiche_id")
        )

    def before(self, consultation):
        """Those of the same fiche opened before this one, the latest first."""
        earlier = self.filter(fiche=consultation.fiche_id, ouverte_le__lt=consultation.ouverte_le)
        return earlier.exclude(pk=consultation.pk).order_by("-ouverte_le")

    def last_read(self, limit: int):
        """(reference, title, nature) of published fiches, the last read first."""
        return (
            self.filter(fiche__etat="publiee")
            .values_list("fiche__reference", "fiche__titre", "fiche__nature")
            .annotate(n=models.Max("ouverte_le"))
            .order_by("-n")[:limit]
        )


class OrientationQuerySet(EntryQuerySet):
    def with_bodies(self):
        """With the body, who verified it, and the commune it was given for."""
        return self.select_related("organisme__verifie_par", "commune__departement")

    def of_current_question(self, appel):
        """Given for the question of the call that is being dealt with."""
        return self.filter(demande__appel=appel, demande__termine_le__isnull=True)

    def competent_elsewhere(self, commune):
        """Given as competent, but for another commune."""
        return self.exclude(garantie="").exclude(commune=commune)
