"""Sweeps on transfers."""

import logging

from celery import shared_task

from calls import escalate

logger = logging.getLogger(__name__)


@shared_task
def expire_transferts() -> None:
    """Bring back the transfers that nobody answered in time; beat runs it every few seconds."""
    expired = escalate.expire_overdue()
    if expired:
        logger.info("%s transferts expirés", expired)
