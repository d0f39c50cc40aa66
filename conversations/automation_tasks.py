"""Workers' doors of notifications and rules: each takes ids, enters the business and calls one action."""

from typing import Any

from django.db import connections
from django.utils import timezone

from conversations.actions import notification_mails, notifications, rule_events, rules
from tenants.kit.tasks import cross_business_task, ring_now, ring_once_now, tenant_task
from tenants.tasks import take_turn

BATCH = 1_000
STALE = 30  # seconds after which a sweep's bell is worth nothing: later sweeps have rung again

DUE_MAILS = """
SELECT tenant_id, id FROM conversations_notificationmail
WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s
"""
DUE_EVENTS = """
SELECT DISTINCT tenant_id FROM conversations_ruleevent WHERE due_at IS NOT NULL AND due_at <= %(now)s
"""
# Somebody waits long enough for a rule of his business, and the rule has not heard of it yet.
WAITING = """
SELECT DISTINCT r.tenant_id FROM conversations_rule r
JOIN conversations_conversation c ON c.tenant_id = r.tenant_id AND c.status = 'open'
    AND c.waiting_since <= %(now)s - make_interval(mins => r.minutes)
    AND c.waiting_since >= r.activated_at - make_interval(mins => r.minutes)
WHERE r.is_active AND r.minutes IS NOT NULL AND NOT EXISTS (
    SELECT FROM conversations_ruleevent e WHERE e.tenant_id = r.tenant_id
        AND e.key = 'waited:' || r.id || ':' || c.id || ':' || floor(extract(epoch FROM c.waiting_since)))
"""
OLD = """
SELECT DISTINCT tenant_id FROM conversations_notification WHERE created_at < %(notified)s
UNION SELECT DISTINCT tenant_id FROM conversations_ruleevent WHERE happened_at < %(ruled)s
"""


@tenant_task(queue="slow", scoped=False)
def send_notification_mail(tenant_id: str, mail_id: str) -> None:
    notification_mails.send(tenant_id, mail_id)


@tenant_task(queue="inbound", scoped=False, rung_once=True)
def run_rules(tenant_id: str) -> None:
    if rules.run_due(tenant_id):
        ring_once_now(run_rules, tenant_id)


@tenant_task(queue="inbound")
def notice_waiting() -> None:
    rule_events.notice_waiting()


@tenant_task(queue="slow")
def forget_told() -> None:
    notifications.forget_old()
    rule_events.forget_old()


@cross_business_task(queue="inbound")
def sweep_automation() -> int:
    """Ring for mails and events that are due, and for rules that somebody has waited long enough for."""
    now = {"now": timezone.now(), "batch": BATCH}
    rung = sum(ring_now(send_notification_mail, *row, expires=STALE) for row in _across(DUE_MAILS, now))
    rung += sum(ring_now(run_rules, tenant_id, expires=STALE) for (tenant_id,) in _across(DUE_EVENTS, now))
    return rung + sum(
        ring_now(notice_waiting, tenant_id, expires=STALE) for (tenant_id,) in _across(WAITING, now)
    )


@cross_business_task(queue="slow")
def forget_long_told() -> int:
    """Once a day: let every business forget what it was told long ago."""
    now = timezone.now()
    if not take_turn("forget_told", now.replace(hour=0, minute=0, second=0, microsecond=0)):
        return 0
    before = {"notified": now - notifications.KEPT, "ruled": now - rule_events.KEPT}
    return sum(ring_now(forget_told, tenant_id) for (tenant_id,) in _across(OLD, before))


def _across(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Identifiers of all businesses, read by the one role that may."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
