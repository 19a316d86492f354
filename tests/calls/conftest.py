"""A small world for calls: fiches, a commune and its counter, a call in progress."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from allo3939.accounts.models import Secteur
from allo3939.shared.push import PRESENCE_PREFIX, redis_client
from calls import presence, record
from knowledge.compose import compose
from knowledge.models import Fiche
from orientation.models import Commune, Competence, Departement, Organisme

WEEK = [{"jour": day, "debut": "00:00", "fin": "23:59", "commentaire": ""} for day in range(7)]


@pytest.fixture
def always_open(secteur):
    """The sector Justice, open whenever the tests run."""
    secteur.horaires = WEEK
    secteur.save()
    return secteur


@pytest.fixture
def make_secteur(db):
    """Create another sector; without hours, so never known to be closed."""

    def make(slug, **fields):
        names = {"nom": slug.capitalize(), "numero_transfert": "01 99 00 39 09", "ordre": 9}
        return Secteur.objects.create(slug=slug, **(names | fields))

    return make


@pytest.fixture
def closed_now():
    """Hours of a sector that opens in three days."""
    day = (timezone.localdate() + timedelta(days=3)).weekday()
    return [{"jour": day, "debut": "09:00", "fin": "17:00"}]


@pytest.fixture
def connect(db):
    """Say that the desk of an informateur is open; forgotten after the test."""
    keys = set()

    def heartbeat(agent):
        key = PRESENCE_PREFIX + agent.secteur.slug
        if key not in keys:
            redis_client().delete(key)  # what the pages of an earlier test said
            keys.add(key)
        presence.beat(agent)
        return agent

    yield heartbeat
    for key in keys:
        redis_client().delete(key)


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
