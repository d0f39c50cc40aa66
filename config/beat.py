"""Celery's clock, without Django's applications: it sends names of tasks and need not load them.

python -m celery -A config.beat beat
"""

import os

from celery import Celery
from django.conf import settings

from config import logging_setup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("puente", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_routes = (
    None  # they would load the tasks; the schedule names a queue where it is not the default
)
logging_setup.configure(settings.LOGGING)
