"""Which bodies and communes are found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import RowNumber


class TypeServiceQuerySet(models.QuerySet):
    def labels(self, codes: Sequence[str]) -> list[str]:
        """The labels of codes in their order; an unknown code is its own label."""
        known = dict(self.filter(code__in=codes).values_list("code", "libelle"))
        return [known.get(code, code) for code in codes]


class OrganismeQuerySet(models.QuerySet):
    def present(self):
        """Bodies that the source still holds and publishes."""
        return self.filter(etat="present")

    def ways_to_reach(self):
        """Telephones and mailboxes of each body present, read as a stream."""
        rows = self.present().values_list("telephones", "courriels")
        return rows.iterator(chunk_size=5000)

    def for_list(self):
        """In alphabetical order, without the long texts."""
        return self.defer("informations", "formulaires", "nom_recherche").order_by("nom", "id")

    def of_kind(self, code: str):
        return self.filter(types__contains=[code])

    def in_departement(self, code: str):
        """Bodies of a département, or of the postcodes that start so."""
        return self.filter(Q(departement_code=code) | Q(code_postal__startswith=code))

    def standing_in(self, *, communes: Sequence[str], postcode: str = ""):
        """Bodies that stand in the communes or under the postcode; not those that serve them."""
        here = Q(commune_insee__in=communes)
        return self.filter(here | Q(code_postal=postcode) if postcode else here)

    def named(self, words: Sequence[str]):
        """Bodies whose name, initials or town hold a word that starts so, for each folded word."""
        query = " & ".join(f"{word}:*" for word in words)
        return self.annotate(mots=SearchVector("nom_recherche", config="simple")).filter(
            mots=SearchQuery(query, search_type="raw", config="simple")
        )

    def nearest(
        self,
        *,
        kinds: Sequence[str],
        departement: str,
        communes: Sequence[str],
        place: tuple[float, float] | None,
        limit: int,
    ):
        """At most ``limit`` bodies of each kind: in the communes first, then by distance.

        Distances within a département: the earth is flat there, a degree of longitude shorter.
        """
        here = Case(When(commune_insee__in=communes, then=Value(0)), default=Value(1))
        order: list[Any] = [here, F("nom"), F("id")]
        if place is not None:
            latitude, longitude = place
            shrink = math.cos(math.radians(latitude))
            north = F("latitude") - Value(latitude)
            east = (F("longitude") - Value(longitude)) * Value(shrink)
            order.insert(1, (north * north + east * east).asc(nulls_last=True))
        return (
            self.filter(departement_code=departement, types__overlap=kinds)
            .annotate(rang=Window(RowNumber(), partition_by="types", order_by=order))
            .filter(rang__lte=limit)
            .order_by("rang", "nom", "id")
        )
