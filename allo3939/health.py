"""Is it alive, is it ready: two pages for the proxy, the supervision and `make run`."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from knowledge.models import Fiche
from knowledge.search import FICHES
from orientation.models import Organisme
from orientation.search import ORGANISMES

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
    """Each index opens; one that was never built is no obstacle while there is nothing to find.

    An unreadable one is left as it is: `manage.py rebuild_index` and searches build it anew.
    """
    return all(
        index.is_readable() or not content.exists()
        for index, content in (
            (FICHES, Fiche.objects.published()),
            (ORGANISMES, Organisme.objects.present()),
        )
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
