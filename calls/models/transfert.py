"""The hand-off of a question to a sector, and who is there to take it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from allo3939.accounts.models import Secteur
from calls.enums import (
    EN_MAIN,
    OUVERTS,
    EtatPresence,
    EtatTransfert,
    ModeTransfert,
    Motif,
    MotifRefus,
    Niveau1,
    Resultat,
)
from calls.models.appel import Demande
from calls.querysets import PresenceQuerySet, TransfertQuerySet
from knowledge.models import Fiche


class Transfert(models.Model):
    """The warm hand-off of a question to a sector, with its card."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="transferts")
    secteur = models.ForeignKey(Secteur, models.PROTECT, related_name="transferts")
    fiche = models.ForeignKey(
        Fiche, models.PROTECT, null=True, blank=True, help_text="la fiche qui désigne le secteur"
    )
    etat = models.CharField(
        "état", max_length=20, choices=EtatTransfert.choices, default=EtatTransfert.PREPAREE
    )
    motif = models.CharField("motif", max_length=30, choices=Motif.choices)
    precision = models.CharField("précision", max_length=200, blank=True)
    carte = models.JSONField(
        "carte",
        default=dict,
        help_text="question, situation, commune, dit, fiches : copie au moment de la demande",
    )
    prepare_le = models.DateTimeField("préparé le")
    propose_le = models.DateTimeField("proposé le", null=True, blank=True)
    informateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transferts_recus",
    )
    repondu_le = models.DateTimeField("accepté ou refusé le", null=True, blank=True)
    consulte_le = models.DateTimeField("consulté le", null=True, blank=True)
    transfere_le = models.DateTimeField("transféré le", null=True, blank=True)
    mode = models.CharField(
        "mode",
        max_length=12,
        choices=ModeTransfert.choices,
        default=ModeTransfert.TRANSFERT,
    )
    revenu_le = models.DateTimeField(
        "revenu au conseiller le",
        null=True,
        blank=True,
        help_text="refusé, expiré, rendu après consultation, ou usager parti",
    )
    reroute_de = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reroutages",
        verbose_name="rerouté depuis",
        help_text="le transfert reçu par un mauvais secteur",
    )
    motif_refus = models.CharField(
        "motif du refus", max_length=30, choices=MotifRefus.choices, blank=True
    )
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    resultat = models.CharField("résultat", max_length=20, choices=Resultat.choices, blank=True)
    niveau_1 = models.CharField(
        "niveau 1 pouvait-il répondre ?", max_length=20, choices=Niveau1.choices, blank=True
    )

    objects = TransfertQuerySet.as_manager()

    class Meta:
        ordering = ("prepare_le",)
        verbose_name = "transfert"
        indexes = [
            models.Index(fields=("secteur", "etat"), name="transfert_secteur_etat"),
            # What an informateur ended in the day, what the sector answered in the hour, what it
            # refused in the week: a year of transfers is not read.
            models.Index(fields=("informateur", "-clos_le"), name="transfert_clos_informateur"),
            models.Index(
                fields=("informateur", "-revenu_le"),
                condition=Q(etat="rendue"),
                name="transfert_rendu_informateur",
            ),
            models.Index(fields=("-repondu_le",), name="transfert_repondu_le"),
            models.Index(
                fields=("secteur", "-revenu_le"),
                condition=Q(etat="refusee"),
                name="transfert_refuse_secteur",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("demande",),
                condition=Q(etat__in=OUVERTS),
                name="transfert_un_seul_ouvert_par_demande",
            ),
            models.UniqueConstraint(
                fields=("informateur",),
                condition=Q(etat__in=EN_MAIN, clos_le__isnull=True),
                name="transfert_un_seul_en_main_par_informateur",
            ),
            models.CheckConstraint(
                name="transfert_accepte_par_quelqu_un",
                condition=~Q(etat__in=EN_MAIN)
                | Q(informateur__isnull=False, repondu_le__isnull=False),
            ),
            models.CheckConstraint(
                name="transfert_refuse_avec_motif",
                condition=~Q(etat="refusee") | ~Q(motif_refus=""),
            ),
            models.CheckConstraint(
                name="transfert_clos_avec_resultat",
                condition=Q(clos_le__isnull=True) | ~Q(resultat="", niveau_1=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.secteur} · {self.get_etat_display()}"

    @property
    def echeance(self) -> datetime | None:
        """The instant at which an unanswered offer comes back to the agent."""
        seconds = self.secteur.delai_transfert or settings.TRANSFERT_DELAI_SECONDES
        return self.propose_le + timedelta(seconds=seconds) if self.propose_le else None


class Presence(models.Model):
    """What an informateur said of oneself; the heartbeat and calls in hand say the rest."""

    informateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="presence"
    )
    etat = models.CharField(
        "état", max_length=12, choices=EtatPresence.choices, default=EtatPresence.DISPONIBLE
    )
    depuis = models.DateTimeField("depuis")

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"

    def __str__(self) -> str:
        return f"{self.informateur} · {self.get_etat_display()}"
