"""Workers' doors of journeys: each takes a business, enters it and calls one action."""

from celery import Task
from django.db import connections
from django.utils import timezone

from conversations.journeys import advancing, entering
from tenants.kit.tasks import cross_business_task, ring_once_now, tenant_task
from tenants.pulse import BY_ITSELF

DUE = "SELECT DISTINCT tenant_id FROM conversations_journeyplace WHERE due_at <= %(now)s"
ON = "SELECT DISTINCT tenant_id FROM conversations_journey WHERE is_on AND archived_at IS NULL"


@tenant_task(queue="automatic", scoped=False, rung_once=True, stopped_by=BY_ITSELF)
def advance_journeys(tenant_id: str) -> None:
    if advancing.advance_due(tenant_id):
        ring_once_now(advance_journeys, tenant_id)


@tenant_task(queue="automatic", scoped=False, rung_once=True, stopped_by=BY_ITSELF)
def look_for_entries(tenant_id: str) -> None:
    entering.look_everywhere(tenant_id)


@cross_business_task(queue="automatic")
def sweep_journeys() -> int:
    """Ring in every business in which somebody goes a step further."""
    return _ring(DUE, advance_journeys)


@cross_business_task(queue="automatic")
def sweep_entries() -> int:
    """Ring in every business that has a journey which somebody may enter."""
    return _ring(ON, look_for_entries)


def _ring(query: str, task: Task) -> int:
    with connections["ops"].cursor() as cursor:
        cursor.execute(query, {"now": timezone.now()})
        return sum(ring_once_now(task, tenant_id) for (tenant_id,) in cursor.fetchall())
