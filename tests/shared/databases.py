"""The database of the tests, for another process."""

import os
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """The test database, as another process must name it; the host may be a unix socket."""
    config = connection.settings_dict
    login = quote(config["USER"]) + (f":{quote(config['PASSWORD'])}" if config["PASSWORD"] else "")
    server = config["HOST"] + (f":{config['PORT']}" if config["PORT"] else "")
    if server.startswith("/"):
        server = f"/{server}"  # how django-environ tells a socket's path from a host
    return f"postgres://{login}@{server}/{config['NAME']}"


def environment_of_the_test_database() -> dict[str, str]:
    """The environment of a process that works on the test's database, Redis and index."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "allo3939.settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "VAR_DIR": str(settings.VAR_DIR),
        "INDEX_DIR": str(settings.INDEX_DIR),
    }
