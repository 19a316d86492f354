"""Which bodies and communes are found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, RowNumber

from allo3939.accounts.enums import Role
from allo3939.shared.changes import EVERYTHING
from allo3939.shared.models import Changement


class TypeServiceQuerySet(models.QuerySet):
    def labels(self, codes: Sequence[str]) -> list[str]:
        """The labels of codes in their order; an unknown code is its own label."""
        known = dict(self.filter(code__in=codes).values_list("code", "libelle"))
        return [known.get(code, code) for code in codes]

    def editable_by(self, agent):
        """The kinds whose bodies the agent keeps: all for a rédacteur, a partenaire's sector's."""
        if agent.role == Role.REDACTEUR:
            return self.all()
        return self.filter(secteur=agent.secteur) if _is_partner(agent) else self.none()

    def all_labels(self) -> dict[str, str]:
        """The label of every code."""
        return dict(self.values_list("code", "libelle"))


_ISLANDS = {"97133": "977", "97150": "978"}  # postcodes of Saint-Barthélemy and Saint-Martin


def _is_partner(agent) -> bool:
    return agent.role == Role.PARTENAIRE and agent.secteur_id is not None


def _related(queryset: models.QuerySet, name: str) -> Any:
    """The manager of the rows that point at those of the query by that name."""
    field: Any = queryset.model._meta.get_field(name)
    return field.related_model.objects


def _count(queryset: models.QuerySet, name: str, **conditions: Any):
    """How many such rows point at each body; counted for the rows of a page only."""
    mine = _related(queryset, name).filter(organisme=OuterRef("pk"), **conditions).order_by()
    count = mine.values("organisme").annotate(nombre=Count("pk")).values("nombre")
    return Coalesce(Subquery(count), 0)


def _codes_of(secteur) -> list[str]:
    return list(secteur.typeservice_set.values_list("code", flat=True))


class OrganismeQuerySet(models.QuerySet):
    def present(self):
        """Bodies that the source still holds and publishes."""
        return self.filter(etat="present")

    def to_give(self):
        """Present bodies with all that their card says."""
        return self.present().select_related("verifie_par").defer("nom_recherche")

    def editable_by(self, agent):
        """Bodies the agent may put right: all for a rédacteur, those of the kinds that belong to
        a partenaire's sector, none for anybody else. A second query, for the kinds."""
        if agent.role == Role.REDACTEUR:
            return self.all()
        if _is_partner(agent):
            return self.filter(types__overlap=_codes_of(agent.secteur))
        return self.none()

    def for_keeping(self):
        """As `for_list`, each with ``signales`` and ``tenus``: how many reports nobody has
        answered, how many columns of ours."""
        return self.for_list().annotate(
            signales=_count(self, "signalements", etat="a_traiter"),
            tenus=_count(self, "corrections", etat="en_vigueur"),
        )

    def gone(self):
        """Bodies that the source no longer holds."""
        return self.filter(etat="disparu")

    def sample(self, count: int):
        """A few of them, in the order of their identifiers: from everywhere."""
        return self.for_list().order_by("id")[:count]

    def reported(self):
        """Bodies with a report nobody has answered."""
        return self._having("signalements", etat="a_traiter")

    def corrected(self):
        """Bodies that hold a value of ours instead of the source's."""
        return self._having("corrections", etat="en_vigueur")

    def overtaken(self):
        """Bodies whose source has changed under a value of ours."""
        return self._having("corrections", etat="en_vigueur", source_changee_le__isnull=False)

    def _having(self, relation: str, **conditions: Any):
        related = _related(self, relation)
        return self.filter(Exists(related.filter(organisme=OuterRef("pk"), **conditions)))

    def concerned(self, *, types: Sequence[str], departements: Sequence[str]):
        """Present bodies of some kinds in some départements; an empty list means all of them."""
        bodies = self.present()
        if types:
            bodies = bodies.filter(types__overlap=list(types))
        if not departements:
            return bodies
        # The directory files these two islands under the département they left.
        islands = Q(departement_code="971", code_postal__in=list(_ISLANDS))
        there = [postcode for postcode, code in _ISLANDS.items() if code in departements]
        return bodies.filter(
            (Q(departement_code__in=departements) & ~islands)
            | Q(departement_code="971", code_postal__in=there)
        )

    def ways_to_reach(self):
        """Telephones and mailboxes of each body present, read as a stream."""
        rows = self.present().values_list("telephones", "courriels")
        return rows.iterator(chunk_size=5000)

    def for_list(self):
        """In alphabetical order, without the long texts."""
        return self.defer("informations", "formulaires", "details", "nom_recherche").order_by(
            "nom", "id"
        )

    def of_kind(self, code: str):
        return self.filter(types__contains=[code])

    def in_departement(self, code: str):
        """Bodies of a département, by its code alone."""
        return self.filter(departement_code=code)

    def changed_since(self, instant: datetime):
        """At least the bodies written since the instant, those gone from the source included.

        A large import tells no list of what it wrote: everything is then given.
        """
        lines = Changement.objects.filter(genre="organismes", ecrit_le__gt=instant)
        keys = {key for cles in lines.values_list("cles", flat=True) for key in cles}
        return self if EVERYTHING in keys else self.filter(pk__in=keys)

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

    def for_columns(self):
        """Rows of what the directory is narrowed by, as `columns.Columns` takes them."""
        return self.values_list(
            "id",
            "nom_recherche",
            "types",
            "commune_insee",
            "departement_code",
            "code_postal",
            KeyTextTransform("accessibilite", "adresse"),
            KeyTextTransform("pays", "adresse"),
            "latitude",
            "longitude",
            Cast("plages", models.TextField()),
            "commentaire_plages",
        )

    def among(self, pks: Iterable[UUID]):
        return self.filter(pk__in=pks)

    def with_other_hours(self, since: datetime, until: datetime):
        """Bodies with exceptional hours between two instants, by their days in Paris."""
        return self._having(
            "horaires_exceptionnels",
            retire_le=None,
            du__lte=until.date(),
            au__gte=since.date(),
        )


