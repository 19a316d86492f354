"""Open now, until when, and next: never a false « ouvert »."""

from datetime import UTC, datetime, timedelta

import pytest

from orientation.hours import PARIS, clock, describe, describe_next, opening, opening_of, week
from orientation.hours import zone_of as zone


def at(*moment, departement=""):
    return datetime(*moment, tzinfo=zone(departement))


def plage(jour, debut, fin, commentaire=""):
    return {"jour": jour, "debut": debut, "fin": fin, "commentaire": commentaire}


def state(plages, moment, **options):
    found = opening(plages, at=moment, **options)
    return found.etat, describe(found, at=moment)


# 23 November 2026 is a Monday.
OFFICE = [
    plage(day, *hours) for day in range(5) for hours in (("08:45", "12:00"), ("13:30", "16:00"))
]
# Fontaine-le-Port, as the dump has it.
COMMENT = "Accueil ouvert uniquement hors vacances scolaires l'après-midi."
VILLAGE = [
    plage(1, "09:00", "12:00", COMMENT),
    plage(1, "18:00", "19:00", COMMENT),
    plage(2, "09:00", "12:00"),
    plage(4, "09:00", "12:00"),
]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2026, 11, 23, 10), ("ouvert", "Ouvert jusqu'à 12 h")),
        (at(2026, 11, 23, 15, 59), ("ouvert", "Ouvert jusqu'à 16 h")),
        (at(2026, 11, 23, 8, 44), ("ferme", "Fermé · ouvre aujourd'hui à 8 h 45")),
        (at(2026, 11, 23, 12), ("ferme", "Fermé · ouvre aujourd'hui à 13 h 30")),
        (at(2026, 11, 23, 16), ("ferme", "Fermé · ouvre demain à 8 h 45")),
        (at(2026, 11, 27, 17), ("ferme", "Fermé · ouvre lundi à 8 h 45")),
        # Christmas is a Friday: next comes Monday.
        (at(2026, 12, 24, 18, 30), ("ferme", "Fermé · ouvre lundi à 8 h 45")),
        (at(2026, 12, 25, 10), ("ferme", "Fermé · ouvre lundi à 8 h 45")),
    ],
)
def test_an_office_says_its_state_and_what_follows(moment, expected):
    assert state(OFFICE, moment) == expected


def test_an_open_office_also_says_when_it_opens_again():
    moment = at(2026, 11, 23, 10)
    assert describe_next(opening(OFFICE, at=moment), at=moment) == "aujourd'hui à 13 h 30"


def test_a_holiday_is_named():
    assert opening(OFFICE, at=at(2026, 12, 25, 10)).mention == "jour férié\u00a0: Noël"


def test_the_comment_on_afternoons_spares_the_morning():
    assert state(VILLAGE, at(2026, 11, 24, 10)) == ("ouvert", "Ouvert jusqu'à 12 h")
    evening = opening(VILLAGE, at=at(2026, 11, 24, 18, 30))
    assert (evening.etat, evening.mention) == ("inconnu", COMMENT.rstrip("."))
    assert describe_next(evening, at=at(2026, 11, 24, 18, 30)) == "demain à 9 h"


@pytest.mark.parametrize(
    ("comment", "etat"),
    [
        ("Ouvert uniquement l'après-midi", "inconnu"),
        ("l'après-midi seulement", "inconnu"),
        ("Uniquement sur rendez-vous l'après-midi", "ouvert"),
        ("Fermé l'après-midi en août", "ouvert"),
    ],
)
def test_a_morning_is_spared_by_what_is_said_of_afternoons_unless_it_is_denied(comment, etat):
    found = opening([plage(0, "09:00", "12:00", comment)], at=at(2026, 11, 23, 10))
    assert found.etat == etat


