"""What is told to every screen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from allo3939.accounts.models import Secteur
from calls.querysets import FlashInfoQuerySet


class FlashInfo(models.Model):
    """A line sent to every screen, of all or of one sector, for a time."""

    texte = models.CharField("texte", max_length=200)
    secteur = models.ForeignKey(
        Secteur,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="flashs",
        help_text="aucun : tout le monde",
    )
    du = models.DateTimeField("du")
    au = models.DateTimeField("au")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = FlashInfoQuerySet.as_manager()

    class Meta:
        ordering = ("-du", "-pk")
        verbose_name = "flash info"
        verbose_name_plural = "flashs infos"
        indexes = [models.Index(fields=("au",), name="flash_info_fin")]
        constraints = [
            models.CheckConstraint(name="flash_info_instants_en_ordre", condition=Q(au__gt=F("du")))
        ]

    def __str__(self) -> str:
        return self.texte
