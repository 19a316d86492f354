"""A call, its questions, the fiches read and the bodies given. No caller's identity."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from allo3939.accounts.models import Secteur
from calls.enums import LACUNES
from calls.querysets import (
    AppelQuerySet,
    ConsultationQuerySet,
    DemandeQuerySet,
    OrientationQuerySet,
    RectificationQuerySet,
)
from knowledge.models import Fiche
from orientation.models import Commune, Organisme


class CodeIssue(models.Model):
    """One of the two-letter outcome codes, fifteen at most."""

    code = models.CharField("code", max_length=2, primary_key=True)
    libelle = models.CharField("libellé", max_length=40)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    sans_question = models.BooleanField(
        "sans question", default=False, help_text="abandonné, urgence : rien à renseigner"
    )
    demande_precision = models.BooleanField(
        "demande une ligne",
        default=False,
        help_text="pas de fiche, fiche insuffisante, hors champ : une ligne dit ce qui manque",
    )

    class Meta:
        ordering = ("ordre",)
        verbose_name = "code d'issue"
        verbose_name_plural = "codes d'issue"
        constraints = [
            models.CheckConstraint(
                name="code_issue_deux_lettres", condition=Q(code__regex=r"^[A-Z]{2}$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.libelle}"


class Appel(models.Model):
    """A call, from pick-up to close. The log exists from pick-up."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appels")
    commence_le = models.DateTimeField("commencé le")
    raccroche_le = models.DateTimeField(
        "raccroché le",
        null=True,
        blank=True,
        help_text="fin de la conversation ; ensuite, le travail après l'appel",
    )
    termine_le = models.DateTimeField("terminé le", null=True, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True)

    objects = AppelQuerySet.as_manager()

    class Meta:
        ordering = ("-commence_le",)
        verbose_name = "appel"
        indexes = [
            models.Index(fields=("agent", "-commence_le"), name="appel_agent_jour"),
            models.Index(fields=("commence_le",), name="appel_commence_le"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("agent",),
                condition=Q(termine_le__isnull=True),
                name="appel_un_seul_ouvert_par_agent",
            ),
            models.CheckConstraint(
                name="appel_finit_apres_son_debut",
                condition=Q(termine_le__isnull=True) | Q(termine_le__gte=F("commence_le")),
            ),
            models.CheckConstraint(
                name="appel_raccroche_apres_son_debut",
                condition=Q(raccroche_le__isnull=True) | Q(raccroche_le__gte=F("commence_le")),
            ),
        ]

    def __str__(self) -> str:
        return f"Appel n° {self.pk}"

    @property
    def duree(self) -> str:
        """« 2 min 05 s » from pick-up to close; empty while the call goes on."""
        return _in_words(self.commence_le, self.termine_le)

    @property
    def conversation(self) -> str:
        """How long one talked: from pick-up to the end of the conversation."""
        return _in_words(self.commence_le, self.raccroche_le or self.termine_le)

    @property
    def apres_appel(self) -> str:
        """How long the work after the conversation took."""
        return _in_words(self.raccroche_le or self.termine_le, self.termine_le)


def _in_words(start: datetime | None, end: datetime | None) -> str:
    if start is None or end is None:
        return ""
    minutes, seconds = divmod(max(0, round((end - start).total_seconds())), 60)
    return f"{minutes}\u00a0min {seconds:02}\u00a0s" if minutes else f"{seconds}\u00a0s"


