"""Open now, until when, and next: never a false « ouvert »."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


# --- Over a year, in every zone -----------------------------------------------------------------

TIMES = st.times().map(lambda time: time.strftime("%H:%M"))
PLAGES = st.lists(
    st.builds(
        plage,
        st.integers(0, 6),
        TIMES,
        TIMES,
        st.sampled_from(["", "", "", "Sur rendez-vous", "un samedi sur deux"]),
    ),
    max_size=8,
)
REMARKS = st.sampled_from(["", "", CHRISTMAS, "Fermé en août", "Fermé les jours fériés"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
TERRITORIES = st.sampled_from(
    ["", "72", "57", "971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"]
)


@settings(max_examples=150, deadline=None)
@given(PLAGES, MOMENTS, TERRITORIES, REMARKS)
def test_what_is_said_holds_at_the_instants_it_names(plages, moment, departement, remark):
    def state_at(instant):
        return opening(plages, at=instant, departement=departement, commentaire=remark).etat

    found = opening(plages, at=moment, departement=departement, commentaire=remark)
    if found.etat == "ouvert":
        on = moment.astimezone(zone(departement))
        assert remark != CHRISTMAS or (1, 2) < (on.month, on.day) < (12, 24)
        assert remark != "Fermé en août" or on.month != 8
        assert found.jusqu_a is None or moment < found.jusqu_a
        assert _covered(plages, moment, departement)
    if found.jusqu_a is not None:
        just_before = found.jusqu_a.astimezone(UTC) - timedelta(seconds=1)
        if just_before - moment < timedelta(days=6):
            assert state_at(just_before) == "ouvert"
    if found.prochaine is not None:
        assert found.prochaine > moment
        then = found.prochaine.astimezone(UTC)
        assert state_at(then) == ("inconnu" if found.en_principe else "ouvert")
        assert describe_next(found, at=moment)
    assert describe(found, at=moment)


def _covered(plages, moment, departement) -> bool:
    """By the wall clock alone: some range without an obscure comment holds this minute."""
    local = moment.astimezone(zone(departement))
    now, day = local.strftime("%H:%M"), local.weekday()
    for each in plages:
        if each["commentaire"] == "un samedi sur deux":
            continue
        start, end, on = each["debut"], each["fin"], each["jour"]
        if start < end and on == day and start <= now < end:
            return True
        if start > end and ((on == day and now >= start) or ((on + 1) % 7 == day and now < end)):
            return True
        # « 23:59 » runs to midnight.
        if end == "23:59" and now == end and on == day:
            return True
    return False
