"""What the card of a body tells besides its sentence."""

from datetime import UTC, datetime

import pytest

from orientation.card import read_access
from orientation.hours import Ouverture
from orientation.models import Organisme

MONDAY = datetime(2026, 6, 8, 8, 30, tzinfo=UTC)


def today(*ranges):
    """The usual hours of a Monday, from (start, end, remark)."""
    plages = [
        {"jour": 0, "debut": start, "fin": end, "commentaire": remark}
        for start, end, remark in ranges
    ]
    body = Organisme(plages=plages, departement_code="72")
    return read_access(body, Ouverture("ferme"), at=MONDAY)


@pytest.mark.parametrize(
    ("remarks", "told"),
    [
        (("sur rendez-vous", "sur rendez-vous"), ["", "sur rendez-vous"]),
        (("sur rendez-vous", "retraits"), ["sur rendez-vous", "retraits"]),
        (("sur rendez-vous", ""), ["sur rendez-vous", ""]),
        (("", ""), ["", ""]),
    ],
)
def test_a_remark_that_all_the_hours_of_today_bear_is_told_once(remarks, told):
    morning, afternoon = remarks
    acces = today(("09:00", "12:00", morning), ("14:00", "16:00", afternoon))
    day, ranges = acces.aujourd_hui
    assert day == "lundi"
    assert [hours for hours, _ in ranges] == ["9 h – 12 h", "14 h – 16 h"]
    assert [remark for _, remark in ranges] == told
    assert [remark for _, remark in acces.semaine[0][1]] == list(remarks)


def test_a_day_without_hours_has_none():
    assert today(("09:00", "12:00", "")).semaine[1] == ("mardi", [])
    assert read_access(Organisme(), Ouverture("inconnu"), at=MONDAY).aujourd_hui is None
