"""What the switch tells counts once, in order; the caller's number stops at the door."""

import io
import json
import logging
import threading
import time
from datetime import timedelta
from itertools import permutations

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from allo3939.shared.push import CHANNEL_PREFIX, agent_channel, redis_client
from calls import escalate, record, telephony
from calls.models import Appel, Communication, Demande
from calls.telephony.receive import receive
from calls.telephony.sign import HORODATAGE, SIGNATURE, sign
from calls.views import telephony as views

ADDRESS = "/telephonie/evenements/"
# In parts: an error page shows the lines of the source around an error.
NUMBER = "06" + "39" + "9812" + "45"
SPELLINGS = (
    NUMBER,
    " ".join(NUMBER[at : at + 2] for at in range(0, 10, 2)),
    "+33" + NUMBER[1:],
    NUMBER[1:],
)


@pytest.fixture(autouse=True)
def wired(settings):
    settings.TELEPHONIE_SECRET = "un secret pour les essais"


@pytest.fixture
def agent(login):
    return login(poste="Poste 214")


@pytest.fixture
def post(client, db):
    """Send a body as the switch does; keyword arguments change the signature."""

    def send(body, *, at=None, signature=None, **options):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = int(time.time()) if at is None else at
        headers = {
            HORODATAGE: str(at),
            SIGNATURE: sign(raw, at=at) if signature is None else signature,
        }
        options.setdefault("content_type", "application/json")
        return client.post(ADDRESS, raw, headers=headers, **options)

    return send


@pytest.fixture
def tell(post):
    """Tell an event of the call « a » at the extension 214, of that rank."""

    def send(event, sequence, **fields):
        fields = {"call": "a", "extension": "214", "sequence": sequence} | fields
        return post({"event": event} | fields)

    return send


def test_a_call_goes_from_its_ringing_to_its_end(agent, tell):
    assert tell("ringing", 0).status_code == 200
    assert not Appel.objects.exists()
    assert tell("answered", 1).status_code == 200
    appel = record.open_call(agent)
    assert appel.demandes.count() == 1
    tell("held", 2)
    assert Communication.objects.get().etat == "en_attente"
    tell("answered", 3)
    tell("hung_up", 4)

    communication = Communication.objects.get()
    assert (communication.etat, communication.appel, communication.poste) == (
        "raccrochee",
        appel,
        "214",
    )
    appel.refresh_from_db()
    assert appel.raccroche_le >= appel.commence_le
    assert appel.termine_le is None


def test_a_call_picked_up_by_hand_is_the_one_the_switch_tells_of(agent, tell):
    appel = record.pick_up(agent)

    tell("answered", 1)

    assert Communication.objects.get().appel == appel
    assert Appel.objects.count() == 1


def test_without_telephony_f2_picks_up_and_the_console_asks_nothing_of_it(
    settings, client, agent, django_assert_num_queries
):
    settings.TELEPHONIE_SECRET = ""
    page = client.get("/console/").content.decode()
    assert 'data-a39-touche="F2"' in page
    assert "/console/telephone/" not in page
    assert 'id="telephone"' not in page
    with django_assert_num_queries(0):
        assert telephony.line_of(agent, appel=None) is None

    client.post("/console/appel/")

    assert record.open_call(agent)


# --- The signature ------------------------------------------------------------------------------
EVENT = {"event": "ringing", "call": "a", "extension": "214", "sequence": 0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": ""},
        {"signature": "sha256=" + "0" * 64},
        {"signature": "é"},
        {"at": 0},
        {"at": 10**11},
    ],
)
def test_what_is_not_signed_now_is_refused(agent, post, wrong):
    assert post(EVENT, **wrong).status_code == 403
    assert not Communication.objects.exists()


@pytest.mark.parametrize(("age", "status"), [(280, 200), (320, 403), (-280, 200), (-320, 403)])
def test_a_signature_holds_five_minutes_on_both_sides(agent, post, age, status):
    assert post(EVENT, at=int(time.time()) - age).status_code == status


