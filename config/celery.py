"""The Celery application: it only rings; PostgreSQL rows are the truth (ARCHITECTURE.md §3)."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_before_create_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("puente")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_before_create_process.connect(dispatch_uid="config.share_memory")
def share_memory(**_: Any) -> None:
    """Let a worker's children share what it loaded: what is frozen is not written to by their collectors."""
    gc.collect()
    gc.freeze()
