"""Public bodies, their kinds, and who serves whom."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Concat, Lower, Replace
from django.urls import reverse
from simple_history.models import HistoricalRecords

from allo3939.accounts.models import Secteur
from orientation.enums import Accessibilite, EtatOrganisme
from orientation.querysets import OrganismeQuerySet, TypeServiceQuerySet

_ACCENTS = "ÀÂÄÁÃÅÇÉÈÊËÎÏÍÌÔÖÓÒÕÛÜÙÚŸÑàâäáãåçéèêëîïíìôöóòõûüùúÿñ"
_LETTERS = "AAAAAACEEEEIIIIOOOOOUUUUYNaaaaaaceeeeiiiiooooouuuuyn"


def _folded(*fields: str) -> Func:
    """Fields as `locate.fold` folds a text, by the database; whatever its locale, no extension."""
    joined = Concat(*(each for field in fields for each in (field, Value(" "))))
    plain = Replace(Replace(joined, Value("œ"), Value("oe")), Value("Œ"), Value("oe"))
    letters = Lower(Func(plain, Value(_ACCENTS), Value(_LETTERS), function="translate"))
    return Func(letters, Value("[^a-z0-9]+"), Value(" "), Value("g"), function="regexp_replace")


class TypeService(models.Model):
    """A kind of office, as DILA's ``type_service_local`` codes it; an unknown code is kept."""

    code = models.CharField("code", max_length=60, primary_key=True)
    libelle = models.CharField("libellé", max_length=150)
    secteur = models.ForeignKey(
        Secteur,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="secteur",
        help_text="dont les partenaires tiennent à jour les organismes de ce type",
    )

    objects = TypeServiceQuerySet.as_manager()

    class Meta:
        ordering = ("libelle",)
        verbose_name = "type d'organisme"
        verbose_name_plural = "types d'organisme"

    def __str__(self) -> str:
        return self.libelle


class Organisme(models.Model):
    """A public body or counter of DILA's directory. Names of officials are never stored."""

    id = models.UUIDField("identifiant", primary_key=True)
    nom = models.CharField("nom", max_length=300)
    sigle = models.CharField("sigle", max_length=60, blank=True)
    ancien_code_pivot = models.CharField(max_length=80, blank=True)
    types = ArrayField(
        models.CharField(max_length=60), verbose_name="types", default=list, blank=True
    )
    commune_insee = models.CharField(
        "commune (INSEE)", max_length=5, blank=True, help_text="où l'organisme se trouve"
    )
    departement_code = models.CharField("département", max_length=3, blank=True)
    adresse = models.JSONField(
        "adresse",
        default=dict,
        blank=True,
        help_text="lignes, code_postal, commune, accessibilite, note_accessibilite",
    )
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    commune_nom = models.CharField("commune", max_length=120, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    telephones = models.JSONField(
        "téléphones", default=list, blank=True, help_text="liste de {numero, description}"
    )
    courriels = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    formulaires = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    sites = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    plages = models.JSONField(
        "horaires",
        default=list,
        blank=True,
        help_text="liste de {jour: 0 à 6, debut: HH:MM, fin: HH:MM, commentaire}",
    )
    commentaire_plages = models.TextField("remarque sur les horaires", blank=True)
    informations = models.TextField("informations", blank=True)
    source_modifiee_le = models.DateTimeField("modifié le (source)", null=True, blank=True)
    url = models.CharField("fiche publique", max_length=500, blank=True)
    etat = models.CharField(
        "état", max_length=10, choices=EtatOrganisme.choices, default=EtatOrganisme.PRESENT
    )
    empreinte = models.CharField("empreinte", max_length=32, help_text="du contenu de la source")
    details = models.JSONField(
        "autres données de la source",
        default=dict,
        db_default={},
        blank=True,
        help_text="ce que la source dit de plus, sous ses propres clés ; jamais les noms d'agents",
    )
    verifie_le = models.DateTimeField("vérifié le", null=True, blank=True)
    verifie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="vérifié par",
    )
    nom_recherche = models.GeneratedField(
        expression=_folded("nom", "sigle", "commune_nom"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = OrganismeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["nom_recherche", "empreinte"])

    class Meta:
        ordering = ("nom", "id")
        verbose_name = "organisme"
        indexes = [
            GinIndex(fields=("types",), name="organisme_types"),
            models.Index(fields=("commune_insee",), name="organisme_commune"),
            models.Index(fields=("departement_code",), name="organisme_departement"),
            models.Index(fields=("nom", "id"), name="organisme_nom"),
            models.Index(
                fields=("code_postal",),
                name="organisme_code_postal",
                opclasses=("varchar_pattern_ops",),
            ),
            GinIndex(SearchVector("nom_recherche", config="simple"), name="organisme_mots"),
        ]
        constraints = [
            models.CheckConstraint(
                name="organisme_verifie_par_quelqu_un",
                condition=models.Q(verifie_le__isnull=True, verifie_par__isnull=True)
                | models.Q(verifie_le__isnull=False, verifie_par__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("organisme", args=[self.pk])

    @property
    def adresse_en_ligne(self) -> str:
        """« 3 rue du Général-Roux, 77590 Fontaine-le-Port »."""
        town = f"{self.code_postal} {self.commune_nom}".strip()
        return ", ".join(line for line in (*self.adresse.get("lignes", ()), town) if line)

    @property
    def accessibilite(self) -> str:
        """In words, with the source's note; "" when the source does not tell."""
        code, note = (self.adresse.get(key, "") for key in ("accessibilite", "note_accessibilite"))
        known = dict(Accessibilite.choices).get(code, code)
        return "\u00a0: ".join(str(part) for part in (known, note) if part)


class Competence(models.Model):
    """Which bodies of one kind serve a commune, as DILA's per-commune files say.

    Several bodies for one commune and kind are normal: all are shown, the first is the likeliest.
    """

    commune_insee = models.CharField("commune (INSEE)", max_length=5)
    type_code = models.CharField("type d'organisme", max_length=60)
    organismes = ArrayField(models.UUIDField(), verbose_name="organismes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("commune_insee", "type_code"), name="competence_commune_type"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commune_insee} · {self.type_code}"


class EmpreinteCompetence(models.Model):
    """What the source last said of a commune's competence: 45 rows that need not be compared."""

    commune_insee = models.CharField("commune (INSEE)", max_length=5, primary_key=True)
    empreinte = models.CharField("empreinte", max_length=32)

    def __str__(self) -> str:
        return self.commune_insee
