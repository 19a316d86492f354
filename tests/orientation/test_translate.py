"""One record of the source, one row."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientation.readjson import read_items
from orientation.translate import EnregistrementRefuse, departement_of, translate
from tests.orientation.annuaire import RECORD, record, sample


def row_of(**changes):
    return translate(record(**changes))[0]


def ranges_of(*lines):
    return [
        (each["jour"], each["debut"], each["fin"])
        for each in json.loads(row_of(plage_ouverture=list(lines)).plages)
    ]


def line(first, last, *hours, comment=""):
    keys = ("debut_1", "fin_1", "debut_2", "fin_2")
    return {
        "nom_jour_debut": first,
        "nom_jour_fin": last,
        "commentaire": comment,
        **{f"valeur_heure_{key}": hour for key, hour in zip(keys, hours, strict=False)},
    }


def test_a_record_becomes_a_row():
    row, types, _ = translate(RECORD)
    assert row.nom == "Mairie - Fontaine-le-Port"
    assert types == ["mairie"]
    assert (row.commune_insee, row.departement_code, row.code_postal) == ("77188", "77", "77590")
    assert (row.latitude, row.longitude) == (48.4868011475, 2.75745010376)
    assert row.source_modifiee_le == "2023-08-09T13:30:19+02:00"
    assert json.loads(row.telephones) == [{"numero": "01 99 00 30 52", "description": ""}]
    assert len(json.loads(row.plages)) == 4


def test_names_of_officials_are_never_kept():
    assert "Secret" not in str(translate(RECORD))
    without = {key: value for key, value in RECORD.items() if key != "affectation_personne"}
    assert translate(without) == translate(RECORD)


@pytest.mark.parametrize("empty", ["", [], None])
def test_every_spelling_of_nothing_is_the_same(empty):
    keys = ("sigle", "adresse", "telephone", "plage_ouverture", "pivot", "site_internet", "mission")
    without = {key: value for key, value in RECORD.items() if key not in keys}
    assert translate(RECORD | dict.fromkeys(keys, empty)) == translate(without)


def test_the_shape_of_the_api_gives_the_same_row_as_the_dump():
    api = {
        key: json.dumps(value) if isinstance(value, list) else value
        for key, value in RECORD.items()
    } | {"adresse_courriel": "mairie.77188@exemple.fr"}
    assert translate(api) == translate(RECORD)


def test_days_are_unfolded_and_an_empty_second_range_is_none():
    assert ranges_of(line("Lundi", "Mercredi", "09:00:00", "12:00:00", "", "")) == [
        (0, "09:00", "12:00"), (1, "09:00", "12:00"), (2, "09:00", "12:00"),
    ]  # fmt: skip
    assert ranges_of(line("Samedi", "Lundi", "09:00", "12:00")) == [
        (5, "09:00", "12:00"), (6, "09:00", "12:00"), (0, "09:00", "12:00"),
    ]  # fmt: skip
    assert ranges_of(line("jeudi", "", "09:00:00", "12:00:00")) == [(3, "09:00", "12:00")]


def test_words_without_hours_keep_their_day():
    plages = json.loads(
        row_of(plage_ouverture=[line("Lundi", "Lundi", comment="Sur rendez-vous")]).plages
    )
    assert plages == [{"jour": 0, "debut": "", "fin": "", "commentaire": "Sur rendez-vous"}]


@pytest.mark.parametrize(
    "odd", [line("Jour", "Lundi", "09:00"), line("Lundi", "Lundi", "9h", "12h"), "lundi", 3]
)
def test_hours_that_mean_nothing_are_left_out(odd):
    assert ranges_of(odd) == []


def test_the_place_comes_first_and_the_postal_address_beside():
    row = row_of(
        adresse=[
            {
                "type_adresse": "Adresse postale",
                "code_postal": "18019",
                "nom_commune": "Bourges Cedex",
            },
            {"type_adresse": "Adresse", "code_postal": "18000", "nom_commune": "Bourges"},
            {"type_adresse": "Adresse", "code_postal": "18100", "nom_commune": "Vierzon"},
        ]
    )
    adresse = json.loads(row.adresse)
    assert (row.code_postal, row.commune_nom) == ("18000", "Bourges")
    assert adresse["postale"]["commune"] == "Bourges Cedex"
    assert [each["commune"] for each in adresse["autres"]] == ["Vierzon"]


def test_a_postal_address_alone_is_the_address():
    row = row_of(adresse=[{"type_adresse": "Adresse postale", "code_postal": "18019"}])
    assert row.code_postal == "18019"


def test_an_address_abroad_has_no_departement():
    row = row_of(
        adresse=[{"code_postal": "10117", "nom_commune": "Berlin", "pays": "Allemagne"}],
        code_insee_commune="",
        pivot=[],
    )
    assert (row.departement_code, json.loads(row.adresse)["pays"]) == ("", "Allemagne")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://x", "/relatif"])
def test_only_addresses_of_the_web_are_kept(link):
    assert row_of(site_internet=[{"libelle": "", "valeur": link}]).sites == "{}"


def test_sites_may_be_lists_in_lists():
    row = row_of(
        site_internet=[{"valeur": ["https://a.fr", "www.b.fr"]}, {"valeur": "https://a.fr"}]
    )
    assert row.sites == '{"https://a.fr","https://www.b.fr"}'


def test_the_phone_of_deaf_people_is_said_so():
    row = row_of(telephone=["3939"], telephone_accessible=["0 800 11 22 33"])
    assert json.loads(row.telephones) == [
        {"numero": "3939", "description": ""},
        {"numero": "0 800 11 22 33", "description": "pour les personnes sourdes"},
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": ""}, "identifiant"),
        ({"id": None}, "identifiant"),
        ({"id": 12}, "identifiant"),
        ({"id": "mairie-77188-01"}, "identifiant"),
        ({"nom": " "}, "sans nom"),
        ({"nom": "Mairie \ud800"}, "mal codé"),
        ({"statut_de_diffusion": "false"}, "non diffusé"),
        ({"statut_de_diffusion": False}, "non diffusé"),
    ],
)
def test_a_record_that_cannot_be_taken_says_why(changes, reason):
    with pytest.raises(EnregistrementRefuse, match=reason):
        translate(record(**changes))


@pytest.mark.parametrize("odd", [None, [], "texte", 12, ["a"]])
def test_what_is_not_a_record_is_refused(odd):
    with pytest.raises(EnregistrementRefuse):
        translate(odd)


def test_lengths_of_the_table_are_kept():
    row = row_of(nom="M" * 400, sigle="S" * 90, adresse_courriel=["a" * 300], pivot=[
        {"type_service_local": "t" * 90}
    ])  # fmt: skip
    assert (len(row.nom), len(row.sigle), row.courriels) == (300, 60, "{}")
    assert row.types == '{"' + "t" * 60 + '"}'


@pytest.mark.parametrize(
    ("code", "departement"),
    [("77188", "77"), ("2A004", "2A"), ("20090", "2A"), ("20200", "2B"), ("97411", "974"),
     ("98818", "988"), ("", "")],
)  # fmt: skip
def test_the_departement_is_read_from_the_code(code, departement):
    assert departement_of(code) == departement


def test_the_fingerprint_follows_the_content():
    assert translate(record())[2] == translate(record())[2]
    assert translate(record())[2] != translate(record(sigle="X"))[2]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*RECORD, "valeur", "type_adresse"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*RECORD, "site_internet", "telephone_accessible"]), JSON))
def test_no_shape_of_a_field_breaks_the_reader(fields):
    try:
        row, _types, fingerprint = translate(record(**fields))
    except EnregistrementRefuse:
        return
    assert len(fingerprint) == 32
    assert json.loads(row.plages) is not None


def test_the_real_records_are_taken():
    rows = [translate(content)[0] for _, content in read_items(sample("dump-exemples.json"))]
    assert [row.nom for row in rows] == ["Mairie - Fontaine-le-Port", "Mairie - Sandillon"]
    fontaine = json.loads(rows[0].plages)
    assert [(each["jour"], each["debut"], each["fin"]) for each in fontaine] == [
        (1, "09:00", "12:00"), (1, "18:00", "19:00"), (2, "09:00", "12:00"), (4, "09:00", "12:00"),
    ]  # fmt: skip
