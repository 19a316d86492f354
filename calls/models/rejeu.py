"""What was done without network."""

from django.conf import settings
from django.db import models


class Rejeu(models.Model):
    """An action made without network and replayed since: its key says that it was, once."""

    cle = models.UUIDField("clé", primary_key=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rejoue_le = models.DateTimeField("rejoué le", auto_now_add=True)

    class Meta:
        verbose_name = "rejeu"
        verbose_name_plural = "rejeux"

    def __str__(self) -> str:
        return str(self.cle)
