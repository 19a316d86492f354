"""Agents, the six specialised sectors, and what is audited of both."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from allo3939.accounts.enums import Acte, Role, Theme


class Secteur(models.Model):
    """A specialised sector of level 2, as the service's brochure names it."""

    slug = models.SlugField("code", unique=True)
    nom = models.CharField("nom", max_length=60)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    numero_transfert = models.CharField("numéro de transfert", max_length=20)
    horaires = models.JSONField(
        "horaires",
        default=list,
        help_text="plages de la semaine : liste de {jour: 0 à 6, debut: HH:MM, fin: HH:MM}",
    )
    delai_transfert = models.PositiveSmallIntegerField(
        "délai de réponse à un transfert",
        null=True,
        blank=True,
        help_text="en secondes ; vide : le délai de l'installation",
    )
    repli = models.CharField(
        "à donner quand le secteur ne répond pas",
        max_length=200,
        blank=True,
        help_text="organisme et numéro, comme on les dit à l'usager",
    )

    class Meta:
        ordering = ("ordre",)
        verbose_name = "secteur"

    def __str__(self) -> str:
        return self.nom


class Agent(AbstractUser):
    """Somebody who works with the desktop; an informateur or a partenaire belongs to a sector."""

    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    secteur = models.ForeignKey(
        Secteur, models.PROTECT, null=True, blank=True, verbose_name="secteur"
    )
    poste = models.CharField("poste", max_length=20, blank=True, help_text="Poste 214")
    site = models.CharField("site", max_length=60, blank=True, help_text="Le Mans 2")
    publie_sans_relecture = models.BooleanField(
        "publie sans relecture",
        default=False,
        help_text="rédacteurs seulement ; chaque publication forcée demande un motif et est tracée",
    )
    raccourcis = models.BooleanField(
        "raccourcis clavier",
        default=True,
        help_text="Touches de fonction et chiffres de la console",
    )
    theme = models.CharField(
        "couleurs", max_length=10, choices=Theme.choices, default=Theme.SYSTEME
    )

    SECTOR_ROLES = (Role.INFORMATEUR, Role.PARTENAIRE)

    class Meta:
        verbose_name = "agent"
        constraints = [
            models.CheckConstraint(
                name="agent_secteur_selon_role",
                condition=(
                    Q(role__in=("informateur", "partenaire"), secteur__isnull=False)
                    | (~Q(role__in=("informateur", "partenaire")) & Q(secteur__isnull=True))
                ),
                violation_error_message=(
                    "Un informateur ou un partenaire appartient à un secteur ; "
                    "les autres rôles n'en ont pas."
                ),
            ),
            models.CheckConstraint(
                name="agent_forcer_est_un_droit_de_redacteur",
                condition=Q(publie_sans_relecture=False) | Q(role="redacteur"),
                violation_error_message="Seul un rédacteur peut publier sans relecture.",
            ),
            models.CheckConstraint(name="agent_role_connu", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return self.designation

    @property
    def designation(self) -> str:
        """How colleagues see the agent: desk and site, never the civil name."""
        return " · ".join(part for part in (self.poste, self.site) if part) or self.username


class Trace(models.Model):
    """What is audited: rights given and taken, exports, publications without review, links sent.

    Lines are added, never changed.
    """

    le = models.DateTimeField("le", auto_now_add=True, db_index=True)
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )
    acte = models.CharField("acte", max_length=20, choices=Acte.choices)
    objet = models.CharField("objet", max_length=200)
    details = models.JSONField("détails", default=dict, blank=True)

    class Meta:
        ordering = ("-le", "-pk")
        verbose_name = "trace"
        constraints = [
            models.CheckConstraint(name="trace_acte_connu", condition=Q(acte__in=Acte.values))
        ]

    def __str__(self) -> str:
        return f"{self.get_acte_display()} · {self.objet}"


class Envoi(models.Model):
    """A periodic letter sent to an agent: at most one of a kind for a period."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="envois")
    genre = models.SlugField("genre")
    periode = models.CharField("période", max_length=10, help_text="2026-S48")
    le = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "envoi"
        constraints = [
            models.UniqueConstraint(
                fields=("agent", "genre", "periode"), name="envoi_un_par_periode"
            )
        ]

    def __str__(self) -> str:
        return f"{self.genre} · {self.periode} · {self.agent}"
