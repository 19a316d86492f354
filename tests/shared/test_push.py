"""The real front, on a real port, with the real Redis."""

import asyncio
import http.client
import json
import socket
import threading
import time

import pytest
import uvicorn
from django.db import transaction
from django.urls import reverse

from allo3939 import push
from allo3939.accounts.enums import Role
from allo3939.shared import push as publishing
from calls import flash

CONNECTED = ["retry: 3000", "event: connexion", "data:", ""]


@pytest.fixture
def front(transactional_db):
    """The address of the front, served by uvicorn in a thread."""
    from allo3939.asgi import application

    config = uvicorn.Config(
        application, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def connections():
    """What `ask` opens, closed at the end."""
    opened = []
    yield opened
    for connection in opened:
        connection.close()


@pytest.fixture
def ask(front, client, connections):
    """Ask the front with the test client's cookies."""

    def get(path: str, method: str = "GET", **headers) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(*front, timeout=5)
        connections.append(connection)
        headers["Cookie"] = "; ".join(f"{name}={c.value}" for name, c in client.cookies.items())
        connection.request(method, path, headers=headers)
        return connection.getresponse()

    return get


def event(stream: http.client.HTTPResponse) -> list[str]:
    """The lines of the stream up to the next empty one."""
    lines = []
    while not lines or lines[-1]:
        lines.append(stream.readline().decode().rstrip("\n"))
    return lines


def test_an_informateur_learns_that_the_sector_changed(ask, login, secteur):
    login(Role.INFORMATEUR)
    stream = ask("/flux/secteur/")
    assert stream.status == 200
    assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert event(stream) == CONNECTED
    publishing.notify(publishing.secteur_channel("justice"), "secteur", "12")
    assert event(stream) == ["event: secteur", "data: 12", ""]


def test_a_teleconseiller_learns_of_the_own_transfers_only(ask, login):
    agent = login(Role.TELECONSEILLER)
    stream = ask("/flux/agent/")
    assert event(stream) == CONNECTED
    publishing.notify(publishing.agent_channel(agent.pk + 1), "transfert", "1")
    publishing.notify(publishing.agent_channel(agent.pk), "transfert", "2")
    assert event(stream) == ["event: transfert", "data: 2", ""]


def test_every_teleconseiller_hears_what_is_for_all_and_an_informateur_does_not(
    ask, login, secteur, client, make_agent
):
    login(Role.TELECONSEILLER)
    console = ask("/flux/agent/")
    assert event(console) == CONNECTED
    client.logout()
    login(Role.INFORMATEUR)
    desk = ask("/flux/secteur/")
    assert event(desk) == CONNECTED
    publishing.notify(publishing.agents_channel(), "horaires")
    publishing.notify(publishing.secteur_channel("justice"), "secteur", "12")
    assert event(console) == ["event: horaires", "data: ", ""]
    assert event(desk) == ["event: secteur", "data: 12", ""]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_hears_what_is_for_everybody(ask, login, role):
    login(role)
    stream = ask("/flux/commun/")
    assert event(stream) == CONNECTED
    publishing.notify(publishing.everyone_channel(), "flash", "7")
    assert event(stream) == ["event: flash", "data: 7", ""]


def test_what_is_for_everybody_comes_on_the_stream_that_a_desk_has_already(ask, login, client):
    login(Role.TELECONSEILLER)
    console = ask("/flux/agent/")
    assert event(console) == CONNECTED
    client.logout()
    login(Role.INFORMATEUR)
    desk = ask("/flux/secteur/")
    assert event(desk) == CONNECTED
    publishing.notify(publishing.everyone_channel(), "flash", "7")
    for stream in (console, desk):
        assert event(stream) == ["event: flash", "data: 7", ""]


def test_a_flash_comes_to_a_page_within_two_seconds(ask, login, make_agent, connections):
    login(Role.TELECONSEILLER)
    stream = ask("/flux/agent/")
    assert event(stream) == CONNECTED
    connections[-1].sock.settimeout(2)  # nothing read meanwhile fails

    flash.send("Téléservice indisponible", by=make_agent(Role.SUPERVISEUR))

    assert event(stream)[0] == "event: flash"
    assert "Téléservice indisponible" in ask("/flash/").read().decode()


def test_what_is_rolled_back_is_not_announced(ask, login):
    agent = login(Role.TELECONSEILLER)
    stream = ask("/flux/agent/")
    event(stream)

    def announce_then_fail():
        with transaction.atomic():
            publishing.notify(publishing.agent_channel(agent.pk), "transfert", "1")
            raise LookupError

    with pytest.raises(LookupError):
        announce_then_fail()
    publishing.notify(publishing.agent_channel(agent.pk), "transfert", "2")
    assert event(stream)[1] == "data: 2"


def test_a_stream_is_refused_without_a_login(ask):
    assert ask("/flux/secteur/").status == 401


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.TELECONSEILLER, "/flux/secteur/"),
        (Role.PARTENAIRE, "/flux/secteur/"),
        (Role.INFORMATEUR, "/flux/agent/"),
        (Role.SUPERVISEUR, "/flux/agent/"),
    ],
)
def test_a_stream_is_refused_to_another_role(ask, login, role, path):
    login(role)
    assert ask(path).status == 403


def test_a_stream_is_only_read(ask, login):
    login(Role.INFORMATEUR)
    assert ask("/flux/secteur/", method="POST").status == 405


def test_a_stream_ends_with_the_session(ask, login, client, monkeypatch):
    monkeypatch.setattr(push, "SESSION_CHECK", 0.2)
    login(Role.TELECONSEILLER)
    stream = ask("/flux/agent/")
    event(stream)
    client.post(reverse("deconnexion"))
    assert stream.read() == b""


