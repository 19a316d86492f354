"""How the head of a fiche tells its age."""

import datetime

import pytest
from django.template import Context, Template

from allo3939.shared.days import day_in_words
from knowledge.freshness import label
from knowledge.models import Fiche

TODAY = datetime.date(2026, 11, 26)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("verified", "state"),
    [
        ("2026-11-03", "a_jour"),
        ("2025-11-27", "a_jour"),
        ("2025-11-26", "a_relire"),
        ("2024-11-27", "a_relire"),
        ("2024-11-26", "ancienne"),
    ],
)
def test_a_fiche_is_to_be_read_again_after_a_year_and_old_after_two(verified, state):
    told = label(Fiche(verifiee_le=day(verified)), on=TODAY)

    assert told.fraicheur == state
    assert bool(told.conseil) is (state != "a_jour")


def test_the_latest_of_both_dates_counts():
    told = label(Fiche(verifiee_le=day("2020-01-02"), modifiee_le=day("2026-10-01")), on=TODAY)

    assert (told.fraicheur, told.depuis) == ("a_jour", "mise à jour le 1er octobre 2026")


def test_a_fiche_without_a_date_says_so():
    assert label(Fiche(), on=TODAY).fraicheur == "inconnue"


@pytest.mark.parametrize(("changed", "told"), [("2026-10-02", True), ("2026-01-02", False)])
def test_an_important_change_is_told_while_it_is_recent(changed, told):
    fiche = Fiche(verifiee_le=TODAY, importante_le=day(changed))

    assert bool(label(fiche, on=TODAY).importante) is told


def test_the_first_of_a_month_is_said_as_such():
    assert day_in_words(day("2026-03-01")) == "1er mars 2026"
    assert day_in_words(day("2026-03-11")) == "11 mars 2026"
    assert day_in_words(day("2026-11-01"), "l j F") == "dimanche 1er novembre"


def test_pages_say_the_day_of_the_desk_not_of_greenwich():
    late = datetime.datetime(2026, 10, 31, 23, 30, tzinfo=datetime.UTC)
    page = Template('{% load lecture %}{{ le|jour:"j F, H:i" }}{{ rien|jour }}')

    assert page.render(Context({"le": late, "rien": None})) == "1er novembre, 00:30"
