"""A small country: a few communes as the official code has them, and bodies on demand."""

import uuid

import pytest
from django.db import transaction

from allo3939.shared.changes import record_change
from orientation.locate import normalise
from orientation.models import Commune, Competence, Departement, Organisme

DEPARTEMENTS = {
    "01": "Ain", "11": "Aude", "18": "Cher", "72": "Sarthe", "75": "Paris",
    "77": "Seine-et-Marne", "93": "Seine-Saint-Denis", "974": "La Réunion",
}  # fmt: skip

ACTUELLE, DELEGUEE = "commune-actuelle", "commune-deleguee"
ARRONDISSEMENT = "arrondissement-municipal"

# code, name, type, département, postcodes, old codes, former names, population, parent
COMMUNES = [
    ("01025", "Bâgé-Dommartin", ACTUELLE, "01", "01380", "01144", ["Bâgé-la-Ville"], 4050, None),
    ("01144", "Dommartin", DELEGUEE, "01", "", "", [], None, "01025"),
    ("11339", "Saint-Denis", ACTUELLE, "11", "11310", "", [], 523, None),
    ("18015", "Azy", ACTUELLE, "18", "18220", "", [], 450, None),
    ("18033", "Bourges", ACTUELLE, "18", "18000", "", [], 64186, None),
    ("72003", "Allonnes", ACTUELLE, "72", "72700", "", [], 10739, None),
    ("72181", "Le Mans", ACTUELLE, "72", "72000 72100", "", [], 146249, None),
    ("72350", "La Suze-sur-Sarthe", ACTUELLE, "72", "72210", "", [], 4500, None),
    ("72346", "Souligné-Flacé", ACTUELLE, "72", "72210", "", [], 700, None),
    ("75056", "Paris", ACTUELLE, "75", "75001 75011", "", [], 2103778, None),
    ("75111", "Paris 11e Arrondissement", ARRONDISSEMENT, "75", "75011", "", [], 138170, "75056"),
    ("77188", "Fontaine-le-Port", ACTUELLE, "77", "77590", "", [], 950, None),
    ("93066", "Saint-Denis", ACTUELLE, "93", "93200 93210", "", [], 149077, None),
    ("97411", "Saint-Denis", ACTUELLE, "974", "97400 97417", "", [], 155634, None),
]  # fmt: skip


@pytest.fixture
def communes(db):
    Departement.objects.bulk_create(
        Departement(code=code, nom=nom) for code, nom in DEPARTEMENTS.items()
    )
    return {
        commune.pk: commune
        for commune in Commune.objects.bulk_create(
            Commune(
                code_insee=code,
                nom=nom,
                nom_recherche=normalise(nom),
                type=kind,
                departement_id=departement,
                codes_postaux=postcodes.split(),
                anciens_codes=old.split(),
                anciens_noms=former,
                anciens_noms_recherche="".join(f"|{normalise(each)}" for each in former),
                population=population,
                parente_id=parent,
            )
            for code, nom, kind, departement, postcodes, old, former, population, parent in COMMUNES
        )
    }


@pytest.fixture
def make_organisme(db):
    """Create a body; ``competent`` names the communes that it serves for its kind."""

    def make(nom="Mairie - Le Mans", kind="mairie", *, competent=(), insee="72181", **fields):
        organisme = Organisme.objects.create(
            **{
                "id": uuid.uuid4(),
                "nom": nom,
                "types": [kind],
                "commune_insee": insee,
                "departement_code": insee[:3] if insee.startswith("97") else insee[:2],
                "commune_nom": "Le Mans",
                "code_postal": "72000",
                "adresse": {"lignes": ["1 place Saint-Pierre"], "code_postal": "72000"},
                "telephones": [{"numero": "0261910101", "description": ""}],
            }
            | fields
        )
        for commune in competent:
            row, created = Competence.objects.get_or_create(
                commune_insee=commune, type_code=kind, defaults={"organismes": [organisme.pk]}
            )
            if not created:
                row.organismes = [*row.organismes, organisme.pk]
                row.save()
        with transaction.atomic():  # as an import does
            record_change("organismes", [str(organisme.pk)])
        return organisme

    return make
