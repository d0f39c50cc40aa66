"""The product's settings, in a hurry: leases and pauses of seconds, or every kill would wait minutes."""

from config.settings import *  # noqa: F403
from config.settings import CELERY_BEAT_SCHEDULE, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.apps.InAHurry"]
CELERY_BEAT_SCHEDULE = {
    **CELERY_BEAT_SCHEDULE,
    "sweep": {**CELERY_BEAT_SCHEDULE["sweep"], "schedule": 1.0},
    "campaigns": {**CELERY_BEAT_SCHEDULE["campaigns"], "schedule": 1.0},
    "confirmations": {**CELERY_BEAT_SCHEDULE["confirmations"], "schedule": 1.0},
    "journeys": {**CELERY_BEAT_SCHEDULE["journeys"], "schedule": 1.0},
}
