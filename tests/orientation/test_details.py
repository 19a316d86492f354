"""What the source says beyond our columns, in words."""

import json

from hypothesis import given

from orientation.details import told
from orientation.translate import translate
from orientation.translate.leftover import leaves
from tests.orientation.test_translate import RECORDS


def test_details_are_told_with_their_labels_in_the_order_of_a_page():
    assert told(
        {
            "cle_de_demain": "x",
            "siret": "21770188700010",
            "telecopie": ["01 64 38 36 07"],
            "reseau_social": [
                {"custom_dico2": "Facebook", "valeur": "https://f.fr", "description": "actus"}
            ],
            "affectation_personne": [{"fonction": "Maire"}, {"fonction": "Adjoint"}],
        }
    ) == [
        ("Fonctions", ["Maire", "Adjoint"]),
        ("Télécopie", ["01 64 38 36 07"]),
        ("Réseaux sociaux", ["Facebook\u00a0: https://f.fr (actus)"]),
        ("SIRET", ["21770188700010"]),
        ("cle_de_demain", ["x"]),
    ]


def test_an_object_we_do_not_know_names_its_keys():
    assert told({"adresse": [{}, {"continent": "Europe", "note_accessibilite": "rampe"}]}) == [
        (
            "Adresse, autres indications",
            ["continent\u00a0Europe, note d'accessibilité\u00a0rampe"],
        )
    ]
    assert told({"service_disponible": False, "a": [[1, 2]], "b": {"description": "d"}}) == [
        ("Services disponibles", ["non"]), ("a", ["1, 2"]), ("b", ["d"]),
    ]  # fmt: skip


def test_no_detail_is_nothing():
    assert told({}) == []


@given(RECORDS)
def test_every_text_of_the_details_is_told(record):
    details = json.loads(translate(record)[0].details)
    lines = told(details)
    everything = "\x1e".join(text for _, texts in lines for text in texts)
    spelled = {"True": "oui", "False": "non"}
    assert not [
        leaf for leaf in leaves(details) if leaf not in everything
        and spelled.get(leaf, leaf) not in everything
    ]  # fmt: skip
