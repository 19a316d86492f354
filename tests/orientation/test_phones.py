"""Numbers as they are dictated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientation.phones import in_pairs


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0243397272", "02 43 39 72 72"),
        ("02.43.39.72.72", "02 43 39 72 72"),
        ("02-43-39-72-72", "02 43 39 72 72"),
        ("02\u00a043\u00a039\u00a072\u00a072", "02 43 39 72 72"),
        ("+33 2 43 39 72 72", "02 43 39 72 72"),
        ("+33 (0)2 43 39 72 72", "02 43 39 72 72"),
        ("0033243397272", "02 43 39 72 72"),
        ("+262262404040", "02 62 40 40 40"),
        ("+687 25 60 00", "+687 25 60 00"),
        ("3939", "39 39"),
        ("15", "15"),
        ("114", "114"),
        ("118006", "118 006"),
        ("116117", "116 117"),
        ("0800121314", "0 800 12 13 14"),
        ("+44 20 7946 0018", "+44 20 7946 0018"),
        ("voir le site", "voir le site"),
        ("", ""),
    ],
)
def test_a_number_is_said_in_groups(number, said):
    assert in_pairs(number) == said


@given(st.from_regex(r"0[1-79][0-9]{8}", fullmatch=True))
def test_no_digit_is_lost_nor_moved(number):
    assert in_pairs(number).replace(" ", "") == number
    assert in_pairs(in_pairs(number)) == in_pairs(number)


@given(st.text(max_size=30))
def test_any_text_is_taken(text):
    assert isinstance(in_pairs(text), str)
