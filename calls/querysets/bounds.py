"""The first and last instants of what is asked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

LONGEST_CALL = timedelta(days=1)  # longer than any
KEY_DIGITS = 18  # of a bigint, safely


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First and last instant of a day in the service's own time zone (Europe/Paris)."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone)
