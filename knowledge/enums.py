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


class Fraicheur(TextChoices):
    """How long ago a fiche was verified, or changed at its source."""

    A_JOUR = "a_jour", "À jour"
    A_RELIRE = "a_relire", "À relire"
    ANCIENNE = "ancienne", "Ancienne"
    INCONNUE = "inconnue", "Date inconnue"


class Risque(TextChoices):
    """How much it would cost that a fiche be wrong: it decides how often it is read again."""

    CRITIQUE = "critique", "Critique"
    ELEVE = "eleve", "Élevé"
    MOYEN = "moyen", "Moyen"
    FAIBLE = "faible", "Faible"


class DecisionConflit(TextChoices):
    GARDER = "garder", "Ce que nous y ajoutons reste juste"
    REVOIR = "revoir", "Ce que nous y ajoutons a été revu"


class GenreManque(TextChoices):
    SANS_RESULTAT = "sans_resultat", "Sans résultat"
    REFORMULEE = "reformulee", "Reformulée"
    PAS_DE_FICHE = "pas_de_fiche", "Pas de fiche"
    INSUFFISANTE = "insuffisante", "Fiche insuffisante"


class TypeBureau(TextChoices):
    """The kinds of office a fiche may name, by their directory code (``type_service_local``).

    The directory holds more kinds; these are the ones a rédacteur chooses from.
    """

    MAIRIE = "mairie", "Mairie"
    FRANCE_SERVICES = "france_services", "Maison France Services"
    PREFECTURE = "prefecture", "Préfecture"
    SOUS_PREFECTURE = "sous_pref", "Sous-préfecture"
    CAF = "caf", "Caisse d'allocations familiales (Caf)"
    CPAM = "cpam", "Caisse primaire d'assurance maladie (CPAM)"
    MSA = "msa", "Mutualité sociale agricole (MSA)"
    CARSAT = "carsat", "Caisse de retraite (Carsat)"
    URSSAF = "urssaf", "Urssaf"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    MDPH = "maison_handicapees", "Maison départementale des personnes handicapées (MDPH)"
    CLIC = "clic", "Centre local d'information des aînés (Clic)"
    PMI = "pmi", "Protection maternelle et infantile (PMI)"
    SIP = "sip", "Impôts des particuliers (SIP)"
    SIE = "sie", "Impôts des entreprises (SIE)"
    CADASTRE = "cadastre", "Cadastre"
    TRESORERIE = "tresorerie", "Trésorerie"
    BANQUE_DE_FRANCE = "bdf", "Banque de France"
    TRIBUNAL_JUDICIAIRE = "tj", "Tribunal judiciaire"
    TRIBUNAL_ADMINISTRATIF = "ta", "Tribunal administratif"
    PRUDHOMMES = "prudhommes", "Conseil de prud'hommes"
    TRIBUNAL_COMMERCE = "tribunal_commerce", "Tribunal de commerce"
    POINT_JUSTICE = "point_justice", "Point-justice"
    MJD = "mjd", "Maison de justice et du droit"
    CDAD = "cdad", "Conseil départemental de l'accès au droit (CDAD)"
    ORDRE_AVOCATS = "ordre_avocats", "Ordre des avocats"
    CHAMBRE_NOTAIRES = "chambre_notaires", "Chambre des notaires"
    COMMISSAIRES_JUSTICE = "huissiers_justice", "Commissaires de justice (huissiers)"
    SPIP = "spip", "Service pénitentiaire d'insertion et de probation (Spip)"
    GENDARMERIE = "gendarmerie", "Gendarmerie"
    COMMISSARIAT = "commissariat_police", "Commissariat de police"
    DROIT_TRAVAIL = "droit_travail", "Renseignement en droit du travail"
    DDETS = "ddets", "Direction départementale de l'emploi, du travail et des solidarités"
    DDPP = "ddpp", "Direction départementale de la protection des populations"
    OFII = "ofii", "Office français de l'immigration et de l'intégration (Ofii)"
    INSPECTION_ACADEMIQUE = "inspection_academique", "Services de l'Éducation nationale"
    CIJ = "cij", "Information jeunesse"
    CCI = "cci", "Chambre de commerce et d'industrie"
    CHAMBRE_METIERS = "chambre_metier", "Chambre de métiers et de l'artisanat"
    ADIL = "adil", "Agence d'information sur le logement (Adil)"
    ANAH = "anah", "Agence nationale de l'habitat (Anah)"
    CAUE = "caue", "Conseil d'architecture, d'urbanisme et de l'environnement (CAUE)"


class Importance(TextChoices):
    """What a new version changes for who answers: it decides who is told."""

    COQUILLE = "coquille", "Coquille"
    PRECISION = "precision", "Précision"
    CHANGEMENT = "changement", "Changement de réponse"


class EtatProposition(TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    A_RELIRE = "a_relire", "À relire"
    A_CORRIGER = "a_corriger", "À corriger"
    APPROUVEE = "approuvee", "Approuvée"
    PROGRAMMEE = "programmee", "Programmée"
    PUBLIEE = "publiee", "Publiée"
    ECARTEE = "ecartee", "Écartée"
    RETIREE = "retiree", "Retirée"


# States in which the author writes; in which others wait for it; in which it is not over.
EN_ECRITURE = ("brouillon", "a_corriger")
SOUMISES = ("a_relire", "approuvee", "programmee")
EN_COURS = (*EN_ECRITURE, *SOUMISES)
# States that somebody else has agreed to.
PUBLIEES = ("approuvee", "programmee", "publiee")


class GesteProposition(TextChoices):
    """What is done to a proposition; one line of its way for each."""

    OUVRIR = "ouvrir", "Ouverte"
    SOUMETTRE = "soumettre", "Soumise à relecture"
    FUSIONNER = "fusionner", "Rapprochée de ce qui a changé"
    COMMENTER = "commenter", "Commentée"
    CORRIGER = "corriger", "Renvoyée à corriger"
    APPROUVER = "approuver", "Approuvée"
    PROGRAMMER = "programmer", "Programmée"
    PUBLIER = "publier", "Publiée"
    FORCER = "forcer", "Publiée sans relecture"
    ECARTER = "ecarter", "Écartée"
    RETIRER = "retirer", "Retirée par son auteur"
    REPRENDRE = "reprendre", "Reprise"
    BLOQUER = "bloquer", "Publication empêchée"
    LIEN = "lien", "Lien de relecture créé"


class OrigineProposition(TextChoices):
    """What a proposition comes from."""

    REDACTION = "redaction", "La rédaction"
    APPEL = "appel", "Un appel"
    LACUNE = "lacune", "Une lacune"
    CONFLIT = "conflit", "Un import"
    RETOUR = "retour", "Un retour à une version"
    REVUE = "revue", "Une revue"


class GenreBloc(TextChoices):
    """What a shared block holds."""

    MONTANT = "montant", "Montant"
    ADRESSE = "adresse", "Adresse"
    MENTION = "mention", "Mention légale"


class EtatLacune(TextChoices):
    OUVERTE = "ouverte", "Ouverte"
    COMBLEE = "comblee", "Comblée"
    ECARTEE = "ecartee", "Écartée"
