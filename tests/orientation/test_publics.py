"""A public body's number or mailbox is not personal; one that was misheard may be."""

import uuid

import pytest

from allo3939.shared.anonymity import check
from allo3939.shared.changes import _Reached, record_change
from orientation.models import Organisme
from orientation.publics import _KNOWN, open_directory


@pytest.fixture(autouse=True)
def read_afresh(monkeypatch):
    """Each test has its own directory."""
    monkeypatch.setattr(_KNOWN, "_copy", None)
    monkeypatch.setattr(_Reached, "line", None)  # no search has looked at the lines yet


def is_public(value):
    return open_directory()(value)


@pytest.fixture
def mairie(db):
    return Organisme.objects.create(
        id=uuid.uuid4(),
        nom="Mairie - Le Mans",
        telephones=[{"numero": "+33 2 61 91 01 01", "description": ""}],
        courriels=["Contact-Mans@riviere.example"],
    )


def test_the_number_of_a_body_is_public_however_it_is_written(mairie):
    assert is_public("0261910101")
    assert check("laisser un message au 02.61.91.01.01") == []
    assert check("rappeler le zéro deux soixante et un quatre-vingt-onze zéro un zéro un") == []


def test_its_mailbox_too(mairie):
    assert check("écrire à contact-mans@riviere.example") == []
    assert check("écrire à contact-lyon@gmail.com")


@pytest.mark.parametrize("number", ["0261910102", "0261911001", "0261910111"])
def test_a_number_beside_it_was_misheard(mairie, number):
    assert is_public(number) is False
    assert check(f"la mairie au {number}")


def test_the_directory_cannot_tell_of_other_numbers(mairie):
    assert is_public("0639981245") is None
    assert check("rappeler au 06 39 98 12 45")


def test_an_empty_directory_tells_nothing(db):
    assert is_public("0261910101") is None


def test_a_body_that_is_gone_no_longer_counts(mairie):
    assert is_public("0261910101")

    mairie.etat = "absent"
    mairie.save()
    record_change("organismes", [str(mairie.pk)])

    assert is_public("0261910101") is None
