"""What imports have in common: their counts, their refusals, and the trace that both leave.

The report that stays with an `Importation` has the same keys whatever is imported: ``refus`` (why
nothing was written), ``phrases`` (sentences), ``listes`` (``{titre, total, lignes}``; a line is
``{texte, vue, cle}``, the view and its key being those of the page it leads to, or "").
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from allo3939.shared.models import Importation
from allo3939.shared.sources import SourceRefusee, address_of

KEPT_MAX = 500  # lines of a list that stay with an import


class ImportRefuse(Exception):
    """The import stops and asks; the message, in French, says what and how to go on."""


@dataclass(slots=True)
class Report:
    """What an import changes or, in a dry run, would change."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    set_aside: list[dict[str, str]] = field(default_factory=list)
    """``{"reference", "reason"}``; the file's name where no reference could be read."""
    seconds: float = 0.0

    def counts(self) -> dict[str, Any]:
        """The report for programs, in short."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "gone": self.gone,
            "set_aside": self.set_aside,
            "seconds": round(self.seconds, 2),
        }


def close_importation(
    importation: Importation,
    report: Report,
    *,
    kept: dict[str, Any],
    set_aside: list[dict[str, str]] | None = None,
) -> None:
    """Write the counts of a run that is over, and what stays of its report.

    ``set_aside``: the report's, where its lines lead to a page (``vue``, ``cle``).
    """
    importation.secondes = report.seconds
    importation.ajoutes = report.added
    importation.modifies = report.changed
    importation.inchanges = report.unchanged
    importation.disparus = report.gone
    importation.ecartes = report.set_aside if set_aside is None else set_aside
    importation.rapport = kept
    importation.save()


def too_many(name: str, *, gone: int, known: int) -> str:
    """Why an import stops when it would make too many things disappear; "" when it would not."""
    limit = settings.IMPORT_REMOVAL_LIMIT
    if gone <= limit * known:
        return ""
    return (
        f"{gone} {name} sur {known} disparaîtraient, plus que la limite de {limit:.0%}. "
        "Rien n'a été écrit. Si la source est la bonne, relancez avec --accept-removals."
    ).replace("%", "\u00a0%")


def kept_list(titre: str, lignes: Sequence[dict[str, str]]) -> dict[str, Any]:
    """A list as it stays with an import: its first lines, and how many there were."""
    return {"titre": titre, "total": len(lignes), "lignes": list(lignes[:KEPT_MAX])}


def file_of(source: str | Path) -> tuple[str, str]:
    """The address ("" for a path) and the file's name of a SOURCE as typed."""
    url = address_of(str(source))
    name = PurePosixPath(urlsplit(url).path).name if url else Path(source).name
    return url[:500], (name or str(source))[:300]


@contextmanager
def keep_refusal(
    genre: str, *, producteur: str, source: str | Path, apply: bool = True
) -> Iterator[None]:
    """Leave an `Importation` that says why, when the run inside refuses or breaks; raises it again.

    Outside the transaction of the run, which has written nothing. A dry run leaves no trace.
    """
    started, clock = timezone.now(), time.monotonic()
    try:
        yield
    except Exception as error:
        if apply:
            _keep(genre, producteur, source, started, time.monotonic() - clock, error)
        raise


def _keep(
    genre: str,
    producteur: str,
    source: str | Path,
    started: datetime,
    seconds: float,
    error: Exception,
) -> None:
    url, name = file_of(source)
    known = isinstance(error, SourceRefusee | ImportRefuse)
    Importation.objects.create(
        genre=genre,
        producteur=producteur,
        url=url,
        fichier=name,
        commencee_le=started,
        secondes=seconds,
        rapport={
            "refus": str(error)
            if known
            else f"Erreur imprévue ({type(error).__name__})\u00a0: voir le journal."
        },
    )
