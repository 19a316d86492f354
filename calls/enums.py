"""The trade's own lists for calls and escalation."""

from django.db.models import TextChoices


class EtatTransfert(TextChoices):
    PREPAREE = "preparee", "Préparée"
    PROPOSEE = "proposee", "Proposée"
    ACCEPTEE = "acceptee", "Acceptée"
    EN_CONSULTATION = "en_consultation", "En consultation"
    TRANSFEREE = "transferee", "Transférée"
    REFUSEE = "refusee", "Refusée"
    EXPIREE = "expiree", "Expirée"
    USAGER_PARTI = "usager_parti", "Usager parti"
    RENDUE = "rendue", "Rendue au niveau 1"


# States in which the question is still being handed over: at most one transfer for a question.
OUVERTS = ("preparee", "proposee", "acceptee", "en_consultation")
# States in which an informateur has the call, until it is closed.
EN_MAIN = ("acceptee", "en_consultation", "transferee")
# States in which the question came back for want of an answer.
SANS_SUITE = ("refusee", "expiree")
# Outcomes by which level 1 says that the fiches did not do.
LACUNES = ("PF", "FI")
# States that make « escaladé » the outcome of a question; one consulted on is answered by level 1.
ESCALADES = ("proposee", "acceptee", "transferee")


class Motif(TextChoices):
    """Why a call is escalated."""

    TROP_COMPLEXE = "trop_complexe", "Trop complexe"
    SITUATION_PERSONNELLE = "situation_personnelle", "Situation personnelle"
    FICHE_INSUFFISANTE = "fiche_insuffisante", "Fiche insuffisante"
    USAGER_INSISTE = "usager_insiste", "L'usager insiste"


class MotifRefus(TextChoices):
    MAUVAIS_SECTEUR = "mauvais_secteur", "Mauvais secteur"
    NIVEAU_1 = "niveau_1", "Le niveau 1 peut répondre"
    INDISPONIBLE = "indisponible", "Plus disponible"
    CARTE_INCOMPLETE = "carte_incomplete", "Carte incomplète"


class ModeTransfert(TextChoices):
    """How the informateur takes the call: alone, or with the teleconseiller still on the line."""

    TRANSFERT = "transfert", "Transfert"
    CONFERENCE = "conference", "Conférence à trois"


class EtatPresence(TextChoices):
    """What an informateur says of oneself; « en appel » and « hors ligne » are seen, not said."""

    DISPONIBLE = "disponible", "Disponible"
    PAUSE = "pause", "En pause"


class Disponibilite(TextChoices):
    """How an informateur stands, as seen: what was said, the calls in hand, the open desk."""

    DISPONIBLE = "disponible", "Disponible"
    EN_APPEL = "en_appel", "En appel"
    PAUSE = "pause", "En pause"
    HORS_LIGNE = "hors_ligne", "Hors ligne"


class EtatCommunication(TextChoices):
    """Where a telephone call stands, as the switch tells it."""

    SONNE = "sonne", "Sonne"
    DECROCHEE = "decrochee", "En ligne"
    EN_ATTENTE = "en_attente", "En attente"
    TRANSFEREE = "transferee", "Transférée"
    RACCROCHEE = "raccrochee", "Raccrochée"


class CommandeTelephone(TextChoices):
    """What an agent asks of the switch during a call."""

    ATTENTE = "attente", "Faire patienter l'usager"
    REPRISE = "reprise", "Reprendre l'usager"
    CONSULTATION = "consultation", "Appeler le secteur, l'usager patiente"
    CONFERENCE = "conference", "Conférence à trois"
    TRANSFERT = "transfert", "Transférer l'appel"


# States in which the caller is on the agent's line.
EN_CONVERSATION = ("decrochee", "en_attente")


class Resultat(TextChoices):
    """How level 2 closes."""

    REPONDU = "repondu", "Répondu"
    ORIENTE = "oriente", "Orienté"
    SANS_REPONSE = "sans_reponse", "Sans réponse"


class Niveau1(TextChoices):
    """« Niveau 1 pouvait-il répondre ? »"""

    OUI = "oui", "Oui, la fiche existait"
    NON = "non", "Non"
    FICHE_A_CREER = "fiche_a_creer", "Fiche à créer"
    MAUVAIS_SECTEUR = "mauvais_secteur", "Mauvais secteur"


class NumeroUrgence(TextChoices):
    """The numbers to give when somebody is in danger, in the order of the card."""

    SAMU = "15", "SAMU"
    POLICE = "17", "Police, gendarmerie"
    POMPIERS = "18", "Pompiers"
    EUROPEEN = "112", "Urgence européenne"
    SOURDS = "114", "Sourds et malentendants"
    ENFANCE = "119", "Enfance en danger"
    VIOLENCES = "3919", "Violences Femmes Info"
    SUICIDE = "3114", "Prévention du suicide"

    @property
    def pour(self) -> str:
        """What it is for, as the agent says it."""
        return _POUR[self.value]

    @property
    def nom(self) -> str:
        """« 15 · SAMU », as the log says that it was given."""
        return f"{self.value} · {self.label}"


_POUR = {
    "15": "Malaise, blessure grave, détresse médicale",
    "17": "Violence, vol en cours, danger immédiat",
    "18": "Incendie, accident, noyade, gaz",
    "112": "Toute urgence, partout en Europe",
    "114": "Par SMS, tchat ou visio, sans parler ni entendre",
    "119": "Enfant en danger ou qui risque de l'être",
    "3919": "Femmes victimes de violences\u00a0; en danger immédiat\u00a0: le 17",
    "3114": "Idées suicidaires, pour soi ou pour un proche",
}
