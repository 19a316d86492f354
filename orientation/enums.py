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


class ChampOrganisme(TextChoices):
    """What may be corrected by hand: the names of columns of `Organisme`."""

    TELEPHONES = "telephones", "Téléphones"
    PLAGES = "plages", "Horaires"
    COMMENTAIRE_PLAGES = "commentaire_plages", "Remarque sur les horaires"
    ADRESSE = "adresse", "Adresse"
    COURRIELS = "courriels", "Courriels"
    SITES = "sites", "Sites"
    FORMULAIRES = "formulaires", "Formulaires de contact"
    INFORMATIONS = "informations", "Informations"


class EtatCorrection(TextChoices):
    EN_VIGUEUR = "en_vigueur", "En vigueur"
    REMPLACEE = "remplacee", "Remplacée par une autre"
    RATTRAPEE = "rattrapee", "Reprise par la source"
    RETIREE = "retiree", "Retirée"


class ObjetSignalement(TextChoices):
    """What an agent says is wrong with a body."""

    TELEPHONE = "telephone", "Le numéro ne répond pas ou n'est pas le bon"
    HORAIRES = "horaires", "Les horaires sont faux"
    ADRESSE = "adresse", "L'adresse est fausse"
    COURRIEL = "courriel", "L'adresse électronique ou le site est faux"
    DISPARU = "disparu", "L'organisme n'existe plus"
    AUTRE = "autre", "Autre chose"


class EtatSignalement(TextChoices):
    A_TRAITER = "a_traiter", "À traiter"
    CORRIGE = "corrige", "Corrigé"
    CONFIRME = "confirme", "Vérifié, la fiche était juste"
    TRANSMIS = "transmis", "Transmis à la source"
    ECARTE = "ecarte", "Écarté"


class Certitude(TextChoices):
    """What an exceptional closure lets one say."""

    FERME = "ferme", "Fermé"
    A_VERIFIER = "a_verifier", "Ouverture incertaine"
