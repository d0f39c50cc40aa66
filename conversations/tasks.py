"""Workers' doors: each takes ids, enters the business and calls one action."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import connections
from django.utils import timezone

from conversations.actions import (
    acknowledgements,
    bulk,
    channels,
    conversations,
    deliveries,
    inbound,
    late,
    mailboxes,
    media,
    names,
    promising,
    quiet,
    receipts,
    scheduled,
    sla,
    templates,
    wanted,
)
from conversations.actions import release as releases
from conversations.channels.registry import adapters
from conversations.channels.web import uploads
from tenants.kit import asking
from tenants.kit.tasks import cross_business_task, ring_now, ring_once_now, tenant_task, unheard
from tenants.permissions import ROLES, Permission
from tenants.pulse import ANYTHING, BY_ITSELF
from tenants.scoping import current_tenant_id

log = structlog.get_logger("puente.jobs")
BATCH = 1_000  # rows rung again in one sweep
CROWDED = 100  # bells in a queue
PILED = {"automatic": "bulk", "think": "inbound"}  # what comes by thousands, and where it waits
CHECK_EVERY = timedelta(days=1)
STALE = 30  # seconds after which a sweep's bell is worth nothing: later sweeps have rung again

DUE = """
SELECT kind, tenant_id, id FROM (
    (SELECT 'inbound' AS kind, tenant_id, NULL::uuid AS id, min(due_at) AS due_at
     FROM conversations_inboundevent
     WHERE due_at IS NOT NULL AND due_at <= %(now)s GROUP BY tenant_id LIMIT %(batch)s)
    UNION ALL
    (SELECT CASE priority WHEN 0 THEN 'delivery' ELSE 'automatic' END, tenant_id, id, due_at
     FROM conversations_delivery
     WHERE status = 'pending' AND due_at <= %(now)s ORDER BY priority, due_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'lease', tenant_id, NULL, min(lease_until) FROM conversations_delivery
     WHERE status = 'sending' AND lease_until <= %(now)s GROUP BY tenant_id LIMIT %(batch)s)
    UNION ALL
    (SELECT 'unknown', d.tenant_id, d.id, d.due_at FROM conversations_delivery d
     JOIN conversations_channel c ON c.tenant_id = d.tenant_id AND c.id = d.channel_id
     WHERE d.status = 'unknown' AND d.due_at <= %(now)s AND d.created_at >= %(now)s - interval '24 hours'
       AND c.kind = ANY(%(asked)s) ORDER BY d.due_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'think', tenant_id, conversation_id, due_at FROM conversations_turn
     WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'bulk', tenant_id, id, due_at FROM conversations_bulkrun
     WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'scheduled', tenant_id, id, send_at FROM conversations_scheduledreply
     WHERE send_at <= %(now)s ORDER BY send_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'media', tenant_id, id, due_at FROM conversations_attachment
     WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s)
) AS due ORDER BY due_at
"""
MAILBOXES = """
SELECT tenant_id, channel_id FROM conversations_mailbox
WHERE is_on AND due_at <= %(now)s AND (lease_until IS NULL OR lease_until <= %(now)s)
ORDER BY due_at LIMIT %(batch)s
"""
OLD_UPLOADS = "SELECT DISTINCT tenant_id FROM conversations_upload WHERE created_at < %(before)s"
UNCHECKED = """
SELECT tenant_id, id FROM conversations_channel
WHERE is_active AND checked_at <= %(before)s ORDER BY checked_at LIMIT %(batch)s
"""
OVERDUE = """
SELECT DISTINCT tenant_id FROM conversations_goal
WHERE settled_at IS NULL AND missed_at IS NULL AND due_at <= %(now)s
"""
PROMISED = """
SELECT DISTINCT tenant_id FROM conversations_promise
WHERE kept_at IS NULL AND withdrawn_at IS NULL
    AND (remind_at <= %(now)s OR (due_at <= %(now)s AND escalated_at IS NULL))
"""
QUIET = """
SELECT b.tenant_id FROM conversations_bot b
WHERE b.closes_after IS NOT NULL AND EXISTS (
    SELECT FROM conversations_conversation c
    WHERE c.tenant_id = b.tenant_id AND c.with_bot AND c.status = 'waiting'
        AND c.last_message_at <= %(now)s - make_interval(hours => b.closes_after))
"""
QUEUED = """
SELECT t.id FROM tenants_tenant t
WHERE (t.assignment <> 'manual' OR EXISTS (
        SELECT FROM tenants_team g WHERE g.tenant_id = t.id AND g.assignment NOT IN ('', 'manual')))
    AND EXISTS (
        SELECT FROM conversations_conversation c
        WHERE c.tenant_id = t.id AND c.status = 'open' AND c.assignee_id IS NULL)
