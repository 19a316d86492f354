"""Which bodies and communes are found."""

from __future__ import annotations

from django.db import models


class CommuneQuerySet(models.QuerySet):
    def current(self):
        """Today's communes, without delegated ones and arrondissements."""
        return self.filter(type="commune-actuelle")


class OrganismeQuerySet(models.QuerySet):
    def present(self):
        """Bodies that the source still holds and publishes."""
        return self.filter(etat="present")

    def of_kind(self, code: str):
        return self.filter(types__contains=[code])
