"""The Celery application: it only rings; PostgreSQL rows are the truth (ARCHITECTURE.md §3)."""

import gc
import os
import sys
from typing import Any

from celery import Celery, Task
from celery.signals import celeryd_after_setup, task_postrun, task_prerun, worker_before_create_process
from django.conf import settings
from django.db import close_old_connections

from conversations.bot import encoder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

PATIENT = {"bulk", "automatic", "slow"}  # queues on which nobody waits
STEP = 10  # of niceness: a fifth of the processor where somebody else wants it

app = Celery("puente")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.CELERY_DB_REUSE_MAX = sys.maxsize  # never by count: `keep_connections` decides
app.autodiscover_tasks()


@task_prerun.connect(dispatch_uid="config.keep_connections")
@task_postrun.connect(dispatch_uid="config.keep_connections")
def keep_connections(sender: Task, **_: Any) -> None:
    """Keep a worker's database connections between tasks as between requests: until too old or dead."""
    if not sender.request.is_eager:
        close_old_connections()


@celeryd_after_setup.connect(dispatch_uid="config.step_back")
def step_back(instance: Any, **_: Any) -> None:
    """A worker of what goes to many leaves the processor to whoever answers a person."""
    if set(instance.app.amqp.queues.consume_from) <= PATIENT:
        os.nice(STEP)


@worker_before_create_process.connect(dispatch_uid="config.share_memory")
def share_memory(**_: Any) -> None:
    """Let a worker's children share what it loaded: what is frozen is not written to by their collectors.

    The bot's sentence encoder is loaded here, once for all of them.
    """
    if settings.BOT_ENCODER:
        encoder.shared()
    gc.collect()
    gc.freeze()
