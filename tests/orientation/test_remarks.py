"""What remarks on hours say of the days of a year, and which say nothing sure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientation.remarks import read_remark

YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def doubtful(remark, **options):
    """The first and last days that the remark makes doubtful, of a year that starts in March."""
    read = read_remark(remark, **options)
    assert read.understood, remark
    days = [day for day in YEAR if not read.trusts(day)]
    days.sort(key=lambda day: (day.month < 3, day))
    return (f"{days[0]:%d/%m}", f"{days[-1]:%d/%m}", len(days)) if days else None


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("Fermeture entre Noël et le jour de l'an.", ("24/12", "02/01", 10)),
        ("Fermé de Noël au Nouvel An", ("24/12", "02/01", 10)),
        ("La mairie est fermée entre Noël et le 1er janvier", ("24/12", "02/01", 10)),
        ("Fermé pendant les vacances de Noël", ("15/12", "08/01", 25)),
        ("Le bus ne circule pas pendant les vacances de Noël.", ("15/12", "08/01", 25)),
        ("Fermé pendant les fêtes de fin d'année", ("15/12", "08/01", 25)),
        ("sauf vacances scolaires de Noël", ("15/12", "08/01", 25)),
        ("Fermé à Noël", ("15/12", "08/01", 25)),
        ("Fermeture annuelle au mois d'août", ("01/08", "31/08", 31)),
        ("Fermé en août", ("01/08", "31/08", 31)),
        ("fermée tout le mois d'août", ("01/08", "31/08", 31)),
        ("Fermé en juillet et août", ("01/07", "31/08", 62)),
        ("Horaires réduits en juillet-août", ("01/07", "31/08", 62)),
        ("Fermé juin-septembre", ("01/06", "30/09", 122)),
        ("Fermé juillet, décembre", ("01/07", "31/12", 62)),
        ("Fermeture\u00a0: 24 décembre – 2 janvier", ("24/12", "02/01", 10)),
        ("Fermé de juin à septembre inclus", ("01/06", "30/09", 122)),
        ("Fermé les trois premières semaines d'août", ("22/07", "06/09", 47)),
        ("Fermé la 1re quinzaine d'août", ("22/07", "06/09", 47)),
        ("Fermé pendant les vacances d'été", ("01/07", "15/09", 77)),
        ("Fermé l'été", ("01/07", "15/09", 77)),
        ("Fermeture estivale", ("01/07", "15/09", 77)),
        ("Ouvert toute l'année sauf pendant les vacances de la Toussaint", ("10/10", "10/11", 32)),
        ("fermé le 24 décembre", ("24/12", "24/12", 1)),
        ("Fermé le jeudi 24 décembre 2026 à partir de 12h", ("24/12", "24/12", 1)),
        ("Fermé les 24 et 31 décembre", ("24/12", "31/12", 8)),
        ("Fermé le 24 décembre après-midi et le 31 décembre après-midi", ("24/12", "31/12", 2)),
        ("Fermé le 24/12", ("24/12", "24/12", 1)),
        ("Fermé du 24 décembre 2026 au 2 janvier 2027 inclus", ("24/12", "02/01", 10)),
        ("Fermé du 24/12/2026 au 02/01/2027", ("24/12", "02/01", 10)),
        ("Fermé du 24 décembre au soir au 2 janvier", ("24/12", "02/01", 10)),
        ("Congés annuels du 1er au 21 août", ("01/08", "21/08", 21)),
        ("Fermé entre le 10 et le 20 mai", ("10/05", "20/05", 11)),
        ("Sur rendez-vous. Fermé en août.", ("01/08", "31/08", 31)),
        ("Fermé les jours fériés et en août", ("01/08", "31/08", 31)),
        ("Fermé les jours fériés", None),
        ("Avec ou sans rendez-vous", None),
        ("", None),
    ],
)
def test_a_closure_makes_its_own_days_doubtful(remark, expected):
    assert doubtful(remark) == expected


@pytest.mark.parametrize(
    "remark",
    [
        "Fermé pendant les vacances scolaires",
        "hors vacances scolaires",
        "Fermé",
        "Fermé sauf en août",
        "Ouvert en août",
        "Ouvert uniquement pendant les vacances de Noël",
        "Fermé hors vacances de Noël",
        "Fermé le samedi en août",
        "Fermé en août sauf le mardi",
        "Fermé à partir du 24 décembre",
        "Fermé dès le 24 décembre",
        "Fermé dès décembre",
        "Fermé depuis août",
        "Fermé après le 24 décembre",
        "Fermé jusqu'au 5 janvier",
        "Fermé en août jusqu'au 15 septembre",
        "Fermé de mi-juin à mi-septembre",
        "Fermé de fin juin à fin août",
        "Fermé d'août 2026 à juin 2027",
        "Fermé du 24 décembre 2025 au 2 janvier 2027",
        "Fermé du 40 au 45 décembre",
        "Fermé le 24 décembre et ouvert le 31",
        "Fermé en août. Ouvert le 2e samedi.",
        "Fermé le mercredi et en août",
        "Horaires d'été\u00a0: du lundi au mercredi",
        "n'importe quoi en août",
    ],
)
def test_what_is_not_understood_whole_makes_every_day_doubtful(remark):
    read = read_remark(remark)
    assert not read.understood
    assert not any(read.trusts(day) for day in YEAR)
    assert read.text == remark


@pytest.mark.parametrize(
    ("remark", "days"),
    [
        ("2e et 4e samedis", [14, 28]),
        ("Accueil ouvert uniquement le 2e et 4e samedis de chaque mois.", [14, 28]),
        ("le 1er samedi du mois", [7]),
        ("Ouvert le premier samedi du mois sur rendez-vous", [7]),
        ("1er, 3e et 5e samedis", [7, 21]),
        ("dernier samedi du mois", [28]),
        ("semaines paires", [14, 28]),  # 46 and 48
        ("Le samedi des semaines impaires", [7, 21]),
        ("uniquement les semaines impaires", [7, 21]),
    ],
)
def test_ranks_in_the_month_and_parity_of_weeks_keep_some_weeks(remark, days):
    read = read_remark(remark, jour=5)
    saturdays = [date(2026, 11, day) for day in (7, 14, 21, 28)]
    assert read.understood
    assert [day.day for day in saturdays if read.includes(day)] == days
    assert all(read.trusts(day) for day in saturdays)


@pytest.mark.parametrize(
    "remark",
    [
        "2e et 4e dimanches",
        "2e ou 4e samedi",
        "un samedi sur deux",
        "sauf le 1er samedi du mois",
        "Fermé le 1er samedi du mois",
        "1er samedi du mois en hiver",
        "2e samedi matin",
        "1 semaine sur 2",
        "Bus itinérant, semaines paires",
        "1er samedi. Semaines paires.",
        "Le dimanche des semaines paires",
    ],
)
def test_weeks_that_are_not_clear_are_doubtful(remark):
    read = read_remark(remark, jour=5)
    assert not read.understood
    assert not read.selects


def test_a_remark_on_all_the_hours_names_no_weekday():
    assert not read_remark("2e et 4e samedis").understood
    assert read_remark("semaines paires").odd_weeks is False


@pytest.mark.parametrize("departement", ["974", "976", "987", "988"])
def test_seasons_are_not_those_of_the_other_hemisphere(departement):
    for remark in ("Fermé pendant les vacances d'été", "Fermé à Noël", "Fermeture estivale"):
        assert not read_remark(remark, departement=departement).understood
    assert doubtful("Fermé en août", departement=departement) == ("01/08", "31/08", 31)


@given(st.text(max_size=60), st.sampled_from(YEAR))
def test_any_text_is_read_and_no_text_is_trusted_without_being_understood(remark, day):
    read = read_remark(remark)
    assert read.understood or not read.trusts(day)


WORDS = st.sampled_from(
    [
        "fermé", "fermé", "sauf", "du", "le", "les", "au", "et", "en", "de", "à", "entre", "fin",
        "1er", "24", "31", "2026", "décembre", "août", "juillet", "noël", "vacances", "été",
        "jour", "de l'an", "semaine", "première", "mois", "jusqu'au", ".",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=10).map(" ".join), st.integers(0, 11))
def test_a_month_named_by_an_understood_closure_is_not_trusted_whole(remark, number):
    month = [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ][number]  # fmt: skip
    read = read_remark(remark)
    if read.understood and month in remark:
        assert not all(read.trusts(day) for day in YEAR if day.month == number + 1)
