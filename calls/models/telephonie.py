"""The telephone beside the desk, as a switch tells it."""

from django.db import models

from calls.enums import EtatCommunication
from calls.models.appel import Appel
from calls.querysets import CommunicationQuerySet


class Communication(models.Model):
    """A telephone call as the switch tells it. The caller's number is dropped before this table."""

    empreinte = models.CharField(
        "empreinte de l'identifiant",
        max_length=64,
        unique=True,
        help_text="HMAC de l'identifiant du standard, qui pourrait contenir un numéro",
    )
    poste = models.CharField("poste", max_length=20, help_text="de l'agent, « 214 »")
    appel = models.ForeignKey(
        Appel, models.SET_NULL, null=True, blank=True, related_name="communications"
    )
    etat = models.CharField("état", max_length=12, choices=EtatCommunication.choices)
    rang = models.BigIntegerField(
        "rang du dernier événement", default=0, help_text="un événement plus ancien ne change rien"
    )
    sonne_le = models.DateTimeField("a sonné le", null=True, blank=True)
    decroche_le = models.DateTimeField("décrochée le", null=True, blank=True)
    raccroche_le = models.DateTimeField("raccrochée le", null=True, blank=True)

    objects = CommunicationQuerySet.as_manager()

    class Meta:
        verbose_name = "communication"
        indexes = [models.Index(fields=("poste", "etat"), name="communication_poste_etat")]

    def __str__(self) -> str:
        return f"Poste {self.poste} · {self.get_etat_display()}"
