"""Workers' doors of what people teach the bot: each takes ids, enters the business and calls one action."""

from typing import Any

from django.db import connections
from django.utils import timezone

from conversations.actions import readings, rehearsal, rules_trials, unanswered
from tenants.kit.tasks import cross_business_task, ring_now, tenant_task

BATCH = 1_000
STALE = 30  # seconds after which a sweep's bell is worth nothing: later sweeps have rung again

DUE = """
SELECT kind, tenant_id, id FROM (
    (SELECT 'rehearse' AS kind, tenant_id, id, due_at FROM conversations_rehearsalrun
     WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'gather', tenant_id, id, due_at FROM conversations_unansweredrun
     WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'read_for_drafts', tenant_id, id, due_at FROM conversations_reading
     WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s)
    UNION ALL
    (SELECT 'try_rules', tenant_id, id, due_at FROM conversations_rulestrial
     WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s)
) AS due ORDER BY due_at
"""
OLD = """
SELECT tenant_id FROM conversations_rehearsalrun WHERE created_at < %(rehearsed)s
UNION SELECT tenant_id FROM conversations_reading WHERE created_at < %(read)s
UNION SELECT tenant_id FROM conversations_rulestrial WHERE created_at < %(tried)s
"""


@tenant_task(queue="slow", scoped=False)
def rehearse(tenant_id: str, run_id: str) -> None:
    from conversations import rehearsing  # noqa: PLC0415 -- brings numpy, which most processes do without

    if rehearsing.work(tenant_id, run_id):
        ring_now(rehearse, tenant_id, run_id)


@tenant_task(queue="slow", scoped=False)
def gather(tenant_id: str, run_id: str) -> None:
    unanswered.work(tenant_id, run_id)


@tenant_task(queue="slow", scoped=False)
def read_for_drafts(tenant_id: str, reading_id: str) -> None:
    readings.work(tenant_id, reading_id)


@tenant_task(queue="slow", scoped=False)
def try_rules(tenant_id: str, trial_id: str) -> None:
    rules_trials.work(tenant_id, trial_id)


@tenant_task(queue="slow")
def forget_rehearsals() -> None:
    """And what else is of use for some days only."""
    rehearsal.forget_old()
    readings.forget_old()
    rules_trials.forget_old()


@cross_business_task(queue="slow")
def sweep_teaching() -> int:
    """Ring again for what is due in any business; returns for how many."""
    bells = {
        "rehearse": rehearse, "gather": gather, "read_for_drafts": read_for_drafts, "try_rules": try_rules,
    }  # fmt: skip
    due = _across(DUE, {"now": timezone.now(), "batch": BATCH})
    return sum(ring_now(bells[kind], tenant_id, row_id, expires=STALE) for kind, tenant_id, row_id in due)


@cross_business_task(queue="slow")
def forget_old_rehearsals() -> int:
    """Ring where such runs are kept long enough; returns in how many businesses."""
    now = timezone.now()
    kept = {"rehearsed": rehearsal.KEPT, "read": readings.KEPT, "tried": rules_trials.KEPT}
    found = _across(OLD, {name: now - time for name, time in kept.items()})
    return sum(ring_now(forget_rehearsals, one) for (one,) in found)


def _across(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of all businesses, read by the one role that may."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
