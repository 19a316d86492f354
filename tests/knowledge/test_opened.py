"""Somebody who has the form of a fiche open is told to the others, though nothing is kept yet."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allo3939.accounts.enums import Role
from knowledge import opened
from knowledge.models import Fiche
from tests.knowledge.proposed import make_fiche

ONLY_OPENED = "sans rien y garder encore"


@pytest.fixture(autouse=True)
def nobody():
    cache.clear()


@pytest.fixture
def fiche(db, secteur):
    return make_fiche(secteur)


def page(client, fiche):
    url = reverse("admin:knowledge_fiche_change", args=[fiche.pk])
    return client.get(url).content.decode().partition("data-a39-autres")[2].partition("</div>")[0]


def test_who_opens_it_after_somebody_is_told(client, login, fiche):
    login(Role.REDACTEUR, username="premier", poste="Poste 1")
    assert ONLY_OPENED not in page(client, fiche)
    assert ONLY_OPENED not in page(client, fiche)  # oneself is nobody else

    login(Role.REDACTEUR, username="seconde", poste="Poste 2")
    told = page(client, fiche)

    assert "<b>Poste 1" in told
    assert "a ouvert cette fiche" in told
    assert ONLY_OPENED in told


def test_the_first_one_is_told_at_the_next_saving(client, login, fiche, make_agent):
    opened.note(fiche, by=make_agent(Role.REDACTEUR, username="seconde", poste="Poste 2"))
    login(Role.REDACTEUR, username="premier")

    told = client.post(reverse("edition-enregistrer", args=[fiche.reference]), {"titre": "Autre"})

    assert "<b>Poste 2" in told.json()["autres"]


def test_a_fiche_apart_tells_nothing(client, login, fiche, make_agent):
    elsewhere = Fiche(pk=fiche.pk + 1)
    opened.note(elsewhere, by=make_agent(Role.REDACTEUR, username="seconde"))
    login(Role.REDACTEUR, username="premier")

    assert ONLY_OPENED not in page(client, fiche)


def test_the_page_costs_the_same_queries_for_one_and_ten_others(client, login, fiche, make_agent):
    login(Role.REDACTEUR, username="premier")
    counts = []
    for names in (["a"], "bcdefghij"):
        for name in names:
            opened.note(fiche, by=make_agent(Role.REDACTEUR, username=name))
        with CaptureQueriesContext(connection) as asked:
            page(client, fiche)
        counts.append(len(asked))
    assert counts[0] == counts[1]
