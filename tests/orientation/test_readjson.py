"""Streams of the directory, whole, cut, odd or hostile."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientation import readjson
from orientation.readjson import SourceIllisible, open_value, read_items
from tests.orientation.annuaire import commune, record, sample, write_json, write_tar


def read(path):
    return list(read_items(path))


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "sans-extension"])
def test_bodies_and_communes_of_one_file_come_in_order(tmp_path, name):
    path = write_json(tmp_path / name, [record(1), record(2)], [commune("72181", caf=["x"])])
    assert read(path) == [
        ("service", record(1)),
        ("service", record(2)),
        ("commune", commune("72181", caf=["x"])),
    ]


def test_the_archive_gives_its_dump_and_its_commune_files(tmp_path):
    path = write_tar(
        tmp_path / "all_latest.tar.bz2",
        {
            "2026/communes/72181.json": json.dumps({"commune": [commune("72181")]}).encode(),
            "2026/20261123-data.gouv_local.json": json.dumps({"service": [record(1)]}).encode(),
            "2026/lisez-moi.txt": b"rien",
            "../../etc/72003.json": json.dumps({"commune": [commune("72003")]}).encode(),
            "2026/communes/casse.json": b"{",
            "2026/communes/vide.json": b"{}",
        },
    )
    assert read(path) == [
        ("commune", commune("72181")),
        ("service", record(1)),
        ("commune", commune("72003")),
        ("ecarte", ("2026/communes/casse.json", "JSON illisible")),
        ("ecarte", ("2026/communes/vide.json", "fichier sans commune")),
    ]


def test_an_unpacked_archive_is_read_as_the_archive_is(tmp_path, monkeypatch):
    monkeypatch.setattr(readjson, "_COMMUNE_MAX", 1000)
    folder = tmp_path / "annuaire"
    for name, content in {
        "20261123-data.gouv_local.json": json.dumps({"service": [record(1)]}),
        "communes/72181.json": json.dumps({"commune": [commune("72181")]}),
        "communes/casse.json": "{",
        "communes/grosse.json": " " * 1001,
        "communes/.cache.json": "{",
        "lisez-moi.txt": "rien",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (tmp_path / "dehors.json").write_text("[]")
    (folder / "lien.json").symlink_to(tmp_path / "dehors.json")
    assert read(folder) == [
        ("ecarte", ("lien.json", "lien vers un fichier hors du dossier")),
        ("service", record(1)),
        ("commune", commune("72181")),
        ("ecarte", ("communes/casse.json", "JSON illisible")),
        ("ecarte", ("communes/grosse.json", "fichier de commune démesuré")),
    ]


def test_a_folder_of_other_files_is_read_whole_or_refused(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    with pytest.raises(SourceIllisible, match="aucun fichier JSON"):
        read(folder)
    write_json(folder / "a.json.gz", [record(1)])
    write_json(folder / "b.json", [record(2)], [commune("72181")])
    assert [genre for genre, _ in read(folder)] == ["service", "service", "commune"]
    (folder / "c.json").write_text('{"service": [')
    with pytest.raises(SourceIllisible, match=r"c\.json"):
        read(folder)


def test_answers_and_exports_of_the_api_are_read(tmp_path):
    path = tmp_path / "api.json"
    rows = [record(1), {"code_insee_commune": "52499", "code_type_service_local": "urcaue"}]
    for content in ({"total_count": 2, "results": rows}, rows):
        path.write_text(json.dumps(content))
        assert read(path) == [("service", rows[0]), ("competence", rows[1])]


def test_other_keys_are_passed_over(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"version": 4.1, "licence": {"service": [1]}, "service": [{}]}))
    assert read(path) == [("service", {})]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_the_size_of_the_window_changes_nothing(tmp_path, monkeypatch, size):
    path = tmp_path / "a.json"
    path.write_text(
        '\ufeff {"n" : 12345, "service":[ {"nom":"Œuvre é 🏛"} , 12 ,"a\\"]"],"z":null} '
    )
    monkeypatch.setattr(readjson, "_CHUNK", size)
    assert [content for _, content in read(path)] == [{"nom": "Œuvre é 🏛"}, 12, 'a"]']


@given(st.lists(st.recursive(st.none() | st.integers() | st.text(), st.lists), max_size=5))
def test_any_list_is_read_as_the_standard_library_reads_it(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(values))
    assert [content for _, content in read(path)] == values


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 un ZIP",
        b"<xml/>",
        b'{"service":[{"nom":"coup\xc3',
        b'{"service":[{"nom":"a"}',
        b'{"service":[{"nom":"a"}{}]}',
        b'{"service":[]} et la suite',
        b'{"service":[' + b"[" * 200_000,
        b"\xff\xfe{}",
        b"BZh9 pas vraiment",
        gzip.compress(b'{"service":[{"nom":"a"}]}', mtime=0)[:-12],
        gzip.compress(b"pas du JSON", mtime=0),
    ],
)
def test_a_broken_file_is_refused_with_a_message(tmp_path, content):
    path = tmp_path / "annuaire.json"
    path.write_bytes(content)
    with pytest.raises(SourceIllisible, match=r"annuaire\.json"):
        read(path)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(SourceIllisible, match="n'existe pas"):
        read(tmp_path / "rien.json")


def test_a_bomb_is_refused_while_it_opens(tmp_path, monkeypatch):
    path = tmp_path / "bombe.json.gz"
    path.write_bytes(gzip.compress(b'{"service":[' + b" " * 5_000_000 + b"]}", mtime=0))
    monkeypatch.setattr(readjson, "_OPENED_MAX", 1_000_000)
    with pytest.raises(SourceIllisible, match="Go une fois ouvert"):
        read(path)


def test_the_bytes_read_are_told(tmp_path):
    path = write_json(tmp_path / "a.json.gz", [record(1)])
    told = []
    list(read_items(path, advance=told.append))
    assert sum(told) >= path.stat().st_size


def test_structures_inside_strings_are_opened():
    assert open_value('[{"a": 1}]') == [{"a": 1}]
    assert open_value("[pas du JSON") == "[pas du JSON"
    assert open_value("un texte") == "un texte"
    assert open_value(None) is None


def test_the_real_samples_are_read():
    assert len(read(sample("dump-exemples.json"))) == 2
    assert [genre for genre, _ in read(sample("api-exemples.json"))] == ["service"] * 3
    assert [genre for genre, _ in read(sample("api-competence-geographique-exemple.json"))] == [
        "competence"
    ]
