"""One record of the source, one row."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientation.readjson import SERVICE, read_items
from orientation.translate import EnregistrementRefuse, departement_of, translate
from tests.orientation.annuaire import RECORD, record, sample
from tests.orientation.lossless import missing, personal, said


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


def details_of(**changes):
    return json.loads(row_of(**changes).details)


OFFICIAL = {
    "personne": {
        "nom": "SECRET",
        "prenom": "Jeanne",
        "civilite": "Mme",
        "grade": "Administratrice hors classe",
        "texte_reference": [{"libelle": "Décret du 3 mai", "valeur": "https://exemple.fr/d"}],
        "adresse_courriel": ["jeanne.secret@exemple.fr"],
    },
    "fonction": "Directrice",
    "telephone": "01 99 00 99 99",
}


def test_of_officials_only_the_function_is_kept():
    row = row_of(affectation_personne=[OFFICIAL, {"personne": "", "fonction": "Adjoint"}])
    assert json.loads(row.details) == {
        "affectation_personne": [{"fonction": "Directrice"}, {"fonction": "Adjoint"}]
    }
    record = RECORD | {"affectation_personne": [OFFICIAL]}
    assert not personal(record) & said(translate(record)[0])


@pytest.mark.parametrize("shape", ["Jeanne Secret", ["Jeanne Secret"], {"nom": "Secret"}, 3])
def test_officials_of_an_odd_shape_are_left_out(shape):
    assert row_of(affectation_personne=shape).details == "{}"


def test_an_official_is_hidden_wherever_the_record_names_them():
    row = row_of(
        affectation_personne=[OFFICIAL | {"fonction": "Directrice, Mme Secret"}],
        information_complementaire="Demander Jeanne Secret, ou SECRET  Jeanne.",
        telephone=[{"valeur": "01 99 00 30 52", "description": "Jeanne Secret"}],
        plage_ouverture=[line("Lundi", "Lundi", "09:00", "12:00", comment="voir Jeanne Secret")],
        ancien_nom=["Cabinet Jeanne Secret"],
    )
    assert "secret" not in str(row).lower()
    assert row.informations == "Demander …, ou …."
    assert json.loads(row.details) == {
        "affectation_personne": [{"fonction": "Directrice, Mme …"}],
        "ancien_nom": ["Cabinet …"],
    }


def test_persons_in_a_key_we_do_not_know_are_left_out():
    assert details_of(
        contact=[{"personne": {"nom": "Secret"}, "fonction": "Chef", "telephone": "01"}],
        referents=[{"prenom": "Jeanne", "nom": "Secret"}],
        prenom="Jeanne",
        affectation_personne=[],
    ) == {"contact": [{"fonction": "Chef"}]}


def test_a_decree_that_names_somebody_is_left_out():
    assert details_of(
        affectation_personne=[],
        texte_reference=[
            {"libelle": "Décret du 3 mai portant nomination de Mme Secret", "valeur": ""},
            {"libelle": "Décret d'organisation", "valeur": "https://exemple.fr/o"},
        ],
    ) == {
        "texte_reference": [{"libelle": "Décret d'organisation", "valeur": "https://exemple.fr/o"}]
    }


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
    row = row_of(
        adresse=[{"type_adresse": "Adresse postale", "code_postal": "18019"}],
        affectation_personne=[],
    )
    assert row.code_postal == "18019"
    assert json.loads(row.details) == {"adresse": [{"type_adresse": "Adresse postale"}]}


def test_an_address_abroad_has_no_departement():
    row = row_of(
        adresse=[{"code_postal": "10117", "nom_commune": "Berlin", "pays": "Allemagne"}],
        code_insee_commune="",
        pivot=[],
    )
    assert (row.departement_code, json.loads(row.adresse)["pays"]) == ("", "Allemagne")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://x", "/relatif"])
def test_only_addresses_of_the_web_are_kept(link):
    row = row_of(site_internet=[{"libelle": "", "valeur": link}])
    assert row.sites == "{}"
    assert json.loads(row.details)["site_internet"] == [{"valeur": link}]


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
    details = json.loads(row.details)
    assert (details["nom"], details["sigle"]) == ("M" * 400, "S" * 90)
    assert details["adresse_courriel"] == ["a" * 300]
    assert details["pivot"] == [{"type_service_local": "t" * 90}]


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"telecopie": ["01 64 38 36 07"]}, {"telecopie": ["01 64 38 36 07"]}),
        ({"telecopie": "01 64 38 36 07"}, {"telecopie": ["01 64 38 36 07"]}),
        (
            {"reseau_social": '[{"valeur": "https://f.fr", "description": "", "n": null}]'},
            {"reseau_social": [{"valeur": "https://f.fr"}]},
        ),
        ({"siret": 21770188700010, "service_disponible": False},
         {"siret": 21770188700010, "service_disponible": False}),
        ({"cle_de_demain": {"a": [" b\x00 ", "", {}]}}, {"cle_de_demain": {"a": ["b"]}}),
        ({"cle_de_demain": ["seul"]}, {"cle_de_demain": "seul"}),
        ({"mesure": float("nan")}, {"mesure": "nan"}),
        ({"date_modification": "hier"}, {"date_modification": "hier"}),
        ({"code_insee_commune": "7718", "pivot": []}, {"code_insee_commune": "7718"}),
        ({"statut_de_diffusion": "partiel"}, {"statut_de_diffusion": "partiel"}),
        ({"sigle": [{"x": "S"}]}, {"sigle": [{"x": "S"}]}),
        ({"telephone": [{"description": "à venir"}]}, {"telephone": [{"description": "à venir"}]}),
        (
            {"pivot": [{"type_service_local": "cpam", "code_insee_commune": ["77188", "77001"]}]},
            {"pivot": [{"type_service_local": "cpam", "code_insee_commune": ["77188", "77001"]}]},
        ),
        (
            {"site_internet": [{"libelle": "Le site", "valeur": "www.a.fr"}]},
            {"site_internet": [{"libelle": "Le site", "valeur": "www.a.fr"}]},
        ),
        (
            {"adresse": [{"pays": "France", "latitude": "x"}, {"latitude": "48.5"}]},
            {"adresse": [{"pays": "France", "latitude": "x"}, {"latitude": "48.5"}]},
        ),
        (
            {"plage_ouverture": [{"nom_jour_debut": "Férié", "valeur_heure_debut_1": "09:00"}]},
            {"plage_ouverture": [{"nom_jour_debut": "Férié", "valeur_heure_debut_1": "09:00"}]},
        ),
    ],
)  # fmt: skip
def test_what_the_columns_do_not_say_is_in_the_details(changes, details):
    assert details_of(**{"affectation_personne": []} | changes) == details


def test_a_number_with_several_values_is_several_numbers():
    row = row_of(telephone=[{"valeur": ["3939", "3646"], "description": "au choix"}])
    assert [each["numero"] for each in json.loads(row.telephones)] == ["3939", "3646"]


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


# Letters, digits and signs; no bracket first: a text that is JSON cannot be told from the API's.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="[{"), min_size=1, max_size=12)
TEXT = WORDS | st.just("") | st.none()
LINK = st.sampled_from(
    ["https://a.fr", "http://b.fr/x", "www.c.fr", "javascript:alert(1)", "mailto:x@y.fr", "d.fr"]
)
HOUR = st.sampled_from(["09:00:00", "12:00:00", "14:30", "17:15:30", "9h", ""]) | st.none()
DAY = st.sampled_from(["Lundi", "mardi", "Dimanche", "Jours fériés", "", None])
NAME = st.integers(100, 999).map("Personne{}".format)


def objects(**fields):
    """Objects that may lack any of their keys."""
    return st.fixed_dictionaries({}, optional=fields)


def lists(of):
    return st.none() | st.just("") | st.lists(of, max_size=3)


ADDRESS = objects(
    type_adresse=st.sampled_from(["Adresse", "Adresse postale", "Autre", ""]),
    complement1=TEXT,
    numero_voie=TEXT,
    service_distribution=TEXT,
    code_postal=st.sampled_from(["77590", "77 590", "B-1000", "", None]),
    nom_commune=TEXT,
    pays=st.sampled_from(["France", "Belgique", "", None]),
    continent=TEXT,
    longitude=st.sampled_from(["2.75", "abc", "", "200"]),
    latitude=st.sampled_from(["48.5", "48.50", ""]),
    accessibilite=st.sampled_from(["ACC", "", None]),
    note_accessibilite=TEXT,
)
LINE = objects(
    nom_jour_debut=DAY,
    nom_jour_fin=DAY,
    valeur_heure_debut_1=HOUR,
    valeur_heure_fin_1=HOUR,
    valeur_heure_debut_2=HOUR,
    valeur_heure_fin_2=HOUR,
    commentaire=TEXT,
    cle_de_demain=TEXT,
)
PERSON = objects(
    personne=objects(
        nom=NAME,
        prenom=NAME,
        grade=NAME,
        adresse_courriel=st.lists(NAME, max_size=2),
        texte_reference=st.lists(st.fixed_dictionaries({"libelle": NAME}), max_size=2),
    ),
    fonction=st.sampled_from(["Maire", "Préfète", ""]),
    telephone=NAME,
)
LABELLED = objects(valeur=TEXT, description=TEXT, custom_dico2=TEXT)
RECORDS = st.fixed_dictionaries(
    {"id": st.uuids().map(str), "nom": st.just("Mairie") | st.just("M" * 310)},
    optional={
        "sigle": TEXT | st.just("S" * 70),
        "ancien_code_pivot": TEXT,
        "pivot": lists(
            objects(
                type_service_local=st.sampled_from(["mairie", "cpam", "t" * 70, ""]),
                code_insee_commune=st.lists(
                    st.sampled_from(["77188", "2A004", "faux"]), max_size=2
                ),
            )
        ),
        "code_insee_commune": st.sampled_from(["77188", "7718", "", None]),
        "adresse": lists(ADDRESS),
        "telephone": lists(objects(valeur=TEXT | st.integers(10, 9999), description=TEXT)),
        "telephone_accessible": lists(WORDS),
        "adresse_courriel": lists(st.just("a@exemple.fr") | st.just("a" * 210) | WORDS),
        "formulaire_contact": lists(LINK),
        "site_internet": lists(objects(libelle=TEXT, valeur=LINK | st.lists(LINK, max_size=2))),
        "plage_ouverture": lists(LINE),
        "commentaire_plage_ouverture": TEXT,
        "mission": TEXT,
        "information_complementaire": TEXT,
        "date_modification": st.sampled_from(["09/08/2023 13:30:19", "32/13/2023", "", None]),
        "url_service_public": LINK | TEXT,
        "statut_de_diffusion": st.sampled_from(["true", True, "", None]),
        "affectation_personne": lists(PERSON),
        "telecopie": lists(WORDS),
        "reseau_social": lists(LABELLED),
        "hierarchie": lists(objects(type_hierarchie=TEXT, service=TEXT)),
        "ancien_nom": lists(WORDS),
        "siret": TEXT | st.integers(),
        "service_disponible": st.booleans() | TEXT,
        "cle_de_demain": TEXT | st.booleans() | st.floats() | lists(WORDS) | LABELLED,
    },
)


def as_the_api(record):
    """The same record as the API writes it."""

    def write(value):
        if value in ("", []):
            return None
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            return value[0]
        return json.dumps(value) if isinstance(value, list | dict) else value

    return {key: write(value) for key, value in reversed(record.items())}


@given(RECORDS)
def test_every_text_of_a_record_is_in_its_row_but_for_officials(record):
    row = translate(record)[0]
    assert not missing(record, row)
    everything = str(row)
    assert not [leaf for leaf in personal(record) if leaf in everything]


@given(RECORDS)
def test_both_shapes_of_a_record_give_the_same_row(record):
    assert translate(as_the_api(record)) == translate(record)


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


@pytest.mark.parametrize("name", ["dump-exemples.json", "api-exemples.json"])
def test_every_text_of_the_real_records_is_in_their_rows(name):
    records = [content for genre, content in read_items(sample(name)) if genre == SERVICE]
    taken = 0
    for real in records:
        # One of the API's samples has no identifier, nor name: such a record is set aside.
        whole = {"id": RECORD["id"], "nom": "sans nom"} | real
        row = translate(whole)[0]
        assert not missing(whole, row)
        assert not personal(whole) & said(row)
        assert translate(as_the_api(whole)) == translate(whole)
        taken += 1
    assert taken == len(records) >= 2