def test_a_signature_covers_the_body_and_the_instant(agent, post):
    now = int(time.time())
    other = sign(json.dumps(EVENT | {"call": "b"}).encode(), at=now)
    earlier = sign(json.dumps(EVENT).encode(), at=now - 1)

    assert post(EVENT, at=now, signature=other).status_code == 403
    assert post(EVENT, at=now, signature=earlier).status_code == 403


def test_nothing_is_received_without_a_secret(settings, agent, post):
    settings.TELEPHONIE_SECRET = ""

    assert post(EVENT).status_code == 403


def test_a_signed_event_needs_neither_login_nor_csrf_token(client, agent, post):
    client.logout()
    client.handler.enforce_csrf_checks = True

    assert post(EVENT).status_code == 200


def test_the_address_is_only_posted_to(client, db):
    assert client.get(ADDRESS).status_code == 405


# --- Order --------------------------------------------------------------------------------------
def test_an_event_told_twice_counts_once(agent, tell):
    tell("answered", 1)
    tell("held", 2)

    assert tell("answered", 1).status_code == 202
    assert tell("held", 2).status_code == 202
    assert Communication.objects.get().etat == "en_attente"
    assert Appel.objects.count() == 1


def test_an_older_event_changes_nothing(agent, tell):
    tell("answered", 1)

    assert tell("ringing", 0).json()["ecarte"]
    assert Communication.objects.get().etat == "decrochee"


def test_nothing_follows_the_end(agent, tell):
    tell("answered", 1)
    tell("hung_up", 2)

    assert tell("held", 3).status_code == 202
    assert tell("hung_up", 4).status_code == 202
    assert Communication.objects.get().etat == "raccrochee"


def test_an_end_that_comes_first_leaves_no_call_open(agent, tell):
    tell("hung_up", 2)

    assert tell("answered", 1).status_code == 202
    assert not Appel.objects.exists()


def test_an_answer_lost_on_the_way_is_understood_from_what_follows(agent, tell):
    tell("held", 2)

    assert record.open_call(agent)
    assert tell("answered", 1).status_code == 202
    assert Communication.objects.get().etat == "en_attente"


def test_every_order_of_the_events_ends_the_same(agent, tell):
    """All orders of the five events of a call, each repeated at the end."""
    events = [("ringing", 0), ("answered", 1), ("held", 2), ("transferred", 3), ("hung_up", 4)]
    for number, order in enumerate(permutations(events)):
        Appel.objects.filter(termine_le=None).update(termine_le=timezone.now())
        for event, sequence in (*order, *order):
            assert tell(event, sequence, call=f"c{number}").status_code in (200, 202)
    assert set(Communication.objects.values_list("etat", flat=True)) == {"raccrochee"}
    appels = Appel.objects.values_list("communications__pk", "raccroche_le")
    assert all(communication and ended for communication, ended in appels)


def test_instants_order_the_events_of_a_switch_that_does_not_count_them(agent, post):
    start = timezone.now() - timedelta(minutes=2)

    def tell(event, seconds):
        at = (start + timedelta(seconds=seconds)).isoformat()
        return post({"event": event, "call": "a", "extension": 214, "at": at}).status_code

    # In the same second, the usual order of a call.
    assert [tell("answered", 5), tell("ringing", 5), tell("ringing", 0)] == [200, 202, 202]
    assert tell("hung_up", 60) == 200
    assert Communication.objects.get().raccroche_le == start + timedelta(seconds=60)


def test_the_two_ways_of_ordering_are_not_mixed(agent, tell):
    tell("answered", 1)

    mixed = tell("held", None, at=timezone.now().isoformat())

    assert mixed.status_code == 202
    assert Communication.objects.get().etat == "decrochee"


