"""Fiches and the tree of themes they hang in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from allo3939.accounts.models import Secteur
from allo3939.shared.models import Importation
from knowledge.enums import Etat, Nature, Origine
from knowledge.querysets import FicheQuerySet, ThemeQuerySet


class Theme(models.Model):
    """A place in the tree of themes.

    Two trees live side by side: service-public.fr's (code ``N19810``, four levels, from
    ``arborescence.xml`` or the breadcrumbs) and the six sectors' 60 themes with level 1's own
    (code = slug, one level).
    """

    code = models.CharField("code", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=300)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="enfants"
    )
    secteur = models.ForeignKey(Secteur, models.PROTECT, null=True, blank=True)
    ordre = models.PositiveIntegerField("ordre", default=0)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ("ordre", "titre")
        verbose_name = "thème"

    def __str__(self) -> str:
        return f"{self.secteur} · {self.titre}" if self.secteur_id else self.titre


def parcours_vide() -> dict:
    return {"questions": [], "issues": []}


class Fiche(models.Model):
    """An answer fiche or an escalation fiche.

    ``contenu`` is the tree of typed blocks (`knowledge.blocks`), the only thing that pages render:
    read from service-public.fr's XML, or composed from the fields below for a fiche born here.
    """

    reference = models.CharField("référence", max_length=20, unique=True)
    nature = models.CharField("nature", max_length=10, choices=Nature.choices)
    origine = models.CharField("origine", max_length=20, choices=Origine.choices)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    demonstration = models.BooleanField("contenu de démonstration", default=False)
    version = models.PositiveIntegerField("version", default=1)

    titre = models.CharField("titre", max_length=400)
    a_dire = models.TextField("à dire", blank=True)
    mots_cles = ArrayField(
        models.CharField(max_length=120), verbose_name="mots-clés", default=list, blank=True
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="fiches", verbose_name="thème"
    )
    fil = ArrayField(
        models.CharField(max_length=300),
        verbose_name="fil d'Ariane",
        default=list,
        blank=True,
        help_text="titres du thème jusqu'au dossier",
    )
    secteur = models.ForeignKey(
        Secteur, models.PROTECT, null=True, blank=True, verbose_name="secteur propriétaire"
    )
    contenu = models.JSONField("contenu", default=list, blank=True)
    organismes = ArrayField(
        models.CharField(max_length=60),
        verbose_name="organismes compétents",
        default=list,
        blank=True,
        help_text="codes des types d'organisme, le plus probable d'abord",
    )

    # What a rédacteur types; empty on an imported fiche.
    pieces = ArrayField(models.TextField(), verbose_name="pièces", default=list, blank=True)
    cout = ArrayField(models.TextField(), verbose_name="coût", default=list, blank=True)
    delai = ArrayField(models.TextField(), verbose_name="délai", default=list, blank=True)
    texte = models.TextField("texte de référence", blank=True)
    services = models.JSONField("services en ligne", default=list, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)
    parcours = models.JSONField("questions à poser", default=parcours_vide, blank=True)

    # Escalation fiches.
    definition = models.TextField("définition", blank=True)
    exemples_dans = ArrayField(
        models.TextField(), verbose_name="exemples qui en relèvent", default=list, blank=True
    )
    exemples_hors = ArrayField(
        models.TextField(), verbose_name="exemples qui n'en relèvent pas", default=list, blank=True
    )
    cible = models.ForeignKey(
        Secteur,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fiches_escalade",
        verbose_name="secteur à joindre",
    )
    confondu_avec = ArrayField(
        models.SlugField(), verbose_name="secteurs confondus", default=list, blank=True
    )

    note = models.TextField(
        "note du 3939",
        blank=True,
        help_text="ce que les agents doivent savoir de plus ; ne se lit pas à l'usager",
    )

    # What is typed with shared blocks: the fields above hold their values of the day.
    gabarits = models.JSONField(
        "textes à blocs",
        default=dict,
        blank=True,
        help_text="par champ, le texte où les blocs partagés sont nommés",
    )
    blocs = ArrayField(models.SlugField(), verbose_name="blocs partagés", default=list, blank=True)
    a_revoir_le = models.DateField(
        "à revoir le", null=True, blank=True, help_text="prévue selon l'usage et les changements"
    )

    # Imported fiches.
    type_source = models.CharField("type dans la source", max_length=80, blank=True)
    audiences = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    url = models.URLField("adresse publique", max_length=500, blank=True)
    modifiee_le = models.DateField("modifiée le (source)", null=True, blank=True)
    importante_le = models.DateField(
        "dernière modification importante (source)", null=True, blank=True
    )
    verifiee_le = models.DateField("vérifiée le", null=True, blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)

    objects = FicheQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[])

    class Meta:
        ordering = ("reference",)
        verbose_name = "fiche"
        indexes = [models.Index(fields=("etat", "nature"), name="fiche_etat_nature")]
        constraints = [
            models.CheckConstraint(
                name="fiche_escalade_a_une_cible",
                condition=~Q(nature="escalade", etat="publiee") | Q(cible__isnull=False),
                violation_error_message="Une fiche d'escalade désigne le secteur à joindre.",
            ),
            models.CheckConstraint(
                name="fiche_publiee_a_une_date",
                condition=~Q(etat="publiee") | Q(publiee_le__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.titre}"

    def get_absolute_url(self) -> str:
        return reverse("fiche", args=[self.reference])

    def secteurs_confondus(self) -> list[Secteur]:
        """The sectors of ``confondu_avec``, in its order; one query."""
        known = Secteur.objects.in_bulk(self.confondu_avec, field_name="slug")
        return [known[slug] for slug in self.confondu_avec if slug in known]


class SourceFiche(models.Model):
    """The XML a fiche was read from, kept whole so that an import can be replayed."""

    fiche = models.OneToOneField(Fiche, models.CASCADE, related_name="source")
    importation = models.ForeignKey(Importation, models.PROTECT)
    fichier = models.CharField("nom du fichier", max_length=200)
    schema = models.CharField("version du schéma", max_length=10, blank=True)
    xml = models.TextField("XML d'origine")
    empreinte = models.CharField(
        "empreinte", max_length=64, help_text="SHA-256 du contenu, domaine des adresses mis à part"
    )
    elements_inconnus = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    def __str__(self) -> str:
        return self.fichier
