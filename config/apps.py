from django.apps import AppConfig

from config.celery import app as celery_app

__all__ = ["ConfigConfig", "celery_app"]  # the tasks of all apps find their Celery when Django is set up


class ConfigConfig(AppConfig):
    name = "config"
