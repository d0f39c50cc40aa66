"""Settings, addresses, the demo, health and the supervisor. Nobody imports this package."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
