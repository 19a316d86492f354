"""What the directory does at night."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from allo3939.shared.imports import ImportRefuse
from allo3939.shared.sources import SourceRefusee
from orientation.ingest.nightly import import_due

logger = logging.getLogger(__name__)


@shared_task
def import_directory() -> None:
    """Bring the directory up to date from ``ANNUAIRE_SOURCE``; beat runs it several times a night.

    A file imported since midnight is left alone: a run that was refused, or stopped, is tried again
    by the next one, and a run too many does nothing. Without a source, nothing.
    """
    if not settings.ANNUAIRE_SOURCE:
        return
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        report = import_due(settings.ANNUAIRE_SOURCE, since=midnight)
    except (SourceRefusee, ImportRefuse) as error:
        logger.error("directory not imported: %s", error)
        return
    if report is not None:
        logger.info("directory imported: %s", report.as_json())
