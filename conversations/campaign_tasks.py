"""Workers' doors of campaigns: each takes ids, enters the business and calls one action."""

from typing import Any

from django.db import connections
from django.utils import timezone

from conversations.actions.campaigns import running
from tenants.kit.tasks import cross_business_task, ring_once_now, tenant_task

DUE = """
SELECT tenant_id FROM conversations_campaign WHERE due_at IS NOT NULL AND due_at <= %(now)s
UNION
SELECT tenant_id FROM conversations_recipient WHERE state = 'sending' AND lease_until <= %(now)s
"""


@tenant_task(queue="bulk", scoped=False, rung_once=True)
def advance_campaigns(tenant_id: str) -> None:
    if running.advance(tenant_id):
        ring_once_now(advance_campaigns, tenant_id)


@cross_business_task(queue="inbound")
def sweep_campaigns() -> int:
    """Ring for every business whose campaigns have something to do, or whose worker died over one."""
    return sum(
        ring_once_now(advance_campaigns, tenant_id) for (tenant_id,) in _across({"now": timezone.now()})
    )


def _across(parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Businesses by their identifiers, read by the one role that may."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(DUE, parameters)
        return cursor.fetchall()