@pytest.mark.parametrize(
    "comment",
    [
        "un samedi sur deux",
        "2e ou 4e samedi du mois",
        "hors vacances scolaires",
        "Bus itinérant, semaines paires",
        "Accueil sans rendez-vous uniquement pour l'inscription du lundi au vendredi de 9h à 11h "
        "et les après-midi du lundi au mercredi de 13h30 à 16h30.",
        "Fermé le samedi en août",
        "accueil téléphonique uniquement",
        "n'importe quoi",
    ],
)
def test_a_comment_that_is_not_understood_never_says_open(comment):
    plages = [plage(day, "09:00", "17:00", comment) for day in range(7)]
    found = opening(plages, at=at(2026, 11, 23, 10))
    assert (found.etat, found.en_principe) == ("inconnu", True)
    assert describe_next(found, at=at(2026, 11, 23, 10)) == "en principe demain à 9 h"
    assert found.mention == comment.rstrip(".")
    assert describe(found, at=at(2026, 11, 23, 10)) == "Horaires à vérifier"


@pytest.mark.parametrize(
    "comment",
    [
        "Sur rendez-vous",
        "Uniquement sur rendez-vous",
        "uniquement sur rdv.",
        "Accueil du public uniquement sur rendez-vous",
        "Sans rendez-vous",
        "Avec ou sans rendez-vous",
        "Fermé les jours fériés",
    ],
)
def test_appointments_are_mentioned_and_leave_the_office_open(comment):
    found = opening([plage(0, "09:00", "12:00", comment)], at=at(2026, 11, 23, 10))
    assert (found.etat, found.mention) == ("ouvert", comment.rstrip("."))


def test_a_closed_office_mentions_how_it_will_open():
    found = opening([plage(1, "09:00", "12:00", "Sur rendez-vous")], at=at(2026, 11, 23, 10))
    assert (found.etat, found.mention) == ("ferme", "Sur rendez-vous")


def test_the_general_remark_makes_hours_unsure_unless_understood():
    moment = at(2026, 11, 23, 10)
    unsure = opening(OFFICE, at=moment, commentaire="Fermé pendant les travaux")
    assert (unsure.etat, unsure.mention) == ("inconnu", "Fermé pendant les travaux")
    sure = opening(OFFICE, at=moment, commentaire="Sur rendez-vous")
    assert (sure.etat, sure.mention) == ("ouvert", "Sur rendez-vous")


def test_an_uncertain_day_is_not_promised_as_the_next_one():
    plages = [plage(5, "09:00", "12:00", "un samedi sur deux"), plage(1, "09:00", "12:00")]
    moment = at(2026, 11, 27, 18)
    assert describe(opening(plages, at=moment), at=moment) == "Fermé · ouvre mardi à 9 h"


def test_without_a_certain_opening_the_likely_one_is_said_to_be_so():
    plages = [plage(5, "09:00", "12:00", "un samedi sur deux")]
    moment = at(2026, 11, 23, 10)
    assert state(plages, moment) == ("ferme", "Fermé · ouvre en principe samedi à 9 h")
    assert opening(plages, at=moment).mention == "un samedi sur deux"


@pytest.mark.parametrize("comment", ["Fermé pendant les travaux", "Fermé jusqu'à nouvel ordre"])
def test_an_office_that_may_be_closed_for_good_promises_nothing(comment):
    found = opening(OFFICE, at=at(2026, 11, 23, 10), commentaire=comment)
    assert (found.etat, found.prochaine) == ("inconnu", None)


def test_words_without_hours_promise_nothing():
    found = opening([plage(1, "", "", "Sur rendez-vous")], at=at(2026, 11, 23, 10))
    assert (found.etat, found.prochaine, found.en_principe) == ("ferme", None, False)


CHRISTMAS = "Fermeture entre Noël et le jour de l'an."


@pytest.mark.parametrize(
    ("moment", "expected", "following"),
    [
        (at(2026, 11, 23, 10), "Ouvert jusqu'à 12 h", "aujourd'hui à 13 h 30"),
        (at(2026, 12, 23, 17), "Fermé · ouvre lundi 4/01 à 8 h 45", "lundi 4/01 à 8 h 45"),
        (at(2026, 12, 24, 10), "Horaires à vérifier", "lundi 4/01 à 8 h 45"),
        (at(2026, 12, 28, 10), "Horaires à vérifier", "lundi 4/01 à 8 h 45"),
        (at(2027, 1, 4, 10), "Ouvert jusqu'à 12 h", "aujourd'hui à 13 h 30"),
    ],
)
def test_a_closure_at_a_time_of_the_year_leaves_the_rest_certain(moment, expected, following):
    found = opening(OFFICE, at=moment, commentaire=CHRISTMAS)
    assert describe(found, at=moment) == expected
    assert (describe_next(found, at=moment), found.en_principe) == (following, False)
    assert found.mention.endswith(CHRISTMAS.rstrip("."))


