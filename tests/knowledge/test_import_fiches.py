"""``manage.py import_fiches``: what it prints, and how it stops."""

import json

import pytest
from django.core.management import CommandError, call_command

from knowledge.models import Fiche
from tests.knowledge.vosdroits import arborescence, make_fiche, make_folder, make_zip

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return make_folder(
        tmp_path / "xml", {"F1.xml": make_fiche("F1"), "F2.xml": make_fiche("F2")[:200]}
    )


def run(capsys, *arguments):
    call_command("import_fiches", *map(str, arguments))
    return capsys.readouterr()


def test_by_default_it_only_shows_what_would_change(folder, capsys):
    shown = run(capsys, folder)

    assert "Fiches ajoutées\u00a0: 1" in shown.out
    assert "F2\u00a0: XML illisible" in shown.out
    assert "Essai à blanc" in shown.out
    assert not Fiche.objects.exists()


def test_with_apply_it_writes(folder, capsys):
    shown = run(capsys, folder, "--apply")

    assert "Écrit en" in shown.out
    assert Fiche.objects.get().reference == "F1"


def test_the_report_in_json_has_its_agreed_keys(folder, capsys):
    shown = run(capsys, folder, "--apply", "--json")

    report = json.loads(shown.out)
    assert [report[key] for key in ("added", "changed", "unchanged", "gone")] == [1, 0, 0, 0]
    assert [entry["reference"] for entry in report["set_aside"]] == ["F2"]
    assert "XML illisible" in report["set_aside"][0]["reason"]
    assert 0 < report["seconds"] < 10
    assert shown.err == "", "no progress bar where nobody watches"


def test_it_tells_what_changed_and_what_stands_twice(folder, capsys):
    run(capsys, folder, "--apply")
    make_folder(
        folder,
        {
            "F1.xml": make_fiche("F1", titre="CNI"),
            "F1_2019.xml": make_fiche("F1", date="2019-01-01"),
        },
    )

    shown = run(capsys, folder)

    assert "F1 (CNI)\n    - titre\u00a0: «" in shown.out
    assert "F1\u00a0: F1.xml, et non F1_2019.xml" in shown.out


@pytest.mark.parametrize("name", ["absent", "photo.png", "tronquee.zip"])
def test_a_source_that_cannot_be_opened_stops_with_a_message(tmp_path, name):
    if name != "absent":
        (tmp_path / name).write_bytes(b"\x89PK")

    with pytest.raises(CommandError, match=name):
        call_command("import_fiches", str(tmp_path / name), "--apply")


def test_it_stops_before_removing_too_much_and_goes_on_when_told_to(tmp_path, capsys):
    def delivery(name, count):
        references = [f"F{number}" for number in range(count)]
        files = {f"{reference}.xml": make_fiche(reference) for reference in references}
        return make_zip(tmp_path / name, files | {"arborescence.xml": arborescence(*references)})

    run(capsys, delivery("avant.zip", 10), "--apply")
    after = delivery("apres.zip", 5)

    assert "--accept-removals" in run(capsys, after).out
    with pytest.raises(CommandError, match="5 fiches sur 10"):
        call_command("import_fiches", str(after), "--apply")
    assert Fiche.objects.published().count() == 10
    assert "Fiches disparues\u00a0: 5" in run(capsys, after, "--apply", "--accept-removals").out
    assert Fiche.objects.published().count() == 5


def test_attacks_in_an_archive_are_set_aside_and_the_rest_goes_in(tmp_path, capsys):
    laughs = (
        b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Publication ID="F3">&c;</Publication>'
    )
    path = make_zip(
        tmp_path / "piege.zip",
        {
            "F1.xml": make_fiche("F1"),
            "F2.xml": b"<a>" + b" " * 30_000_000 + b"</a>",
            "F3.xml": laughs,
            "../../F4.xml": make_fiche("F4"),
            "F5.xml": make_fiche("F5"),
        },
    )

    report = json.loads(run(capsys, path, "--apply", "--json").out)

    assert report["added"] == 2
    assert [entry["reference"] for entry in report["set_aside"]] == ["F2", "F4", "F3"]
    assert set(Fiche.objects.values_list("reference", flat=True)) == {"F1", "F5"}
