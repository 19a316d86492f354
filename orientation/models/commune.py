"""Départements and communes of the official geographic code."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from orientation.enums import TypeCommune


class Departement(models.Model):
    """A département or an overseas collectivity (INSEE code, « 2A », « 974 »)."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=60)
    region = models.CharField("région", max_length=60, blank=True)
    chef_lieu = models.CharField("chef-lieu", max_length=5, blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name = "département"

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


class Commune(models.Model):
    """A commune of the official geographic code, or a delegated one, or an arrondissement."""

    code_insee = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=100)
    nom_recherche = models.CharField(
        "nom pour la recherche",
        max_length=100,
        db_index=True,
        help_text="sans accent, en minuscules, « saint » développé, espaces simples",
    )
    type = models.CharField("type", max_length=30, choices=TypeCommune.choices)
    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")
    codes_postaux = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    anciens_codes = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    anciens_noms = ArrayField(
        models.CharField(max_length=100),
        verbose_name="anciens noms",
        default=list,
        blank=True,
        help_text="communes déléguées qui portent le même code",
    )
    anciens_noms_recherche = models.TextField(
        "anciens noms pour la recherche",
        blank=True,
        help_text="comme nom_recherche, chacun précédé de |",
    )
    population = models.PositiveIntegerField("population", null=True, blank=True)
    parente = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="enfants", db_constraint=False
    )

    class Meta:
        ordering = ("nom_recherche", "code_insee")
        verbose_name = "commune"
        indexes = [
            GinIndex(fields=("codes_postaux",), name="commune_codes_postaux"),
            GinIndex(fields=("anciens_codes",), name="commune_anciens_codes"),
            models.Index(
                fields=("nom_recherche",),
                name="commune_nom_prefixe",
                opclasses=("varchar_pattern_ops",),
            ),
            # A few hundred communes have former names: the search reads them only.
            models.Index(
                fields=("anciens_noms_recherche",),
                name="commune_anciens_noms",
                condition=~models.Q(anciens_noms_recherche=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.departement_id})"
