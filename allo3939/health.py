"""Is it alive, is it ready: two pages for the proxy, the supervision and `make run`."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

logger = logging.getLogger(__name__)


@require_GET
@never_cache
def vivant(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of what is behind it."""
    return HttpResponse("vivant\n", content_type="text/plain; charset=utf-8")


@require_GET
@never_cache
def pret(request: HttpRequest) -> JsonResponse:
    """Each part that a page needs, true or false; 503 as long as one is missing."""
    state = {name: _holds(name, check) for name, check in CHECKS.items()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:
        # Any failure means "not ready"; the page must answer whatever happens.
        logger.warning("not ready: %s: %s", name, error)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _index() -> bool:
    """An index still to be built is no obstacle: searches answer while it is."""
    folder = Path(settings.INDEX_DIR)
    return not folder.exists() or (
        folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    )


def _redis() -> bool:
    cache.set("sante", "ok", timeout=10)
    return cache.get("sante") == "ok"


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS: dict[str, Callable[[], bool]] = {
    "base": _database,
    "redis": _redis,
    "index": _index,
    "migrations": _migrations,
}
