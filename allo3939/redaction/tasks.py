"""The letters of the week."""

import logging

from celery import shared_task
from django.utils import timezone

from allo3939.redaction import digest

logger = logging.getLogger(__name__)


@shared_task
def send_letters() -> None:
    """Send the week's letters that are left to send; beat runs it every hour of working days."""
    sent = digest.send_weekly(now=timezone.now())
    if sent:
        logger.info("%s letters of the week sent", sent)
