"""What the desk knows better: exceptional hours of a body, closures of many."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from orientation.hours import PARIS, describe, opening, opening_of, openings_of
from orientation.models import Fermeture, HoraireExceptionnel

# Monday to Friday, 9 h – 12 h and 14 h – 17 h; the 23rd of November 2026 is a Monday.
PLAGES = [
    {"jour": day, "debut": debut, "fin": fin, "commentaire": ""}
    for day in range(5)
    for debut, fin in (("09:00", "12:00"), ("14:00", "17:00"))
]
MONDAY = date(2026, 11, 23)


def on(day, *hour):
    return datetime.combine(MONDAY + timedelta(days=day), time(*hour), tzinfo=PARIS)


@pytest.fixture
def mairie(make_organisme):
    return make_organisme(plages=PLAGES)


@pytest.fixture
def close(make_agent):
    agent = make_agent("redacteur")

    def make(du, au, **fields):
        return Fermeture.objects.create(
            **{"motif": "grève nationale", "du": du, "au": au, "auteur": agent} | fields
        )

    return make


@pytest.fixture
def change(make_agent):
    agent = make_agent("redacteur", username="autre")

    def make(organisme, first, last=None, *hours, motif="inventaire", **fields):
        return HoraireExceptionnel.objects.create(
            organisme=organisme,
            du=MONDAY + timedelta(days=first),
            au=MONDAY + timedelta(days=first if last is None else last),
            plages=[{"debut": debut, "fin": fin} for debut, fin in hours],
            motif=motif,
            auteur=agent,
            **fields,
        )

    return make


def said(organisme, moment):
    found = opening_of(organisme, at=moment)
    return describe(found, at=moment), found.mention


def test_exceptional_hours_replace_those_of_the_week(mairie, change):
    change(mairie, 0, 0, ("10:00", "11:00"))
    assert said(mairie, on(0, 9, 30)) == ("Fermé · ouvre aujourd'hui à 10 h", "inventaire")
    assert said(mairie, on(0, 10, 30)) == ("Ouvert jusqu'à 11 h", "inventaire")
    assert said(mairie, on(0, 15)) == ("Fermé · ouvre demain à 9 h", "inventaire")
    assert said(mairie, on(1, 10)) == ("Ouvert jusqu'à 12 h", "")


def test_without_any_range_the_day_is_closed_and_the_next_opening_comes_after(mairie, change):
    change(mairie, 0, 3)
    assert said(mairie, on(0, 10)) == ("Fermé · ouvre vendredi à 9 h", "inventaire")
    assert said(mairie, on(-1, 10)) == ("Fermé · ouvre vendredi à 9 h", "inventaire")


def test_the_hours_entered_last_hold(mairie, change):
    change(mairie, 0, 4)
    change(mairie, 1, 1, ("09:00", "10:00"), motif="élections")
    assert said(mairie, on(0, 10)) == ("Fermé · ouvre demain à 9 h", "inventaire · élections")
    assert said(mairie, on(1, 9, 30))[0] == "Ouvert jusqu'à 10 h"


def test_hours_that_were_withdrawn_change_nothing(mairie, change):
    change(mairie, 0, 0, retire_le=timezone.now())
    assert said(mairie, on(0, 10)) == ("Ouvert jusqu'à 12 h", "")


def test_a_body_without_hours_has_those_of_its_exceptional_days(make_organisme, change):
    bare = make_organisme(plages=[])
    change(bare, 1, 1, ("09:00", "12:00"), motif="permanence")
    assert opening_of(bare, at=on(1, 10)).etat == "ouvert"
    assert opening_of(bare, at=on(1, 15)).etat == "ferme"
    before = opening_of(bare, at=on(0, 10))
    assert (before.etat, before.prochaine) == ("inconnu", on(1, 9))


def test_summer_hours_do_not_open_a_mairie_on_its_sundays(mairie, change):
    change(mairie, 0, 13, ("09:00", "12:00"), motif="horaires d'été")
    assert opening_of(mairie, at=on(4, 10)).etat == "ouvert"
    assert opening_of(mairie, at=on(6, 10)).etat == "inconnu"
    assert opening_of(mairie, at=on(4, 15)).prochaine == on(7, 9)


def test_a_weekend_entered_as_such_is_open(mairie, change):
    change(mairie, 5, 6, ("10:00", "18:00"), motif="journées portes ouvertes")
    assert said(mairie, on(6, 11)) == ("Ouvert jusqu'à 18 h", "journées portes ouvertes")


def test_a_public_holiday_entered_as_such_is_open(mairie, change):
    christmas = (date(2026, 12, 25) - MONDAY).days
    change(mairie, christmas, christmas, ("10:00", "11:00"), motif="arbre de Noël")
    assert said(mairie, on(christmas, 10, 30))[0] == "Ouvert jusqu'à 11 h"
    summer = (date(2027, 7, 12) - MONDAY).days
    change(mairie, summer, summer + 4, ("10:00", "11:00"), motif="horaires d'été")
    assert opening_of(mairie, at=on(summer + 2, 10, 30)).etat == "inconnu"  # 14 July


def test_an_exceptional_night_ends_the_next_morning(mairie, change):
    change(mairie, 0, 0, ("20:00", "02:00"), motif="nuit de la lecture")
    assert said(mairie, on(0, 23))[0] == "Ouvert jusqu'à demain à 2 h"
    assert said(mairie, on(1, 1))[0] == "Ouvert jusqu'à 2 h"
    assert opening_of(mairie, at=on(1, 3)).etat == "ferme"


def test_the_night_before_an_exceptional_day_does_not_last_into_it(make_organisme, change):
    nights = make_organisme(
        plages=[{"jour": day, "debut": "20:00", "fin": "04:00"} for day in range(7)]
    )
    assert opening_of(nights, at=on(1, 2)).etat == "ouvert"
    change(nights, 1)
    assert opening_of(nights, at=on(1, 2)).etat == "ferme"
    assert opening_of(nights, at=on(0, 21)).jusqu_a == on(1, 0)


def test_hours_that_cannot_be_read_leave_the_day_unknown(mairie, change):
    change(mairie, 0, 0, ("10:00", ""))
    assert opening_of(mairie, at=on(0, 10)).etat == "inconnu"


# --- Closures -----------------------------------------------------------------------------------


def test_a_closure_closes_and_the_next_opening_comes_after(mairie, close):
    close(on(1, 0), on(2, 0))
    assert said(mairie, on(1, 10)) == ("Fermé · ouvre demain à 9 h", "grève nationale")
    assert said(mairie, on(0, 18)) == ("Fermé · ouvre mercredi à 9 h", "grève nationale")
    assert said(mairie, on(0, 10)) == ("Ouvert jusqu'à 12 h", "")
    assert said(mairie, on(2, 10)) == ("Ouvert jusqu'à 12 h", "")


def test_a_closure_may_begin_and_end_within_an_opening(mairie, close):
    close(on(0, 10), on(0, 11), motif="tempête")
    assert said(mairie, on(0, 9, 30)) == ("Ouvert jusqu'à 10 h", "tempête")
    assert said(mairie, on(0, 10, 30)) == ("Fermé · ouvre aujourd'hui à 11 h", "tempête")
    assert said(mairie, on(0, 11)) == ("Ouvert jusqu'à 12 h", "")


def test_an_uncertain_closure_never_lets_one_say_open(mairie, close):
    close(on(1, 0), on(2, 0), certitude="a_verifier")
    found = opening_of(mairie, at=on(1, 10))
    assert (found.etat, found.motif, found.prochaine) == ("inconnu", "grève nationale", on(2, 9))
    assert opening_of(mairie, at=on(1, 20)).etat == "ferme"
    assert said(mairie, on(0, 18)) == ("Fermé · ouvre mercredi à 9 h", "grève nationale")


def test_of_two_closures_the_certain_one_decides(mairie, close):
    close(on(1, 0), on(2, 0), certitude="a_verifier")
    close(on(1, 0), on(2, 0), motif="tempête")
    found = opening_of(mairie, at=on(1, 10))
    assert (found.etat, found.motif) == ("ferme", "tempête")


def test_a_closure_wins_over_the_exceptional_hours_of_a_body(mairie, close, change):
    change(mairie, 1, 1, ("09:00", "12:00"))
    close(on(1, 0), on(2, 0))
    assert opening_of(mairie, at=on(1, 10)).etat == "ferme"


def test_what_never_closes_closes_then(make_organisme, close):
    always = make_organisme(
        plages=[{"jour": day, "debut": "00:00", "fin": "23:59"} for day in range(7)]
    )
    close(on(1, 8), on(2, 8))
    assert opening_of(always, at=on(0, 8)).jusqu_a == on(1, 8)
    assert said(always, on(1, 8)) == ("Fermé · ouvre demain à 8 h", "grève nationale")


def test_a_closure_of_several_months_still_says_when_it_ends(mairie, close):
    close(on(0, 0), on(200, 0), motif="incendie")
    assert opening_of(mairie, at=on(1, 10)).prochaine == on(200, 9)


def test_a_body_without_hours_is_closed_by_a_closure_and_unknown_after(make_organisme, close):
    bare = make_organisme(plages=[])
    close(on(1, 0), on(2, 0))
    assert opening_of(bare, at=on(1, 10)).etat == "ferme"
    assert opening_of(bare, at=on(2, 10)).etat == "inconnu"


@pytest.mark.parametrize(
    ("fields", "etat"),
    [
        ({}, "ferme"),
        ({"types": ["mairie", "caf"]}, "ferme"),
        ({"departements": ["72"]}, "ferme"),
        ({"types": ["mairie"], "departements": ["72", "75"]}, "ferme"),
        ({"types": ["caf"]}, "ouvert"),
        ({"departements": ["75"]}, "ouvert"),
        ({"types": ["caf"], "departements": ["72"]}, "ouvert"),
        ({"types": ["mairie"], "departements": ["75"]}, "ouvert"),
    ],
)
def test_a_closure_holds_for_its_kinds_and_its_departements(mairie, close, fields, etat):
    close(on(1, 0), on(2, 0), **fields)
    assert opening_of(mairie, at=on(1, 10)).etat == etat


def test_a_closure_holds_for_a_kind_under_its_other_codes(make_organisme, close):
    agency = make_organisme("Pôle emploi", "pole_emploi", plages=PLAGES)
    close(on(1, 0), on(2, 0), types=["france_travail"])
    assert opening_of(agency, at=on(1, 10)).etat == "ferme"


def test_a_closure_that_was_lifted_changes_nothing(mairie, close, make_agent):
    close(
        on(1, 0), on(2, 0), levee_le=timezone.now(), levee_par=make_agent("redacteur", "troisieme")
    )
    assert said(mairie, on(1, 10)) == ("Ouvert jusqu'à 12 h", "")


@pytest.mark.parametrize("bodies", [1, 20])
def test_two_queries_whatever_the_number_of_bodies(
    make_organisme, change, close, bodies, django_assert_num_queries
):
    shown = [make_organisme(f"Mairie {rank}", plages=PLAGES) for rank in range(bodies)]
    for organisme in shown:
        change(organisme, 1)
    close(on(3, 0), on(4, 0))
    close(on(3, 0), on(4, 0), types=["caf"])
    with django_assert_num_queries(2):
        found = openings_of(shown, at=on(1, 10))
    assert [each.etat for each in found] == ["ferme"] * bodies


def test_each_body_has_its_own_hours_in_the_order_given(make_organisme, change):
    first, second = (make_organisme(f"Mairie {rank}", plages=PLAGES) for rank in range(2))
    change(first, 0)
    states = [each.etat for each in openings_of([second, first, second], at=on(0, 10))]
    assert states == ["ouvert", "ferme", "ouvert"]


def test_no_body_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert openings_of([], at=on(0, 10)) == []


def test_rows_need_not_be_saved_to_be_tried():
    exception = HoraireExceptionnel(du=MONDAY, au=MONDAY, plages=[], motif="essai")
    found = opening(PLAGES, at=on(0, 10), exceptionnels=[exception])
    assert (found.etat, found.motif, found.prochaine) == ("ferme", "essai", on(1, 9))
