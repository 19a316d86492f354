"""The directory's list over a whole directory: what each keystroke and each choice costs.

    python benchmarks/annuaire.py

Needs a database with a directory. Prints the milliseconds of whole requests, as the clock has them
and of this process alone, beside those of the bare counts asked of PostgreSQL; the seconds to read
the columns and to begin a day; those of the exports, with the memory they take. What is written is
rolled back.
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from allo3939.accounts.enums import Role  # noqa: E402
from orientation.columns import columns  # noqa: E402
from orientation.export import stream_csv, write_list_ods  # noqa: E402

GOAL = 60.0  # ms, 95th percentile of a request
TYPED = ("mairie fontaine le port", "caf sarthe", "sous-prefecture", "tribunal judiciaire")
CHOSEN = (
    *("", "ouvert=1", "type=mairie", "type=mairie&type=caf&acces=ACC", "dep=72", "dep=974"),
    *("dep=72&dep=53&ouvert=1", "lieu=le mans", "lieu=75011", "voir=type&voir=dep", "page=40"),
)
REPEATS = 3
COUNTS = [
    f"SELECT {column}, count(*) FROM orientation_organisme WHERE etat = 'present' GROUP BY 1"  # noqa: S608
    for column in ("unnest(types)", "departement_code", "adresse->>'accessibilite'")
]


def milliseconds(
    action: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> float:
    started = clock()
    action()
    return (clock() - started) * 1000


def told(name: str, times: list[float]) -> float:
    """Print a line; returns the 95th percentile."""
    late = statistics.quantiles(times, n=20)[-1]
    print(f"{name:<34} median {statistics.median(times):6.1f} ms   p95 {late:6.1f} ms")
    return late


def requests(client: Client) -> list[float]:
    def get(query: str) -> Callable[[], object]:
        return lambda: client.get(f"/annuaire/?{query}", headers={"HX-Request": "true"})

    letters = [f"nom={text[:end]}" for text in TYPED for end in range(1, len(text) + 1)]
    for query in ("", "nom=m", "ouvert=1"):
        get(query)()
    typed = [milliseconds(get(query)) for query in letters * REPEATS]
    chosen = [milliseconds(get(query)) for query in CHOSEN * REPEATS * 2]
    told("typed, letter by letter", typed)
    told("facets, places, pages", chosen)
    alone = [milliseconds(get(query), time.process_time) for query in (*letters, *CHOSEN)]
    told("of this process alone", alone)
    return typed + chosen


def by_table() -> list[float]:
    def ask() -> None:
        with connection.cursor() as cursor:
            for query in COUNTS:
                cursor.execute(query)
                cursor.fetchall()

    return [milliseconds(ask) for _ in range(15)]


def main() -> None:
    started = time.perf_counter()
    held = columns()
    print(f"{len(held.ids)} bodies read in {time.perf_counter() - started:.1f} s")
    now = timezone.now()
    held.weeks.open_at(now)
    begun = milliseconds(lambda: held.weeks.open_at(now + timedelta(days=1)))
    print(f"first count of a day: {begun:.0f} ms")
    agent = get_user_model().objects.create_user("banc", role=Role.TELECONSEILLER)
    client = Client()
    client.force_login(agent, backend="allo3939.accounts.backends.RoleBackend")
    table = by_table()
    late = told("all requests", requests(client))
    told("the bare counts, by PostgreSQL", table)
    print(f"goal {GOAL:.0f} ms at the 95th percentile: {'kept' if late <= GOAL else 'missed'}")
    for name, write, pks in (
        ("CSV", lambda pks: sum(map(len, stream_csv(pks))), held.ids),
        ("ODS", write_list_ods, held.ids[:10_000]),
    ):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds = milliseconds(lambda write=write, pks=pks: write(pks)) / 1000
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"{name} of {len(pks)} rows: {seconds:.1f} s, {grown:+.0f} MB at the peak")


if __name__ == "__main__":
    with transaction.atomic():
        main()
        transaction.set_rollback(True)