# --- Whose telephone ----------------------------------------------------------------------------
@pytest.mark.parametrize("extension", ["214", 214, "Poste 214", " poste 214 "])
def test_an_extension_is_read_as_it_is_written(agent, tell, extension):
    assert tell("ringing", 0, extension=extension).status_code == 200


@pytest.mark.parametrize("poste", ["Poste 21", "Poste 2140", "Poste 1214", ""])
def test_an_unknown_extension_is_set_aside_with_its_reason(login, tell, poste):
    login(poste=poste)

    answer = tell("answered", 1)

    assert answer.status_code == 202
    assert "poste" in answer.json()["ecarte"]
    assert not Communication.objects.exists()


def test_an_extension_of_two_agents_is_set_aside(agent, make_agent, tell):
    make_agent(username="autre", poste="214")

    assert "Plusieurs" in tell("answered", 1).json()["ecarte"]


def test_an_agent_who_has_left_receives_nothing(agent, tell):
    agent.is_active = False
    agent.save()

    assert tell("answered", 1).status_code == 202


def test_the_telephone_of_an_informateur_opens_no_call(make_agent, tell):
    make_agent("informateur", poste="Poste 214")

    assert tell("answered", 1).status_code == 200
    assert Communication.objects.get().appel is None
    assert not Appel.objects.exists()


def test_each_leg_of_a_call_stands_by_itself(agent, make_agent, tell):
    make_agent("informateur", poste="Poste 31")
    tell("answered", 1)

    tell("hung_up", 5, extension="31")

    assert Communication.objects.get(poste="214").etat == "decrochee"
    assert Appel.objects.get().raccroche_le is None


def test_a_caller_who_comes_before_the_close_is_not_written_in_the_log_of_the_former(agent, tell):
    tell("answered", 1)
    tell("hung_up", 2)
    former = record.open_call(agent)

    assert tell("answered", 1, call="b").status_code == 202
    assert telephony.line_of(agent, appel=former).autre
    record.close(former, outcome="AB")
    following = record.pick_up(agent)
    assert not telephony.line_of(agent, appel=following).autre
    tell("hung_up", 2, call="b")

    assert [each.appel for each in Communication.objects.order_by("pk")] == [former, following]


def test_a_consultation_on_a_second_line_does_not_end_the_call(agent, tell):
    tell("answered", 1)
    tell("held", 2)

    tell("answered", 1, call="consultation")
    tell("hung_up", 2, call="consultation")

    assert Appel.objects.get().raccroche_le is None


# --- Escalation ---------------------------------------------------------------------------------
@pytest.fixture
def propose(agent, tell, secteur, fiche_escalade):
    def offer():
        tell("answered", 1)
        demande = Demande.objects.get()
        return escalate.request(
            demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
        )

    return offer


def test_a_caller_who_hangs_up_frees_the_sector(propose, tell):
    transfert = propose()

    tell("hung_up", 2)

    transfert.refresh_from_db()
    assert transfert.etat == "usager_parti"


def test_a_transfer_made_at_the_switch_is_done_on_the_desk(propose, make_agent, tell):
    transfert = propose()
    escalate.accept(transfert, by=make_agent("informateur"))

    tell("transferred", 2)
    tell("hung_up", 3)

    transfert.refresh_from_db()
    assert transfert.etat == "transferee"
    assert Appel.objects.get().raccroche_le


def test_an_accepted_transfer_is_left_to_the_agent_when_only_the_end_is_told(
    propose, make_agent, tell
):
    transfert = propose()
    escalate.accept(transfert, by=make_agent("informateur"))

    tell("hung_up", 2)

    transfert.refresh_from_db()
    assert transfert.etat == "acceptee"


def test_the_agent_is_told_how_to_transfer_by_hand(client, propose, make_agent):
    escalate.accept(propose(), by=make_agent("informateur"))

    page = client.get("/console/").content.decode()

    assert "Appuyez sur Transfert, composez le 01\u00a099\u00a000\u00a039\u00a004" in page
    assert "/console/telephone/transfert/" not in page


