"""``manage.py import_communes``: the official geographic code, whole."""

import csv
import gzip
import json
import shutil
from io import StringIO

import pytest
from django.core.management import call_command

from allo3939.shared.models import Importation
from orientation.communes import SOURCE, CommunesIllisibles, load_communes
from orientation.models import Commune, Departement

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """The reference files, with a few communes of the Ain only."""
    for name in ("departements.csv", "regions.csv"):
        shutil.copy(SOURCE / name, tmp_path / name)
    with gzip.open(SOURCE / "communes.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code_insee"] < "01050"]

    def write(change=lambda row: row):
        with gzip.open(tmp_path / "communes.csv.gz", "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(kept for row in rows if (kept := change(dict(row))))
        return tmp_path

    return write


def test_the_whole_code_is_loaded_and_again_changes_nothing():
    first = load_communes()
    assert (first.added, first.changed, first.gone) == (37_006, 0, 0)
    assert Commune.objects.filter(type="commune-actuelle").count() == 34_969
    assert Departement.objects.get(code="72").region == "Pays de la Loire"
    assert Commune.objects.get(pk="75111").parente.nom == "Paris"
    again = load_communes()
    assert (again.added, again.changed, again.unchanged) == (0, 0, 37_006)
    assert Importation.objects.filter(genre="communes").count() == 2


def test_a_delegated_commune_of_the_same_code_is_a_former_name(folder):
    load_communes(folder=folder())
    bage = Commune.objects.get(pk="01025")
    assert (bage.nom, bage.type, bage.anciens_noms) == (
        "Bâgé-Dommartin", "commune-actuelle", ["Bâgé-la-Ville"],
    )  # fmt: skip
    assert bage.anciens_noms_recherche == "|bage la ville"


def test_a_change_is_written_and_what_has_gone_is_kept(folder):
    load_communes(folder=folder())

    def change(row):
        if row["code_insee"] == "01004":
            row["population"] = "16000"
        return None if row["code_insee"] == "01001" else row

    report = load_communes(folder=folder(change))
    assert (report.added, report.changed, report.gone) == (0, 1, 1)
    assert Commune.objects.get(pk="01004").population == 16_000
    assert Commune.objects.filter(pk="01001").exists()


def test_a_dry_run_writes_nothing(folder):
    assert load_communes(apply=False, folder=folder()).added > 30
    assert not Commune.objects.exists()


def test_absent_files_are_said(tmp_path):
    with pytest.raises(CommunesIllisibles):
        load_communes(folder=tmp_path)


def test_the_command_reports():
    out = StringIO()
    call_command("import_communes", "--json", stdout=out)
    assert json.loads(out.getvalue())["added"] == 37_006
    assert not Commune.objects.exists()
    out = StringIO()
    call_command("import_communes", apply=True, stdout=out)
    assert "Communes ajoutées\u00a0: 37006" in out.getvalue()
