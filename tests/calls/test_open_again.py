"""The state of the offices on the console, read again after exceptional hours were pushed."""

from datetime import timedelta

from django.utils import timezone

from calls import desk, record
from orientation.models import Fermeture

URL = "/console/ouvertures/"


def test_the_offices_on_screen_are_read_again_and_nothing_else(
    client, demande, make_organisme, make_agent
):
    body = make_organisme()
    desk.give(desk.read_desk(demande.appel.agent), organisme=body)
    assert "grève nationale" not in client.get(URL).content.decode()
    now = timezone.now()
    Fermeture.objects.create(
        motif="grève nationale",
        du=now - timedelta(hours=1),
        au=now + timedelta(hours=9),
        types=["mairie"],
        auteur=make_agent("redacteur"),
    )
    content = client.get(URL).content.decode()
    assert str(body.pk) in content
    assert "grève nationale" in content
    assert content.count("hx-swap-oob") == content.count(" id=")
    assert "data-a39-foyer" not in content
    assert 'id="lecture"' not in content


def test_without_an_office_there_is_nothing_to_read(client, demande):
    assert client.get(URL).status_code == 204


def test_outside_a_call_there_is_nothing_to_read(client, login):
    login()
    assert client.get(URL).status_code == 204


def test_another_agent_s_offices_are_not_read(client, demande, make_organisme, login):
    body = make_organisme()
    desk.give(desk.read_desk(demande.appel.agent), organisme=body)
    other = login(username="autre")
    record.pick_up(other)
    assert client.get(URL).status_code == 204