def test_a_transfer_that_nobody_accepted_is_not_asked_of_the_switch(client, propose):
    propose()

    assert client.post("/console/telephone/transfert/").status_code == 409


def test_a_switch_that_does_not_answer_leaves_the_way_by_hand(
    settings, client, propose, make_agent
):
    settings.TELEPHONIE_STANDARD = "simule"
    settings.TELEPHONIE_SIMULE_URL = "http://127.0.0.1:1/"
    escalate.accept(propose(), by=make_agent("informateur"))
    assert "/console/telephone/transfert/" in client.get("/console/").content.decode()

    answer = client.post("/console/telephone/transfert/")

    assert answer.status_code == 422
    assert "Appuyez sur Transfert" in answer.content.decode()


def test_a_conference_that_the_switch_made_is_written_in_the_transfer(
    served, client, make_agent, secteur, fiche_escalade
):
    agent = make_agent(poste="Poste 214")
    client.force_login(agent, backend="allo3939.accounts.backends.RoleBackend")
    switch = telephony.standard()
    switch.ring("214")
    switch.answer("214")
    transfert = escalate.request(
        Demande.objects.get(), secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
    )
    escalate.accept(transfert, by=make_agent("informateur"))

    called = client.post("/console/telephone/consultation/").content.decode()
    assert "en attente, le 01\u00a099\u00a000\u00a039\u00a004 est appelé." in called
    assert "/console/telephone/conference/" in called
    bridged = client.post("/console/telephone/conference/").content.decode()

    assert "Vous êtes trois en ligne." in bridged
    transfert.refresh_from_db()
    assert (transfert.etat, transfert.mode) == ("transferee", "conference")


# --- The screen ---------------------------------------------------------------------------------
def test_an_incoming_call_is_told_and_takes_no_place_of_the_page(client, agent, tell):
    tell("ringing", 0)

    answer = client.get("/console/telephone/")

    html = answer.content.decode()
    assert answer["HX-Reswap"] == "none"
    assert "Appel entrant" in html
    assert "data-a39-foyer" not in html
    assert 'id="lecture"' not in html


def test_the_screen_is_told_that_something_changed_and_nothing_else(
    agent, tell, django_capture_on_commit_callbacks
):
    with redis_client().pubsub() as pubsub:
        pubsub.subscribe(CHANNEL_PREFIX + agent_channel(agent.pk))
        pubsub.get_message(timeout=1)
        with django_capture_on_commit_callbacks(execute=True):
            tell("ringing", 0)
        assert json.loads(pubsub.get_message(timeout=2)["data"]) == ["telephone", ""]


def test_a_console_that_was_ready_shows_the_call_the_switch_picked_up(client, agent, tell):
    tell("answered", 1)

    answer = client.get("/console/telephone/")

    html = answer.content.decode()
    assert "HX-Reswap" not in answer
    assert "Allo Service-Public, bonjour" in html
    assert html.count("data-a39-foyer") == 1


def test_the_timer_follows_the_telephone(client, agent, tell):
    tell("answered", 1)
    demande = Demande.objects.get()
    tell("hung_up", 2)

    html = client.get("/console/telephone/", {"demande": demande.pk}).content.decode()

    assert 'id="duree" hx-swap-oob="true"' in html
    assert "Fin de conversation à" in html


def test_an_unknown_command_is_no_page(client, agent, tell):
    tell("answered", 1)

    assert client.post("/console/telephone/danser/").status_code == 404


def test_without_a_call_nothing_is_asked_of_the_switch(client, agent):
    assert client.post("/console/telephone/attente/").status_code == 409


def test_where_no_switch_is_asked_the_desk_offers_no_hold(client, agent, tell):
    tell("answered", 1)

    assert "Faire patienter" not in client.get("/console/").content.decode()


