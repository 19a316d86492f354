"""Which imports are meant."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class ImportationQuerySet(models.QuerySet):
    def refused(self):
        """Runs that wrote nothing; their report says why."""
        return self.filter(rapport__has_key="refus")

    def applied(self):
        """Runs that made the table agree with their source."""
        return self.exclude(rapport__has_key="refus")

    def latest_applied(self, genre: str):
        """The run whose data the tables hold now, or None."""
        return self.applied().filter(genre=genre).order_by("-commencee_le").first()

    def of_source(self, *, genre: str, url: str, fichier: str, since: datetime):
        """Runs on a file since an instant."""
        return self.filter(genre=genre, url=url, fichier=fichier, commencee_le__gte=since)
