"""A small world for calls: fiches, a commune and its counter, a call in progress."""

import uuid

import pytest
from django.utils import timezone

from calls import record
from knowledge.compose import compose
from knowledge.models import Fiche
from orientation.models import Commune, Competence, Departement, Organisme

WEEK = [{"jour": day, "debut": "00:00", "fin": "23:59", "commentaire": ""} for day in range(7)]


@pytest.fixture
def make_fiche(db):
    """Create a published native fiche; fields as the model's."""

    def make(reference="A39-0001", **fields):
        defaults = {
            "titre": f"Fiche {reference}",
            "nature": "reponse",
            "a_dire": "À dire.",
            "etat": "publiee",
            "publiee_le": timezone.now(),
        }
        fiche = Fiche(reference=reference, origine="allo3939", **(defaults | fields))
        fiche.contenu = compose(fiche)
        fiche.save()
        return fiche

    return make


@pytest.fixture
def fiche_reponse(make_fiche):
    """A fiche with one fork of two cases, each with its spoken text; the mairie is competent."""
    return make_fiche(
        "A39-0001",
        titre="Carte grise après un décès",
        a_dire="Commun à tous.",
        mots_cles=["succession"],
        organismes=["mairie"],
        parcours={
            "questions": [
                {
                    "code": "vehicule",
                    "texte": "Gardé ou vendu ?",
                    "choix": [
                        {"code": "garde", "libelle": "Gardé"},
                        {"code": "vendu", "libelle": "Vendu"},
                    ],
                }
            ],
            "issues": [
                {"titre": "véhicule gardé", "si": {"vehicule": ["garde"]}, "a_dire": "Un mois."},
                {"titre": "véhicule vendu", "si": {"vehicule": ["vendu"]}, "a_dire": "Trois mois."},
            ],
        },
    )


@pytest.fixture
def fiche_escalade(make_fiche, secteur):
    return make_fiche(
        "A39-0002", titre="Succession contestée", nature="escalade", cible=secteur,
        definition="Désaccord entre héritiers.",
    )  # fmt: skip


@pytest.fixture
def commune(db):
    departement = Departement.objects.create(code="72", nom="Sarthe")
    return Commune.objects.create(
        code_insee="72181",
        nom="Le Mans",
        nom_recherche="le mans",
        type="commune-actuelle",
        departement=departement,
        codes_postaux=["72000", "72100"],
        population=145000,
    )


@pytest.fixture
def make_organisme(commune):
    def make(nom="Mairie - Le Mans", kind="mairie", *, competent=True):
        organisme = Organisme.objects.create(
            id=uuid.uuid4(),
            nom=nom,
            types=[kind],
            commune_insee=commune.pk,
            departement_code="72",
            commune_nom="Le Mans",
            code_postal="72000",
            telephones=[{"numero": "0261910101", "description": ""}],
            plages=WEEK,
        )
        if competent:
            row, created = Competence.objects.get_or_create(
                commune_insee=commune.pk,
                type_code=kind,
                defaults={"organismes": [organisme.pk]},
            )
            if not created:
                row.organismes = [*row.organismes, organisme.pk]
                row.save()
        return organisme

    return make


@pytest.fixture
def appel(login):
    """A call just picked up by the teleconseiller who is logged in."""
    return record.pick_up(login())


@pytest.fixture
def demande(appel):
    return record.current_question(appel)