def test_a_long_closure_gives_the_day_it_ends():
    moment = at(2026, 7, 2, 10)
    found = opening(OFFICE, at=moment, commentaire="Fermé pendant les vacances d'été")
    assert found.etat == "inconnu"
    assert describe_next(found, at=moment) == "mercredi 16/09 à 8 h 45"


def test_a_range_may_have_its_own_closure():
    plages = [plage(5, "09:00", "12:00", "Fermé en août"), plage(0, "09:00", "12:00")]
    assert opening(plages, at=at(2026, 8, 8, 10)).etat == "inconnu"
    assert opening(plages, at=at(2026, 8, 10, 10)).etat == "ouvert"
    assert opening(plages, at=at(2026, 11, 28, 10)).etat == "ouvert"


def test_a_place_that_never_closes_but_on_holidays_is_closed_then():
    always = [plage(day, "00:00", "23:59") for day in range(7)]
    found = opening(always, at=at(2026, 12, 25, 3), commentaire="Fermé les jours fériés")
    assert (found.etat, found.mention) == (
        "ferme",
        "jour férié\u00a0: Noël · Fermé les jours fériés",
    )


def test_nothing_known_is_not_closed():
    assert state([], at(2026, 11, 23, 10)) == ("inconnu", "Horaires à vérifier")


def test_a_day_with_words_but_no_hours_is_unknown_that_day_only():
    plages = [plage(0, "", "", "Uniquement sur rendez-vous"), plage(1, "09:00", "12:00")]
    monday = opening(plages, at=at(2026, 11, 23, 10))
    assert (monday.etat, monday.mention) == ("inconnu", "Uniquement sur rendez-vous")
    assert opening(plages, at=at(2026, 11, 25, 10)).etat == "ferme"


@pytest.mark.parametrize("hours", [("00:00", "00:00"), ("09:00", "9h"), ("25:00", "26:00")])
def test_hours_that_cannot_be_read_are_unknown(hours):
    assert opening([plage(0, *hours)], at=at(2026, 11, 23, 10)).etat == "inconnu"


def test_a_night_range_runs_past_midnight():
    night = [plage(0, "22:00", "06:00")]
    assert state(night, at(2026, 11, 23, 23)) == ("ouvert", "Ouvert jusqu'à demain à 6 h")
    assert state(night, at(2026, 11, 24, 5, 59)) == ("ouvert", "Ouvert jusqu'à 6 h")
    assert state(night, at(2026, 11, 24, 6))[0] == "ferme"
    assert state(night, at(2026, 11, 23, 5))[0] == "ferme"


def test_midnight_is_the_end_of_the_evening():
    assert state([plage(0, "18:00", "00:00")], at(2026, 11, 23, 20)) == (
        "ouvert",
        "Ouvert jusqu'à minuit",
    )


def test_a_place_that_never_closes_is_open_on_holidays_too():
    always = [plage(day, "00:00", "23:59") for day in range(7)]
    assert state(always, at(2026, 12, 25, 3)) == ("ouvert", "Ouvert en permanence")


def test_a_place_that_works_on_sundays_is_unknown_on_holidays():
    every_day = [plage(day, "08:00", "18:00") for day in range(7)]
    assert state(every_day, at(2026, 12, 25, 10))[0] == "inconnu"


