"""Sweeps: what is due is published, reviews are planned; what the search is taught is checked,
purged, announced."""

import logging

from celery import shared_task
from django.utils import timezone

from knowledge import learn, misses, pins, propose, review, share
from knowledge.search import search_fiches

logger = logging.getLogger(__name__)


@shared_task
def check_pins() -> None:
    """Search again the words of every pin; beat runs it several times in the night.

    A pin already checked since midnight is left alone: a run that was stopped is finished by the
    next one, and a run too many does nothing.
    """
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    count, failing = pins.check_due(since=midnight, search=search_fiches)
    if count:
        logger.info("%s pins checked, %s do not hold", count, len(failing))
    for epingle in failing:
        logger.warning("pin %s does not hold: %s", epingle.pk, pins.explain(epingle))


@shared_task
def purge_misses() -> None:
    """Delete the missed searches that are too old; beat runs it every day."""
    purged = misses.purge(now=timezone.now())
    if purged:
        logger.info("%s missed searches purged", purged)


@shared_task
def apply_shared_values() -> None:
    """Write into the fiches the values of shared blocks whose day has come; beat runs it often.

    Late when the worker was stopped over midnight, never lost: a run finds what is left.
    """
    done, refused = share.apply_due(on=timezone.localdate())
    if done:
        logger.info("%s fiches written again for a shared block", len(done))
    for fiche, why in refused:
        logger.warning("%s keeps its former text: %s", fiche.reference, why)


@shared_task
def announce_learning() -> None:
    """Let every process read what closed calls have just taught; beat runs it every minute."""
    learn.announce()


@shared_task
def plan_reviews() -> None:
    """Plan the review of every published fiche; beat runs it several times in the night.

    A run too many changes nothing.
    """
    changed = review.plan_all(on=timezone.localdate())
    if changed:
        logger.info("%s reviews planned", changed)


@shared_task
def publish_due() -> None:
    """Publish what was put to today, or to a day when no worker ran; beat runs it every minute.

    Days begin at 0:00 in Paris. Two workers at once publish each proposition once.
    """
    done, blocked = propose.publish_due(on=timezone.localdate())
    if done:
        logger.info("%s propositions published on their day", done)
    for proposition in blocked:
        logger.warning("proposition %s cannot be published on its day", proposition.pk)
