"""What service-public.fr delivers beside the fiches, and what its imports leave to settle."""

from __future__ import annotations

from django.db import models


class RessourceQuerySet(models.QuerySet):
    def find(self, reference: str):
        """The one of this reference, or None."""
        return self.filter(reference=reference).first()

    def present(self):
        """Those that the source still delivers."""
        return self.filter(etat="publiee")

    def readable(self):
        """All of them: one that left the source stays readable from the fiches that name it."""
        return self.all()


class ConflitQuerySet(models.QuerySet):
    def open(self):
        """Those that no rédacteur has settled yet."""
        return self.filter(regle_le__isnull=True)

    def settled(self):
        """Those that stay as history."""
        return self.filter(regle_le__isnull=False)

    def for_page(self):
        """With the fiche and what is shown of its overlay."""
        return self.select_related("fiche__secteur", "importation", "regle_par")
