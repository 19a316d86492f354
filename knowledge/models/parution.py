"""Each version put before the agents, how much it matters, and who has read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from knowledge.enums import Importance
from knowledge.models.fiche import Fiche
from knowledge.querysets import ParutionQuerySet


class Parution(models.Model):
    """A version of a fiche as it came before the agents."""

    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="parutions")
    version = models.PositiveIntegerField("version")
    importance = models.CharField("importance", max_length=12, choices=Importance.choices)
    raison = models.CharField("raison", max_length=200, blank=True)
    parue_le = models.DateTimeField("parue le")

    objects = ParutionQuerySet.as_manager()

    class Meta:
        ordering = ("-parue_le", "-pk")
        verbose_name = "parution"
        indexes = [models.Index(fields=("importance", "-parue_le"), name="parution_importance")]
        constraints = [
            models.UniqueConstraint(fields=("fiche", "version"), name="parution_une_par_version"),
            models.CheckConstraint(
                name="parution_importance_connue", condition=Q(importance__in=Importance.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiche.reference} v{self.version}"


class AccuseLecture(models.Model):
    """An agent has read what changed in an answer, and said so by a key."""

    parution = models.ForeignKey(Parution, models.CASCADE, related_name="accuses")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="accuses")
    lu_le = models.DateTimeField("lu le", auto_now_add=True)

    class Meta:
        verbose_name = "accusé de lecture"
        verbose_name_plural = "accusés de lecture"
        constraints = [
            models.UniqueConstraint(fields=("parution", "agent"), name="accuse_un_par_agent")
        ]

    def __str__(self) -> str:
        return f"{self.parution} · {self.agent}"
