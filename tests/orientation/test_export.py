"""The list of the directory as a file."""

import csv
import io
import logging
from datetime import UTC, datetime
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from allo3939.shared.models import Importation
from orientation import export
from orientation.export import hours_in_words
from orientation.models import Correction, TypeService

URL = "/annuaire/liste."
WEEK = [
    {"jour": day, "debut": start, "fin": end, "commentaire": ""}
    for day in range(5)
    for start, end in (("09:00", "12:00"), ("14:00", "17:00"))
] + [{"jour": 5, "debut": "09:00", "fin": "12:00", "commentaire": "Sur rendez-vous"}]
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


@pytest.fixture
def bodies(communes, make_organisme):
    TypeService.objects.create(code="mairie", libelle="Mairie")
    Importation.objects.create(
        genre="annuaire",
        producteur="Service-Public.gouv.fr / DILA",
        fichier="2026-03-12.json",
        date_fichier=datetime(2026, 3, 12, 6, tzinfo=UTC),
        commencee_le=datetime(2026, 3, 13, 2, tzinfo=UTC),
    )
    make_organisme("Caisse d'allocations familiales", "caf", code_postal="01000")
    return make_organisme(
        plages=WEEK,
        adresse={"lignes": ["1 place Saint-Pierre", "CS 40010"], "accessibilite": "ACC"},
        telephones=[
            {"numero": "0261910101", "description": "Accueil"},
            {"numero": "+681721234", "description": ""},
        ],
        courriels=["mairie@exemple.fr"],
        sites=["https://www.exemple.fr"],
        source_modifiee_le=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )


def read_csv(response):
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def read_ods(response):
    """The sheets of a spreadsheet: name to rows of texts; and the archive."""
    archive = ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    content = etree.fromstring(archive.read("content.xml"))
    sheets = {
        table.get(f"{TABLE}name"): [
            ["\n".join(cell.itertext()) for cell in row.iter(f"{TABLE}table-cell")]
            for row in table.iter(f"{TABLE}table-row")
        ]
        for table in content.iter(f"{TABLE}table")
    }
    return sheets, archive


