"""A list of the directory as a file: CSV for all of it, ODS for what a person reads.

Both are written as the rows are read, five hundred at a time, so that the memory does not grow with
the list. The last line, or the second sheet, gives the provenance that the licence asks for.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Prefetch
from django.utils import timezone

from allo3939.accounts.audit import trace
from allo3939.accounts.enums import Acte
from allo3939.accounts.models import Agent
from allo3939.shared.days import day_in_words
from allo3939.shared.models import Importation
from orientation.hours import week
from orientation.models import Correction, Organisme, TypeService
from orientation.ods import Cell, write_ods
from orientation.phones import in_pairs

ODS_ROWS = 10_000  # more than a spreadsheet is comfortable with
_CHUNK = 500
_IN_MEMORY = 5_000_000  # bytes of an ODS before it goes to the disk
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet compute a cell
_TITLES = (
    "Nom", "Sigle", "Types", "Adresse", "Code postal", "Commune", "Département", "Téléphones",
    "Courriels", "Sites", "Horaires", "Remarque sur les horaires", "Accès en fauteuil roulant",
    "Mis à jour par la source le", "Corrigé par le 3939", "Page publique", "Identifiant",
)  # fmt: skip

audit = logging.getLogger("allo3939.audit")


class ListeTropLongue(Exception):
    """An ODS of so many rows is refused; the message, in French, says what to do."""


def stream_csv(pks: Sequence[UUID]) -> Iterator[bytes]:
    """The bodies as CSV in UTF-8 with its mark, « ; » between cells, piece by piece.

    A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    lines: list[str] = []
    writer = csv.writer(_Appender(lines), delimiter=";")
    yield b"\xef\xbb\xbf"
    writer.writerow(_TITLES)
    for count, row in enumerate(_rows(pks), start=1):
        writer.writerow([_harmless(cell) for cell in row])
        if count % _CHUNK == 0:
            yield _taken(lines)
    writer.writerow([provenance()])
    yield _taken(lines)


def write_list_ods(pks: Sequence[UUID]) -> IO[bytes]:
    """The bodies as a spreadsheet, a file to read from its start; every cell but dates is text.

    Raises `ListeTropLongue` above `ODS_ROWS` bodies.
    """
    if len(pks) > ODS_ROWS:
        raise ListeTropLongue(
            f"La liste compte {len(pks)} organismes, un fichier ODS en contient {ODS_ROWS} au "
            "plus\u00a0: affinez la liste, ou prenez le CSV."
        )
    target = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by who sends it
    source: list[Sequence[Cell]] = [[provenance()]]
    write_ods(target, [("Annuaire", _with_titles(_rows(pks))), ("Source", source)])
    target.seek(0)
    return target


def provenance() -> str:
    """What the licence asks to say: the producer, the file and its date; and the day of export."""
    last = Importation.objects.latest_applied("annuaire")
    parts = ["Source\u00a0: Service-Public.gouv.fr / DILA", "Licence Ouverte 2.0"]
    if last is not None:
        parts.append(f"fichier {last.fichier}")
        parts.append(f"du {_day(last.date_fichier or last.commencee_le)}")
    return f"{', '.join(parts)}, exporté le {_day(timezone.now())} par le 3939."


def note_export(agent: Agent, *, kind: str, rows: int, criteria: str) -> None:
    """Log and trace who took how much of the directory. Never what was typed.

    The trace is written once the transaction of the page, which only reads, is over.
    """
    audit.info(
        "export of the directory: %s rows as %s by %s, narrowed by %s",
        rows,
        kind,
        agent.get_username(),
        criteria or "nothing",
    )
    told = {"format": kind, "lignes": rows, "filtres": criteria or "aucun"}
    transaction.on_commit(lambda: trace(Acte.EXPORT, by=agent, objet="annuaire", **told))


class _Appender:
    """What `csv` writes to."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, line: str) -> None:
        self._lines.append(line)


def _taken(lines: list[str]) -> bytes:
    text = "".join(lines).encode()
    lines.clear()
    return text


def _harmless(cell: Cell) -> str:
    text = cell.isoformat() if isinstance(cell, date) else cell
    return f"'{text}" if text.startswith(_FORMULA) else text


def _with_titles(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield _TITLES
    yield from rows


def _rows(pks: Sequence[UUID]) -> Iterator[Sequence[Cell]]:
    kinds = TypeService.objects.all_labels()
    corrections = Prefetch("corrections", Correction.objects.in_force(), to_attr="en_vigueur")
    for first in range(0, len(pks), _CHUNK):
        chunk = pks[first : first + _CHUNK]
        # Far from the request that asked for it, and still kept from writing.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            bodies = list(Organisme.objects.for_list().among(chunk).prefetch_related(corrections))
        for body in bodies:
            yield _row(body, kinds)


def _row(body: Any, kinds: dict[str, str]) -> Sequence[Cell]:
    updated = body.source_modifiee_le
    return (
        body.nom,
        body.sigle,
        ", ".join(kinds.get(code, code) for code in body.types),
        "\n".join(body.adresse.get("lignes", ())),
        body.code_postal,
        body.commune_nom,
        body.departement_code,
        "\n".join(_phone(each) for each in body.telephones),
        "\n".join(body.courriels),
        "\n".join(body.sites),
        hours_in_words(body.plages),
        body.commentaire_plages,
        body.accessibilite,
        timezone.localdate(updated) if updated else "",
        ", ".join(each.get_champ_display().lower() for each in body.en_vigueur),
        body.url,
        str(body.pk),
    )


def _phone(telephone: dict[str, str]) -> str:
    number, description = in_pairs(telephone["numero"]), telephone.get("description", "")
    return f"{number} ({description})" if description else number


def hours_in_words(plages: Iterable[dict[str, Any]]) -> str:
    """« lundi au vendredi : 9 h – 12 h, 14 h – 17 h ; samedi : 9 h – 12 h », or ""."""
    said = []
    for ranges, days in groupby(week(plages), key=lambda each: each[1]):
        names = [name for name, _ in days]
        if ranges:
            joined = " et " if len(names) == 2 else " au "
            span = names[0] if len(names) == 1 else f"{names[0]}{joined}{names[-1]}"
            words = (" ".join(filter(None, each)) for each in ranges)
            said.append(f"{span}\u00a0: {', '.join(words)}")
    return "\u00a0; ".join(said)


def _day(moment: Any) -> str:
    return day_in_words(timezone.localtime(moment))
