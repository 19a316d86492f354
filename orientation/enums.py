"""The trade's own lists for the directory."""

from django.db.models import TextChoices


class TypeCommune(TextChoices):
    ACTUELLE = "commune-actuelle", "Commune"
    DELEGUEE = "commune-deleguee", "Commune déléguée"
    ASSOCIEE = "commune-associee", "Commune associée"
    ARRONDISSEMENT = "arrondissement-municipal", "Arrondissement"


class EtatOrganisme(TextChoices):
    PRESENT = "present", "Présent dans la source"
    DISPARU = "disparu", "Disparu de la source"


class Accessibilite(TextChoices):
    """Whether one can come in with a wheelchair, as the source codes it."""

    ACCESSIBLE = "ACC", "Accessible en fauteuil roulant"
    SUR_DEMANDE = "DEM", "Accessible en fauteuil roulant sur demande"
    NON = "NAC", "Non accessible en fauteuil roulant"


class Garantie(TextChoices):
    """How a body was found for a commune."""

    COMPETENCE = "competence", "compétence"
    COMMUNE = "commune", "même commune, compétence non garantie"
    DEPARTEMENT = "departement", "même département, compétence non garantie"
