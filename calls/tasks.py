"""Sweeps on transfers, the count of what fiches serve for, and the purges."""

import logging

from celery import shared_task
from django.utils import timezone

from calls import escalate, purge, replay, usage

logger = logging.getLogger(__name__)


@shared_task
def expire_transferts() -> None:
    """Bring back the transfers that nobody answered in time; beat runs it every few seconds."""
    expired = escalate.expire_overdue()
    if expired:
        logger.info("%s transferts expirés", expired)


@shared_task
def purge_texts() -> None:
    """Empty the free texts of the calls that are too old; beat runs it every day."""
    emptied = purge.purge_texts(now=timezone.now())
    if emptied:
        logger.info("%s rows of old calls emptied of their texts", emptied)


@shared_task
def purge_communications() -> None:
    """Delete what the switch told of the calls that are too old; beat runs it every day."""
    deleted = purge.purge_communications(now=timezone.now())
    if deleted:
        logger.info("%s communications purgées", deleted)


@shared_task
def purge_rejeux() -> None:
    """Delete the keys of actions replayed long ago; beat runs it every day."""
    purged = replay.purge(now=timezone.now())
    if purged:
        logger.info("%s rejeux purgés", purged)


@shared_task
def count_usage() -> None:
    """Count how much each fiche serves; beat runs it several times an hour.

    The day before is counted again: its questions could be put right until midnight. After a stop,
    the days that were missed are counted too.
    """
    usage.catch_up(on=timezone.localdate())
