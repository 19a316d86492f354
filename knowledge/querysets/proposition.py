"""Which propositions are seen, by whom, and what waits for whom."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import functions
from django.db.models.functions import Coalesce

from knowledge.enums import EN_COURS, EN_ECRITURE, SOUMISES
from knowledge.querysets.heavy import HEAVY


class PropositionQuerySet(models.QuerySet):
    def visible_to(self, agent):
        """Deny by default: a rédacteur sees all, a partenaire or an informateur those of the
        sector's fiches, and everybody else none."""
        if agent.role == "redacteur":
            return self
        if agent.role in ("partenaire", "informateur") and agent.secteur_id:
            return self.filter(fiche__secteur=agent.secteur_id)
        return self.none()

    def of_author(self, agent):
        return self.filter(auteur=agent)

    def of_fiche(self, fiche):
        return self.filter(fiche=fiche)

    def naming_block(self, name: str):
        """Those whose new texts name a shared block, as ``{bloc:code}``."""
        texts = models.functions.Cast("champs", models.TextField())
        return self.annotate(textes=texts).filter(textes__contains=name)

    def in_writing(self):
        """Those an author is working on."""
        return self.filter(etat__in=EN_ECRITURE)

    def submitted(self):
        """Those that wait for somebody, or for their day."""
        return self.filter(etat__in=SOUMISES)

    def pending(self):
        """Those that are not over."""
        return self.filter(etat__in=EN_COURS)

    def to_approve(self):
        return self.filter(etat="a_relire")

    def due(self, *, on):
        """Agreed to, and whose day has come."""
        return self.filter(models.Q(etat="programmee", effet_le__lte=on))

    def upcoming(self, *, until):
        """Agreed to for a day to come, the nearest first."""
        return self.filter(etat="programmee", effet_le__lte=until).order_by("effet_le", "pk")

    def told_ahead(self):
        """Agreed to for a day to come, typing errors aside: agents are told before it, the nearest
        first."""
        told = self.filter(etat="programmee", importance__in=("precision", "changement"))
        return told.order_by("effet_le", "pk")

    def ranked(self, *, since):
        """What waits for somebody first, then by the calls at stake, ``appels``, since that day;
        those that are over come last, the latest first, and nothing is at stake there."""
        fiche: Any = self.model._meta.get_field("fiche").related_model
        usages = fiche._meta.get_field("usages").related_model
        used = usages.objects.filter(fiche=models.OuterRef("fiche_id"), jour__gt=since)
        calls = used.values("fiche").annotate(n=models.Sum("consultations")).values("n")
        states = ("a_relire", "approuvee", "programmee", "a_corriger", "brouillon")
        places = [models.When(etat=state, then=rank) for rank, state in enumerate(states)]
        at_stake = functions.Coalesce(models.Subquery(calls), 0)
        return self.annotate(
            appels=models.Case(models.When(etat__in=EN_COURS, then=at_stake), default=0),
            rang=models.Case(*places, default=len(states), output_field=models.IntegerField()),
            depuis=models.Case(models.When(etat__in=EN_COURS, then="soumise_le")),
        ).order_by("rang", "-appels", "depuis", "-modifiee_le", "pk")

    def for_list(self):
        """With what a list shows, without the texts."""
        return self.select_related("fiche__secteur", "auteur").defer(
            "champs", "base", "saisie", *HEAVY
        )

    def for_page(self):
        return self.select_related("fiche__secteur", "fiche__theme", "fiche__cible", "auteur")

    def of_fiches(self, keys):
        """Those of the fiches with these keys."""
        return self.filter(fiche__in=keys)

    def of_sector(self, secteur):
        """Those of the fiches that a sector keeps."""
        return self.filter(fiche__secteur=secteur)

    def born_of(self, contexte: dict):
        """Those that the same thing gave birth to."""
        return self.filter(contexte=contexte)

    def in_state(self, etat: str):
        return self.filter(etat=etat)

    def with_last_word(self):
        """``dernier_mot``: the last thing somebody else said of it as it now is, "" for nothing.

        What was said before it was submitted again has been answered.
        """
        etapes: Any = self.model._meta.get_field("etapes").related_model
        said = etapes.objects.filter(proposition=models.OuterRef("pk")).exclude(commentaire="")
        others = said.filter(geste__in=("commenter", "corriger", "approuver", "ecarter"))
        by_others = others.exclude(agent__isnull=False, agent=models.OuterRef("auteur"))
        submitted = Coalesce(models.OuterRef("soumise_le"), models.OuterRef("ouverte_le"))
        last = by_others.filter(le__gte=submitted).order_by("-le", "-pk").values("commentaire")[:1]
        text = models.TextField()
        return self.annotate(
            dernier_mot=Coalesce(models.Subquery(last), models.Value(""), output_field=text)
        )


class LienRelectureQuerySet(models.QuerySet):
    def usable(self, *, at):
        """Not expired, not revoked, not answered."""
        return self.filter(expire_le__gt=at, repondu_le=None, revoque_le=None)

    def for_page(self):
        """With the proposition and what is read of its fiche."""
        return self.select_related(
            "proposition__fiche__theme__secteur",
            "proposition__fiche__secteur",
            "proposition__fiche__cible",
            "proposition__auteur",
        )
