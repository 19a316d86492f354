"""What is dictated can be written down as it was."""

import string
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientation.dictate import (
    ALPHABET,
    SIGNS,
    dictate_body,
    read_back,
    shorten,
    spell,
    spell_with_names,
    spell_words,
)
from orientation.models import Organisme

WRITTEN = st.text(string.ascii_letters + string.digits + "".join(SIGNS) + "éèêëçÀ", max_size=60)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "mairie-melun@orange.fr",
            "m a i r i e, tiret, m e l u n, arobase, o r a n g e, point, f r",
        ),
        ("www.caf.fr/72", "w w w, point, c a f, point, f r, barre oblique, 7 2"),
        ("ccas_77@x.fr", "c c a s, tiret bas, 7 7, arobase, x, point, f r"),
        ("Rdv", "R majuscule d v"),
        ("mél", "m, e accent aigu, l"),
        ("", ""),
    ],
)
def test_an_address_is_spelled_letter_by_letter(text, said):
    assert spell(text) == said


def test_letters_have_first_names_for_who_hears_badly():
    assert spell_with_names("m-7a") == "M comme Marcel, tiret, 7, A comme Anatole"
    assert [name[0] for name in ALPHABET] == list(string.ascii_uppercase)


def test_the_usual_words_of_an_address_are_said_and_the_others_spelled():
    assert spell_words("3 rue du Général-Roux") == "3 · rue · du · G é n é r a l, tiret, R o u x"
    assert spell_words("72000 Le Mans") == "72000 · Le · M a n s"
    assert spell_words("") == ""


@given(WRITTEN)
def test_what_is_spelled_can_be_read_back(text):
    assert read_back(spell(text)) == text


@given(st.text(string.ascii_lowercase + string.digits + "@.-_/", max_size=60))
def test_the_first_letter_of_each_name_gives_the_text_too(text):
    said = spell_with_names(text)
    letters = [part.split(" comme ")[0].lower() for part in said.split(", ")] if said else []
    assert "".join(read_back(letter) for letter in letters) == text


@given(st.text("abcdéçABC 0123-'", max_size=60))
def test_the_words_of_an_address_can_be_read_back(text):
    said = spell_words(text)
    words = [read_back(word) if " " in word else word for word in said.split(" · ")]
    assert " ".join(words) == " ".join(text.split())


@given(st.text(max_size=60))
def test_any_text_is_spelled(text):
    assert isinstance(spell(text), str)
    assert isinstance(spell_with_names(text), str)
    assert isinstance(spell_words(text), str)


def test_each_sign_has_its_own_word():
    assert len(set(SIGNS.values())) == len(SIGNS)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://www.ville-melun.fr/", "www.ville-melun.fr"),
        ("http://caf.fr", "caf.fr"),
        ("caf.fr/rdv", "caf.fr/rdv"),
    ],
)
def test_a_web_address_is_said_without_what_browsers_add(url, said):
    assert shorten(url) == said


def test_a_body_is_dictated_part_by_part():
    organisme = Organisme(
        id=uuid.uuid4(),
        nom="Mairie - Le Mans",
        telephones=[{"numero": "0261910101", "description": "standard"}],
        courriels=["Mairie@LeMans.fr"],
        sites=["https://www.lemans.fr/"],
        formulaires=[f"https://www.lemans.fr/{'x' * 60}"],
        adresse={
            "lignes": ["Place Saint-Pierre"],
            "code_postal": "72000",
            "commune": "Le Mans",
            "postale": {"lignes": ["CS 40010"], "code_postal": "72039", "commune": "Le Mans Cedex"},
        },
    )
    said = {rubrique.titre: rubrique.lignes for rubrique in dictate_body(organisme)}
    assert list(said) == [
        "Téléphone", "Adresse", "Adresse postale", "Courriel", "Site", "Formulaire de contact",
    ]  # fmt: skip
    assert said["Téléphone"][0].texte == "02 61 91 01 01"
    assert said["Téléphone"][0].remarque == "standard"
    assert [line.texte for line in said["Adresse"]] == ["Place Saint-Pierre", "72000 Le Mans"]
    assert said["Courriel"][0].texte == "mairie@lemans.fr"
    assert said["Site"][0].epele == "w w w, point, l e m a n s, point, f r"
    assert said["Formulaire de contact"][0].epele == ""
    assert "Trop longue" in said["Formulaire de contact"][0].remarque


def test_a_body_without_anything_dictates_nothing():
    assert dictate_body(Organisme(id=uuid.uuid4(), nom="Mairie")) == []