class CorrectionQuerySet(models.QuerySet):
    def in_force(self):
        """What the bodies hold instead of their source."""
        return self.filter(etat="en_vigueur")

    def with_author(self):
        """With who corrected."""
        return self.select_related("auteur")


class SignalementQuerySet(models.QuerySet):
    def open(self):
        """Reports nobody has answered yet, the oldest first."""
        return self.filter(etat="a_traiter").order_by("cree_le", "pk")

    def by(self, agent):
        """The agent's own, the latest first."""
        return self.filter(auteur=agent).order_by("-cree_le", "-pk")

    def editable_by(self, agent):
        """Those the agent may answer, as `OrganismeQuerySet.editable_by`."""
        if agent.role == Role.REDACTEUR:
            return self.all()
        if _is_partner(agent):
            return self.filter(organisme__types__overlap=_codes_of(agent.secteur))
        return self.none()

    def about(self, organisme, *, objets: Sequence[str] = ()):
        """Those on a body, of these subjects if any are given."""
        mine = self.filter(organisme=organisme)
        return mine.filter(objet__in=objets) if objets else mine

    def with_subject(self, objet: str):
        return self.filter(objet=objet)

    def of_kind(self, code: str):
        """Those on bodies of a kind."""
        return self.filter(organisme__types__contains=[code])

    def of_sector(self, secteur):
        """Those on bodies of the kinds that belong to a sector."""
        return self.filter(organisme__types__overlap=_codes_of(secteur))

    def in_departement(self, code: str):
        """Those on bodies of a département."""
        return self.filter(organisme__departement_code=code)

    def on(self, organismes: Sequence[UUID]):
        return self.filter(organisme__in=organismes)

    def bodies(self):
        """``{organisme, nombre, premier}`` for each body reported: the longest waiting first."""
        return (
            self.order_by()
            .values("organisme")
            .annotate(nombre=Count("pk"), premier=Min("cree_le"))
            .order_by("premier", "organisme")
        )

    def for_page(self):
        """With the body and who reported."""
        return self.select_related("organisme", "auteur", "traite_par", "correction")


class HoraireExceptionnelQuerySet(models.QuerySet):
    def in_force(self, *, since: date):
        """Those not withdrawn that end on that day or later."""
        return self.filter(retire_le=None, au__gte=since)

    def with_author(self):
        """With who announced them."""
        return self.select_related("auteur")

    def of_bodies(self, bodies: Sequence[Any]):
        return self.filter(organisme__in=bodies)


class FermetureQuerySet(models.QuerySet):
    def in_force(self, *, since: datetime):
        """Those not lifted that end after that instant."""
        return self.filter(levee_le=None, au__gt=since)

    def started(self, *, by: datetime):
        """Those that begin at that instant or before."""
        return self.filter(du__lte=by)
