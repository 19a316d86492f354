"""What every app records in the same way: imports and the lines the search indexes follow."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from allo3939.shared.querysets import ImportationQuerySet


class Importation(models.Model):
    """One run of an import, with the provenance the licence asks for.

    A run that was refused, or broke, wrote nothing else than this line: ``rapport`` holds why under
    ``refus``. See `allo3939.shared.imports` for the other keys.
    """

    genre = models.SlugField("genre", help_text="fiches, annuaire, communes")
    producteur = models.CharField("producteur", max_length=200)
    url = models.CharField("adresse de téléchargement", max_length=500, blank=True)
    fichier = models.CharField("nom du fichier", max_length=300)
    date_fichier = models.DateTimeField("date du fichier", null=True, blank=True)
    commencee_le = models.DateTimeField("commencée le")
    secondes = models.FloatField("durée en secondes", default=0)
    ajoutes = models.PositiveIntegerField("ajoutés", default=0)
    modifies = models.PositiveIntegerField("modifiés", default=0)
    inchanges = models.PositiveIntegerField("inchangés", default=0)
    disparus = models.PositiveIntegerField("disparus", default=0)
    ecartes = models.JSONField("écartés", default=list, help_text="liste de {reference, reason}")
    rapport = models.JSONField("compte rendu", default=dict, blank=True)

    objects = ImportationQuerySet.as_manager()

    class Meta:
        ordering = ("-commencee_le",)

    def __str__(self) -> str:
        started = timezone.localtime(self.commencee_le)
        return f"{self.genre} · {self.fichier} · {started:%d/%m/%Y %H:%M}"


class Changement(models.Model):
    """A line that each host's search index follows, written in the transaction of the change.

    An index remembers the last ``id`` it has applied; a search first applies the lines after it.
    Lines are written under one advisory lock, so that ids become visible in their own order.
    """

    genre = models.SlugField("genre", help_text="index concerné : fiches ou organismes")
    cles = ArrayField(models.CharField(max_length=64), verbose_name="clés des objets à relire")
    ecrit_le = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=("genre", "id"), name="changement_genre_id")]

    def __str__(self) -> str:
        return f"{self.genre} n° {self.pk}"