"""
HELD = """
SELECT m.tenant_id, m.id FROM tenants_membership m
WHERE (NOT m.is_active OR m.role <> ALL(%(answering)s)) AND EXISTS (
    SELECT FROM conversations_conversation c
    WHERE c.tenant_id = m.tenant_id AND c.assignee_id = m.id AND c.status IN ('open', 'waiting', 'snoozed'))
"""


@tenant_task(queue="inbound", scoped=False, rung_once=True)
def process_inbound(tenant_id: str) -> None:
    if inbound.process_due(tenant_id):
        ring_once_now(process_inbound, tenant_id)


@tenant_task(queue="inbound", scoped=False, stopped_by=ANYTHING)
def think(tenant_id: str, conversation_id: str) -> None:
    from conversations.actions import thinking  # noqa: PLC0415 -- brings numpy, which most processes do without

    thinking.think(tenant_id, conversation_id)


@tenant_task(queue="inbound")
def try_out(number: str) -> None:
    """A web process waits for it."""
    from conversations.actions import trying  # noqa: PLC0415 -- brings numpy, likewise

    asking.answer(current_tenant_id(), number, trying.answer)


@tenant_task(queue="inbound")
def read_draft(number: str) -> None:
    """A web process waits for it."""
    from conversations.bot import reask_meaning  # noqa: PLC0415 -- brings numpy, likewise

    asking.answer(current_tenant_id(), number, lambda asked: reask_meaning.meant(**asked))


@tenant_task(queue="slow", scoped=False, rung_once=True)
def suggest(tenant_id: str) -> None:
    from conversations.actions import suggesting  # noqa: PLC0415 -- brings numpy, likewise

    if suggesting.suggest_wanted(tenant_id):
        ring_once_now(suggest, tenant_id, countdown=wanted.PAUSE)


@tenant_task(queue="slow")
def harvest(episode_id: str) -> None:
    from conversations.actions import suggesting  # noqa: PLC0415 -- brings numpy, likewise

    suggesting.harvest(episode_id)


@tenant_task(queue="replies", scoped=False, stopped_by=ANYTHING)
def deliver(tenant_id: str, delivery_id: str) -> None:
    deliveries.deliver(tenant_id, delivery_id)


@tenant_task(queue="bulk", scoped=False, stopped_by=BY_ITSELF)
def deliver_automatic(tenant_id: str, delivery_id: str) -> None:
    deliveries.deliver(tenant_id, delivery_id)


@tenant_task(queue="replies", stopped_by=BY_ITSELF)
def send_scheduled(reply_id: str) -> None:
    scheduled.send_due(reply_id)


@tenant_task(queue="slow", scoped=False)
def read_mailbox(tenant_id: str, channel_id: str) -> None:
    mailboxes.read_mailbox(tenant_id, channel_id)


@tenant_task(queue="slow", scoped=False)
def fetch_media(tenant_id: str, attachment_id: str) -> None:
    media.fetch(tenant_id, attachment_id)


@tenant_task(queue="replies", scoped=False)
def acknowledge(tenant_id: str, channel_id: str, receipt: str) -> None:
    acknowledgements.acknowledge(tenant_id, channel_id, receipt)


@tenant_task(queue="slow", scoped=False)
def learn_name(tenant_id: str, conversation_id: str) -> None:
    names.learn(tenant_id, conversation_id)


@tenant_task(queue="slow", scoped=False)
def check_channel(tenant_id: str, channel_id: str) -> None:
    channels.check(tenant_id, channel_id)


@tenant_task(queue="slow", scoped=False)
def sync_templates(tenant_id: str, channel_id: str) -> None:
    templates.sync(tenant_id, channel_id)


@tenant_task(queue="replies", scoped=False)
def tell_customer(tenant_id: str, what: str, conversation_id: str) -> None:
    receipts.tell(tenant_id, what, conversation_id)


@tenant_task(queue="replies", scoped=False)
def look_up(tenant_id: str, delivery_id: str) -> None:
    deliveries.look_up(tenant_id, delivery_id)


@tenant_task(queue="replies", stopped_by=ANYTHING)
def expire_leases() -> None:
    deliveries.expire_leases()


@tenant_task(queue="inbound")
def wake_tenant() -> None:
    conversations.wake_due()


@tenant_task(queue="slow", scoped=False)
def advance_bulk(tenant_id: str, run_id: str) -> None:
    bulk.many.advance(tenant_id, run_id)


@tenant_task(queue="replies", scoped=False)
def release(tenant_id: str, membership_id: str) -> None:
    releases.release_member(tenant_id, membership_id)


@tenant_task(queue="replies", scoped=False, rung_once=True)
def assign_waiting(tenant_id: str) -> None:
    late.assign_waiting(tenant_id)


@tenant_task(queue="slow", scoped=False, rung_once=True)
def recompute_promises(tenant_id: str) -> None:
    sla.recompute(tenant_id)


@tenant_task(queue="replies", scoped=False)
def miss_due(tenant_id: str) -> None:
    sla.miss_due(tenant_id)


@tenant_task(queue="slow", scoped=False, rung_once=True)
def close_quiet(tenant_id: str) -> None:
    if quiet.close_quiet(tenant_id) == quiet.BATCH:
        ring_once_now(close_quiet, tenant_id)


@tenant_task(queue="replies", scoped=False)
def tell_promises(tenant_id: str) -> None:
    promising.tell_due(tenant_id)


@cross_business_task(queue="inbound")
def sweep_promises() -> int:
    """Let every business mark what is overdue, remind of what was promised, and give what waits to
    whoever has room.
    """
    now = {"now": timezone.now()}
    rung = sum(ring_now(miss_due, tenant_id, expires=STALE) for (tenant_id,) in _across(OVERDUE, now))
    rung += sum(ring_now(tell_promises, tenant_id, expires=STALE) for (tenant_id,) in _across(PROMISED, now))
    return rung + sum(ring_once_now(assign_waiting, tenant_id) for (tenant_id,) in _across(QUEUED, {}))


@cross_business_task(queue="slow")
def sweep_quiet() -> int:
    """Let every business close what has gone quiet with its bot; returns for how many it rang."""
    due = _across(QUIET, {"now": timezone.now()})
    return sum(ring_once_now(close_quiet, tenant_id) for (tenant_id,) in due)


@cross_business_task(queue="replies")
def sweep() -> int:
    """Ring again for everything that is due in any business; returns for how many.

    Before what comes in: very much of it at once must not keep an answer from being tried again.
    """
    bells = {
        "inbound": process_inbound,
        "delivery": deliver,
        "automatic": deliver_automatic,
        "lease": expire_leases,
        "unknown": look_up,
        "media": fetch_media,
        "scheduled": send_scheduled,
        "think": think,
        "bulk": advance_bulk,
    }
    asked = [kind for kind, adapter in adapters().items() if adapter.capabilities.looks_up]
    # What waits in a crowded queue was rung for: more bells would only delay all.
    crowded = {kind for kind, queue in PILED.items() if unheard(queue) > CROWDED}
    rung = 0
    for kind, tenant_id, row_id in _across(DUE, {"now": timezone.now(), "batch": BATCH, "asked": asked}):
        if kind in crowded:
            continue
        rung += ring_now(bells[kind], tenant_id, *([row_id] if row_id else []), expires=STALE)
    return rung


@cross_business_task(queue="inbound")
def wake_snoozed() -> int:
    """Let every business wake what was snoozed long enough, and take up what its former members hold."""
    due = _across(
        "SELECT DISTINCT tenant_id FROM conversations_conversation"
        " WHERE status = 'snoozed' AND snoozed_until <= %(now)s",
        {"now": timezone.now()},
    )
    rung = sum(ring_now(wake_tenant, tenant_id, expires=STALE) for (tenant_id,) in due)
    return rung + _release_held()


@cross_business_task(queue="inbound")
def sweep_mailboxes() -> int:
    """Let every mailbox be read whose turn it is; returns for how many it rang."""
    due = _across(MAILBOXES, {"now": timezone.now(), "batch": BATCH})
    return sum(ring_now(read_mailbox, *row, expires=STALE) for row in due)


@cross_business_task(queue="inbound")
def check_channels() -> int:
    """Try again every channel that has a check and had none for a day: tokens expire silently."""
    due = _across(UNCHECKED, {"before": timezone.now() - CHECK_EVERY, "batch": BATCH})
    return sum(ring_now(check_channel, *row, expires=STALE) for row in due)


@cross_business_task(queue="inbound")
def sweep_templates() -> int:
    """Fetch every channel's templates anew, and submit what waits; returns for how many it rang."""
    kinds = [kind for kind, adapter in adapters().items() if adapter.capabilities.templates]
    due = _across(
        "SELECT tenant_id, id FROM conversations_channel WHERE is_active AND kind = ANY(%(kinds)s)"
        " ORDER BY created_at LIMIT %(batch)s",
        {"kinds": kinds, "batch": BATCH},
    )
    return sum(ring_now(sync_templates, *row, expires=STALE) for row in due)


def _release_held() -> int:
    """Ring again for those who no longer answer and still hold conversations."""
    answering = [role for role, may in ROLES.items() if Permission.CONVERSATIONS_WRITE in may]
    return sum(ring_now(release, *row) for row in _across(HELD, {"answering": answering}))


def _across(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of all businesses, read by the one role that may."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


@cross_business_task(queue="slow")
def sweep_uploads() -> int:
    """Ring for visitors' files that nobody needs any more; returns in how many businesses."""
    old = _across(OLD_UPLOADS, {"before": timezone.now() - uploads.KEPT})
    return sum(ring_now(forget_uploads, tenant_id) for (tenant_id,) in old)


@tenant_task(queue="slow")
def forget_uploads() -> None:
    """Drop files that visitors handed in days ago: those that were sent lie with their messages."""
    uploads.forget_old()
