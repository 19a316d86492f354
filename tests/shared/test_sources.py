"""Opening what an import is given, and refusing what is made to harm."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from allo3939.shared import sources
from allo3939.shared.sources import EntreeRefusee, SourceRefusee, open_source
from tests.shared.served import served


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_zip_gives_its_entries_and_its_date(tmp_path):
    path = tmp_path / "vosdroits.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("F1.xml", (2026, 3, 4, 5, 6, 8)), "<a/>")
        archive.writestr(zipfile.ZipInfo("part/F2.xml", (2026, 3, 5, 5, 6, 8)), "<b/>")
        archive.writestr("vide/", "")

    with open_source(str(path)) as source:
        assert (source.nom, source.genre) == ("vosdroits.zip", "zip")
        assert source.names == ["F1.xml", "part/F2.xml"]
        assert source.read("part/F2.xml") == b"<b/>"
        assert source.date is not None
        assert source.date.isoformat() == "2026-03-05T05:06:08+01:00"
        assert source.ecartes == []


def test_a_folder_gives_its_files_but_not_hidden_ones(tmp_path):
    (tmp_path / "sous").mkdir()
    (tmp_path / "sous" / "F1.xml").write_bytes(b"<a/>")
    (tmp_path / ".cache").write_bytes(b"x")

    with open_source(str(tmp_path)) as source:
        assert source.names == ["sous/F1.xml"]
        assert source.read("sous/F1.xml") == b"<a/>"


def test_a_lone_xml_file_is_a_source(tmp_path):
    (tmp_path / "F1.xml").write_bytes(b"<a/>")

    with open_source(str(tmp_path / "F1.xml")) as source:
        assert source.genre == "fichier"
        assert source.names == ["F1.xml"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.zip", None, "n'existe pas"),
        ("photo.png", b"\x89PNG\r\n", "ni une archive ZIP"),
        ("tronquee.zip", b"PK\x03\x04 la suite manque", "illisible ou tronquée"),
        ("texte.zip", b"bonjour", "illisible ou tronquée"),
    ],
)
def test_what_is_no_source_is_refused_with_its_reason(tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SourceRefusee, match=message), open_source(str(path)):
        pass


@pytest.mark.parametrize(
    "name", ["../../etc/F1.xml", "/etc/F1.xml", "..\\F1.xml", "C:\\F1.xml", "a/../../F1.xml"]
)
def test_an_entry_whose_path_leaves_the_archive_is_set_aside(tmp_path, name):
    path = make_zip(tmp_path / "a.zip", {name: b"<a/>", "F2.xml": b"<b/>"})

    with open_source(str(path)) as source:
        assert source.names == ["F2.xml"]
        assert source.ecartes == [(name, "chemin qui sort de l'archive")]
    assert not list(tmp_path.glob("**/*.xml"))


def test_a_link_that_leaves_the_folder_is_set_aside(tmp_path):
    (tmp_path / "dehors.xml").write_bytes(b"<secret/>")
    folder = tmp_path / "dossier"
    folder.mkdir()
    (folder / "F1.xml").symlink_to(tmp_path / "dehors.xml")

    with open_source(str(folder)) as source:
        assert source.names == []
        assert source.ecartes[0][0] == "F1.xml"


def test_a_zip_bomb_is_set_aside_without_being_opened(tmp_path):
    bomb = b"0" * (10 * sources.MEGABYTE)
    path = make_zip(tmp_path / "a.zip", {"F1.xml": bomb, "F2.xml": b"<b/>"})

    with open_source(str(path)) as source:
        assert source.names == ["F2.xml"]
        assert "bombe" in source.ecartes[0][1]


def test_an_entry_larger_than_any_real_one_is_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "ENTRY_MAX", sources.MEGABYTE)
    path = make_zip(tmp_path / "a.zip", {"F1.xml": bytes(range(256)) * 8000, "F2.xml": b"<b/>"})

    with open_source(str(path)) as source:
        assert source.names == ["F2.xml"]


def test_an_archive_that_opens_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "TOTAL_MAX", 1000)
    path = make_zip(tmp_path / "a.zip", {f"F{n}.xml": b"x" * 300 for n in range(4)})

    with pytest.raises(SourceRefusee, match="refusée"), open_source(str(path)):
        pass


def test_an_archive_of_too_many_entries_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "ENTRIES_MAX", 3)
    path = make_zip(tmp_path / "a.zip", {f"F{n}.xml": b"x" for n in range(4)})

    with pytest.raises(SourceRefusee, match="entrées"), open_source(str(path)):
        pass


def test_a_damaged_entry_is_refused_alone(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"F1.xml": b"<a>un</a>" * 50, "F2.xml": b"<b/>"})
    raw = bytearray(path.read_bytes())
    raw[40:44] = b"\xff\xff\xff\xff"  # in the first entry's compressed data
    path.write_bytes(raw)

    with open_source(str(path)) as source:
        with pytest.raises(EntreeRefusee, match="endommagée"):
            source.read("F1.xml")
        assert source.read("F2.xml") == b"<b/>"


def test_an_entry_that_lies_about_its_size_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"F1.xml": b"x" * 5000})
    raw = path.read_bytes()
    path.write_bytes(raw.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little")))

    with open_source(str(path)) as source, pytest.raises(EntreeRefusee):
        source.read("F1.xml")


# --- Addresses ----------------------------------------------------------------------------------


@pytest.fixture
def local_host(settings):
    settings.IMPORT_URL_HOSTS = ["127.0.0.1"]


def test_an_address_is_downloaded_and_keeps_its_provenance(tmp_path, local_host):
    make_zip(tmp_path / "vosdroits-latest.zip", {"F1.xml": b"<a/>"})

    with served(tmp_path) as host, open_source(f"{host}/vosdroits-latest.zip") as source:
        assert source.nom == "vosdroits-latest.zip"
        assert source.url == f"{host}/vosdroits-latest.zip"
        assert source.read("F1.xml") == b"<a/>"
        assert source.date is not None
        assert abs(source.date - datetime.now(UTC)).total_seconds() < 120


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://exemple.fr/a.zip", "IMPORT_URL_HOSTS"),
        ("http://lecomarquage.service-public.gouv.fr/a.zip", "https"),
        ("file:///etc/passwd", "IMPORT_URL_HOSTS"),
        ("ftp://lecomarquage.service-public.gouv.fr/a.zip", "https"),
        ("https://lecomarquage.service-public.gouv.fr@exemple.fr/a.zip", "exemple.fr"),
        ("https://[mal/a.zip", "mal formée"),
    ],
)
def test_an_address_elsewhere_or_in_clear_is_refused(url, message):
    with pytest.raises(SourceRefusee, match=message), open_source(url):
        pass


def test_a_redirection_elsewhere_is_refused(tmp_path, local_host):
    with (
        served(tmp_path) as host,
        pytest.raises(SourceRefusee, match="IMPORT_URL_HOSTS"),
        open_source(f"{host}/ailleurs.zip"),
    ):
        pass


def test_a_download_without_end_is_stopped(tmp_path, local_host, monkeypatch):
    monkeypatch.setattr(sources, "DOWNLOAD_MAX", 100)
    (tmp_path / "a.zip").write_bytes(b"x" * 1000)

    with (
        served(tmp_path) as host,
        pytest.raises(SourceRefusee, match="Téléchargement de plus"),
        open_source(f"{host}/a.zip"),
    ):
        pass


def test_an_absent_address_says_so(tmp_path, local_host):
    with (
        served(tmp_path) as host,
        pytest.raises(SourceRefusee, match="impossible"),
        open_source(f"{host}/absent.zip"),
    ):
        pass
