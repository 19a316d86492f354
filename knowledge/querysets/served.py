"""How much fiches serve, and what agents lacked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models

from knowledge.querysets.heavy import HEAVY


class UsageFicheQuerySet(models.QuerySet):
    def since(self, day: date):
        return self.filter(jour__gte=day)

    def sums(self, *, since: date):
        """(fiche's key, calls that opened it since a day, calls escalated from it)."""
        summed = self.since(since).order_by().values_list("fiche_id")
        return summed.annotate(n=models.Sum("consultations"), escalades=models.Sum("escalades"))

    def by_fiche(self):
        """One row per fiche: its key, ``appels``, ``reponses`` and ``escalades`` summed."""
        return (
            self.order_by()
            .values("fiche_id")
            .annotate(
                appels=models.Sum("consultations"),
                nb_reponses=models.Sum("reponses"),
                nb_escalades=models.Sum("escalades"),
            )
        )


class LacuneQuerySet(models.QuerySet):
    def open(self):
        return self.filter(etat="ouverte")

    def of_keys(self, keys):
        """Those that gather one of these groups."""
        return self.filter(cles__overlap=list(keys))

    def for_list(self):
        """With their owner and fiche, and ``nombre`` of misses in hand, the most frequent first."""
        briefs = self.select_related("responsable", "fiche").defer(*HEAVY)
        return briefs.annotate(nombre=models.Count("manques")).order_by("-nombre", "-ouverte_le")

    def filled_for(self, agent, *, since: datetime):
        """Those filled since an instant that this agent had met, with their fiche."""
        manques: Any = self.model._meta.get_field("manques").related_model
        met = manques.objects.filter(lacune=models.OuterRef("pk"), agent=agent)
        filled = self.filter(models.Exists(met), etat="comblee", close_le__gte=since)
        return filled.select_related("fiche").defer(*HEAVY).order_by("-close_le")
