from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from allo3939.shared.changes import record_change
from knowledge.models import Fiche

READY = {"base": True, "redis": True, "index": True, "migrations": True}


def test_alive_answers_without_a_login(client, db):
    response = client.get("/sante/vivant")
    assert (response.status_code, response.content) == (200, b"vivant\n")


def test_alive_asks_nothing_of_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/sante/vivant")


def test_ready_names_each_part(client, db):
    response = client.get("/sante/pret")
    assert (response.status_code, response.json()) == (200, READY)
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_a_missing_migration_is_not_ready(client, db):
    (last,) = MigrationLoader(connection).graph.leaf_nodes("calls")
    MigrationRecorder(connection).record_unapplied(*last)
    response = client.get("/sante/pret")
    assert (response.status_code, response.json()) == (503, READY | {"migrations": False})


def test_a_lost_redis_is_not_ready_but_is_told(client, db, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    response = client.get("/sante/pret")
    assert (response.status_code, response.json()) == (503, READY | {"redis": False})


@pytest.fixture
def fiche(db):
    with transaction.atomic():
        record_change("fiches", ["F1"])
        return Fiche.objects.create(
            reference="F1",
            nature="reponse",
            origine="service_public",
            etat="publiee",
            publiee_le=timezone.now(),
            titre="Passeport",
        )


def index_is_ready(client):
    return client.get("/sante/pret").json()["index"]


def test_without_any_content_an_index_still_to_be_built_is_no_obstacle(client, db):
    assert index_is_ready(client) is True


def test_an_index_never_built_is_not_ready_and_asking_does_not_build_it(client, fiche, settings):
    assert index_is_ready(client) is False
    assert not settings.INDEX_DIR.exists()
    call_command("rebuild_index", missing=True, stdout=StringIO())
    assert index_is_ready(client) is True


def test_an_index_in_place_is_not_built_again(fiche):
    call_command("rebuild_index", stdout=StringIO())
    said = StringIO()
    call_command("rebuild_index", missing=True, stdout=said)
    assert said.getvalue() == ""


@pytest.mark.parametrize("pattern", ["**/meta.json", "**/*.term", "**/actuel"])
def test_a_damaged_index_is_not_ready(client, fiche, settings, pattern):
    call_command("rebuild_index", stdout=StringIO())
    damaged = list(settings.INDEX_DIR.glob(pattern))
    assert damaged
    for path in damaged:
        path.unlink()
        path.write_bytes(b"broken" * 20)
    assert index_is_ready(client) is False


def test_an_index_that_is_not_a_directory_is_not_ready(client, fiche, settings):
    settings.INDEX_DIR.write_text("")
    assert index_is_ready(client) is False


@pytest.mark.parametrize("path", ["/sante/vivant", "/sante/pret"])
def test_health_is_only_read(client, db, path):
    assert client.post(path).status_code == 405
