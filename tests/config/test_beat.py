"""The clock sends names of tasks without loading them, so the names must be right."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tenants.kit.tasks import route

CLOCK = """
import sys
from config.beat import app
assert app.conf.task_routes is None
assert set(app.conf.beat_schedule) == {names!r}
assert "tenants.models" not in sys.modules
"""


def test_schedule_names_the_queue_each_task_declares():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        named = entry["options"].get("queue", settings.CELERY_TASK_DEFAULT_QUEUE)
        assert {"queue": named} == route(entry["task"]), entry["task"]


def test_clock_loads_no_models():
    script = CLOCK.format(names=set(settings.CELERY_BEAT_SCHEDULE))
    subprocess.run([sys.executable, "-c", script], cwd=Path(settings.BASE_DIR), check=True)
