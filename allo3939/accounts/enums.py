"""Who works with the desktop."""

from django.db.models import TextChoices


class Role(TextChoices):
    TELECONSEILLER = "teleconseiller", "Téléconseiller"
    INFORMATEUR = "informateur", "Informateur"
    REDACTEUR = "redacteur", "Rédacteur"
    PARTENAIRE = "partenaire", "Partenaire"
    SUPERVISEUR = "superviseur", "Superviseur"
    ADMINISTRATEUR = "administrateur", "Administrateur"


class Theme(TextChoices):
    """The colours of the screen."""

    SYSTEME = "system", "Comme l'ordinateur"
    CLAIR = "light", "Clair"
    SOMBRE = "dark", "Sombre"
