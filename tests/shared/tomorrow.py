"""A Celery worker whose clock is a day ahead: the day after, for a test of today.

Only what asks Django what time it is; the broker and the system keep theirs.
"""

import sys
from datetime import timedelta

import django
from django.utils import timezone

from allo3939.celery import app

now = timezone.now


def main(arguments: list[str]) -> None:
    timezone.now = lambda: now() + timedelta(days=1)
    django.setup()
    app.worker_main(
        ["worker", "--pool", "solo", "--without-mingle", "--loglevel", "info", *arguments]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
