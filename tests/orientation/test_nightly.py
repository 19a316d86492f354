"""The nightly import, its trace when it fails, and its report in the admin."""

import json
import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.celery import app
from allo3939.shared.models import Importation
from orientation.correct import correct
from orientation.ingest import import_annuaire
from orientation.models import Organisme
from orientation.tasks import import_directory
from tests.orientation.annuaire import record, write_json
from tests.shared.served import served

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(tmp_path, settings):
    """Write a delivery where the nightly import looks for it; ``changes`` in the first body."""
    path = tmp_path / "annuaire.json"
    settings.ANNUAIRE_SOURCE = str(path)

    def write(count=20, **changes):
        records = [record(rank) for rank in range(count)]
        records[0] |= changes
        return write_json(path, records)

    return write


def yesterday():
    """Every run so far was the day before."""
    for run in Importation.objects.all():
        run.commencee_le -= timedelta(days=1)
        run.save()


def test_the_night_brings_the_directory_up_to_date_once(source):
    source()
    import_directory()
    assert Organisme.objects.count() == 20
    source(sigle="NEUF")
    import_directory()
    assert not Organisme.objects.filter(sigle="NEUF").exists()
    yesterday()
    import_directory()
    assert Organisme.objects.filter(sigle="NEUF").exists()
    assert Importation.objects.applied().count() == 2


def test_without_a_source_nothing_is_done(settings):
    settings.ANNUAIRE_SOURCE = ""
    import_directory()
    assert not Importation.objects.exists()


def test_a_refused_night_leaves_its_reason_and_is_tried_again(source):
    source()
    import_directory()
    yesterday()
    source(15)
    import_directory()
    refused = Importation.objects.refused().get()
    assert "5 organismes sur 20 disparaîtraient" in refused.rapport["refus"]
    assert (refused.genre, refused.fichier) == ("annuaire", "annuaire.json")
    assert Organisme.objects.present().count() == 20
    source(19)
    import_directory()
    assert Organisme.objects.present().count() == 19
    assert Importation.objects.applied().count() == 2


def test_a_file_cut_in_the_middle_leaves_its_reason(source):
    path = source()
    path.write_bytes(path.read_bytes()[:3000])
    import_directory()
    assert "tronqué" in Importation.objects.refused().get().rapport["refus"]
    assert not Organisme.objects.exists()


def test_a_run_that_breaks_leaves_a_trace_too(source, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    source()
    monkeypatch.setattr("orientation.ingest.nightly.import_annuaire", broken)
    with pytest.raises(ZeroDivisionError):
        import_directory()
    assert "ZeroDivisionError" in Importation.objects.refused().get().rapport["refus"]


def test_an_address_is_downloaded_and_one_that_does_not_answer_is_told(tmp_path, settings):
    settings.IMPORT_URL_HOSTS = ["127.0.0.1"]
    path = write_json(tmp_path / "annuaire.json.gz", [record(1)])
    os.utime(path, (1_700_000_000, 1_700_000_000))
    with served(tmp_path) as host:
        settings.ANNUAIRE_SOURCE = f"{host}/absent.json.gz"
        import_directory()
        settings.ANNUAIRE_SOURCE = f"{host}/annuaire.json.gz"
        import_directory()
        import_directory()
    done = Importation.objects.applied().get()
    assert (done.url, done.fichier) == (settings.ANNUAIRE_SOURCE, "annuaire.json.gz")
    assert Importation.objects.refused().get().fichier == "absent.json.gz"


def test_the_command_leaves_the_same_trace_only_when_it_writes(source):
    source()
    import_directory()
    path = source(2)
    with pytest.raises(CommandError):
        call_command("import_annuaire", str(path))
    assert not Importation.objects.refused().exists()
    with pytest.raises(CommandError):
        call_command("import_annuaire", str(path), "--apply")
    assert Importation.objects.refused().count() == 1


def test_the_import_of_fiches_leaves_the_same_trace(tmp_path):
    path = tmp_path / "vosdroits.zip"
    path.write_bytes(b"PK tronque")
    with pytest.raises(CommandError):
        call_command("import_fiches", str(path), "--apply")
    refused = Importation.objects.refused().get()
    assert (refused.genre, refused.fichier) == ("fiches", "vosdroits.zip")
    assert "ZIP" in refused.rapport["refus"]


def test_beat_knows_the_task(settings):
    entries = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert import_directory.name in entries
    app.loader.import_default_modules()
    assert import_directory.name in app.tasks


# The report in the admin --------------------------------------------------------------------------


def page_of(client, importation):
    page = client.get(reverse("admin:shared_importation_change", args=[importation.pk]))
    return page.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def test_the_report_is_read_in_the_admin_with_its_links(client, login, tmp_path):
    editor = login(Role.ADMINISTRATEUR)
    records = [record(rank) for rank in range(20)]
    path = write_json(tmp_path / "annuaire.json", records)
    import_annuaire(path, apply=True)
    for rank, valeur in ((1, "Un"), (2, "Deux")):
        body = Organisme.objects.get(pk=record(rank)["id"])
        correct(body, champ="informations", valeur=valeur, by=editor)
    records[0]["pivot"] = [{"type_service_local": "guichet_2031"}]
    records[1]["mission"], records[2]["mission"] = "Un", "Trois"
    records[3]["nom"] = ""
    write_json(path, records[:-1])
    import_annuaire(path, apply=True, url="https://exemple.fr/annuaire.json")

    html = page_of(client, Importation.objects.first())

    assert "0 ajout, 3 modifications, 15 sans changement, 1 disparition, 1 écarté." in html
    assert "Source : Service-Public.gouv.fr / DILA, fichier « annuaire.json » du" in html
    assert "https://exemple.fr/annuaire.json" in html
    assert "montrés par leur code : guichet_2031." in html
    assert "1 correction protégée, 1 rattrapée par la source, 1 à revoir." in html
    assert "Noms d'agents publics laissés de côté dans 18 enregistrements." in html
    for rank in (1, 2, 3, 19):
        assert f'href="/annuaire/{record(rank)["id"]}/"' in html
    assert "organisme sans nom" in html


def test_a_refused_run_says_why_in_the_admin(client, login, source):
    login(Role.REDACTEUR)
    source().write_text("{")
    import_directory()
    html = page_of(client, Importation.objects.get())
    assert "Import refusé." in html
    assert "annuaire.json" in html
    for issue, shown in (("refusee", True), ("faite", False)):
        address = f"{reverse('admin:shared_importation_changelist')}?issue={issue}"
        assert ("annuaire.json" in client.get(address).content.decode()) == shown


def test_an_agent_does_not_read_the_reports(client, login):
    login(Role.TELECONSEILLER)
    importation = Importation.objects.create(
        genre="annuaire", fichier="annuaire.json", commencee_le=timezone.now()
    )
    address = reverse("admin:shared_importation_change", args=[importation.pk])
    assert client.get(address).status_code in (302, 403)


def test_what_stays_of_a_report_is_bounded(tmp_path):
    path = write_json(tmp_path / "annuaire.json", [record(rank) for rank in range(700)])
    import_annuaire(path, apply=True)
    write_json(path, [record(0)])
    import_annuaire(path, apply=True, accept_removals=True)
    kept = Importation.objects.first().rapport
    assert [(each["total"], len(each["lignes"])) for each in kept["listes"]] == [(699, 500)]
    assert len(json.dumps(kept)) < 100_000
