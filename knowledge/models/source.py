"""What service-public.fr delivers beside the fiches, and what its imports leave to settle."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from allo3939.shared.models import Importation
from knowledge.enums import DecisionConflit, Etat
from knowledge.models.fiche import Fiche
from knowledge.querysets import ConflitQuerySet, RessourceQuerySet


class Ressource(models.Model):
    """What service-public.fr delivers beside the fiches, and fiches point to.

    Online services, forms, letters, simulators, contact centres, definitions (``R…``) and the
    pages of themes and dossiers (``N…``), read into the same block tree.
    """

    reference = models.CharField("référence", max_length=20, unique=True)
    genre = models.CharField("genre", max_length=80, help_text="le type donné par la source")
    titre = models.CharField("titre", max_length=400)
    contenu = models.JSONField("contenu", default=list, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.PUBLIEE)
    modifiee_le = models.DateField("modifiée le (source)", null=True, blank=True)
    importation = models.ForeignKey(Importation, models.PROTECT)
    fichier = models.CharField("nom du fichier", max_length=200)
    xml = models.TextField("XML d'origine")
    empreinte = models.CharField("empreinte", max_length=64)
    elements_inconnus = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    objects = RessourceQuerySet.as_manager()

    class Meta:
        ordering = ("reference",)
        verbose_name = "ressource"

    def __str__(self) -> str:
        return f"{self.reference} · {self.titre}"

    def get_absolute_url(self) -> str:
        return reverse("ressource", args=[self.reference])


class Redirection(models.Model):
    """Where the source sends the readers of a fiche that was merged or withdrawn."""

    de = models.CharField("de", max_length=20, unique=True)
    vers = models.CharField("vers", max_length=20, blank=True)
    url = models.URLField("vers une adresse extérieure", max_length=500, blank=True)
    genre = models.CharField("genre", max_length=80, blank=True)
    le = models.DateField("le", null=True, blank=True)
    importation = models.ForeignKey(Importation, models.PROTECT)

    class Meta:
        ordering = ("de",)
        verbose_name = "redirection"
        constraints = [
            models.CheckConstraint(
                name="redirection_mene_quelque_part",
                condition=~Q(vers="") | ~Q(url=""),
            ),
            models.CheckConstraint(
                name="redirection_ne_boucle_pas_sur_elle_meme", condition=~Q(de=F("vers"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.de} → {self.vers or self.url}"


class Conflit(models.Model):
    """An imported fiche whose source changed under what the desk adds to it.

    The overlay stays in force; a rédacteur says whether it still holds.
    """

    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="conflits")
    importation = models.ForeignKey(Importation, models.PROTECT)
    surcharge = ArrayField(
        models.CharField(max_length=40),
        verbose_name="ce que nous y ajoutons",
        help_text="noms des champs remplis au moment du conflit",
    )
    changements = models.JSONField(
        "ce qui a changé à la source", default=list, help_text="liste de phrases"
    )
    ouvert_le = models.DateTimeField("ouvert le", auto_now_add=True)
    regle_le = models.DateTimeField("réglé le", null=True, blank=True)
    regle_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(
        "décision", max_length=10, choices=DecisionConflit.choices, blank=True
    )

    objects = ConflitQuerySet.as_manager()

    class Meta:
        ordering = ("regle_le", "ouvert_le")
        verbose_name = "conflit d'import"
        verbose_name_plural = "conflits d'import"
        constraints = [
            models.UniqueConstraint(
                fields=("fiche",),
                condition=Q(regle_le__isnull=True),
                name="conflit_un_seul_ouvert_par_fiche",
            ),
            models.CheckConstraint(
                name="conflit_regle_a_une_decision",
                condition=Q(regle_le__isnull=True, decision="")
                | (Q(regle_le__isnull=False) & ~Q(decision="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Conflit sur {self.fiche.reference}"
