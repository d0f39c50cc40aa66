"""Workers' doors of facts and preferences: each enters the business and calls one action."""

from django.utils import timezone

from crm.actions import attributes
from tenants.kit.tasks import cross_business_task, ring_now, tenant_task

STALE = 60  # seconds after which a sweep's bell is worth nothing: the next sweep rings again
DUE = "SELECT tenant_id, id FROM crm_attribute WHERE work_due_at IS NOT NULL AND work_due_at <= %s LIMIT 1000"


@tenant_task(queue="slow")
def look_through(attribute_id: str) -> None:
    attributes.go_on(attribute_id)  # type: ignore[arg-type]


@cross_business_task(queue="slow")
def sweep_facts() -> None:
    """Ring again for what somebody began to look through and nobody finished."""
    from django.db import connections  # noqa: PLC0415 -- leaf

    with connections["ops"].cursor() as cursor:
        cursor.execute(DUE, [timezone.now()])
        due = cursor.fetchall()
    for tenant_id, attribute_id in due:
        ring_now(look_through, tenant_id, attribute_id, expires=STALE)
