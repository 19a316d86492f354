"""Import of the directory: read as a stream → difference with the table → report → apply.

The memory stays flat: of what the table holds only identifiers and fingerprints are kept, and rows
that are new or changed go by COPY to temporary tables as they are read. One transaction: a file
that breaks in the middle leaves everything as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from allo3939.shared.changes import record_change
from allo3939.shared.imports import ImportRefuse, close_importation, too_many
from allo3939.shared.models import Importation
from orientation.ingest.bodies import Bodies
from orientation.ingest.competence import Competences
from orientation.ingest.kinds import label_kinds, unlabelled
from orientation.ingest.report import Rapport
from orientation.readjson import COMMUNE, ECARTE, SERVICE, file_date, open_value, read_items
from orientation.translate import EnregistrementRefuse, NonDiffuse, translate
from orientation.translate.leftover import OFFICIALS, is_empty

__all__ = ["GENRE", "PRODUCTEUR", "ImportRefuse", "Rapport", "import_annuaire"]

GENRE = "annuaire"
PRODUCTEUR = "Service-Public.gouv.fr / DILA"
_LOCK = 3_939_003  # two imports of the directory never write at once


def import_annuaire(
    source: str | Path,
    *,
    apply: bool = False,
    accept_removals: bool = False,
    url: str = "",
    advance: Callable[[int], Any] | None = None,
) -> Rapport:
    """Compare DILA's directory with the table and, with ``apply``, make the table agree with it.

    Bodies that the source no longer holds are marked, never deleted. A record that cannot be read
    is set aside with its reason. Raises `ImportRefuse` when more than `IMPORT_REMOVAL_LIMIT` would
    go, unless ``accept_removals``, and `SourceIllisible` when the file cannot be read to its end.
    ``url`` says where the file was downloaded from. ``advance`` is told the bytes read.
    """
    path, started, clock = Path(source), timezone.now(), time.monotonic()
    report = Rapport()
    with transaction.atomic(), connection.cursor() as cursor:
        if apply:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        bodies = Bodies(cursor, write=apply)
        competences = Competences(cursor, write=apply)
        for genre, content in read_items(path, advance=advance):
            if genre == SERVICE:
                _take(content, bodies, report)
            elif genre == ECARTE:
                report.set_aside.append({"reference": content[0], "reason": content[1]})
            elif reason := competences.take(content, whole=genre == COMMUNE):
                report.set_aside.append({"reference": _reference(content), "reason": reason})
        if not bodies.seen and not competences.taken:
            raise ImportRefuse(f"Aucun organisme dans «\u00a0{path.name}\u00a0».")
        gone = _compare(bodies, competences, report, accept_removals=accept_removals)
        touched = bodies.write(gone, report)
        if apply:
            report.competences = competences.write()
            label_kinds(cursor, bodies.kinds | competences.kinds)
            record_change("organismes", touched)
            report.seconds = time.monotonic() - clock
            importation = Importation(
                genre=GENRE,
                producteur=PRODUCTEUR,
                url=url[:500],
                fichier=path.name[:300],
                date_fichier=file_date(path),
                commencee_le=started,
            )
            set_aside = _linked(report.set_aside, bodies)
            close_importation(importation, report, kept=report.to_keep(), set_aside=set_aside)
    report.seconds = time.monotonic() - clock
    return report


def _compare(
    bodies: Bodies, competences: Competences, report: Rapport, *, accept_removals: bool
) -> list[UUID]:
    """Tell the report what the delivery changes; returns the bodies that go."""
    report.added, report.changed = bodies.added, bodies.changed
    report.unchanged, report.back = bodies.unchanged, bodies.back
    gone = bodies.gone()
    report.gone, report.gone_bodies = len(gone), bodies.names(gone)
    report.unknown_kinds = unlabelled(bodies.kinds | competences.kinds)
    if not accept_removals:
        for refusal in (
            too_many("organismes", gone=report.gone, known=bodies.present),
            too_many("communes", gone=len(competences.lost()), known=competences.held),
        ):
            if refusal:
                raise ImportRefuse(refusal)
    return gone


def _linked(set_aside: list[dict[str, str]], bodies: Bodies) -> list[dict[str, str]]:
    """The records set aside, each with the page of the body that we hold of it."""
    return [
        line | {"vue": "organisme", "cle": line["reference"]}
        if bodies.holds(line["reference"])
        else line
        for line in set_aside
    ]


def _take(content: Any, bodies: Bodies, report: Rapport) -> None:
    try:
        bodies.take(*translate(content))
        report.officials += not is_empty(open_value(content.get(OFFICIALS)))
    except EnregistrementRefuse as error:
        if not isinstance(error, NonDiffuse) and isinstance(content, dict):
            bodies.spare(content.get("id"))
        report.set_aside.append({"reference": _reference(content), "reason": str(error)})


def _reference(content: Any) -> str:
    """What a reader of the report finds the record by."""
    if not isinstance(content, dict):
        return "?"
    for key in ("id", "ancien_code_pivot", "nom", "code_insee_commune"):
        if isinstance(content.get(key), str) and content[key]:
            return content[key][:100]
    return "?"
