"""Texts kept in one place and used in several fiches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from knowledge.enums import GenreBloc, Importance
from knowledge.querysets import BlocPartageQuerySet, ValeurBlocQuerySet


class BlocPartage(models.Model):
    """A text kept in one place and used in several fiches: an amount, an address, a legal notice.

    A fiche names it ``{bloc:code}``; its value of the day is written in at publication, and again
    on the day it changes.
    """

    code = models.SlugField("code", unique=True)
    titre = models.CharField("titre", max_length=120)
    genre = models.CharField("genre", max_length=10, choices=GenreBloc.choices)
    note = models.CharField("note", max_length=200, blank=True)

    objects = BlocPartageQuerySet.as_manager()

    class Meta:
        ordering = ("titre",)
        verbose_name = "bloc partagé"
        verbose_name_plural = "blocs partagés"

    def __str__(self) -> str:
        return self.titre

    @property
    def nom(self) -> str:
        """How a text names it."""
        return f"{{bloc:{self.code}}}"


class ValeurBloc(models.Model):
    """What a shared block says from one day to another, and by which source."""

    bloc = models.ForeignKey(BlocPartage, models.CASCADE, related_name="valeurs")
    texte = models.CharField("valeur", max_length=600)
    du = models.DateField("vaut à partir du")
    au = models.DateField("vaut jusqu'au", null=True, blank=True, help_text="vide : sans terme")
    source = models.CharField("source", max_length=300, blank=True)
    importance = models.CharField(
        "ce que cela change",
        max_length=12,
        choices=Importance.choices,
        default=Importance.PRECISION,
    )
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approuvee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approuvee_le = models.DateTimeField("approuvée le", null=True, blank=True)
    appliquee_le = models.DateTimeField("appliquée le", null=True, blank=True)

    objects = ValeurBlocQuerySet.as_manager()

    class Meta:
        ordering = ("-du",)
        verbose_name = "valeur"
        constraints = [
            models.UniqueConstraint(fields=("bloc", "du"), name="valeur_une_par_jour"),
            models.CheckConstraint(
                name="valeur_approuvee_par_un_autre",
                condition=Q(approuvee_par__isnull=True) | ~Q(approuvee_par=F("auteur")),
                violation_error_message="Une valeur est approuvée par quelqu'un d'autre.",
            ),
            models.CheckConstraint(
                name="valeur_approuvee_a_une_date",
                condition=Q(approuvee_par__isnull=True, approuvee_le__isnull=True)
                | Q(approuvee_par__isnull=False, approuvee_le__isnull=False),
            ),
            models.CheckConstraint(
                name="valeur_finit_apres_son_debut",
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
            ),
        ]

    def __str__(self) -> str:
        return self.texte
