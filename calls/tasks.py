"""Sweeps on transfers, and purges."""

import logging

from celery import shared_task
from django.utils import timezone

from calls import escalate, replay

logger = logging.getLogger(__name__)


@shared_task
def expire_transferts() -> None:
    """Bring back the transfers that nobody answered in time; beat runs it every few seconds."""
    expired = escalate.expire_overdue()
    if expired:
        logger.info("%s transferts expirés", expired)


@shared_task
def purge_rejeux() -> None:
    """Delete the keys of actions replayed long ago; beat runs it every day."""
    purged = replay.purge(now=timezone.now())
    if purged:
        logger.info("%s rejeux purgés", purged)
