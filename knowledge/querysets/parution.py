"""Which versions came before the agents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from knowledge.querysets.heavy import HEAVY


class ParutionQuerySet(models.QuerySet):
    def told(self):
        """Those that change what is said, or add to it: all but typing errors."""
        return self.filter(importance__in=("precision", "changement"))

    def of_fiches(self, keys):
        """Those of the fiches with these keys, with the fiche's reference and title."""
        return self.filter(fiche__in=keys).select_related("fiche").defer(*HEAVY)

    def changes_since(self, instant: datetime):
        """Changes of answer since then, the latest first, with what a list shows of the fiche."""
        recent = self.filter(importance="changement", parue_le__gte=instant)
        return recent.select_related("fiche").defer(*HEAVY)

    def with_reading_of(self, agent):
        """``lue``: whether the agent has acknowledged it."""
        accuses: Any = self.model._meta.get_field("accuses").related_model
        own = accuses.objects.filter(parution=models.OuterRef("pk"), agent=agent)
        return self.annotate(lue=models.Exists(own))

    def since(self, instant: datetime):
        return self.filter(parue_le__gte=instant)

    def unread_by(self, agent):
        """Changes of answer that the agent has not acknowledged."""
        return self.filter(importance="changement").exclude(accuses__agent=agent)
