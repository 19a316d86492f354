"""Which fiches are seen, by whom."""

from __future__ import annotations

from django.db import models


class ThemeQuerySet(models.QuerySet):
    def of_sector(self, secteur):
        """The themes of one sector, or those of level 1 for ``None``."""
        return self.filter(secteur=secteur)


class FicheQuerySet(models.QuerySet):
    def published(self):
        """What agents read and find: the published state only."""
        return self.filter(etat="publiee")

    def readable(self):
        """What stays readable from an old call: everything that was once published."""
        return self.exclude(etat="brouillon")

    def imported(self):
        return self.filter(origine="service_public")

    def native(self):
        return self.filter(origine="allo3939")
