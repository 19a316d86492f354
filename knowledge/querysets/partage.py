"""Which texts are shared, and what they say on a day."""

from __future__ import annotations

from typing import Any

from django.db import models


class BlocPartageQuerySet(models.QuerySet):
    def called(self, words: str):
        """Those whose title or code has each of these words; none for no words."""
        found = self if words.split() else self.none()
        for word in words.split():
            found = found.filter(models.Q(titre__icontains=word) | models.Q(code__icontains=word))
        return found

    def with_value(self, *, on):
        """With ``valeur``, the text in force that day, None for none; ``attente``, how many values
        wait to be approved."""
        values: Any = self.model._meta.get_field("valeurs").related_model
        force = values.objects.in_force(on=on).filter(bloc=models.OuterRef("pk"))
        waiting = models.Count("valeurs", filter=models.Q(valeurs__approuvee_le=None))
        return self.annotate(valeur=models.Subquery(force.values("texte")[:1]), attente=waiting)


class ValeurBlocQuerySet(models.QuerySet):
    def in_force(self, *, on):
        """The latest approved one of each block to have begun by that day, unless it has ended."""
        approved = self.filter(approuvee_le__isnull=False)
        begun = approved.filter(du__lte=on).order_by("bloc_id", "-du").distinct("bloc_id")
        lasting = models.Q(au__isnull=True) | models.Q(au__gte=on)
        return self.filter(lasting, pk__in=begun.values("pk")).select_related("bloc")

    def of_codes(self, codes):
        return self.filter(bloc__code__in=codes)

    def to_apply(self, *, on):
        """Approved, begun by that day, and not written into the fiches yet."""
        begun = self.filter(du__lte=on, approuvee_le__isnull=False, appliquee_le=None)
        return begun.select_related("bloc").order_by("du", "pk")
