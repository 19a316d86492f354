import pytest
from django.urls import reverse

from allo3939.accounts.enums import Role
from allo3939.accounts.forms import read_plages
from allo3939.accounts.models import Agent

AJOUT = reverse("admin:accounts_agent_add")
NEW = {
    "username": "nouvelle",
    "usable_password": "true",
    "password1": "une phrase assez longue",
    "password2": "une phrase assez longue",
    "role": "informateur",
    "poste": "Poste 12",
    "site": "Metz",
}


def test_an_administrateur_creates_an_informateur_of_a_sector(client, login, secteur):
    login(Role.ADMINISTRATEUR)
    response = client.post(AJOUT, NEW | {"secteur": secteur.pk})
    assert response.status_code == 302
    agent = Agent.objects.get(username="nouvelle")
    assert (agent.role, agent.secteur) == ("informateur", secteur)
    assert agent.check_password("une phrase assez longue")


def test_an_informateur_without_a_sector_is_refused_with_the_reason(client, login):
    login(Role.ADMINISTRATEUR)
    response = client.post(AJOUT, NEW)
    assert "Un informateur ou un partenaire appartient à un secteur" in response.content.decode()
    assert not Agent.objects.filter(username="nouvelle").exists()


def test_an_administrateur_gives_a_new_password(client, login, make_agent):
    login(Role.ADMINISTRATEUR)
    agent = make_agent()
    url = reverse("admin:auth_user_password_change", args=[agent.pk])
    data = {key: NEW[key] for key in ("usable_password", "password1", "password2")}
    assert client.post(url, data).status_code == 302
    agent.refresh_from_db()
    assert agent.check_password("une phrase assez longue")


def test_django_groups_and_permissions_are_not_offered(client, login, make_agent):
    agent = login(Role.ADMINISTRATEUR)
    html = client.get(reverse("admin:accounts_agent_change", args=[agent.pk])).content.decode()
    assert 'name="role"' in html
    for name in ("is_superuser", "is_staff", "groups", "user_permissions"):
        assert f'name="{name}"' not in html


def test_accounts_are_deactivated_never_deleted(client, login, make_agent):
    login(Role.ADMINISTRATEUR)
    url = reverse("admin:accounts_agent_delete", args=[make_agent().pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [Role.REDACTEUR, Role.SUPERVISEUR, Role.TELECONSEILLER])
def test_accounts_are_closed_to_other_roles(client, login, role):
    login(role)
    assert client.get(AJOUT).status_code == 403


def test_a_sector_s_hours_are_typed_day_by_day(client, login, secteur):
    login(Role.ADMINISTRATEUR)
    url = reverse("admin:accounts_secteur_change", args=[secteur.pk])
    html = client.get(url).content.decode()
    assert 'name="lundi" value="08:30-18:00"' in html
    data = {
        "nom": "Justice",
        "slug": "justice",
        "ordre": 4,
        "numero_transfert": "01 99 00 39 04",
        "lundi": "8h30-12h30, 13:30 - 18:00",
        "samedi": "9h-12h",
    }
    assert client.post(url, data).status_code == 302
    secteur.refresh_from_db()
    assert secteur.horaires == [
        {"jour": 0, "debut": "08:30", "fin": "12:30"},
        {"jour": 0, "debut": "13:30", "fin": "18:00"},
        {"jour": 5, "debut": "09:00", "fin": "12:00"},
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("le matin", "n'est pas une plage horaire"),
        ("25:00-26:00", "n'existe pas"),
        ("10:70-11:00", "n'existe pas"),
        ("18:00-08:30", "la fin précède"),
        ("08:00-12:00, 11:00-13:00", "avant la fin d'une autre plage"),
    ],
)
def test_hours_that_make_no_sense_are_refused_beside_their_day(
    client, login, secteur, text, reason
):
    login(Role.ADMINISTRATEUR)
    before = secteur.horaires
    url = reverse("admin:accounts_secteur_change", args=[secteur.pk])
    data = {"nom": "J", "slug": "justice", "ordre": 4, "numero_transfert": "01", "mardi": text}
    html = client.post(url, data).content.decode()
    assert reason in html.replace("&#x27;", "'")
    secteur.refresh_from_db()
    assert secteur.horaires == before


def test_no_hours_mean_closed():
    assert read_plages("") == []
