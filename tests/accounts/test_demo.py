import pytest
from django.core.exceptions import ImproperlyConfigured

from allo3939.accounts import demo
from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Secteur

SECTEURS = ("interieur", "travail", "consommation", "justice", "fiscalite", "logement")


@pytest.fixture
def demonstration(settings, db):
    settings.DEMONSTRATION = True
    for slug in SECTEURS:
        Secteur.objects.create(slug=slug, nom=slug.title(), numero_transfert="01 99 00 39 00")


def test_every_role_and_every_sector_gets_an_account(demonstration):
    assert demo.create_accounts() == len(demo.COMPTES)
    assert set(Agent.objects.values_list("role", flat=True)) == set(Role.values)
    informateurs = Agent.objects.filter(role=Role.INFORMATEUR)
    assert set(informateurs.values_list("secteur__slug", flat=True)) == set(SECTEURS)


def test_the_password_shown_is_the_password(demonstration, client):
    demo.create_accounts()
    data = {"username": "tele1", "password": demo.MOT_DE_PASSE}
    assert client.post("/connexion/", data).status_code == 302


def test_a_second_run_creates_nothing_and_keeps_what_was_changed(demonstration):
    demo.create_accounts()
    Agent.objects.filter(username="tele1").update(poste="Poste 999")
    assert demo.create_accounts() == 0
    assert Agent.objects.get(username="tele1").poste == "Poste 999"


def test_accounts_with_a_known_password_are_refused_outside_demonstration(db, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(ImproperlyConfigured):
        demo.create_accounts()
    assert not Agent.objects.exists()


def test_the_table_names_each_account_with_its_role(demonstration):
    assert demo.accounts_table() == ""
    demo.create_accounts()
    table = demo.accounts_table()
    assert "info-justice" in table
    assert "Informateur (Justice)" in table
    assert demo.MOT_DE_PASSE in table