@pytest.mark.parametrize(
    ("departement", "day"),
    [
        ("67", (2026, 12, 26)),  # Saint-Étienne
        ("57", (2026, 4, 3)),  # vendredi saint
        ("68", (2026, 4, 3)),
        ("971", (2026, 5, 27)),  # abolition de l'esclavage
        ("972", (2026, 5, 22)),
        ("973", (2026, 6, 10)),
        ("974", (2026, 12, 20)),
        ("976", (2026, 4, 27)),
        ("987", (2026, 3, 5)),
        ("988", (2026, 9, 24)),
    ],
)
def test_each_territory_has_its_own_holidays(departement, day):
    every_day = [plage(number, "08:00", "18:00") for number in range(6)]
    moment = at(*day, 10, departement=departement)
    if moment.weekday() == 6:  # the 20th of December 2026
        moment = at(2027, 12, 20, 10, departement=departement)
    found = opening(every_day, at=moment, departement=departement)
    assert found.etat == "ferme"
    assert found.mention.startswith("jour férié")
    assert opening(every_day, at=moment.replace(tzinfo=PARIS), departement="72").etat == "ouvert"


def test_overseas_hours_are_local_and_said_so():
    eleven_in_reunion = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    found = opening(OFFICE, at=eleven_in_reunion, departement="974")
    assert describe(found, at=eleven_in_reunion) == "Ouvert jusqu'à 12 h (heure locale)"
    assert opening(OFFICE, at=eleven_in_reunion, departement="972").etat == "ferme"


def test_when_clocks_change_the_wall_clock_decides():
    sunday = [plage(6, "01:30", "05:00")]
    for moment, expected in [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "ouvert"),  # 2:30 for the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "ouvert"),  # 2:30 for the second time
        (datetime(2026, 10, 25, 3, 59, tzinfo=UTC), "ouvert"),
        (datetime(2026, 10, 25, 4, 0, tzinfo=UTC), "ferme"),
        (datetime(2026, 3, 29, 2, 59, tzinfo=UTC), "ouvert"),  # 4:59, an hour earlier
        (datetime(2026, 3, 29, 3, 0, tzinfo=UTC), "ferme"),
    ]:
        assert opening(sunday, at=moment).etat == expected, moment


def test_a_range_that_ends_or_starts_in_the_hour_that_is_skipped_does_so_at_the_change():
    # On 29 March 2026 clocks go from 2 h to 3 h, at 1 h UTC.
    for hours, first, last in [
        (("01:00", "02:30"), (0, 0), (0, 59)),
        (("02:30", "05:00"), (1, 0), (2, 59)),
    ]:
        sunday = [plage(6, *hours)]
        for moment, expected in [
            (datetime(2026, 3, 29, *first, tzinfo=UTC), "ouvert"),
            (datetime(2026, 3, 29, *last, tzinfo=UTC), "ouvert"),
            (datetime(2026, 3, 29, *first, tzinfo=UTC) - timedelta(minutes=1), "ferme"),
            (datetime(2026, 3, 29, *last, tzinfo=UTC) + timedelta(minutes=1), "ferme"),
        ]:
            assert opening(sunday, at=moment).etat == expected, (hours, moment)


def test_a_range_that_starts_in_the_hour_that_comes_twice_starts_the_second_time():
    # On 25 October 2026, 2:30 comes at 0:30 and at 1:30 UTC.
    late, early = [plage(6, "02:30", "05:00")], [plage(6, "01:00", "02:30")]
    assert opening(late, at=datetime(2026, 10, 25, 1, 15, tzinfo=UTC)).etat == "ferme"
    assert opening(late, at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC)).etat == "ouvert"
    assert opening(early, at=datetime(2026, 10, 25, 0, 29, tzinfo=UTC)).etat == "ouvert"
    assert opening(early, at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC)).etat == "ferme"


def test_saint_pierre_changes_its_clocks_on_other_days_than_paris():
    # 15 March 2026: North America is on summer time, Europe is not: UTC-2.
    assert opening(OFFICE, at=datetime(2026, 3, 16, 11, tzinfo=UTC), departement="975").etat == (
        "ouvert"
    )
    # 10 November: UTC-3, and 11 h UTC is 8 h there.
    assert opening(OFFICE, at=datetime(2026, 11, 10, 11, tzinfo=UTC), departement="975").etat == (
        "ferme"
    )


def test_a_night_that_began_on_a_public_holiday_does_not_last_after_it():
    # Christmas 2026 is a Friday.
    nights = [plage(day, "20:00", "04:00") for day in range(5)]
    assert opening(nights, at=at(2026, 12, 26, 2)).etat == "ferme"
    assert opening(nights, at=at(2026, 12, 25, 2)).etat == "ferme"
    assert opening(nights, at=at(2026, 12, 19, 2)).etat == "ouvert"


