"""Workers' doors of campaigns: each takes ids, enters the business and calls one action."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from conversations.actions import domains
from conversations.actions.campaigns import running
from conversations.tracking import judging
from tenants.kit.tasks import cross_business_task, ring_once_now, tenant_task
from tenants.pulse import BY_ITSELF
from tenants.scoping import tenant_scope

DUE = """
SELECT tenant_id FROM conversations_campaign WHERE due_at IS NOT NULL AND due_at <= %(now)s
UNION
SELECT tenant_id FROM conversations_recipient WHERE state = 'sending' AND lease_until <= %(now)s
"""

TOUCHED = "SELECT DISTINCT tenant_id FROM conversations_touch WHERE verdict = 'unverified' AND at <= %(now)s"

ASKED = "SELECT DISTINCT tenant_id FROM conversations_domaincheck WHERE asked_at <= %(now)s"


@tenant_task(queue="automatic", scoped=False, rung_once=True, stopped_by=BY_ITSELF)
def advance_campaigns(tenant_id: str) -> None:
    """A slice of sending at a time: meanwhile others in the queue have their turn."""
    if running.advance(tenant_id):
        ring_once_now(advance_campaigns, tenant_id)


@cross_business_task(queue="inbound")
def sweep_campaigns() -> int:
    """Ring for every business whose campaigns have something to do, or whose worker died over one."""
    return sum(ring_once_now(advance_campaigns, tenant_id) for (tenant_id,) in _across(DUE, timezone.now()))


@tenant_task(queue="slow", scoped=False, rung_once=True)
def judge_touches(tenant_id: str) -> None:
    with tenant_scope(tenant_id):
        has_more = judging.judge_due()
    if has_more:
        ring_once_now(judge_touches, tenant_id)


@cross_business_task(queue="slow")
def sweep_touches() -> int:
    """Ring for every business whose mails were touched and nobody said yet by whom."""
    due = _across(TOUCHED, timezone.now() - judging.WAIT)
    return sum(ring_once_now(judge_touches, tenant_id) for (tenant_id,) in due)


@tenant_task(queue="slow", scoped=False, rung_once=True)
def look_at_domains(tenant_id: str) -> None:
    domains.look_due(tenant_id)


@cross_business_task(queue="slow")
def sweep_domains() -> int:
    """Ring where somebody waits for the DNS and no worker came."""
    due = _across(ASKED, timezone.now() - timedelta(seconds=20))
    return sum(ring_once_now(look_at_domains, tenant_id) for (tenant_id,) in due)


def _across(query: str, now: datetime) -> list[tuple[Any, ...]]:
    """Businesses by their identifiers, read by the one role that may."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(query, {"now": now})
        return cursor.fetchall()
