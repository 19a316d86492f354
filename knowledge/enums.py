"""The trade's own lists for fiches."""

from django.db.models import TextChoices


class Nature(TextChoices):
    REPONSE = "reponse", "Fiche de réponse"
    ESCALADE = "escalade", "Fiche d'escalade"


class Origine(TextChoices):
    SERVICE_PUBLIC = "service_public", "Service-Public.gouv.fr"
    ALLO3939 = "allo3939", "3939 Allo Service-Public"


class Etat(TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    ARCHIVEE = "archivee", "Archivée"
    DISPARUE = "disparue", "Disparue de la source"
