"""The Celery application: worker and beat run beside the web."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")
app = Celery("allo3939")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
