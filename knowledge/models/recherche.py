"""What rédacteurs and closed calls teach the search, and what it did not find."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from knowledge.enums import GenreManque
from knowledge.models.fiche import Fiche
from knowledge.querysets import (
    ApprentissageQuerySet,
    EpingleQuerySet,
    RechercheManqueeQuerySet,
)


class Synonyme(models.Model):
    """Another name of a thing, kept by rédacteurs: what callers say, what fiches write."""

    expression = models.CharField("ce que dit l'usager", max_length=120, unique=True)
    equivalents = ArrayField(
        models.CharField(max_length=120), verbose_name="ce qu'écrivent les fiches"
    )
    deux_sens = models.BooleanField(
        "dans les deux sens",
        default=False,
        help_text="pour un sigle : qui tape l'un trouve aussi l'autre",
    )
    actif = models.BooleanField("en service", default=True)
    note = models.CharField("note", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ("expression",)
        verbose_name = "synonyme"

    def __str__(self) -> str:
        return f"{self.expression} → {', '.join(self.equivalents)}"


class Epingle(models.Model):
    """The fiche that comes first for some words, as a rédacteur decided."""

    mots = models.CharField("mots cherchés", max_length=120, unique=True)
    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="epingles")
    actif = models.BooleanField("en service", default=True)
    note = models.CharField("note", max_length=200, blank=True)
    rang_constate = models.PositiveSmallIntegerField(
        "rang constaté", null=True, blank=True, help_text="vide : absente des résultats"
    )
    verifiee_le = models.DateTimeField("vérifiée le", null=True, blank=True)

    objects = EpingleQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["rang_constate", "verifiee_le"])

    class Meta:
        ordering = ("mots",)
        verbose_name = "épingle"

    def __str__(self) -> str:
        return f"« {self.mots} » → {self.fiche.reference}"

    @property
    def tient(self) -> bool:
        """Whether the last check found the fiche first."""
        return self.rang_constate == 1


class RechercheManquee(models.Model):
    """What an agent did not find: a search without result or worded again, a question closed
    *pas de fiche* or *fiche insuffisante*.

    The text went through the anonymity guard; it is purged after 90 days.
    """

    texte = models.CharField("mots cherchés", max_length=200)
    genre = models.CharField("genre", max_length=15, choices=GenreManque.choices)
    suite = models.CharField(
        "mots qui ont suivi", max_length=200, blank=True, help_text="la recherche reformulée"
    )
    fiche = models.ForeignKey(
        Fiche,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="la fiche ouverte après la reformulation",
    )
    cle = models.CharField(
        "groupe", max_length=200, db_index=True, help_text="les racines des mots qui comptent"
    )
    precision = models.CharField(
        "ce qui manquait", max_length=200, blank=True, help_text="dit à la clôture de la demande"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="qui l'a rencontré, pour lui dire la fiche qui y répond",
    )
    lacune = models.ForeignKey(
        "knowledge.Lacune", models.SET_NULL, null=True, blank=True, related_name="manques"
    )
    le = models.DateTimeField("le", db_index=True)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)

    objects = RechercheManqueeQuerySet.as_manager()

    class Meta:
        ordering = ("-le",)
        verbose_name = "recherche manquée"
        verbose_name_plural = "recherches manquées"

    def __str__(self) -> str:
        return self.texte


class Apprentissage(models.Model):
    """How often a word led to a fiche that closed a question with the outcome *répondu*.

    One row per word and fiche, words of the fiches' own vocabulary only. ``poids`` is a count
    that halves with time since ``le``.
    """

    mot = models.CharField("mot", max_length=60)
    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="apprentissages")
    poids = models.FloatField("poids", default=0)
    le = models.DateTimeField("dernière fois")
    ecarte = models.BooleanField("écarté", default=False, help_text="ne compte plus au classement")

    objects = ApprentissageQuerySet.as_manager()

    class Meta:
        ordering = ("-poids",)
        verbose_name = "apprentissage"
        constraints = [
            models.UniqueConstraint(fields=("mot", "fiche"), name="apprentissage_mot_fiche"),
            models.CheckConstraint(name="apprentissage_poids_positif", condition=Q(poids__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.mot} → {self.fiche.reference}"
