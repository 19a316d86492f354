"""The import that runs by itself every night, when a source is set."""

from __future__ import annotations

from datetime import datetime

from allo3939.shared.imports import file_of, keep_refusal
from allo3939.shared.models import Importation
from allo3939.shared.sources import address_of, fetch_source
from orientation.ingest import GENRE, PRODUCTEUR, import_annuaire
from orientation.ingest.report import Rapport


def import_due(source: str, *, since: datetime) -> Rapport | None:
    """Import a SOURCE (path or address) unless it was since then; None when it was.

    A run that is refused or breaks leaves an `Importation` with the reason, and raises: the next
    one tries again.
    """
    url, name = file_of(source)
    runs = Importation.objects.of_source(genre=GENRE, url=url, fichier=name, since=since)
    if runs.applied().exists():
        return None
    with (
        keep_refusal(GENRE, producteur=PRODUCTEUR, source=source),
        fetch_source(source) as (path, _),
    ):
        return import_annuaire(path, apply=True, url=address_of(source))
