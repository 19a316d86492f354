"""Fill the tables of calls by copying one day backwards, for the load test.

    python benchmarks/fill_calls.py 2026-03-17 1500000

The day's calls with all that hangs on them (questions, fiches read, bodies given, transfers) are
copied to the days before it, as many times as it takes to have that many calls; `manage.py
simulate_day` makes a day worth copying. In plain SQL, table by table and day by day: every column
is the original's, except that keys and instants are moved and that the calls go round 120 agents
made for it, so that each has a past of a plausible length; `load.py` has them take its calls.
Nobody can log in as one of them. PostgreSQL does not look at each foreign key (they
point to rows copied by the same arithmetic), only at the other constraints; it asks for a base of
its own superuser, as the embedded one. Only for a base that can be thrown away: nothing takes the
copies out. Without arguments, does nothing.
"""

import os
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

from screens import PREFIX  # noqa: E402  # loads Django

from django.conf import settings  # isort: skip  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import DateTimeField, ForeignKey, Max, Min, Model  # noqa: E402

from calls.models import Appel, Consultation, Demande, OrientationDonnee, Transfert  # noqa: E402

TABLES: tuple[type[Model], ...] = (Appel, Demande, Consultation, OrientationDonnee, Transfert)


AGENTS = 120


def make_agents() -> list:
    """The agents who took the copied calls, made when they are missing."""
    model = get_user_model()
    return [
        model.objects.filter(username=name).first()
        or model.objects.create_user(name, password=None, role="teleconseiller")
        for name in (f"{PREFIX}{number:03}" for number in range(1, AGENTS + 1))
    ]


def rows_of(day: date) -> dict[type[Model], object]:
    """The rows of the day's closed calls, by table."""
    calls = Appel.objects.on(day).exclude(termine_le=None)
    questions = Demande.objects.filter(appel__in=calls)
    hanging = {model: model.objects.filter(demande__in=questions) for model in TABLES[2:]}
    return {Appel: calls, Demande: questions, **hanging}


def set_aside(day: date) -> dict[type[Model], tuple[int, int, int]]:
    """The day's rows in temporary tables; for each table their number, lowest key and span."""
    spans = {}
    with connection.cursor() as cursor:
        for model, rows in rows_of(day).items():
            bounds = rows.order_by().aggregate(low=Min("pk"), high=Max("pk"))
            low, high = bounds["low"] or 0, bounds["high"] or 0
            # The last key used by anybody: copies come after it.
            top = model.objects.aggregate(top=Max("pk"))["top"] or 0
            sql, params = rows.order_by().values_list("pk").query.sql_with_params()
            name = model._meta.db_table
            cursor.execute(
                f"CREATE TEMP TABLE modele_{name} AS SELECT * FROM {name} WHERE id IN ({sql})",  # noqa: S608
                params,
            )
            spans[model] = (low, high - low + 1, top + 1 - low)
    return spans


def columns_of(model: type[Model], spans) -> list[tuple[str, str]]:
    """Each column and what a copy holds in it; ``%(n)s`` is how many days before."""
    found = []
    for field in model._meta.concrete_fields:
        target = field.related_model if isinstance(field, ForeignKey) else None
        moved = model if field.primary_key else target if target in spans else None
        if field is Appel._meta.get_field("agent"):
            value = f"(%(agents)s::bigint[])[1 + mod(id * 7 + %(n)s, {AGENTS})]"
        elif moved:
            _, span, shift = spans[moved]
            value = f"{field.column} + {shift} + {span}::bigint * (%(n)s - 1)"
        elif isinstance(field, DateTimeField):
            value = f"{field.column} - make_interval(days => %(n)s)"
        else:
            value = field.column
        found.append((field.column, value))
    return found


def copy(spans, *, days: int) -> None:
    inserts = []
    for model in TABLES:
        names, values = zip(*columns_of(model, spans), strict=True)
        table = model._meta.db_table
        inserts.append(
            f"INSERT INTO {table} ({', '.join(names)})"  # noqa: S608
            f" SELECT {', '.join(values)} FROM modele_{table}"
        )
    agents = [agent.pk for agent in make_agents()]
    reserve(spans, days=days)
    for n in range(1, days + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for insert in inserts:
                cursor.execute(insert, {"n": n, "agents": agents})
        if n % 50 == 0:
            print(f"  {n} days", flush=True)


def reserve(spans, *, days: int) -> None:
    """Move the sequences past the keys to come: the desk may be in service meanwhile."""
    with connection.cursor() as cursor:
        for model, (low, span, shift) in spans.items():
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [model._meta.db_table, low + shift + span * days],
            )


def finish() -> None:
    """Statistics and visibility maps as after a night."""
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f"VACUUM ANALYZE {table}")
            cursor.execute(f"SELECT pg_size_pretty(pg_total_relation_size('{table}'))")
            print(f"  {table}: {model.objects.count():,} rows, {cursor.fetchone()[0]}")


def main(day: date, calls: int) -> None:
    if not settings.DEMONSTRATION:
        sys.exit("Only for a demonstration base: the copies cannot be told from real calls.")
    per_day = Appel.objects.on(day).exclude(termine_le=None).count()
    if not per_day:
        sys.exit(f"No call on {day}: manage.py simulate_day --date {day} first.")
    days = max(0, -(-(calls - Appel.objects.count()) // per_day))
    print(f"{per_day} calls of {day}, copied to {days} days before")
    start = time.perf_counter()
    copy(set_aside(day), days=days)
    finish()
    print(f"done in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__" and len(sys.argv) == 3:
    main(date.fromisoformat(sys.argv[1]), int(sys.argv[2]))
elif __name__ == "__main__":
    print("fill_calls.py DAY CALLS: nothing to do without arguments.")
