"""3939 Allo Service-Public: the agent desktop."""

from allo3939.celery import app as celery_app

__all__ = ["celery_app"]
