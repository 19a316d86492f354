"""Import of service-public.fr's fiches and of what comes with them.

Read → difference with the table → report → apply.

Two passes, so that a delivery of 141 MB never stands in memory: the first keeps a fingerprint of
each file, the second reads only the fiches that are new or changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.changes import record_change
from allo3939.shared.imports import ImportRefuse, close_importation, too_many
from allo3939.shared.models import Importation
from allo3939.shared.sources import Source
from knowledge.enums import Etat, Origine
from knowledge.ingest.beside import Resources, write_redirections
from knowledge.ingest.report import Report
from knowledge.ingest.survey import Candidate, Progress, Survey, survey
from knowledge.ingest.tree import Themes
from knowledge.ingest.write import Known, Work, Writer
from knowledge.models import Fiche
from knowledge.readxml import audience_rank

__all__ = ["PRODUCTEUR", "ImportRefuse", "Report", "import_fiches"]

PRODUCTEUR = "Service-Public.gouv.fr / DILA"
_LOCK = 3_939_002  # two imports of fiches never write at once
_BATCH = 200


def import_fiches(
    source: Source,
    *,
    apply: bool = False,
    accept_removals: bool = False,
    by: Agent | None = None,
    url: str = "",
    progress: Progress = iter,
) -> Report:
    """Compare a delivery with the table and, with ``apply``, make the table agree with it.

    Without ``apply`` nothing is written and the report says what would be. A fiche that cannot be
    read is set aside with its reason, and the rest goes in. A delivery that would remove more than
    `IMPORT_REMOVAL_LIMIT` of the published fiches raises `ImportRefuse` on ``apply``, unless
    ``accept_removals``. What agents and rédacteurs add to a fiche (spoken text, note, keywords,
    owner) is never touched; where the source changes under it, a conflict is queued. Resources and
    redirections go in with the fiches. ``url`` says where a local file was downloaded from.
    """
    started, clock = timezone.now(), time.monotonic()
    found = survey(source, progress=progress)
    with transaction.atomic():
        if apply:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = _known()
        report = Report(
            set_aside=found.set_aside, ignored=len(found.indexes), indexes=found.indexes
        )
        found.set_aside += found.renvois.set_aside
        report.duplicates = [
            {"reference": reference, "kept": found.candidates[reference].name, "others": others}
            for reference, others in sorted(found.duplicates.items())
        ]
        work = _difference(found, known, source, report)
        beside = Resources(source, found, report)
        withdrawn = beside.missing() if report.whole else []
        _limit("ressources", len(withdrawn), beside.known, report)
        if apply and report.removals_limit and not accept_removals:
            raise ImportRefuse(report.removals_limit)

        importation = None
        if apply:
            importation = Importation.objects.create(
                genre="fiches",
                producteur=PRODUCTEUR,
                url=(source.url or url)[:500],
                fichier=source.nom[:300],
                date_fichier=source.date,
                commencee_le=started,
            )
        themes = Themes(write=apply)
        if found.arborescence is not None:
            themes.follow(found.arborescence)
        writer = Writer(source, found, themes, report, importation=importation, by=by)
        for batch in _batches(work.to_read):
            writer.write(batch, known)
        writer.withdraw(work)
        beside.write(importation)
        beside.withdraw(withdrawn, importation)
        write_redirections(found.renvois, report, importation)
        report.seconds = time.monotonic() - clock
        if importation is not None:
            record_change("fiches", writer.touched)
            close_importation(importation, report, kept=report.to_keep())
            report.applied = True
    report.seconds = time.monotonic() - clock
    return report


def _batches(candidates: list[Candidate]) -> Iterator[list[Candidate]]:
    for start in range(0, len(candidates), _BATCH):
        yield candidates[start : start + _BATCH]


def _known() -> dict[str, Known]:
    rows = Fiche.objects.values_list(
        *("reference", "pk", "origine", "etat", "audiences", "theme__code", "modifiee_le"),
        "source__empreinte",
    )
    return {row[0]: Known(*row) for row in rows.iterator()}


def _difference(found: Survey, known: dict[str, Known], source: Source, report: Report) -> Work:
    """Sort the delivery's fiches; counts unchanged and gone, and leaves the rest to be read."""
    work = Work()
    imported = {
        reference: row
        for reference, row in known.items()
        if row.origine == Origine.SERVICE_PUBLIC and row.etat == Etat.PUBLIEE
    }
    for reference, candidate in found.candidates.items():
        row = known.get(reference)
        if row is not None and row.origine != Origine.SERVICE_PUBLIC:
            reason = "cette référence est celle d'une fiche créée ici"
            found.set_aside.append({"reference": reference, "reason": reason})
        elif row is not None and _same(candidate, row, found):
            report.unchanged += 1
        elif row is not None and _speaks_less(candidate, row):
            work.to_widen[reference] = candidate.audiences
        else:
            work.to_read.append(candidate)
            if row and row.modifiee_le and candidate.entete.date < row.modifiee_le.isoformat():
                report.older += 1

    report.whole = found.is_whole(source, len(imported))
    if report.whole:
        _find_gone(found, imported, work, report)
    return work


def _same(candidate: Candidate, row: Known, found: Survey) -> bool:
    tree, now = found.arborescence, row.theme or ""
    place = tree.place(row.reference, now=now) if tree else ""
    return (
        row.empreinte == candidate.empreinte
        and row.etat != Etat.DISPARUE
        and candidate.audiences <= set(row.audiences)
        and (not place or place == now)
    )


def _speaks_less(candidate: Candidate, row: Known) -> bool:
    """Whether we already hold the fiche as delivered for an audience that comes first here."""
    return (
        bool(row.audiences)
        and row.etat != Etat.DISPARUE
        and audience_rank(candidate.entete.audience) > audience_rank(row.audiences[0])
    )


def _find_gone(found: Survey, imported: dict[str, Known], work: Work, report: Report) -> None:
    """A fiche leaves the audiences delivered; it is gone once it is left with none.

    Each audience has its own ZIP, and a fiche may stand in several.
    """
    delivered, met = found.audiences, found.met
    concerned = {
        reference: row for reference, row in imported.items() if delivered & set(row.audiences)
    }
    for reference, row in concerned.items():
        if reference not in met:
            left = [audience for audience in row.audiences if audience not in delivered]
            work.to_narrow[reference] = left
    report.gone = sum(not left for left in work.to_narrow.values())
    _limit("fiches", report.gone, len(concerned), report)


def _limit(name: str, gone: int, known: int, report: Report) -> None:
    report.removals_limit = report.removals_limit or too_many(name, gone=gone, known=known)
