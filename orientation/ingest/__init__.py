"""Import of the directory: read as a stream → difference with the table → report → apply.

The memory stays flat: of what the table holds only identifiers and fingerprints are kept, and rows
that are new or changed go by COPY to temporary tables as they are read. One transaction: a file
that breaks in the middle leaves everything as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from allo3939.shared.changes import record_change
from allo3939.shared.models import Importation
from orientation.ingest.bodies import Bodies
from orientation.ingest.competence import Competences
from orientation.ingest.kinds import label_kinds
from orientation.readjson import COMMUNE, ECARTE, SERVICE, file_date, read_items
from orientation.translate import EnregistrementRefuse, NonDiffuse, translate

__all__ = ["ImportRefuse", "Rapport", "import_annuaire"]

PRODUCTEUR = "Service-Public.gouv.fr / DILA"
_LOCK = 3_939_003  # two imports of the directory never write at once


class ImportRefuse(Exception):
    """The whole import is refused; the message, in French, says why."""


@dataclass(slots=True)
class Rapport:
    """What an import changes, or would change."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    set_aside: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    competences: str = ""
    """What becomes of the rows of competence, in words; not told by a dry run."""

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        report = asdict(self)
        del report["competences"]
        return report | {"seconds": round(self.seconds, 2)}


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
        report.added, report.changed = bodies.added, bodies.changed
        report.unchanged = bodies.unchanged
        gone = bodies.gone()
        report.gone = len(gone)
        if not accept_removals:
            _refuse_losses("organismes", report.gone, bodies.present)
            _refuse_losses("communes", len(competences.lost()), competences.held)
        if apply:
            touched = bodies.write(gone)
            report.competences = competences.write()
            label_kinds(cursor, bodies.kinds | competences.kinds)
            record_change("organismes", touched)
            report.seconds = time.monotonic() - clock
            Importation.objects.create(
                genre="annuaire",
                producteur=PRODUCTEUR,
                url=url[:500],
                fichier=path.name[:300],
                date_fichier=file_date(path),
                commencee_le=started,
                secondes=report.seconds,
                ajoutes=report.added,
                modifies=report.changed,
                inchanges=report.unchanged,
                disparus=report.gone,
                ecartes=report.set_aside,
            )
    report.seconds = time.monotonic() - clock
    return report


def _take(content: Any, bodies: Bodies, report: Rapport) -> None:
    try:
        bodies.take(*translate(content))
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


def _refuse_losses(what: str, lost: int, held: int) -> None:
    if held and lost > held * settings.IMPORT_REMOVAL_LIMIT:
        share = f"{settings.IMPORT_REMOVAL_LIMIT:.0%}".replace("%", "\u00a0%")
        raise ImportRefuse(
            f"Le fichier ferait disparaître {lost} {what} sur {held}, plus de {share}\u00a0: "
            "rien n'est écrit (--accept-removals pour l'accepter)."
        )