class Demande(models.Model):
    """One question of a call, with what was done for it."""

    appel = models.ForeignKey(Appel, models.CASCADE, related_name="demandes")
    rang = models.PositiveSmallIntegerField("rang")
    question = models.CharField("mots cherchés", max_length=200, blank=True)
    recherches = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    note = models.CharField("note", max_length=500, blank=True)
    issue = models.ForeignKey(
        CodeIssue, models.PROTECT, null=True, blank=True, related_name="demandes"
    )
    precision = models.CharField(
        "ce qui manque", max_length=200, blank=True, help_text="demandé par certaines issues"
    )
    fiche_utile = models.BooleanField("fiche utile", null=True, blank=True)
    motif_inutile = models.CharField("pourquoi la fiche n'a pas servi", max_length=200, blank=True)
    secteur = models.ForeignKey(
        Secteur,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demandes",
        help_text="secteur du transfert ou de la fiche lue ; aucun pour le niveau 1",
    )
    commence_le = models.DateTimeField("commencée le")
    termine_le = models.DateTimeField("terminée le", null=True, blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        ordering = ("rang",)
        verbose_name = "demande"
        indexes = [
            models.Index(
                fields=("commence_le",),
                condition=Q(termine_le__isnull=True),
                name="demande_en_cours",
            ),
            models.Index(
                fields=("secteur", "-termine_le"),
                condition=Q(issue__in=LACUNES),
                name="demande_lacune_secteur",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=("appel", "rang"), name="demande_rang_unique"),
            models.CheckConstraint(
                name="demande_close_a_une_issue",
                condition=Q(termine_le__isnull=True) | Q(issue__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.question or f"Demande {self.rang}"

    @property
    def utilite(self) -> str:
        """« oui » or « non », "" when it was not said whether the fiche was useful."""
        return {True: "oui", False: "non", None: ""}[self.fiche_utile]


class Rectification(models.Model):
    """What an agent put right in a closed question, the same day: the former value and the new."""

    _LIBELLES: ClassVar[dict[str, str]] = {
        "issue": "Issue",
        "fiche_utile": "Fiche utile",
        "motif_inutile": "Pourquoi la fiche n'a pas servi",
        "precision": "Ce qui manque",
        "note": "Note",
    }

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="rectifications")
    champ = models.CharField("champ", max_length=20)
    avant = models.CharField("avant", max_length=500, blank=True)
    apres = models.CharField("après", max_length=500, blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rectifiee_le = models.DateTimeField("rectifiée le", auto_now_add=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        ordering = ("rectifiee_le", "pk")
        verbose_name = "rectification"

    def __str__(self) -> str:
        return f"{self.demande} · {self.champ}"

    @property
    def libelle(self) -> str:
        """The words for what was put right."""
        return self._LIBELLES[self.champ]


class Consultation(models.Model):
    """A fiche opened for a question: its version and the path of choices, as read."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="consultations")
    fiche = models.ForeignKey(Fiche, models.PROTECT, related_name="consultations")
    version = models.PositiveIntegerField("version de la fiche")
    chemin = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="chemin",
        default=list,
        blank=True,
        help_text="rang du choix à chaque fourche, depuis 1",
    )
    situation = ArrayField(
        models.CharField(max_length=300),
        verbose_name="situation",
        default=list,
        blank=True,
        help_text="libellés des choix, dans l'ordre",
    )
    dit = models.TextField("texte dit", blank=True, help_text="le texte à dire du cas affiché")
    ouverte_le = models.DateTimeField("ouverte le")
    depuis = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="suites",
        help_text="la consultation dont un lien a mené à celle-ci",
    )
    lue_le = models.DateTimeField(
        "lue le", help_text="dernière fois devant l'agent ; la plus récente est celle qu'il lit"
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ("ouverte_le",)
        verbose_name = "consultation"
        indexes = [models.Index(fields=("ouverte_le",), name="consultation_ouverte_le")]
        constraints = [
            models.CheckConstraint(
                name="consultation_ne_vient_pas_d_elle_meme", condition=~Q(depuis=F("pk"))
            ),
            models.CheckConstraint(
                name="consultation_lue_apres_son_ouverture",
                condition=Q(lue_le__gte=F("ouverte_le")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiche.reference} v{self.version}"


class OrientationDonnee(models.Model):
    """A body given to the caller: one of the directory, for a commune, or an outside one that the
    case of a fiche names."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="orientations")
    organisme = models.ForeignKey(Organisme, models.PROTECT, null=True, blank=True)
    exterieur = models.CharField(
        "organisme extérieur", max_length=200, blank=True, help_text="hors de l'annuaire"
    )
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True)
    garantie = models.CharField("garantie", max_length=20, blank=True)
    dit = models.TextField("phrase dite", blank=True)
    donnee_le = models.DateTimeField("donnée le")

    objects = OrientationQuerySet.as_manager()

    class Meta:
        ordering = ("donnee_le",)
        verbose_name = "orientation donnée"
        verbose_name_plural = "orientations données"
        constraints = [
            models.UniqueConstraint(
                fields=("demande", "organisme"), name="orientation_une_fois_par_demande"
            ),
            models.UniqueConstraint(
                fields=("demande", "exterieur"),
                condition=Q(organisme__isnull=True),
                name="orientation_exterieure_une_fois_par_demande",
            ),
            models.CheckConstraint(
                name="orientation_un_organisme_ou_un_exterieur",
                condition=Q(organisme__isnull=False, exterieur="")
                | (Q(organisme__isnull=True) & ~Q(exterieur="")),
            ),
        ]

    def __str__(self) -> str:
        return self.exterieur or str(self.organisme)
