from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

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
    MigrationRecorder(connection).record_unapplied("calls", "0002_codes_issue")
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


def test_an_index_still_to_be_built_is_no_obstacle(client, db, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "absent"
    assert client.get("/sante/pret").json()["index"] is True


def test_an_index_that_is_not_a_directory_is_not_ready(client, db, settings, tmp_path):
    settings.INDEX_DIR = Path(tmp_path / "index")
    settings.INDEX_DIR.write_text("")
    assert client.get("/sante/pret").json()["index"] is False


@pytest.mark.parametrize("path", ["/sante/vivant", "/sante/pret"])
def test_health_is_only_read(client, db, path):
    assert client.post(path).status_code == 405
