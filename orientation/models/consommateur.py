"""Who may read the open data of the directory by its API."""

from django.db import models


class Consommateur(models.Model):
    """A consumer of the API, known by a token of which only the hash is kept."""

    nom = models.CharField("nom", max_length=120, unique=True, help_text="organisme et usage")
    prefixe = models.CharField(
        "début du jeton", max_length=8, editable=False, help_text="pour le reconnaître"
    )
    empreinte = models.CharField(
        "empreinte du jeton", max_length=64, unique=True, editable=False, help_text="SHA-256"
    )
    par_minute = models.PositiveIntegerField("requêtes par minute", default=120)
    actif = models.BooleanField("actif", default=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    dernier_usage_le = models.DateField("dernier usage le", null=True, blank=True)

    class Meta:
        ordering = ("nom",)
        verbose_name = "consommateur de l'API"
        verbose_name_plural = "consommateurs de l'API"

    def __str__(self) -> str:
        return self.nom
