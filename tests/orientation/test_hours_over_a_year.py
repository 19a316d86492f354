"""Hours held against a reference written the plain way, over a year, in every zone."""

from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orientation.hours import describe, describe_next, opening, zone_of
from orientation.models import Fermeture, HoraireExceptionnel
from orientation.remarks import read_remark

SUBDIVISIONS = {
    **{"": None, "72": None, "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972"},
    **{"973": "973", "974": "974", "975": "PM", "976": "976", "977": "BL", "978": "MF"},
    **{"984": "TF", "986": "WF", "987": "PF", "988": "NC"},
}
TERRITORIES = list(SUBDIVISIONS)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)


def plage(jour, debut, fin, commentaire=""):
    return {"jour": jour, "debut": debut, "fin": fin, "commentaire": commentaire}


def feasts(departement):
    return holidays.country_holidays(
        "FR", subdiv=SUBDIVISIONS[departement], years=(2025, 2026, 2027, 2028)
    )


# --- The plain way ------------------------------------------------------------------------------


def stated(plages, local):
    """Whether the clock on the wall stands within a range: a minute of the day, or of the night."""
    now, today = local.strftime("%H:%M"), local.date()
    for day, after in ((today, False), (today - DAY, True)):
        for each in plages(day):
            start, end = each["debut"], each["fin"]
            if not start or not end or start == end:
                continue
            if end in ("00:00", "23:59"):
                end = "24:00"
            if end < start:
                if (not after and now >= start) or (after and now < end):
                    return True
            elif not after and start <= now < end:
                return True
    return False


def week_of(plages):
    return lambda day: [each for each in plages if each["jour"] == day.weekday()]


OFFICE = [
    *(plage(day, "08:30", "12:00") for day in range(5)),
    *(plage(day, "13:30", "17:15") for day in range(4)),
    plage(5, "09:00", "12:00", "2e et 4e samedis"),
    plage(4, "21:00", "02:30"),
]


@pytest.mark.parametrize("departement", TERRITORIES)
def test_openings_follow_one_another_all_year_as_the_calendar_has_them(departement):
    zone, closed = zone_of(departement), feasts(departement)
    expected = []
    for number in range((LAST - FIRST).days):
        day = FIRST + number * DAY
        for each in OFFICE:
            nth = (day.day - 1) // 7 + 1
            if each["jour"] != day.weekday() or day in closed:
                continue
            if each["commentaire"] and nth not in (2, 4):
                continue
            start, end = (time.fromisoformat(each[key]) for key in ("debut", "fin"))
            last = day + DAY if end < start else day
            if last != day and last in closed:
                end = time.min
            expected.append(
                (
                    datetime.combine(day, start, tzinfo=zone).astimezone(UTC),
                    datetime.combine(last, end, tzinfo=zone).astimezone(UTC),
                )
            )
    expected.sort()
    moment = datetime.combine(FIRST, time.min, tzinfo=zone).astimezone(UTC)
    found = []
    while moment < expected[-1][1]:
        state = opening(OFFICE, at=moment, departement=departement)
        if state.etat == "ouvert":
            end = state.jusqu_a.astimezone(UTC)
            found.append((moment, end))
            assert end > moment
            moment = end
        else:
            assert (state.etat, state.en_principe) == ("ferme", False)
            before = opening(OFFICE, at=moment - MINUTE, departement=departement)
            assert moment == state.prochaine or before.etat != "inconnu"
            assert state.prochaine > moment
            moment = state.prochaine.astimezone(UTC)
    assert found == expected


# --- Whatever the hours -------------------------------------------------------------------------