SANDILLON = "Accueil ouvert uniquement le 2e et 4e samedis de chaque mois."


@pytest.mark.parametrize(
    ("comment", "moment", "expected"),
    [
        # Saturdays of November 2026: 7, 14, 21, 28.
        (SANDILLON, at(2026, 11, 14, 10), "Ouvert jusqu'à 12 h"),
        (SANDILLON, at(2026, 11, 21, 10), "Fermé · ouvre samedi 28/11 à 9 h"),
        (SANDILLON, at(2026, 11, 28, 12), "Fermé · ouvre samedi 12/12 à 9 h"),
        ("1er samedi du mois. Fermé en décembre.", at(2026, 11, 8, 10), "Fermé · ouvre samedi"),
        ("semaines paires", at(2026, 11, 28, 10), "Ouvert jusqu'à 12 h"),  # week 48
        ("semaines impaires", at(2026, 11, 28, 10), "Fermé · ouvre samedi 5/12 à 9 h"),
        ("2e et 4e dimanches", at(2026, 11, 14, 10), "Horaires à vérifier"),
    ],
)
def test_ranks_in_the_month_and_parity_of_weeks_are_computed(comment, moment, expected):
    found = opening([plage(5, "09:00", "12:00", comment)], at=moment)
    assert describe(found, at=moment).startswith(expected)
    assert comment.split(".")[0] in found.mention


def test_the_last_minute_of_the_day_is_midnight():
    assert state([plage(0, "18:00", "23:59")], at(2026, 11, 23, 20)) == (
        "ouvert",
        "Ouvert jusqu'à minuit",
    )
    assert opening([plage(0, "18:00", "23:59")], at=at(2026, 11, 24, 0)).etat == "ferme"


def test_two_ranges_a_minute_apart_are_two():
    found = opening(
        [plage(0, "09:00", "11:59"), plage(0, "12:00", "14:00")], at=at(2026, 11, 23, 10)
    )
    assert (found.jusqu_a, found.prochaine) == (at(2026, 11, 23, 11, 59), at(2026, 11, 23, 12))


@pytest.mark.parametrize(
    "place",
    [
        {"departement_code": "", "adresse": {"pays": "Belgique"}},
        {"departement_code": "989", "adresse": {}},
    ],
)
def test_where_the_clock_is_not_known_nothing_is_said_to_be_open(make_organisme, place):
    found = opening_of(make_organisme(plages=OFFICE, **place), at=at(2026, 11, 23, 10))
    assert (found.etat, found.prochaine) == ("inconnu", None)
    assert found.mention.startswith("heure locale inconnue")


def test_saint_martin_keeps_its_own_holidays_under_its_postcode(make_organisme):
    body = make_organisme(plages=OFFICE, departement_code="971", code_postal="97150")
    # 27 May: the abolition of slavery is kept in Guadeloupe, the 28th in Saint-Martin.
    moment = at(2026, 5, 28, 10, departement="978")
    assert opening_of(body, at=moment).ferie
    body.code_postal = "97110"
    assert not opening_of(body, at=moment).ferie


def test_a_body_gone_from_the_source_is_unknown(make_organisme):
    gone = make_organisme(plages=OFFICE, etat="disparu")
    assert opening_of(gone, at=at(2026, 11, 23, 10)).etat == "inconnu"


def test_a_week_shows_each_day_in_order():
    shown = week([plage(1, "18:00", "19:00", "sauf août"), plage(1, "09:00", "12:00")])
    assert shown[1] == ("mardi", [("9 h – 12 h", ""), ("18 h – 19 h", "sauf août")])
    assert shown[0] == ("lundi", [])


@pytest.mark.parametrize(
    ("hour", "said"),
    [((19, 0), "19 h"), ((8, 45), "8 h 45"), ((9, 5), "9 h 05"), ((0, 0), "minuit")],
)
def test_hours_are_said_as_one_speaks(hour, said):
    assert clock(datetime(2026, 11, 23, *hour)) == said
