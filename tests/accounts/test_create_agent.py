import pytest
from django.core.management import CommandError, call_command

from allo3939.accounts.management.commands import create_agent
from allo3939.accounts.models import Agent


@pytest.fixture
def typed(monkeypatch):
    """What is typed when the password is asked for."""

    def type_in(password: str) -> None:
        monkeypatch.setattr(create_agent, "getpass", lambda prompt: password)

    type_in("une phrase assez longue")
    return type_in


def test_an_installation_gets_its_first_administrateur(db, typed, client):
    call_command("create_agent", "camille", "administrateur")
    data = {"username": "camille", "password": "une phrase assez longue"}
    assert client.post("/connexion/", data).status_code == 302
    assert Agent.objects.get().role == "administrateur"


def test_an_informateur_is_given_a_sector(secteur, typed):
    call_command("create_agent", "camille", "informateur", secteur="justice")
    assert Agent.objects.get().secteur == secteur


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("camille", "informateur"), "appartient à un secteur"),
        (("camille", "informateur", "--secteur", "inconnu"), "Il n'y a pas de secteur"),
        (("camille", "chef"), "chef"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(secteur, typed, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("create_agent", *arguments)
    assert not Agent.objects.exists()


def test_a_short_password_is_refused(db, typed):
    typed("court")
    with pytest.raises(CommandError, match="trop court"):
        call_command("create_agent", "camille", "administrateur")
    assert not Agent.objects.exists()