def test_a_stream_ends_when_the_agent_changes_role(ask, login, monkeypatch):
    monkeypatch.setattr(push, "SESSION_CHECK", 0.2)
    agent = login(Role.TELECONSEILLER)
    stream = ask("/flux/agent/")
    event(stream)
    agent.role = Role.SUPERVISEUR
    agent.save()
    assert stream.read() == b""


def test_an_open_screen_keeps_its_informateur_present(ask, login, monkeypatch):
    monkeypatch.setattr(push, "HEARTBEAT", 0.2)
    key = publishing.PRESENCE_PREFIX + "justice"
    publishing.redis_client().delete(key)
    agent = login(Role.INFORMATEUR)
    stream = ask("/flux/secteur/")
    event(stream)
    first = publishing.redis_client().zscore(key, agent.pk)
    assert first == pytest.approx(time.time(), abs=5)
    assert event(stream) == [": vivant", ""]
    assert publishing.redis_client().zscore(key, agent.pk) > first


def test_idle_streams_take_no_thread_from_the_pages(ask, login):
    login(Role.TELECONSEILLER)
    streams = [ask("/flux/agent/") for _ in range(30)]
    assert all(event(stream) == CONNECTED for stream in streams)
    threads = threading.active_count()
    assert ask("/preferences/").status == 200
    assert threading.active_count() <= threads + 1


def test_a_browser_that_leaves_frees_its_stream(ask, connections, login):
    agent = login(Role.TELECONSEILLER)
    stream = ask("/flux/agent/")
    event(stream)
    channel = publishing.CHANNEL_PREFIX + publishing.agent_channel(agent.pk)
    assert publishing.redis_client().pubsub_numsub(channel)[0][1] == 1
    stream.close()
    connections.pop().close()
    deadline = time.monotonic() + 5
    while publishing.redis_client().pubsub_numsub(channel)[0][1]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_browser_too_slow_to_read_is_let_go(monkeypatch):
    monkeypatch.setattr(push, "SLOW_CLIENT", 0.05)

    async def never_read(message):
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        asyncio.run(push._write(never_read, "event: secteur\n\n"))


@pytest.fixture
def redis_away(settings):
    """No server at the address of Redis."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    publishing.redis_client.cache_clear()
    yield
    publishing.redis_client.cache_clear()


def test_a_lost_redis_never_fails_what_was_done(db, redis_away, caplog):
    publishing._send("agent:1", "transfert", "1")
    assert "push not sent" in caplog.text


def test_a_stream_without_redis_says_come_back_later(ask, login, redis_away):
    login(Role.TELECONSEILLER)
    assert ask("/flux/agent/").status == 503


def test_the_word_sent_is_what_the_stream_reads():
    with publishing.redis_client().pubsub() as pubsub:
        pubsub.subscribe(publishing.CHANNEL_PREFIX + "agent:1")
        assert pubsub.get_message(timeout=2)["type"] == "subscribe"
        publishing._send("agent:1", "transfert", "3")
        assert json.loads(pubsub.get_message(timeout=2)["data"]) == ["transfert", "3"]


def test_other_pages_come_from_django(ask):
    response = ask("/sante/vivant")
    assert (response.status, response.read()) == (200, b"vivant\n")


def test_a_header_cannot_pass_for_one_that_the_proxy_sets(ask, settings):
    settings.USE_X_FORWARDED_HOST = True
    assert ask("/connexion/", **{"X-Forwarded-Host": "exemple.fr"}).status == 400
    assert ask("/connexion/", X_Forwarded_Host="exemple.fr").status == 200


def test_a_request_cut_short_is_not_taken_for_a_whole_one(front, login, client):
    agent = login()
    client.get("/preferences/")
    token = client.cookies["csrftoken"].value
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())

    def send(theme: str, *, missing: int) -> None:
        body = f"csrfmiddlewaretoken={token}&raccourcis=on&theme={theme}"
        head = (
            "POST /preferences/ HTTP/1.1\r\n"
            f"Host: localhost\r\nCookie: {cookies}\r\nConnection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body) + missing}\r\n\r\n"
        )
        with socket.create_connection(front, timeout=5) as connection:
            connection.sendall((head + body).encode())
            if missing:
                time.sleep(0.2)  # the view is waiting for the rest
            else:
                connection.recv(1000)
        time.sleep(0.3)
        agent.refresh_from_db()

    send("light", missing=0)
    assert agent.theme == "light"
    send("dark", missing=20)
    assert agent.theme == "light"


def test_a_page_larger_than_what_is_held_comes_whole(ask, login, monkeypatch):
    login()
    for held in (10_000_000, 100):
        monkeypatch.setattr("allo3939.pages.HELD_MAX", held)
        page = ask("/preferences/")
        text = page.read()
        assert page.status == 200
        assert len(text) == int(page.headers["Content-Length"])
        assert text.startswith(b"<!doctype html>")
        assert text.endswith(b"</html>\n")


def test_a_form_that_comes_in_parts_is_taken_whole(front, login, client):
    agent = login()
    client.get("/preferences/")
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    body = f"csrfmiddlewaretoken={client.cookies['csrftoken'].value}&raccourcis=on&theme=dark"
    head = (
        f"POST /preferences/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"
        "Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(front, timeout=5) as connection:
        connection.sendall(f"{head}{body[:20]}".encode())
        time.sleep(0.2)
        connection.sendall(body[20:].encode())
        assert b" 302 " in connection.recv(1000).splitlines()[0]
    agent.refresh_from_db()
    assert agent.theme == "dark"