TIMES = st.times().map(lambda time: time.strftime("%H:%M"))
ENDS = st.one_of(TIMES, st.sampled_from(["", "00:00", "23:59", "12:00"]))
OBSCURE = "un samedi sur deux"
PLAGES = st.lists(
    st.builds(
        plage,
        st.integers(0, 6),
        st.one_of(TIMES, st.sampled_from(["", "00:00", "12:00"])),
        ENDS,
        st.sampled_from(["", "", "", "Sur rendez-vous", OBSCURE, "semaines paires"]),
    ),
    max_size=8,
)
CHRISTMAS = "Fermeture entre Noël et le jour de l'an."
REMARKS = st.sampled_from(["", "", CHRISTMAS, "Fermé en août", "Fermé les jours fériés"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
LENGTHS = st.integers(0, 12)


@st.composite
def exceptional(draw, moment):
    """Some days about the moment, with hours of their own."""
    first = moment.date() + draw(st.integers(-3, 9)) * DAY
    ranges = draw(st.lists(st.tuples(TIMES, ENDS), max_size=2))
    return HoraireExceptionnel(
        du=first,
        au=first + draw(LENGTHS) * DAY,
        plages=[{"debut": debut, "fin": fin} for debut, fin in ranges],
        motif="inventaire",
    )


@st.composite
def closures(draw, moment):
    start = moment + draw(st.integers(-3000, 9000)) * MINUTE
    return Fermeture(
        motif="grève",
        du=start,
        au=start + draw(st.integers(1, 20000)) * MINUTE,
        certitude=draw(st.sampled_from(["ferme", "a_verifier"])),
    )


@st.composite
def situations(draw):
    moment = draw(MOMENTS)
    return moment, {
        "plages": draw(PLAGES),
        "departement": draw(st.sampled_from(TERRITORIES)),
        "commentaire": draw(REMARKS),
        "exceptionnels": draw(st.lists(exceptional(moment), max_size=2)),
        "fermetures": draw(st.lists(closures(moment), max_size=2)),
    }


def ranges_of(situation):
    """The ranges of a day, without those that may not be trusted."""

    def ranges(day):
        for each in reversed(situation["exceptionnels"]):
            if each.du <= day <= each.au:
                return each.plages
        week = situation["plages"]
        return [
            each
            for each in week
            if each["jour"] == day.weekday()
            and each["commentaire"] != OBSCURE
            and (each["commentaire"] != "semaines paires" or day.isocalendar().week % 2 == 0)
        ]

    return ranges


def clocks_change(moment, zone):
    return len({(moment + hours * timedelta(hours=1)).astimezone(zone).utcoffset()
                for hours in (-30, 0, 30)}) > 1  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(situations())
def test_what_is_said_holds_at_the_instants_it_names(drawn):
    moment, situation = drawn

    def state_at(instant):
        return opening(at=instant, **situation).etat

    found = opening(at=moment, **situation)
    assert found.etat in ("ouvert", "ferme", "inconnu")
    assert describe(found, at=moment)
    covering = [each for each in situation["fermetures"] if each.du <= moment < each.au]
    if covering:
        assert found.etat != "ouvert"
        assert "grève" in found.mention
    if any(each.certitude == "ferme" for each in covering):
        assert (found.etat, found.motif) == ("ferme", "grève")
    if found.etat == "ouvert":
        local = moment.astimezone(zone_of(situation["departement"]))
        assert stated(ranges_of(situation), local)
        exceptional = any(each.du <= local.date() <= each.au for each in situation["exceptionnels"])
        read = read_remark(situation["commentaire"], departement=situation["departement"])
        assert (
            exceptional
            or read.trusts(local.date())
            or stated(lambda day: ranges_of(situation)(day) if day < local.date() else [], local)
        )
    if found.jusqu_a is not None:
        assert found.etat == "ouvert"
        assert moment < found.jusqu_a
        end = found.jusqu_a.astimezone(UTC)
        assert state_at(end) != "ouvert"
        assert state_at(end - timedelta(seconds=1)) == "ouvert"
    if found.prochaine is not None:
        assert found.prochaine > moment
        start = found.prochaine.astimezone(UTC)
        assert state_at(start) == ("inconnu" if found.en_principe else "ouvert")
        if not found.en_principe:
            assert state_at(start - timedelta(seconds=1)) != "ouvert"
        assert describe_next(found, at=moment)
    for named in filter(None, (found.jusqu_a, found.prochaine)):
        assert named.tzinfo == zone_of(situation["departement"])


@settings(max_examples=60, deadline=None)
@given(situations())
def test_the_next_opening_comes_no_sooner_as_time_passes(drawn):
    """Between now and the next opening nothing opens; the answer stays the same."""
    moment, situation = drawn
    found = opening(at=moment, **situation)
    if found.prochaine is None or found.en_principe or found.etat == "ouvert":
        return
    until = found.prochaine.astimezone(UTC)
    for part in range(1, 8):
        between = moment + (until - moment) * part / 8
        again = opening(at=between, **situation)
        assert again.etat != "ouvert"
        assert again.prochaine == found.prochaine


@settings(max_examples=25, deadline=None)
@given(PLAGES, MOMENTS, st.sampled_from(TERRITORIES))
def test_minute_by_minute_the_answer_is_that_of_the_wall_clock(plages, moment, departement):
    """Two days, every minute around the ends of ranges and one in thirteen besides."""
    zone, closed = zone_of(departement), feasts(departement)
    plages = [each for each in plages if each["debut"] and each["fin"] and not each["commentaire"]]
    marks = {each[key] for each in plages for key in ("debut", "fin")}
    for number in range(2 * 24 * 60):
        instant = moment.replace(hour=0, minute=0, second=0) + number * MINUTE
        local = instant.astimezone(zone)
        at_mark = local.strftime("%H:%M") in marks
        if (number % 13 and not at_mark) or clocks_change(instant, zone):
            continue
        if local.date() in closed or local.date() - DAY in closed:
            continue
        state = opening(plages, at=instant, departement=departement).etat
        doubtful = {each["jour"] for each in plages if each["debut"] == each["fin"]}
        if stated(week_of(plages), local):
            assert state == "ouvert"
        elif local.weekday() in doubtful:
            assert state == "inconnu"
        else:
            assert state == ("ferme" if plages else "inconnu")
