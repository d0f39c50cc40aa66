"""What the workers do with what they hold between two tasks."""

from types import SimpleNamespace
from typing import Any

import pytest
from celery.fixups import django as celery_on_django
from django.db import connection

from config.celery import app, keep_connections, step_back

TASK: Any = SimpleNamespace(request=SimpleNamespace(is_eager=False))

pytestmark = pytest.mark.django_db(transaction=True)


def between_two_tasks() -> None:
    fixup: Any = celery_on_django.DjangoWorkerFixup(app)  # type: ignore[attr-defined]
    for seen_by_celery in (fixup.on_task_postrun, fixup.on_task_prerun):
        keep_connections(sender=TASK)

        seen_by_celery(sender=TASK)


def test_connection_is_kept_between_tasks() -> None:
    connection.ensure_connection()
    kept = connection.connection
    between_two_tasks()
    assert connection.connection is kept


def test_connection_that_failed_is_replaced() -> None:
    connection.ensure_connection()
    connection.connection.close()
    connection.errors_occurred = True
    between_two_tasks()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    ("queues", "stepped"),
    [
        (["bulk", "automatic"], [10]),
        (["slow"], [10]),
        (["replies", "inbound"], []),
        (["replies", "inbound", "bulk", "automatic", "slow"], []),
    ],
)
def test_worker_of_what_goes_to_many_leaves_the_processor_to_the_others(
    queues: list[str], stepped: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []
    monkeypatch.setattr("os.nice", found.append)
    consumed = SimpleNamespace(consume_from=dict.fromkeys(queues))
    step_back(SimpleNamespace(app=SimpleNamespace(amqp=SimpleNamespace(queues=consumed))))
    assert found == stepped
