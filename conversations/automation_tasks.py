"""Workers' doors of notifications and rules: each takes ids, enters the business and calls one action."""

from typing import Any

from django.db import connections
from django.utils import timezone

from conversations.actions import notification_mails, notifications
from tenants.kit.tasks import cross_business_task, ring_now, tenant_task
from tenants.tasks import take_turn

BATCH = 1_000
STALE = 30  # seconds after which a sweep's bell is worth nothing: later sweeps have rung again

DUE_MAILS = """
SELECT tenant_id, id FROM conversations_notificationmail
WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s
"""
OLD = """
SELECT DISTINCT tenant_id FROM conversations_notification WHERE created_at < %(notified)s
"""


@tenant_task(queue="slow", scoped=False)
def send_notification_mail(tenant_id: str, mail_id: str) -> None:
    notification_mails.send(tenant_id, mail_id)


@tenant_task(queue="slow")
def forget_told() -> None:
    notifications.forget_old()


@cross_business_task(queue="inbound")
def sweep_automation() -> int:
    """Ring for mails that are due."""
    now = {"now": timezone.now(), "batch": BATCH}
    return sum(ring_now(send_notification_mail, *row, expires=STALE) for row in _across(DUE_MAILS, now))


@cross_business_task(queue="slow")
def forget_long_told() -> int:
    """Once a day: let every business forget what it was told long ago."""
    now = timezone.now()
    if not take_turn("forget_told", now.replace(hour=0, minute=0, second=0, microsecond=0)):
        return 0
    before = {"notified": now - notifications.KEPT}
    return sum(ring_now(forget_told, tenant_id) for (tenant_id,) in _across(OLD, before))


def _across(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Identifiers of all businesses, read by the one role that may."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
