"""A plausible day is made by the verbs of the desks, under its own hours."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F, Min
from django.utils import timezone

from allo3939.accounts.models import Agent, Secteur
from allo3939.shared.anonymity import find_identifiers, guard
from calls import record
from calls.enums import OUVERTS, EtatTransfert
from calls.models import Appel, Consultation, Demande, OrientationDonnee, Transfert
from calls.simulate import JourImpossible, play, profile, simulate_day
from calls.simulate.clock import another_present
from calls.simulate.subjects import ELSEWHERE, INCOMPLETE, UNKNOWN
from orientation.hours import PARIS

TUESDAY, SATURDAY, SUNDAY = date(2026, 3, 17), date(2026, 3, 21), date(2026, 3, 22)
WEEK = [{"jour": day, "debut": "00:00", "fin": "23:59"} for day in range(7)]


@pytest.fixture
def world(settings, fiche_reponse, fiche_escalade, make_organisme, make_agent):
    """The little it takes: two fiches, a commune and its mairie, the six sectors, one account."""
    settings.DEMONSTRATION = True
    make_organisme()
    make_agent(username="tele1")
    Secteur.objects.update(horaires=WEEK)
    for rank, slug in enumerate(sorted({*profile.SECTORS} - {"justice"})):
        Secteur.objects.create(slug=slug, nom=slug.title(), ordre=rank, horaires=WEEK)


def outcomes():
    return Counter(Demande.objects.values_list("issue", flat=True))


def test_a_day_is_made_of_closed_calls_within_its_hours(world):
    bilan = simulate_day(TUESDAY, calls=25)

    assert bilan.appels == Appel.objects.count() == 25
    assert not Appel.objects.filter(termine_le=None).exists()
    assert not Demande.objects.filter(termine_le=None).exists()
    start, end = profile.opening_hours(TUESDAY)
    assert all(
        start <= instant < end for instant in Appel.objects.values_list("commence_le", flat=True)
    )
    assert Consultation.objects.exists()
    assert OrientationDonnee.objects.exists()


def test_every_instant_of_the_log_is_of_the_day_simulated(world):
    simulate_day(TUESDAY, calls=25)

    day = date(2026, 3, 17)
    for model, names in {
        Appel: ["commence_le", "termine_le"],
        Demande: ["commence_le", "termine_le"],
        Consultation: ["ouverte_le", "lue_le"],
        OrientationDonnee: ["donnee_le"],
        Transfert: ["prepare_le", "propose_le", "repondu_le", "clos_le"],
    }.items():
        for instants in model.objects.values_list(*names):
            assert {timezone.localdate(instant) for instant in instants if instant} == {day}


def test_the_same_seed_makes_the_same_day_and_another_one_does_not(world):
    def log():
        rows = Demande.objects.order_by("commence_le", "rang")
        return list(rows.values_list("commence_le", "question", "issue"))

    def forget():
        Appel.objects.all().delete()
        Agent.objects.filter(username__startswith="simule-").delete()

    simulate_day(TUESDAY, calls=6, seed=1)
    first = log()
    forget()
    simulate_day(TUESDAY, calls=6, seed=1)
    assert log() == first
    forget()
    simulate_day(TUESDAY, calls=6, seed=2)
    assert log() != first


def test_nobody_is_in_two_calls_at_once(world, monkeypatch):
    monkeypatch.setattr(profile, "WEEK", (time(10, 0), time(10, 15)))

    simulate_day(TUESDAY, calls=25)

    for agent in Agent.objects.filter(appels__isnull=False).distinct():
        calls = list(agent.appels.order_by("commence_le"))
        assert all(a.termine_le <= b.commence_le for a, b in pairwise(calls))
    for agent in Agent.objects.filter(transferts_recus__clos_le__isnull=False).distinct():
        taken = list(agent.transferts_recus.exclude(clos_le=None).order_by("repondu_le"))
        assert all(a.clos_le <= b.repondu_le for a, b in pairwise(taken))


def test_a_transfer_ends_accepted_refused_expired_or_without_the_caller(world, monkeypatch):
    monkeypatch.setattr(profile, "ESCALATED", 0.9)
    monkeypatch.setattr("calls.simulate.day.PROBABILITY_MAX", 0.9)
    monkeypatch.setattr(profile, "REFUSED", 0.2)
    monkeypatch.setattr(profile, "EXPIRED", 0.2)
    monkeypatch.setattr(profile, "LEFT", 0.1)

    simulate_day(TUESDAY, calls=30)

    states = Counter(Transfert.objects.values_list("etat", flat=True))
    assert set(states) == {
        EtatTransfert.TRANSFEREE,
        EtatTransfert.REFUSEE,
        EtatTransfert.EXPIREE,
        EtatTransfert.USAGER_PARTI,
    }
    assert not Transfert.objects.filter(etat__in=OUVERTS).exists()
    taken = Transfert.objects.filter(etat=EtatTransfert.TRANSFEREE)
    assert not taken.filter(clos_le=None).exists()
    assert all(transfert.carte["question"] for transfert in taken)
    assert outcomes()["ES"] == taken.count()


def test_a_sector_that_is_closed_is_offered_nothing(world):
    Secteur.objects.update(horaires=[])

    simulate_day(TUESDAY, calls=15)

    assert not Transfert.objects.exists()
    assert outcomes()["RE"] > outcomes()["ES"] == 0


def test_unmet_needs_come_with_a_line_that_identifies_nobody(world, monkeypatch):
    monkeypatch.setattr(profile, "UNMET", {"PF": 0.3, "FI": 0.3, "HC": 0.3})
    monkeypatch.setattr(play, "_ENDED", 0.959)

    simulate_day(TUESDAY, calls=30)

    asking = Demande.objects.filter(issue__demande_precision=True)
    assert set(asking.values_list("issue", flat=True)) == {"PF", "FI", "HC"}
    assert not asking.filter(note="", precision="").exists()


def test_no_line_nor_word_of_the_simulation_is_doubted_by_the_guard():
    lines = [*UNKNOWN, *UNKNOWN.values(), *ELSEWHERE, *ELSEWHERE.values(), *INCOMPLETE]

    for line in lines:
        guard(line)
        assert not find_identifiers(line)


def test_simulated_agents_cannot_log_in(world):
    bilan = simulate_day(TUESDAY, calls=30)

    made = Agent.objects.filter(username__startswith="simule-")
    assert bilan.teleconseillers + bilan.informateurs <= made.count() + 1
    assert not made.filter(is_active=True).exists()
    assert not any(agent.has_usable_password() for agent in made)


def test_the_call_that_somebody_has_in_hand_is_left_alone(world):
    own = record.pick_up(Agent.objects.get(username="tele1"))

    simulate_day(TUESDAY, calls=5)

    own.refresh_from_db()
    assert own.termine_le is None
    assert own.demandes.count() == 1


def test_a_day_is_not_simulated_twice(world):
    simulate_day(TUESDAY, calls=8)

    with pytest.raises(JourImpossible, match="déjà"):
        simulate_day(TUESDAY, calls=8)


def test_no_call_comes_on_a_sunday_nor_on_a_day_to_come(world):
    with pytest.raises(JourImpossible, match="dimanche"):
        simulate_day(SUNDAY, calls=5)
    with pytest.raises(JourImpossible, match="venu"):
        simulate_day(timezone.localdate() + timedelta(days=2), calls=5)


def test_today_stops_before_the_present(world):
    with another_present(datetime(2026, 3, 17, 12, 0, tzinfo=PARIS)):
        simulate_day(TUESDAY, calls=25)

    assert 0 < Appel.objects.count() < 25
    last = Appel.objects.order_by("-commence_le").first().commence_le
    assert last <= datetime(2026, 3, 17, 11, 30, tzinfo=PARIS)


def test_a_saturday_is_shorter_than_a_weekday():
    pick_ups = profile.draw_pick_ups(SATURDAY, calls=500, chance=Random(1))

    assert pick_ups == sorted(pick_ups)
    assert pick_ups[0] >= datetime(2026, 3, 21, 8, 30, tzinfo=PARIS)
    assert pick_ups[-1] < datetime(2026, 3, 21, 18, 30, tzinfo=PARIS)


def test_the_rush_is_late_in_the_morning_and_early_in_the_afternoon():
    pick_ups = profile.draw_pick_ups(TUESDAY, calls=3000, chance=Random(1))

    hours = Counter(instant.hour for instant in pick_ups)
    assert {hour for hour, _ in hours.most_common(4)} >= {10, 14}
    assert hours[19] < hours[12] < hours[10]


def test_the_present_comes_back_after_the_simulation():
    with another_present(datetime(2020, 1, 1, tzinfo=PARIS)) as clock:
        clock.forward(60)
        assert timezone.now() == datetime(2020, 1, 1, 0, 1, tzinfo=PARIS)

    assert timezone.now().year > 2020


def test_the_command_says_what_it_made(world, capsys):
    call_command("simulate_day", date=TUESDAY, calls=10)

    said = capsys.readouterr().out
    assert "10 appels simulés le 17/03/2026" in said
    assert "Répondu" in said


def test_outside_demonstration_nothing_is_made(world, settings):
    settings.DEMONSTRATION = False

    with pytest.raises(ImproperlyConfigured):
        simulate_day(TUESDAY, calls=5)
    with pytest.raises(CommandError):
        call_command("simulate_day", date=TUESDAY, calls=5)
    assert not Appel.objects.exists()


def test_a_day_without_any_fiche_is_refused(settings, make_agent):
    settings.DEMONSTRATION = True

    with pytest.raises(JourImpossible, match="fiche"):
        simulate_day(TUESDAY, calls=5)


def test_handling_times_stay_plausible(world):
    simulate_day(TUESDAY, calls=25)

    durations = sorted(appel.termine_le - appel.commence_le for appel in Appel.objects.all())
    assert timedelta(minutes=1) < durations[12] < timedelta(minutes=4)
    assert Appel.objects.aggregate(first=Min(F("termine_le") - F("commence_le")))[
        "first"
    ] > timedelta(0)
