"""What the search is taught, and what it did not find."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.expressions import RawSQL

FAILING = models.Q(actif=True) & (
    ~models.Q(fiche__etat="publiee")
    | models.Q(verifiee_le__isnull=False, rang_constate__isnull=True)
    | models.Q(rang_constate__gt=1)
)


class EpingleQuerySet(models.QuerySet):
    def in_force(self):
        """Those that act on searches: in service, on a published fiche."""
        return self.filter(actif=True, fiche__etat="publiee")

    def to_check(self, since: datetime):
        """In service and not checked since then, those that waited longest first."""
        late = models.Q(verifiee_le__isnull=True) | models.Q(verifiee_le__lt=since)
        return self.filter(late, actif=True).order_by(
            models.F("verifiee_le").asc(nulls_first=True), "pk"
        )

    def failing(self):
        """In service, and the fiche is gone, or was not first at the last check."""
        return self.filter(FAILING)

    def failing_first(self):
        """Those that no longer hold, then those in service by their words."""
        return self.annotate(
            tombe=models.Case(
                models.When(FAILING, then=True), default=False, output_field=models.BooleanField()
            )
        ).order_by("-tombe", "-actif", "mots")


class RechercheManqueeQuerySet(models.QuerySet):
    def pending(self):
        """Those that no rédacteur has dealt with."""
        return self.filter(traitee_le__isnull=True)

    def older_than(self, instant: datetime):
        return self.filter(le__lt=instant)

    def of_groups(self, keys, *, until: datetime):
        """Those of these groups that a rédacteur had on screen."""
        return self.filter(cle__in=keys, le__lte=until)

    def mark(self) -> tuple:
        """What any writing of a miss changes, and that of the name of a fiche opened after one."""
        own = RawSQL("hash_record_extended(knowledge_recherchemanquee, 0)", ())
        name = models.functions.Concat("fiche__reference", models.Value(" "), "fiche__titre")
        named = models.Func(
            name, 0, function="hashtextextended", output_field=models.BigIntegerField()
        )
        exact = models.DecimalField()
        marks = self.aggregate(
            n=models.Count("pk"),
            misses=models.Sum(own, output_field=exact),
            fiches=models.Sum(named, output_field=exact),
        )
        return tuple(marks.values())

    def untaken(self):
        """Those of no brief."""
        return self.filter(lacune=None)

    def closed_by(self, agent: int, *, genre: str, since: datetime):
        """What an agent closed questions with since an instant."""
        return self.filter(agent=agent, genre=genre, le__gte=since)

    def by_wording(self):
        """One row per wording and what followed it: how often, and between which instants."""
        said = ("cle", "texte", "genre", "suite", "precision")
        return (
            self.values(*said, "fiche__reference", "fiche__titre")
            .annotate(
                n=models.Count("pk"),
                premiere=models.Min("le"),
                derniere=models.Max("le"),
                pk=models.Max("pk"),
            )
            .order_by("cle", "-n", "texte")
        )

    def settled_since(self, keys):
        """(group, when it was last dealt with) of these groups."""
        settled = self.filter(cle__in=keys, traitee_le__isnull=False)
        return settled.values_list("cle").annotate(models.Max("traitee_le")).order_by("cle")


class ApprentissageQuerySet(models.QuerySet):
    def counted(self):
        """What may lift a fiche: published, and not set aside by a rédacteur."""
        return self.filter(ecarte=False, fiche__etat="publiee")

    def learnt_since(self, instant: datetime):
        return self.filter(le__gt=instant)
