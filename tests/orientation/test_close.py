"""Exceptional hours of one body, closures of many."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from allo3939.shared import push
from orientation import close
from orientation.columns import Columns
from orientation.facets import open_bodies
from orientation.hours import PARIS, opening_of, openings_of
from orientation.models import Departement, Fermeture, HoraireExceptionnel, Organisme, TypeService
from orientation.past import read_past
from orientation.sheet import read_sheet

CLOSURES = "/administration/orientation/fermeture/"
WEEK = [{"jour": day, "debut": "00:00", "fin": "23:59", "commentaire": ""} for day in range(7)]


@pytest.fixture
def redacteur(make_agent):
    return make_agent("redacteur")


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """What is published while a function runs, as (channel, event)."""

    def listen(action):
        with push.redis_client().pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe(push.CHANNEL_PREFIX + push.agents_channel())
            pubsub.get_message(timeout=1)
            with django_capture_on_commit_callbacks(execute=True):
                action()
            message = pubsub.get_message(timeout=1) or pubsub.get_message(timeout=1)
            return json.loads(message["data"])[0] if message else None

    return listen


def strike(by, **changes):
    now = timezone.now()
    return close.announce(
        **{
            "motif": "grève nationale",
            "types": ["mairie"],
            "departements": ["72"],
            "du": now - timedelta(hours=1),
            "au": now + timedelta(hours=6),
            "by": by,
        }
        | changes
    )


def test_a_closure_closes_the_bodies_of_its_kinds_and_places(redacteur, make_organisme):
    mairie = make_organisme(plages=WEEK)
    elsewhere = make_organisme(plages=WEEK, insee="75056")
    caf = make_organisme("CAF", "caf", plages=WEEK)
    strike(redacteur)
    states = [opening_of(each, at=timezone.now()).etat for each in (mairie, elsewhere, caf)]
    assert states == ["ferme", "ouvert", "ouvert"]


def test_a_closure_is_pushed_to_every_console_and_so_is_its_end(redacteur, sent):
    assert sent(lambda: strike(redacteur)) == close.EVENT
    assert sent(lambda: close.lift(Fermeture.objects.get(), by=redacteur)) == close.EVENT
    assert sent(lambda: close.lift(Fermeture.objects.get(), by=redacteur)) is None


def test_a_lifted_closure_closes_nothing(redacteur, make_organisme):
    mairie = make_organisme(plages=WEEK)
    close.lift(strike(redacteur), by=redacteur)
    assert opening_of(mairie, at=timezone.now()).etat == "ouvert"
    assert close.state_of(Fermeture.objects.get(), at=timezone.now()).startswith("levée par")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"motif": "  "}, "motif"),
        ({"types": [], "departements": []}, "au moins un"),
        ({"au": timezone.now() - timedelta(days=9)}, "précède"),
        (
            {
                "du": timezone.now() - timedelta(days=9),
                "au": timezone.now() - timedelta(days=8),
            },
            "déjà finie",
        ),
    ],
)
def test_what_makes_no_sense_is_not_announced(redacteur, changes, reason):
    with pytest.raises(close.FermetureImpossible, match=reason):
        strike(redacteur, **changes)
    assert not Fermeture.objects.exists()


def test_bodies_are_counted_as_they_are_closed(redacteur, make_organisme):
    """By the old codes of a kind too, and by the islands that have their own code."""
    old = make_organisme("Tribunal d'instance", "ti", plages=WEEK)
    island = make_organisme(
        "Mairie de Saint-Martin", insee="97127", departement_code="971", code_postal="97150"
    )
    assert list(close.concerned(types=["tj"], departements=["72"])) == [old]
    assert list(close.concerned(types=["mairie"], departements=["978"])) == [island]
    assert not close.concerned(types=["mairie"], departements=["971"]).exists()
    strike(redacteur, types=["tj"])
    assert opening_of(old, at=timezone.now()).etat == "ferme"


@pytest.fixture
def mairies(make_organisme):
    """One in each of several clocks, open night and day."""
    for code, nom in (("971", "Guadeloupe"), ("987", "Polynésie française")):
        Departement.objects.create(code=code, nom=nom)
    return {
        code: make_organisme(plages=WEEK, departement_code=code, code_postal=f"{code}00")
        for code in ("72", "971", "974", "987")
    }


def of_a_day(by, *, departements, motif="grève nationale", hour=23, minute=59):
    """A closure of one day, as its form gives it: by the clock of Paris."""
    day = datetime(2026, 11, 27, tzinfo=PARIS)
    return Fermeture.objects.create(
        motif=motif,
        types=["mairie"],
        departements=departements,
        du=day,
        au=day.replace(hour=hour, minute=minute),
        auteur=by,
    )


@pytest.mark.parametrize(
    ("hour", "closed"),
    [
        ("2026-11-26T19:59", []),  # still the day before, everywhere
        ("2026-11-26T20:01", ["974"]),  # midnight in Réunion
        ("2026-11-26T23:01", ["72", "974"]),
        ("2026-11-27T04:01", ["72", "971", "974"]),
        ("2026-11-27T10:01", ["72", "971", "974", "987"]),
        ("2026-11-27T20:01", ["72", "971", "987"]),
        ("2026-11-27T23:01", ["971", "987"]),
        ("2026-11-28T04:01", ["987"]),
        ("2026-11-28T10:01", []),
    ],
)
@pytest.mark.parametrize("departements", [["72", "971", "974", "987"], []])
def test_a_closure_of_a_day_is_of_that_day_by_the_clock_of_each_body(
    redacteur, mairies, hour, closed, departements
):
    at = datetime.fromisoformat(f"{hour}+00:00")
    fermeture = of_a_day(redacteur, departements=departements)
    states = openings_of(mairies.values(), at=at)
    assert [
        code for code, state in zip(mairies, states, strict=True) if state.etat == "ferme"
    ] == closed
    read = Columns(Organisme.objects.present().for_columns().order_by("nom", "id"))
    found = open_bodies(read, at=at)
    assert [code for code, body in mairies.items() if not found & read.of([body.pk])] == closed
    if departements:
        over = at > datetime.fromisoformat("2026-11-28T10:00+00:00")
        started = at > datetime.fromisoformat("2026-11-26T20:00+00:00")
        expected = "finie" if over else "en cours" if started else "à venir"
        assert close.state_of(fermeture, at=at) == expected


def test_a_closure_over_in_paris_may_still_be_announced_where_the_day_is_not_over(redacteur):
    now = timezone.now()
    lasts = {"du": now - timedelta(hours=5), "au": now - timedelta(hours=1)}
    strike(redacteur, departements=["971"], **lasts)
    with pytest.raises(close.FermetureImpossible, match="déjà finie"):
        strike(redacteur, departements=["72"], **lasts)


def test_the_page_of_a_body_tells_a_closure_by_its_own_clock(redacteur, mairies):
    of_a_day(redacteur, departements=[])
    of_a_day(redacteur, departements=["987"], motif="panne", hour=14, minute=0)
    at = datetime.fromisoformat("2026-11-28T01:00+00:00")  # 15 h the day before in Tahiti
    told = read_sheet(mairies["987"], at=at).exceptions
    assert told == [("Le 27 novembre\u00a0: fermé", "grève nationale")]
    told = read_sheet(mairies["987"], at=at - timedelta(hours=2)).exceptions
    assert ("Le 27 novembre de minuit à 14 h\u00a0: fermé", "panne") in told


def test_a_body_has_other_hours_on_some_days(redacteur, make_organisme, sent):
    mairie = make_organisme(plages=WEEK)
    today = timezone.localdate()
    give = lambda: close.except_days(  # noqa: E731
        mairie, du=today, au=today, plages=[], motif="inventaire", by=redacteur
    )
    assert sent(give) == close.EVENT
    assert opening_of(mairie, at=timezone.now()).etat == "ferme"
    restore = lambda: close.restore_days(  # noqa: E731
        HoraireExceptionnel.objects.get(), by=redacteur
    )
    assert sent(restore) == close.EVENT
    assert opening_of(mairie, at=timezone.now()).etat == "ouvert"
    assert sent(restore) is None


def test_taking_back_exceptional_hours_is_signed_in_the_history(redacteur, make_organisme):
    mairie = make_organisme(plages=WEEK)
    mairie.history.all().delete()
    day = timezone.localdate()
    given = close.except_days(mairie, du=day, au=day, plages=[], motif="fête", by=redacteur)
    close.restore_days(given, by=redacteur)
    close.restore_days(given, by=redacteur)
    signed = [fact for fact in read_past(mairie) if "retirés" in fact.quoi]
    assert [fact.par for fact in signed] == [str(redacteur)]
    assert mairie.history.first().history_user == redacteur
    assert mairie.history.count() == 2


def test_hours_taken_back_before_it_was_signed_are_still_told(redacteur, make_organisme):
    mairie, day = make_organisme(plages=WEEK), timezone.localdate()
    given = close.except_days(mairie, du=day, au=day, plages=[], motif="fête", by=redacteur)
    HoraireExceptionnel.objects.filter(pk=given.pk).update(retire_le=timezone.now())
    assert [fact.par for fact in read_past(mairie) if "retirés" in fact.quoi] == [""]


@pytest.mark.parametrize(
    ("du", "au", "reason"),
    [
        (date(2100, 1, 2), date(2100, 1, 1), "précède"),
        (date(2020, 1, 1), date(2020, 1, 2), "passés"),
    ],
)
def test_days_that_make_no_sense_are_refused(redacteur, make_organisme, du, au, reason):
    with pytest.raises(close.FermetureImpossible, match=reason):
        close.except_days(make_organisme(), du=du, au=au, plages=[], motif="x", by=redacteur)


# --- The admin ----------------------------------------------------------------------------------


@pytest.fixture
def country(db):
    Departement.objects.create(code="72", nom="Sarthe", region="Pays de la Loire")
    Departement.objects.create(code="44", nom="Loire-Atlantique", region="Pays de la Loire")
    TypeService.objects.create(code="mairie", libelle="Mairie")


def typed(**changes):
    day = timezone.localdate() + timedelta(days=1)
    return {
        "motif": "grève nationale",
        "certitude": "ferme",
        "du_0": day.isoformat(),
        "du_1": "08:00",
        "au_0": day.isoformat(),
        "au_1": "20:00",
        "types": ["mairie"],
        "regions": ["Pays de la Loire"],
    } | changes


def mark_of(page):
    text = page.content.decode()
    return text.split('name="compte" value="')[1].split('"')[0]


def test_bodies_are_counted_then_closed(client, login, make_organisme, country):
    login("redacteur")
    make_organisme()
    make_organisme("Mairie - Nantes", insee="44109")
    make_organisme("Mairie - Paris", insee="75056")
    counted = client.post(f"{CLOSURES}add/", typed(_compter="1"))
    assert counted.status_code == 200
    assert "<b>2 organismes</b>" in counted.content.decode()
    assert not Fermeture.objects.exists()
    data = typed(_annoncer="1", compte=mark_of(counted))
    assert client.post(f"{CLOSURES}add/", data).status_code == 302
    assert Fermeture.objects.get().departements == ["44", "72"]


def test_what_was_changed_after_the_count_is_counted_again(client, login, make_organisme, country):
    login("redacteur")
    make_organisme()
    counted = client.post(f"{CLOSURES}add/", typed(_compter="1"))
    other = typed(_annoncer="1", compte=mark_of(counted), types=[])
    again = client.post(f"{CLOSURES}add/", other)
    assert again.status_code == 200
    assert "Annoncer la fermeture" in again.content.decode()
    assert not Fermeture.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"motif": ""}, "lu à l&#x27;usager"),
        ({"types": [], "regions": []}, "Choisissez au moins un type"),
        ({"au_1": "07:00"}, "La fin précède le début"),
        ({"du_1": ""}, "Dites le jour et l&#x27;heure"),
        ({"types": ["inconnu"]}, "inconnu"),
    ],
)
def test_a_closure_badly_typed_comes_back_with_its_reason(client, login, country, changes, said):
    login("redacteur")
    answer = client.post(f"{CLOSURES}add/", typed(_compter="1", **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_closure_is_lifted_from_its_page(client, login, country):
    agent = login("redacteur")
    fermeture = strike(agent)
    page = client.get(f"{CLOSURES}{fermeture.pk}/change/")
    assert "Lever la fermeture" in page.content.decode()
    assert client.post(f"{CLOSURES}{fermeture.pk}/change/", {"_lever": "1"}).status_code == 302
    fermeture.refresh_from_db()
    assert fermeture.levee_par == agent
    assert (
        "Lever la fermeture" not in client.get(f"{CLOSURES}{fermeture.pk}/change/").content.decode()
    )
    assert "levée par" in client.get(CLOSURES).content.decode()


@pytest.mark.parametrize("role", ["teleconseiller", "partenaire", "superviseur", "informateur"])
def test_only_redacteurs_announce_closures(client, login, make_agent, country, role):
    fermeture = strike(make_agent("redacteur"))
    login(role)
    assert client.post(f"{CLOSURES}add/", typed(_compter="1")).status_code == 403
    assert client.post(f"{CLOSURES}{fermeture.pk}/change/", {"_lever": "1"}).status_code == 403
    fermeture.refresh_from_db()
    assert fermeture.levee_le is None
