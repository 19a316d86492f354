"""Which fiches are seen, by whom, and where they hang."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import functions
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest

_JSON = models.JSONField()
# The long texts of a fiche, for lists that only name it.
_TEXTS = ("contenu", "parcours", "texte", "a_dire", "pieces", "gabarits", "services", "sources")


def _summed(stakes: Mapping[int, tuple[int, int]], rank: int) -> Coalesce:
    """One of the sums by fiche as a column to order by: a single value, however many fiches."""
    counted = {str(pk): sums[rank] for pk, sums in stakes.items() if sums[rank]}
    known = models.Value(counted, _JSON)
    own = models.Func(
        known,
        functions.Cast("pk", models.TextField()),
        function="jsonb_extract_path_text",
        output_field=models.TextField(),
    )
    return Coalesce(functions.Cast(own, models.IntegerField()), 0)


def _found(column: str, path: str) -> models.Func:
    """What stands in a JSON column at a path, as a list."""
    return models.Func(
        column,
        models.Value(path),
        template="jsonb_path_query_array(%(expressions)s::jsonpath)",
        output_field=_JSON,
    )


class ThemeQuerySet(models.QuerySet):
    def find(self, code: str):
        """The theme of this code, or None."""
        return self.filter(code=code).first()

    def with_place(self):
        """With the theme around it."""
        return self.select_related("parent")

    def authored(self):
        """The themes a fiche born here hangs in: the sectors' and level 1's own."""
        source = models.Q(code__regex=r"^N\d+$") | models.Q(parent__isnull=False)
        return self.exclude(source).select_related("secteur").order_by("secteur__ordre", "ordre")

    def open_to(self, agent, *, kept: int | None):
        """Those an agent may hang a fiche in: for a sector's people, the sector's, level 1's, and
        the one it hangs in already."""
        if agent.role == "redacteur":
            return self
        own = models.Q(secteur=agent.secteur_id) | models.Q(secteur__isnull=True)
        return self.filter(own | models.Q(pk=kept))


class FicheQuerySet(models.QuerySet):
    def published(self):
        """What agents read and find: the published state only."""
        return self.filter(etat="publiee")

    def readable(self):
        """What stays readable from an old call: everything that was once published."""
        return self.filter(publiee_le__isnull=False)

    def for_page(self):
        """With what the page of a fiche shows of its theme and sectors.

        ``en_conflit`` says whether the source changed under what we add, and nobody looked yet;
        ``a_venir`` as in `with_coming`.
        """
        conflits: Any = self.model._meta.get_field("conflits").related_model
        waiting = models.Exists(conflits.objects.open().filter(fiche=models.OuterRef("pk")))
        return self.as_read().annotate(en_conflit=waiting)

    def as_read(self):
        """With what tells its sector, and ``a_venir`` as in `with_coming`."""
        return self.select_related("theme__secteur", "secteur", "cible").with_coming()

    def with_coming(self):
        """``a_venir``: whether a change agreed to for a day to come is to be told to agents."""
        propositions: Any = self.model._meta.get_field("propositions").related_model
        coming = propositions.objects.told_ahead().filter(fiche=models.OuterRef("pk"))
        return self.annotate(a_venir=models.Exists(coming))

    def editable_by(self, agent):
        """Deny by default: all for a rédacteur, those of the sector for its people."""
        if agent.role == "redacteur":
            return self
        if agent.role in ("partenaire", "informateur") and agent.secteur_id:
            return self.filter(secteur=agent.secteur_id)
        return self.none()

    def using_block(self, *codes: str):
        """Those that name one of these shared blocks."""
        return self.filter(blocs__overlap=list(codes))

    def find(self, reference: str):
        """The one of this reference, or None."""
        return self.filter(reference=reference).first()

    def beginning(self, reference: str):
        """Those whose reference begins so, in their order."""
        return self.filter(reference__startswith=reference).order_by("reference")

    def with_key(self, key):
        """The one of this key, or None."""
        return self.filter(pk=key).first()

    def among(self, references):
        """Those of these references."""
        return self.filter(reference__in=references)

    def hanging_in(self, theme):
        """The fiches that hang directly in a theme, by title, without their content."""
        return self.filter(theme=theme).only("reference", "titre").order_by("titre")

    def leading_to(self, references: list[str]):
        """Those with an issue whose target is one of these fiches."""
        targets = models.Q()
        for reference in references:
            targets |= models.Q(parcours__issues__contains=[{"cible": {"fiche": reference}}])
        return self.filter(targets) if references else self.none()

    def marked(self):
        """(key, mark of the row as it stands), which any writing changes."""
        mark = RawSQL("concat_ws(' ', knowledge_fiche.xmin, knowledge_fiche.ctid)", ())
        return self.order_by("pk").values_list("pk").annotate(marque=mark)

    def targets(self, keys):
        """(key, references that the content names, those that cases lead to) of these fiches;
        the contents are read in the database and stay there."""
        return (
            self.filter(pk__any_of=list(keys))
            .values_list("pk")
            .annotate(
                nommees=_found("contenu", "$.**.reference"),
                cibles=_found("parcours", "$.issues[*].cible.fiche"),
            )
        )

    def to_name(self, keys):
        """The fiches with these keys, only to be named."""
        return self.filter(pk__any_of=list(keys)).only("reference", "titre").order_by("reference")

    def imported(self):
        return self.filter(origine="service_public")

    def native(self):
        return self.filter(origine="allo3939")

    def with_stakes(self, stakes: Mapping[int, tuple[int, int]]):
        """``appels`` and ``escalades`` as `knowledge.stakes` has summed them; those with the most
        calls at stake first."""
        sums = {name: _summed(stakes, rank) for rank, name in enumerate(("appels", "escalades"))}
        return self.annotate(**sums).order_by("-appels", "-escalades", "reference")

    def of_sector(self, secteur):
        return self.filter(secteur=secteur)

    def not_fresh(self, *, limit: date):
        """Published, and neither verified nor changed at the source after that day, or ever."""
        last = Greatest("verifiee_le", "modifiee_le")
        old = models.Q(derniere__lte=limit) | models.Q(derniere__isnull=True)
        return self.published().annotate(derniere=last).filter(old)

    def published_since(self, instant: datetime):
        return self.published().filter(publiee_le__gte=instant)

    def unpublished(self):
        """Those being written: agents have never read them."""
        return self.filter(etat="brouillon")

    def with_pending(self):
        """Those with a proposition that is not over."""
        propositions: Any = self.model._meta.get_field("propositions").related_model
        return self.filter(
            models.Exists(propositions.objects.pending().filter(fiche=models.OuterRef("pk")))
        )

    def keyed(self, keys):
        """Those with these keys."""
        return self.filter(pk__in=keys)

    def for_list(self):
        """With what a list shows, without the texts."""
        return self.select_related("secteur", "theme").defer("contenu", "parcours", "texte")

    def for_changelist(self, stakes: Mapping[int, tuple[int, int]]):
        """Without the texts, with ``appels`` as `knowledge.stakes` has summed them and ``en_cours``
        (whether a proposition is not over)."""
        propositions: Any = self.model._meta.get_field("propositions").related_model
        waiting = propositions.objects.pending().filter(fiche=models.OuterRef("pk"))
        return self.defer(*_TEXTS).annotate(
            appels=_summed(stakes, 0), en_cours=models.Exists(waiting)
        )

    def to_review(self, *, on: date):
        """Published, and their day of review has come; the earliest first."""
        return self.published().filter(a_revoir_le__lte=on).order_by("a_revoir_le", "pk")
