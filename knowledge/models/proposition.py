"""A change waiting to reach the agents: who asks for it, who approves it, when it takes effect."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from knowledge.enums import (
    PUBLIEES,
    EtatProposition,
    GesteProposition,
    Importance,
    OrigineProposition,
)
from knowledge.models.fiche import Fiche
from knowledge.querysets import LienRelectureQuerySet, PropositionQuerySet


class Proposition(models.Model):
    """A pending change of a fiche.

    ``champs`` holds the fields that change, by name, as `knowledge.propose.fields` writes them, and
    ``base`` the same fields as they were when the author last looked: what makes a merge field by
    field possible. A fiche to create is a draft whose first proposition carries all of it.
    """

    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="propositions")
    champs = models.JSONField("ce qui change", default=dict, blank=True)
    base = models.JSONField("ce qui était", default=dict, blank=True)
    tranches = models.JSONField(
        "déjà tranché",
        default=dict,
        blank=True,
        help_text="par champ, les valeurs d'autres propositions que l'auteur a vues et écartées",
    )
    saisie = models.JSONField(
        "saisie",
        null=True,
        blank=True,
        help_text="le formulaire tel qu'il est tapé, tant qu'un champ n'en est pas valable",
    )
    motif = models.CharField("pourquoi", max_length=300, blank=True)
    importance = models.CharField(
        "ce que cela change",
        max_length=12,
        choices=Importance.choices,
        default=Importance.PRECISION,
    )
    effet_le = models.DateField(
        "date d'effet", null=True, blank=True, help_text="vide : dès l'approbation"
    )
    etat = models.CharField(
        "état",
        max_length=12,
        choices=EtatProposition.choices,
        default=EtatProposition.BROUILLON,
    )
    origine = models.CharField(
        "née de",
        max_length=12,
        choices=OrigineProposition.choices,
        default=OrigineProposition.REDACTION,
    )
    contexte = models.JSONField(
        "contexte",
        default=dict,
        blank=True,
        help_text="ce qui l'a fait naître : question, ce qui manquait ; sans rien d'identifiant",
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="propositions"
    )
    approuvee_par = models.CharField(
        "approuvée par", max_length=120, blank=True, help_text="un collègue, ou un juriste par lien"
    )
    forcee = models.BooleanField("publiée sans relecture", default=False)
    blocage = models.CharField(
        "ce qui empêche la publication", max_length=500, blank=True, help_text="dit par le balayage"
    )
    revision = models.PositiveIntegerField("révision", default=0)
    ouverte_le = models.DateTimeField("ouverte le", auto_now_add=True)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)
    soumise_le = models.DateTimeField("soumise le", null=True, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    version_publiee = models.PositiveIntegerField("version publiée", null=True, blank=True)

    objects = PropositionQuerySet.as_manager()

    class Meta:
        ordering = ("-modifiee_le",)
        verbose_name = "proposition"
        indexes = [
            models.Index(fields=("etat", "effet_le"), name="proposition_etat_effet"),
            models.Index(fields=("auteur", "etat"), name="proposition_auteur_etat"),
        ]
        constraints = [
            models.CheckConstraint(
                name="proposition_etat_connu", condition=Q(etat__in=EtatProposition.values)
            ),
            models.CheckConstraint(
                name="proposition_programmee_a_une_date",
                condition=~Q(etat="programmee") | Q(effet_le__isnull=False),
            ),
            models.CheckConstraint(
                name="proposition_publiee_est_approuvee",
                condition=~Q(etat__in=PUBLIEES) | ~Q(approuvee_par="") | Q(forcee=True),
                violation_error_message="Une proposition est approuvée par quelqu'un d'autre.",
            ),
            models.UniqueConstraint(
                fields=("fiche", "auteur"),
                condition=Q(etat__in=("brouillon", "a_corriger")),
                name="proposition_une_en_cours_par_auteur",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiche.reference} · {self.get_etat_display()}"

    def get_absolute_url(self) -> str:
        return reverse("redaction-proposition", args=[self.pk])


class EtapeProposition(models.Model):
    """What somebody did to a proposition, and when: nothing of its way is lost."""

    proposition = models.ForeignKey(Proposition, models.CASCADE, related_name="etapes")
    geste = models.CharField("geste", max_length=14, choices=GesteProposition.choices)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    relecteur = models.CharField(
        "relecteur sans compte", max_length=120, blank=True, help_text="sa fonction"
    )
    commentaire = models.TextField("commentaire", blank=True)
    le = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        ordering = ("le", "pk")
        verbose_name = "étape"

    def __str__(self) -> str:
        return f"{self.get_geste_display()} · {self.par}"

    @property
    def par(self) -> str:
        """Who did it, as colleagues name them."""
        return self.relecteur or str(self.agent or "3939")


class LienRelecture(models.Model):
    """A link by which somebody without account reads a proposition and answers once.

    Only the digest of the link is kept.
    """

    proposition = models.ForeignKey(Proposition, models.CASCADE, related_name="liens")
    empreinte = models.CharField("empreinte", max_length=64, unique=True, help_text="SHA-256")
    relecteur = models.CharField("relecteur", max_length=120, help_text="sa fonction, non son nom")
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    expire_le = models.DateTimeField("expire le")
    lectures = models.PositiveIntegerField("lectures", default=0)
    lu_le = models.DateTimeField("lu le", null=True, blank=True, help_text="la dernière fois")
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)

    objects = LienRelectureQuerySet.as_manager()

    class Meta:
        ordering = ("-cree_le",)
        verbose_name = "lien de relecture"
        verbose_name_plural = "liens de relecture"
        constraints = [
            models.CheckConstraint(
                name="lien_expire_apres_sa_creation", condition=Q(expire_le__gt=F("cree_le"))
            )
        ]

    def __str__(self) -> str:
        return f"Lien pour {self.relecteur}"
