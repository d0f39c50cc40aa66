"""Workers' doors for privacy: each takes ids and calls one action."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import connections
from django.utils import timezone

from tenants.kit.tasks import cross_business_task, ring_now, tenant_task
from tenants.tasks import take_turn

log = structlog.get_logger("puente.jobs")
SOON = timedelta(days=14)  # no clock reminds earlier than so many calendar days before
MOST_BATCHES = 200  # of one rule in one night

DUE = """
SELECT kind, tenant_id, id FROM (
    (SELECT 'erasure' AS kind, tenant_id, id FROM crm_erasure
     WHERE state IN ('planned', 'running') AND due_at <= %(now)s LIMIT 500)
    UNION ALL
    (SELECT 'archive', tenant_id, id FROM crm_customerarchive
     WHERE due_at IS NOT NULL AND due_at <= %(now)s LIMIT 500)
    UNION ALL
    (SELECT 'old', tenant_id, NULL::uuid FROM crm_customerarchive
     WHERE state = 'ready' AND expires_at <= %(now)s GROUP BY tenant_id LIMIT 500)
    UNION ALL
    (SELECT 'reminder', tenant_id, id FROM crm_privacyrequest
     WHERE closed_at IS NULL AND reminded_at IS NULL AND answer_by <= %(soon)s LIMIT 500)
) due
"""
RULES = "SELECT tenant_id, kind FROM crm_retentionrule WHERE is_on"


def _across(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of all businesses (role ops): identifiers only, to fan out with."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


@cross_business_task(queue="slow")
def sweep_privacy() -> int:
    """Ring for what is due: erasures, archives, files past their time, reminders; returns for how many."""
    now = timezone.now()
    tasks = {"erasure": erase_customer, "archive": build_archive, "reminder": remind_of_request}
    due = _across(DUE, {"now": now, "soon": (now + SOON).date()})
    for kind, tenant_id, row_id in due:
        if kind == "old":
            ring_now(forget_archives, tenant_id)
        else:
            ring_now(tasks[kind], tenant_id, row_id)
    return len(due)


@cross_business_task(queue="slow")
def sweep_retention() -> int:
    """Once a night: ring for every rule that is on; returns for how many."""
    night = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    if not take_turn("retention", night):
        return 0
    found = _across(RULES, {})
    for tenant_id, kind in found:
        ring_now(apply_rule, tenant_id, kind)
    return len(found)


@tenant_task(queue="slow", scoped=False)
def erase_customer(tenant_id: str, erasure_id: str) -> bool:
    """Forget a customer, in steps that commit one by one."""
    from uuid import UUID  # noqa: PLC0415 -- leaf

    from crm.actions.privacy_erasure import run_erasure  # noqa: PLC0415 -- leaf

    return run_erasure(UUID(tenant_id), UUID(erasure_id))


@tenant_task(queue="slow", scoped=False)
def build_archive(tenant_id: str, archive_id: str) -> bool:
    """Put everything known of a customer into one file."""
    from uuid import UUID  # noqa: PLC0415 -- leaf

    from crm.actions.privacy_archive import build  # noqa: PLC0415 -- leaf

    return build(UUID(tenant_id), UUID(archive_id))


@tenant_task(queue="slow")
def forget_archives() -> int:
    """Remove the files whose time is over."""
    from crm.actions.privacy_archive import forget_old  # noqa: PLC0415 -- leaf

    return forget_old()


@tenant_task(queue="slow")
def remind_of_request(request_id: str) -> bool:
    """Tell who answers for a request that its last days have begun."""
    from crm.actions.privacy import remind  # noqa: PLC0415 -- leaf
    from crm.models import PrivacyRequest  # noqa: PLC0415 -- leaf

    request = PrivacyRequest.objects.filter(pk=request_id).first()
    return bool(request and remind(request=request))


@tenant_task(queue="slow", scoped=False)
def apply_rule(tenant_id: str, kind: str) -> int:
    """Remove what a rule no longer keeps, some hundred rows a transaction; returns how much."""
    from crm.actions.privacy_retention import apply_batch, note_run  # noqa: PLC0415 -- leaf
    from tenants.scoping import tenant_scope  # noqa: PLC0415 -- leaf

    removed = 0
    for _batch in range(MOST_BATCHES):
        with tenant_scope(tenant_id):
            number = apply_batch(kind)
        removed += number
        if not number:
            break
    with tenant_scope(tenant_id):
        note_run(kind, removed)
    return removed
