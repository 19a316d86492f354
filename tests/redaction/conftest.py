"""Two sectors with their people and their fiches."""

from datetime import date

import pytest

from allo3939.accounts.models import Secteur
from knowledge.models import Fiche, Theme
from knowledge.publish import publish
from tests.knowledge import proposed


@pytest.fixture
def autre(db):
    """Another sector."""
    return Secteur.objects.create(
        slug="fiscalite", nom="Fiscalité", ordre=5, numero_transfert="01 99 00 39 05"
    )


@pytest.fixture
def make_fiche(secteur):
    """A fiche born here, published; of the sector Justice by default, of level 1 for None."""

    def make(reference="A39-0901", *, owner=secteur, draft=False, **fields):
        name = owner.nom if owner else "Niveau 1"
        theme, _ = Theme.objects.get_or_create(
            code=f"theme-{owner.slug if owner else 'niveau-1'}",
            defaults={"titre": f"Thème {name}", "secteur": owner},
        )
        values = {
            "nature": "reponse",
            "titre": f"Fiche {reference}",
            "a_dire": "L'acte se demande à la mairie du lieu de naissance.",
            "mots_cles": ["acte"],
            "sources": [{"titre": "Code civil", "url": ""}],
            "verifiee_le": date(2026, 11, 3),
        }
        fiche = Fiche(
            reference=reference,
            origine="allo3939",
            theme=theme,
            secteur=owner,
            **(values | fields),
        )
        if draft:
            fiche.save()
            return fiche
        return publish(fiche, by=None)

    return make


@pytest.fixture
def write():
    """A proposition of an agent on a fiche, with fields as the form would save them."""

    def save(agent, fiche, *, motif="Plus précis", submit=False, **champs):
        make = proposed.submit if submit else proposed.write
        return make(fiche, agent, motif=motif, **champs)

    return save
