"""The import of the directory beside a bare COPY of the same rows, in one run.

    python benchmarks/import_annuaire.py [SOURCE]

SOURCE defaults to a generated directory of 55,000 bodies with its competence. Everything happens in
one transaction, rolled back at the end. Prints seconds, the ratio to the COPY, and the peak memory;
then what history and corrections cost when a thousand bodies change, and when all do.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from allo3939.accounts.models import Agent  # noqa: E402
from orientation.generate import generate_annuaire  # noqa: E402
from orientation.ingest import import_annuaire  # noqa: E402
from orientation.models import (  # noqa: E402
    Competence,
    Correction,
    EmpreinteCompetence,
    Organisme,
)
from orientation.translate import Row  # noqa: E402

GOALS = {"new": 30.0, "unchanged": 10.0, "memory": 300.0}
TABLES = {
    "orientation_organisme": ", ".join((*Row._fields, "empreinte", "etat")),
    "orientation_competence": "commune_insee, type_code, organismes",
}


def bare_copy() -> float:
    """Seconds to COPY the imported rows into tables without index: what any import must write."""
    seconds = 0.0
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            with tempfile.TemporaryFile() as rows:
                with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
                    for chunk in copy:
                        rows.write(chunk)
                rows.seek(0)
                cursor.execute(
                    f"CREATE TEMP TABLE copie_{table} ON COMMIT DROP AS "  # noqa: S608
                    f"SELECT {columns} FROM {table} LIMIT 0"
                )
                started = time.perf_counter()
                with cursor.copy(f"COPY copie_{table} FROM STDIN") as copy:
                    while chunk := rows.read(1 << 20):
                        copy.write(chunk)
                seconds += time.perf_counter() - started
    return seconds


def change(count: int) -> None:
    """Make ``count`` bodies of the table differ from the source in one fact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orientation_organisme SET empreinte = md5(id::text), sigle = 'ancien' "
            "WHERE id IN (SELECT id FROM orientation_organisme ORDER BY id LIMIT %s)",
            [count],
        )


def correct_some(count: int) -> None:
    """Put a column of ``count`` bodies right by hand."""
    agent = Agent.objects.create_user("mesure", password=None, role="administrateur")
    bodies = Organisme.objects.order_by("id")[:count]
    Correction.objects.bulk_create(
        Correction(
            organisme=body, champ="informations", valeur="Nôtre", valeur_source="", auteur=agent
        )
        for body in bodies
    )


def timed_import(source: Path) -> float:
    started = time.perf_counter()
    import_annuaire(source, apply=True, accept_removals=True)
    return time.perf_counter() - started


def history_size() -> tuple[int, float]:
    """Rows, and megabytes with their indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('orientation_historicalorganisme')")
        return Organisme.history.count(), cursor.fetchone()[0] / 1e6


def peak_memory() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(source: Path) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:  # calls may refer to bodies: emptied, not deleted
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("ALTER TABLE orientation_organisme DISABLE TRIGGER ALL")
        for model in (EmpreinteCompetence, Competence, Organisme):
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        found = {"new": timed_import(source), "unchanged": timed_import(source)}
        found["memory"] = peak_memory()
        copied = bare_copy()
        correct_some(500)
        change(1000)
        found["1,000 changed"] = timed_import(source)
        change(10**9)
        found["all changed"] = timed_import(source)
        lines, size = history_size()
        found["memory at last"] = peak_memory()
        transaction.set_rollback(True)
    print(f"bare COPY      {copied:6.2f} s")
    for name in ("new", "unchanged"):
        print(
            f"{name:<14} {found[name]:6.2f} s  {found[name] / copied:5.1f} × the COPY  "
            f"(goal {GOALS[name]:.0f} s)"
        )
    for name in ("1,000 changed", "all changed"):
        print(f"{name:<14} {found[name]:6.2f} s  {found[name] / copied:5.1f} × the COPY")
    print(f"history        {lines} rows, {size:.0f} MB")
    print(f"peak memory    {found['memory']:6.0f} MB (goal {GOALS['memory']:.0f} MB)")
    print(f"  all changed  {found['memory at last']:6.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            generated = Path(folder) / "annuaire.json.gz"
            generate_annuaire(generated)
            main(generated)
