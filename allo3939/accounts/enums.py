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


class Acte(TextChoices):
    """What is audited."""

    DROITS = "droits", "Droits changés"
    EXPORT = "export", "Export"
    PUBLICATION_FORCEE = "publication_forcee", "Publication sans relecture"
    LIEN = "lien", "Lien de relecture"
