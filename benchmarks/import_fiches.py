"""The import of fiches beside a bare COPY of the same rows, in one run.

    python benchmarks/import_fiches.py [SOURCE]

SOURCE defaults to the 2,938 fiches of 2020 beside the project. Everything happens in transactions
that are rolled back. Prints seconds, the ratio to the COPY, and the time to read and render the
longest fiche.
"""

import json
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import ProtectedError  # noqa: E402

from allo3939.shared.sources import Source, open_source  # noqa: E402
from knowledge import readxml  # noqa: E402
from knowledge.ingest import import_fiches  # noqa: E402
from knowledge.models import Fiche, SourceFiche  # noqa: E402
from knowledge.render import render_blocks  # noqa: E402

CORPUS = ROOT.parent / "shared/data/vosdroits/corpus-2020/vosdroits-2020.zip"
GOALS = {"new": 20.0, "unchanged": 3.0}


def bare_copy() -> float:
    """Seconds to COPY the imported rows twice, content and XML: what any import must write."""
    rows = [
        (source.fiche.reference, json.dumps(source.fiche.contenu), source.xml)
        for source in SourceFiche.objects.select_related("fiche").iterator()
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copie (reference text, contenu jsonb, xml text)")
        started = time.perf_counter()
        for _ in range(2):
            with cursor.copy("COPY copie FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        return time.perf_counter() - started


def timed_import(source: Source) -> float:
    started = time.perf_counter()
    import_fiches(source, apply=True, accept_removals=True)
    return time.perf_counter() - started


def longest_fiche() -> None:
    source = max(SourceFiche.objects.iterator(), key=lambda found: len(found.xml))
    xml = source.xml.encode()
    render_blocks(readxml.read(xml).contenu)  # the first page also loads the table of addresses
    started = time.perf_counter()
    fiche = readxml.read(xml)
    read = time.perf_counter()
    html = render_blocks(fiche.contenu)
    rendered = time.perf_counter()
    print(
        f"longest fiche  {fiche.reference}, {len(html.split())} words and tags: "
        f"read {1000 * (read - started):.1f} ms, rendered {1000 * (rendered - read):.1f} ms"
    )


def main(path: str) -> None:
    with transaction.atomic(), open_source(path) as source:
        SourceFiche.objects.all().delete()
        try:
            Fiche.objects.imported().delete()
        except ProtectedError:
            sys.exit("Calls refer to the imported fiches: run this on a database without calls.")
        seconds = {"new": timed_import(source), "unchanged": timed_import(source)}
        seconds["bare COPY"] = bare_copy()
        for name, taken in seconds.items():
            ratio, goal = taken / seconds["bare COPY"], GOALS.get(name)
            told = f"  goal {goal:.0f} s" if goal else ""
            print(f"{name:<14} {taken:6.2f} s  {ratio:6.2f} × COPY{told}")
        longest_fiche()
        transaction.set_rollback(True)


if __name__ == "__main__":
    if len(sys.argv) < 2 and not CORPUS.exists():
        sys.exit("No source: give one, or put the fiches of 2020 beside the project.")
    main(sys.argv[1] if len(sys.argv) > 1 else str(CORPUS))
