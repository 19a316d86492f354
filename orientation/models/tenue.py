"""What the desk adds to the directory: corrections, reports of agents, exceptional hours."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from orientation.enums import (
    Certitude,
    ChampOrganisme,
    EtatCorrection,
    EtatSignalement,
    ObjetSignalement,
)
from orientation.models.organisme import Organisme
from orientation.querysets import (
    CorrectionQuerySet,
    FermetureQuerySet,
    HoraireExceptionnelQuerySet,
    SignalementQuerySet,
)

_AGENT = settings.AUTH_USER_MODEL


class Correction(models.Model):
    """A column of a body as it was put right by hand, protected from the imports.

    While it is in force the body's column holds ``valeur``, and ``valeur_source`` follows what the
    source says. It is released when the source says the same. A new correction of the same column
    replaces it; rows are never rewritten otherwise, and are the history of the column.
    """

    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="corrections")
    champ = models.CharField("champ", max_length=20, choices=ChampOrganisme.choices)
    valeur = models.JSONField("valeur", help_text="comme la colonne de l'organisme")
    valeur_source = models.JSONField("valeur de la source")
    source_changee_le = models.DateTimeField(
        "la source a changé le",
        null=True,
        blank=True,
        help_text="depuis la correction, pour une autre valeur que la nôtre",
    )
    motif = models.CharField("motif", max_length=200, blank=True)
    etat = models.CharField(
        "état",
        max_length=12,
        choices=EtatCorrection.choices,
        default=EtatCorrection.EN_VIGUEUR,
    )
    auteur = models.ForeignKey(_AGENT, models.PROTECT, related_name="+", verbose_name="auteur")
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    finie_le = models.DateTimeField("finie le", null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("-cree_le", "-pk")
        verbose_name = "correction"
        constraints = [
            models.UniqueConstraint(
                fields=("organisme", "champ"),
                condition=Q(etat="en_vigueur"),
                name="correction_une_en_vigueur_par_champ",
            ),
            models.CheckConstraint(
                name="correction_finie_a_une_date",
                condition=Q(etat="en_vigueur", finie_le__isnull=True)
                | (~Q(etat="en_vigueur") & Q(finie_le__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisme} · {self.get_champ_display()}"


class Signalement(models.Model):
    """An agent's report that something in a body is wrong; never a word of the caller."""

    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="signalements")
    objet = models.CharField("objet", max_length=12, choices=ObjetSignalement.choices)
    precision = models.CharField("précision", max_length=200, blank=True)
    montre = models.JSONField(
        "ce qui était affiché", default=dict, help_text="{colonne: valeur} au moment du signalement"
    )
    auteur = models.ForeignKey(_AGENT, models.PROTECT, related_name="+", verbose_name="auteur")
    cree_le = models.DateTimeField("signalé le", auto_now_add=True)
    etat = models.CharField(
        "état",
        max_length=10,
        choices=EtatSignalement.choices,
        default=EtatSignalement.A_TRAITER,
    )
    reponse = models.CharField("réponse", max_length=300, blank=True)
    correction = models.ForeignKey(
        Correction, models.SET_NULL, null=True, blank=True, related_name="signalements"
    )
    traite_par = models.ForeignKey(
        _AGENT, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="traité par"
    )
    traite_le = models.DateTimeField("traité le", null=True, blank=True)

    objects = SignalementQuerySet.as_manager()

    class Meta:
        ordering = ("cree_le", "pk")
        verbose_name = "signalement"
        constraints = [
            # The key pressed twice is one report.
            models.UniqueConstraint(
                fields=("organisme", "objet", "auteur"),
                condition=Q(etat="a_traiter"),
                name="signalement_un_ouvert_par_objet_et_auteur",
            ),
            models.CheckConstraint(
                name="signalement_traite_par_quelqu_un",
                condition=Q(etat="a_traiter", traite_le__isnull=True, traite_par__isnull=True)
                | (~Q(etat="a_traiter") & Q(traite_le__isnull=False, traite_par__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisme} · {self.get_objet_display()}"


class HoraireExceptionnel(models.Model):
    """The hours of one body on some days, instead of its weekly ones; no range: closed."""

    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="horaires_exceptionnels")
    du = models.DateField("du")
    au = models.DateField("au", help_text="dernier jour compris")
    plages = models.JSONField(
        "plages", default=list, blank=True, help_text="liste de {debut: HH:MM, fin: HH:MM}"
    )
    motif = models.CharField("motif", max_length=120)
    auteur = models.ForeignKey(_AGENT, models.PROTECT, related_name="+", verbose_name="auteur")
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = HoraireExceptionnelQuerySet.as_manager()

    class Meta:
        ordering = ("du", "pk")
        verbose_name = "horaire exceptionnel"
        verbose_name_plural = "horaires exceptionnels"
        indexes = [models.Index(fields=("organisme", "au"), name="horaire_exceptionnel_jours")]
        constraints = [
            models.CheckConstraint(
                name="horaire_exceptionnel_jours_en_ordre", condition=Q(au__gte=F("du"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisme} · {self.motif}"


class Fermeture(models.Model):
    """An exceptional closure of many bodies at once, by kind and territory: a strike, a storm."""

    motif = models.CharField("motif", max_length=120, help_text="«\u00a0grève nationale\u00a0»")
    types = ArrayField(
        models.CharField(max_length=60),
        verbose_name="types d'organisme",
        default=list,
        blank=True,
        help_text="aucun\u00a0: tous",
    )
    departements = ArrayField(
        models.CharField(max_length=3),
        verbose_name="départements",
        default=list,
        blank=True,
        help_text="aucun\u00a0: tous",
    )
    certitude = models.CharField(
        "ce qu'on peut dire", max_length=10, choices=Certitude.choices, default=Certitude.FERME
    )
    du = models.DateTimeField("du")
    au = models.DateTimeField("au")
    auteur = models.ForeignKey(_AGENT, models.PROTECT, related_name="+", verbose_name="auteur")
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    levee_le = models.DateTimeField("levée le", null=True, blank=True)
    levee_par = models.ForeignKey(
        _AGENT, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="levée par"
    )

    objects = FermetureQuerySet.as_manager()

    class Meta:
        ordering = ("-du", "-pk")
        verbose_name = "fermeture exceptionnelle"
        verbose_name_plural = "fermetures exceptionnelles"
        indexes = [models.Index(fields=("au",), name="fermeture_fin")]
        constraints = [
            models.CheckConstraint(name="fermeture_instants_en_ordre", condition=Q(au__gt=F("du"))),
            models.CheckConstraint(
                name="fermeture_levee_par_quelqu_un",
                condition=Q(levee_le__isnull=True, levee_par__isnull=True)
                | Q(levee_le__isnull=False, levee_par__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.motif
