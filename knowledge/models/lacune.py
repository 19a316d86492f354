"""What agents lacked, and how much each fiche serves."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from knowledge.enums import EtatLacune
from knowledge.models.fiche import Fiche
from knowledge.querysets.served import LacuneQuerySet, UsageFicheQuerySet


class Lacune(models.Model):
    """What agents lacked, taken up as a brief: their words, an owner, the fiche that fills it."""

    titre = models.CharField("titre", max_length=200)
    cles = ArrayField(
        models.CharField(max_length=200),
        verbose_name="groupes",
        help_text="clés des manques réunis",
    )
    etat = models.CharField(
        "état",
        max_length=10,
        choices=EtatLacune.choices,
        default=EtatLacune.OUVERTE,
    )
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="lacunes"
    )
    fiche = models.ForeignKey(Fiche, models.SET_NULL, null=True, blank=True, related_name="lacunes")
    motif = models.CharField("pourquoi elle est écartée", max_length=200, blank=True)
    ouverte_le = models.DateTimeField("ouverte le", auto_now_add=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    objects = LacuneQuerySet.as_manager()

    class Meta:
        ordering = ("-ouverte_le",)
        verbose_name = "lacune"
        constraints = [
            models.CheckConstraint(
                name="lacune_close_a_une_date",
                condition=Q(etat="ouverte", close_le__isnull=True)
                | (~Q(etat="ouverte") & Q(close_le__isnull=False)),
            ),
            models.CheckConstraint(
                name="lacune_comblee_par_une_fiche",
                condition=~Q(etat="comblee") | Q(fiche__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.titre


class UsageFiche(models.Model):
    """How often a fiche was opened in calls on a day, and how often it closed a question."""

    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="usages")
    jour = models.DateField("jour", db_index=True)
    consultations = models.PositiveIntegerField("consultations", default=0)
    reponses = models.PositiveIntegerField("réponses", default=0)
    escalades = models.PositiveIntegerField("escalades", default=0)

    objects = UsageFicheQuerySet.as_manager()

    class Meta:
        verbose_name = "usage"
        constraints = [models.UniqueConstraint(fields=("fiche", "jour"), name="usage_un_par_jour")]

    def __str__(self) -> str:
        return f"{self.fiche.reference} · {self.jour}"