def test_a_console_where_a_call_is_on_screen_keeps_it(client, agent, tell):
    tell("answered", 1)
    demande = Demande.objects.get()
    tell("held", 2)

    html = client.get("/console/telephone/", {"demande": demande.pk}).content.decode()

    assert "Usager en attente" in html
    assert 'id="lecture"' not in html
    tell("hung_up", 3)
    html = client.get("/console/telephone/", {"demande": demande.pk}).content.decode()
    assert "Après l'appel" in html
    assert "Usager en attente" not in html


def test_another_role_has_no_telephone_on_a_console(client, login):
    login("informateur")

    assert client.get("/console/telephone/").status_code == 403
    assert client.post("/console/telephone/transfert/").status_code == 403


def test_a_ringing_whose_end_was_lost_does_not_stay(agent, tell):
    tell("ringing", 0)
    Communication.objects.update(sonne_le=timezone.now() - timedelta(minutes=5))

    assert not telephony.line_of(agent, appel=None).sonne


# --- The caller's number ------------------------------------------------------------------------
def everything_stored() -> str:
    """Every column of every table, as text, and all that Redis keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for name in tables:
            cursor.execute(f'SELECT t::text FROM "{name}" t')  # noqa: S608
            rows += [row for (row,) in cursor.fetchall()]
    client = redis_client()
    for key in client.scan_iter():
        rows.append(repr(key))
        if client.type(key) == b"string":
            rows.append(repr(client.get(key)))
    return "\n".join(rows)


def bodies(spelling):
    """Events with the number in every place one may think of, well formed or not."""
    event = {"call": "x" + spelling, "extension": "214"}
    fields = ("caller", "from", "ani", "calling_number", "callerId", "remote", spelling, "note")
    told = dict.fromkeys(fields, spelling) | {"x": {"y": [spelling, {"z": spelling}]}}
    for rank, name in enumerate(("ringing", "answered", "held", "transferred", "hung_up")):
        yield event | told | {"event": name, "sequence": rank}
    yield event | told | {"event": spelling, "sequence": 0}
    yield event | told | {"event": "answered", "sequence": 0, "call": spelling}
    yield told | {"event": "answered", "sequence": 1, "call": {"id": spelling}, "extension": "214"}
    yield told | {"event": "answered", "sequence": 1, "call": "b", "extension": spelling}
    yield told | {"event": "answered", "sequence": spelling, "call": "b", "extension": "214"}
    digits = int("".join(c for c in spelling if c.isdecimal()))
    yield told | {"event": "answered", "sequence": digits, "call": "b", "extension": "214"}
    yield told | {"event": "answered", "sequence": 1, "call": digits, "extension": "214"}
    yield told | {"event": "answered", "sequence": 1, "call": "b", "extension": digits}
    yield told | {"event": "answered", "at": spelling, "call": "b", "extension": "214"}
    yield told | {"event": "answered", "at": digits, "call": "b", "extension": "214"}
    for raw in (
        f'{{"caller": "{spelling}"',
        spelling,
        f'["{spelling}"]',
        f'{{"event": "answered", "call": "\\ud800{spelling}", "extension": "214", "sequence": 1}}',
        "[" * 100_000 + spelling,
        f"caller={spelling}&{spelling}=1",
    ):
        yield raw.encode()
    yield b"\xff\xfe" + spelling.encode()
    yield f'{{"caller": "{spelling}", "pad": "{"x" * 20_000}"}}'.encode()
    yield f'{{"caller": "{spelling}", "pad": "{"x" * 3_000_000}"}}'.encode()


def carriers(spelling):
    """Places of a request, other than its body, in which a switch could put the number."""
    plain = spelling.replace(" ", "%20").replace("+", "%2B")
    yield {"QUERY_STRING": f"caller={plain}"}
    yield {"HTTP_X_CALLER": spelling, "HTTP_FROM": spelling, "HTTP_USER_AGENT": spelling}
    yield {"content_type": "application/x-www-form-urlencoded"}
    yield {"content_type": f"multipart/form-data; boundary={plain}"}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("signed", [True, False])
def test_the_number_is_nowhere(agent, post, caplog, spelling, signed):
    caplog.set_level(logging.DEBUG)
    answers = []
    for body in bodies(spelling):
        answers.append(post(body, **({} if signed else {"signature": "sha256=0"})))
    for options in carriers(spelling):
        answers.append(post({"event": "held", "call": "c", "caller": spelling}, **options))

    assert {answer.status_code for answer in answers} <= {200, 202, 400, 403}
    assert not [each for each in answers if spelling in each.content.decode()]
    assert spelling not in caplog.text
    assert not [each for each in caplog.records if spelling in repr(vars(each))]
    assert spelling not in everything_stored()


@pytest.mark.django_db(transaction=True)
def test_the_search_for_the_number_would_find_it(agent):
    agent.first_name = NUMBER
    agent.save()
    cache.set("telephone", NUMBER, 60)

    assert everything_stored().count(NUMBER) >= 2
    cache.delete("telephone")


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_failing_server_tells_no_number(
    settings, client, agent, post, caplog, monkeypatch, debug, spelling
):
    caplog.set_level(logging.DEBUG)
    settings.DEBUG = debug
    settings.ADMINS = [("a", "a@example.org")]
    client.raise_request_exception = False

    def fail(evenement):
        raise RuntimeError("panne")

    monkeypatch.setattr(views, "receive", fail)
    event = EVENT | {"call": spelling, "caller": spelling, spelling: spelling}
    for options in ({}, *carriers(spelling)):
        answer = post(event, **options)
        assert answer.status_code == 500
        page = answer.content.decode()
        assert ("panne" in page) == debug
        assert spelling not in page
    assert spelling not in caplog.text


def test_a_database_that_fails_tells_no_number(client, agent, post, caplog, monkeypatch):
    client.raise_request_exception = False
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(Communication, "save", lambda self: Communication(pk="x").refresh_from_db())

    answer = post(EVENT | {"call": NUMBER, "caller": NUMBER})

    assert answer.status_code == 500
    assert NUMBER not in caplog.text + answer.content.decode()


def test_the_same_call_id_is_not_known_without_the_key(settings, agent):
    body = json.dumps(EVENT | {"call": NUMBER}).encode()
    first = telephony.parse(body)
    settings.SECRET_KEY = "une autre clé, de cinquante caractères au moins pour Django"

    assert first == telephony.parse(body).__class__(
        **{name: getattr(first, name) for name in first.__slots__}
    )
    assert telephony.parse(body).empreinte != first.empreinte


def test_an_event_has_no_place_for_anything_else():
    assert telephony.Evenement.__slots__ == ("genre", "empreinte", "poste", "rang", "survenu_le")
    with pytest.raises(telephony.EvenementRefuse) as caught:
        telephony.parse(f'{{"caller": "{NUMBER}"'.encode())
    assert caught.value.__context__ is None  # the parser's error holds the whole text


# --- The simulated switch, over HTTP ------------------------------------------------------------
@pytest.fixture
def served(settings, live_server):
    settings.TELEPHONIE_STANDARD = "simule"
    settings.TELEPHONIE_SIMULE_URL = live_server.url
    return live_server


def simulate(**options) -> str:
    out = io.StringIO()
    call_command("simulate_telephony", stdout=out, speed=10_000, **options)
    return out.getvalue()


def test_a_simulated_call_drives_the_desk(served, make_agent):
    agent = make_agent(username="tele1", poste="Poste 214")

    told = simulate(agent="tele1", calls=1, disorder=True)

    assert "3 événements comptés, 2 écartés" in told
    appel = record.open_call(agent)
    assert appel.raccroche_le
    assert appel.communications.get().etat == "raccrochee"


def test_the_next_simulated_caller_waits_for_the_close(served, make_agent):
    make_agent(username="tele1", poste="Poste 214")

    told = simulate(agent="tele1", calls=2, patience=0)

    assert "L'agent a un autre appel au bureau" in told
    assert Appel.objects.count() == 1


def test_the_simulated_switch_makes_the_transfer_that_is_asked(
    served, client, make_agent, secteur, fiche_escalade
):
    agent = make_agent(poste="Poste 214")
    client.force_login(agent, backend="allo3939.accounts.backends.RoleBackend")
    switch = telephony.standard()
    switch.ring("214")
    switch.answer("214")
    demande = Demande.objects.get()
    transfert = escalate.request(demande, secteur=secteur, motif="trop_complexe", fiche=None)
    escalate.accept(transfert, by=make_agent("informateur"))

    answer = client.post("/console/telephone/transfert/")

    assert "transféré au 01\u00a099" in answer.content.decode()
    transfert.refresh_from_db()
    assert transfert.etat == "transferee"
    assert Appel.objects.get().raccroche_le


def test_the_caller_waits_and_is_taken_back_from_the_screen(served, client, make_agent):
    agent = make_agent(poste="Poste 214")
    client.force_login(agent, backend="allo3939.accounts.backends.RoleBackend")
    switch = telephony.standard()
    switch.ring("214")
    switch.answer("214")
    assert "/console/telephone/attente/" in client.get("/console/").content.decode()

    held = client.post("/console/telephone/attente/").content.decode()

    assert Communication.objects.get().etat == "en_attente"
    assert "/console/telephone/reprise/" in held
    client.post("/console/telephone/reprise/")
    assert Communication.objects.get().etat == "decrochee"


def test_the_simulated_switch_holds_consults_and_bridges(served, make_agent):
    agent = make_agent(poste="Poste 214")
    switch = telephony.standard()
    switch.ring("214")
    switch.answer("214")
    appel = record.open_call(agent)

    def state(consigne):
        assert consigne.faite
        return Communication.objects.get().etat

    line = telephony.live_communication(appel)
    assert state(switch.hold(line)) == "en_attente"
    assert state(switch.bridge(line)) == "decrochee"
    assert state(switch.consult(line, numero="0199003904")) == "en_attente"


@pytest.mark.parametrize(
    ("poste", "setting"),
    [("Poste 214", {"TELEPHONIE_SECRET": ""}), ("Poste 214", {"TELEPHONIE_STANDARD": "manuel"}),
     ("", {}), ("Poste 214", {"TELEPHONIE_SIMULE_URL": "http://127.0.0.1:1/"})],
)  # fmt: skip
def test_the_simulation_says_why_it_cannot_run(settings, db, make_agent, poste, setting):
    settings.TELEPHONIE_STANDARD = "simule"
    make_agent(username="tele1", poste=poste)
    for name, value in setting.items():
        setattr(settings, name, value)

    with pytest.raises(CommandError):
        simulate(agent="tele1")


def test_the_manual_switch_says_what_to_do():
    switch = telephony.standard()

    assert isinstance(switch, telephony.ManualSwitch)
    assert switch.consult(None, numero="0199003904").texte == (
        "Appuyez sur Attente, puis composez le 01\u00a099\u00a000\u00a039\u00a004."
    )
    assert not switch.hold(None).faite
    assert switch.bridge(None).texte == "Appuyez sur Conférence."


@pytest.mark.django_db(transaction=True)
def test_events_that_come_together_open_one_call(make_agent):
    make_agent(poste="Poste 214")
    events = [
        telephony.parse(json.dumps(EVENT | {"event": name, "sequence": rank}).encode())
        for rank, name in enumerate(("ringing", "answered", "held", "answered"))
    ] * 3
    failures = []

    def apply(event):
        try:
            receive(event)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=apply, args=(event,)) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    communication = Communication.objects.get()
    assert communication.etat == "decrochee"
    assert communication.appel == Appel.objects.get()
