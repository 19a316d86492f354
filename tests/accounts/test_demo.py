import pytest
from django.core.exceptions import ImproperlyConfigured

from allo3939.accounts import demo
from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Secteur


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION = True


def test_every_role_and_every_sector_gets_an_account(db, demonstration):
    assert demo.create_accounts() == len(demo.COMPTES)
    assert set(Agent.objects.values_list("role", flat=True)) == set(Role.values)
    informateurs = Agent.objects.filter(role=Role.INFORMATEUR)
    assert set(informateurs.values_list("secteur__slug", flat=True)) == set(
        Secteur.objects.values_list("slug", flat=True)
    )
    assert Secteur.objects.count() == 6


def test_the_password_shown_is_the_password(db, demonstration, client):
    demo.create_accounts()
    data = {"username": "tele1", "password": demo.MOT_DE_PASSE}
    assert client.post("/connexion/", data).status_code == 302


def test_a_second_run_creates_nothing_and_keeps_what_was_changed(db, demonstration):
    demo.create_accounts()
    Secteur.objects.filter(slug="justice").update(numero_transfert="01 99 00 00 00")
    assert demo.create_accounts() == 0
    assert Secteur.objects.get(slug="justice").numero_transfert == "01 99 00 00 00"


def test_accounts_with_a_known_password_are_refused_outside_demonstration(db, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(ImproperlyConfigured):
        demo.create_accounts()
    assert not Agent.objects.exists()


def test_the_table_names_each_account_with_its_role(db, demonstration):
    assert demo.accounts_table() == ""
    demo.create_accounts()
    table = demo.accounts_table()
    assert "info-justice" in table
    assert "Informateur (Justice)" in table
    assert demo.MOT_DE_PASSE in table


def test_a_day_of_two_ranges_is_read_from_the_fixture(db):
    demo.create_secteurs()
    horaires = Secteur.objects.get(slug="logement").horaires
    friday = [plage for plage in horaires if plage["jour"] == 4]
    assert friday == [
        {"jour": 4, "debut": "09:00", "fin": "12:30"},
        {"jour": 4, "debut": "13:30", "fin": "17:00"},
    ]