def test_the_list_as_csv_has_a_line_for_each_body_and_its_provenance(client, login, bodies):
    login()
    response = client.get(f"{URL}csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="annuaire-' in response["Content-Disposition"]
    titles, caf, mairie, source = read_csv(response)
    assert caf[0] == "Caisse d'allocations familiales"
    assert dict(zip(titles, mairie, strict=True)) == {
        "Nom": "Mairie - Le Mans",
        "Sigle": "",
        "Types": "Mairie",
        "Adresse": "1 place Saint-Pierre\nCS 40010",
        "Code postal": "72000",
        "Commune": "Le Mans",
        "Département": "72",
        "Téléphones": "02 61 91 01 01 (Accueil)\n+681 72 12 34",
        "Courriels": "mairie@exemple.fr",
        "Sites": "https://www.exemple.fr",
        "Horaires": "lundi au vendredi\u00a0: 9 h – 12 h, 14 h – 17 h\u00a0; "
        "samedi\u00a0: 9 h – 12 h Sur rendez-vous",
        "Remarque sur les horaires": "",
        "Accès en fauteuil roulant": "Accessible en fauteuil roulant",
        "Mis à jour par la source le": "2026-03-01",
        "Corrigé par le 3939": "",
        "Page publique": "",
        "Identifiant": str(bodies.pk),
    }
    (said,) = source
    assert said.startswith(
        "Source\u00a0: Service-Public.gouv.fr / DILA, Licence Ouverte 2.0, fichier "
        "2026-03-12.json, du 12 mars 2026, exporté le "
    )


def test_the_list_is_the_one_that_is_narrowed(client, login, bodies):
    login()
    assert [line[0] for line in read_csv(client.get(f"{URL}csv?type=mairie&nom=mans"))][1:-1] == [
        "Mairie - Le Mans"
    ]
    assert client.get(f"{URL}csv?type=licorne").status_code == 422
    assert client.get(f"{URL}ods?type=licorne").status_code == 422


@pytest.mark.parametrize("extension", ["csv", "ods"])
def test_who_is_not_logged_in_exports_nothing(client, bodies, extension):
    assert client.get(f"{URL}{extension}").status_code == 302


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_is_never_a_formula(client, login, communes, make_organisme, text):
    login()
    make_organisme(text, telephones=[{"numero": "+681721234", "description": ""}])
    (_, line, _) = read_csv(client.get(f"{URL}csv"))
    assert line[0] == f"'{text}"
    assert line[7] == "'+681 72 12 34"
    sheets, _ = read_ods(client.get(f"{URL}ods"))
    assert sheets["Annuaire"][1][7] == "+681 72 12 34"


def test_the_list_as_a_spreadsheet_keeps_text_as_text_and_dates_as_dates(client, login, bodies):
    login()
    response = client.get(f"{URL}ods")
    assert response["Content-Type"] == "application/vnd.oasis.opendocument.spreadsheet"
    sheets, archive = read_ods(response)
    titles, caf, mairie = sheets["Annuaire"]
    assert titles[4] == "Code postal"
    assert caf[4] == "01000"
    assert mairie[3] == "1 place Saint-Pierre\nCS 40010"
    ((source,),) = sheets["Source"]
    assert "Licence Ouverte 2.0" in source
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    assert archive.read("mimetype").decode() == response["Content-Type"]
    content = etree.fromstring(archive.read("content.xml"))
    values = {cell.get(f"{OFFICE}value-type") for cell in content.iter(f"{TABLE}table-cell")}
    assert values == {"string", "date", None}


def test_what_xml_cannot_hold_is_left_out_of_a_spreadsheet(client, login, communes, make_organisme):
    login()
    make_organisme("A\x0bB <b> & \x1f\ufffe")
    sheets, _ = read_ods(client.get(f"{URL}ods"))
    assert sheets["Annuaire"][1][0] == "AB <b> & "


def test_a_list_too_long_for_a_spreadsheet_is_refused_and_said(client, login, bodies, monkeypatch):
    login()
    monkeypatch.setattr(export, "ODS_ROWS", 1)
    response = client.get(f"{URL}ods")
    assert response.status_code == 422
    assert "un fichier ODS en contient 1 au plus" in response.content.decode()


def test_columns_of_ours_are_named(client, login, bodies, make_agent):
    login()
    Correction.objects.create(
        organisme=bodies,
        champ="plages",
        valeur=WEEK,
        valeur_source=[],
        auteur=make_agent("redacteur"),
    )
    assert read_csv(client.get(f"{URL}csv"))[2][14] == "horaires"


def test_an_export_is_logged_without_what_was_typed(client, login, bodies, caplog):
    login(username="camille")
    with caplog.at_level(logging.INFO, logger="allo3939.audit"):
        read_csv(client.get(f"{URL}csv?nom=mairie&type=mairie"))
    assert [
        record.getMessage() for record in caplog.records if record.name == "allo3939.audit"
    ] == ["export of the directory: 1 rows as CSV by camille, narrowed by type=mairie"]


def test_as_many_queries_for_one_body_as_for_twenty(
    client, login, communes, make_organisme, django_assert_num_queries
):
    login()
    make_organisme()
    read_csv(client.get(f"{URL}csv"))
    with CaptureQueriesContext(connection) as one:
        read_csv(client.get(f"{URL}csv"))
    count = len(one)
    for rank in range(19):
        make_organisme(f"Mairie {rank}")
    read_csv(client.get(f"{URL}csv"))
    with django_assert_num_queries(count):
        read_csv(client.get(f"{URL}csv"))


def test_hours_in_words_put_like_days_together():
    assert hours_in_words([]) == ""
    assert hours_in_words(WEEK[:4]).startswith("lundi et mardi\u00a0: ")
    assert hours_in_words(WEEK[:2]) == "lundi\u00a0: 9 h – 12 h, 14 h – 17 h"
