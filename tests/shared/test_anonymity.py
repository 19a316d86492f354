"""What could identify a caller is recognised; ordinary figures are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allo3939.shared.anonymity import find_identifiers, mask


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78", "06.12.34.56.78", "06-12 34.56-78", "+33 6 12 34 56 78", "0612345678",
        "jean.dupont@exemple.fr", "184127645108946", "1 84 12 76 451 089 46",
        "fr76 3000 6000 0112 3456 7890 189", "AB-123-CD", "ab 123 cd", "1234 AB 75",
        "1 85 05 2A 123 456 78", "06  12  34  56  78", "06,12,34,56,78", "06–12–34–56–78",
    ],
)  # fmt: skip
def test_identifiers_are_recognised(text):
    assert find_identifiers(f"note : {text}, merci")
    assert text not in mask(f"note : {text}, merci")


@pytest.mark.parametrize(
    "text",
    [
        "carte grise décès", "loyer de 1 250 € depuis le 01/02/2024", "72000 Le Mans", "le 39 39",
        "formulaire 10103*12", "article L1237-19-1 du code du travail", "F1480",
        "en 2024, 72000 habitants", "du 01/02/2024 au 03/04/2025", "12 mai 26", "",
    ],
)  # fmt: skip
def test_ordinary_words_and_figures_pass(text):
    assert find_identifiers(text) == []
    assert mask(text) == text


@given(st.lists(st.sampled_from("0123456789"), min_size=9, max_size=15), st.sampled_from(" .-"))
def test_any_long_run_of_digits_is_masked(digits, separator):
    assert not any(character.isdigit() for character in mask(separator.join(digits)))
