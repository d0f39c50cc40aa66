"""Workers' doors of facts and preferences: each enters the business and calls one action."""

from django.utils import timezone

from crm.actions import attributes, learning
from tenants.kit.tasks import cross_business_task, ring_now, tenant_task
from tenants.tasks import take_turn

NIGHT = 7  # hour of UTC from which on it is night enough from Mexico to Brazil
STALE = 60  # seconds after which a sweep's bell is worth nothing: the next sweep rings again
DUE = "SELECT tenant_id, id FROM crm_attribute WHERE work_due_at IS NOT NULL AND work_due_at <= %s LIMIT 1000"
ALL = "SELECT id FROM tenants_tenant"


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


@tenant_task(queue="slow", scoped=False)
def learn_preferences(tenant_id: str, customer_id: str = "") -> None:
    after = learning.learn(tenant_id, customer_id)
    if after:
        ring_now(learn_preferences, tenant_id, after)


@cross_business_task(queue="slow")
def learn_nightly() -> None:
    """Once a night: let every business learn from what its customers did."""
    from django.db import connections  # noqa: PLC0415 -- leaf

    now = timezone.now()
    if now.hour < NIGHT or not take_turn(
        "learning", now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    ):
        return
    with connections["ops"].cursor() as cursor:
        cursor.execute(ALL)
        for (tenant_id,) in cursor.fetchall():
            ring_now(learn_preferences, tenant_id)
