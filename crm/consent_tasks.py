"""Workers' doors of consent and of exclusion lists: each takes ids, enters the business, calls one action."""

from typing import Any

from django.db import connections
from django.utils import timezone

from crm.actions import consents, exclusions
from tenants.kit.tasks import cross_business_task, ring_now, tenant_task
from tenants.tasks import take_turn

BATCH = 1_000
STALE = 30  # seconds after which a sweep's bell is worth nothing: later sweeps have rung again

RUN_OUT = """
SELECT DISTINCT tenant_id FROM crm_consent
WHERE expires_at IS NOT NULL AND expires_at <= %(now)s AND state = 'given' LIMIT %(batch)s
"""
DUE_VERSIONS = """
SELECT tenant_id, id FROM crm_exclusionversion
WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s
"""
OLD_VERSIONS = """
SELECT DISTINCT v.tenant_id FROM crm_exclusionversion v
JOIN crm_exclusionlist l ON l.tenant_id = v.tenant_id AND l.id = v.exclusion_list_id
WHERE (l.removed_at < %(late)s OR (NOT v.is_current AND v.finished_at < %(late)s))
  AND EXISTS (SELECT FROM crm_exclusionentry e WHERE e.tenant_id = v.tenant_id AND e.version_id = v.id)
"""


@tenant_task(queue="slow", scoped=False)
def read_exclusion_version(tenant_id: str, version_id: str) -> None:
    exclusions.read(tenant_id, version_id)


@tenant_task(queue="slow")
def expire_consents() -> None:
    consents.expire_due()


@tenant_task(queue="slow")
def forget_exclusions() -> None:
    exclusions.forget_old()


@cross_business_task(queue="inbound")
def sweep_consents() -> int:
    """Ring for consents that have run out and for lists that nobody reads."""
    now = {"now": timezone.now(), "batch": BATCH}
    rung = sum(ring_now(expire_consents, row[0], expires=STALE) for row in _across(RUN_OUT, now))
    return rung + sum(
        ring_now(read_exclusion_version, *row, expires=STALE) for row in _across(DUE_VERSIONS, now)
    )


@cross_business_task(queue="slow")
def forget_old_exclusions() -> int:
    """Once an hour: let every business forget the entries of lists it deleted or replaced long ago."""
    now = timezone.now()
    if not take_turn("forget_exclusions", now.replace(minute=0, second=0, microsecond=0)):
        return 0
    late = {"late": now - exclusions.KEPT_AFTER}
    return sum(ring_now(forget_exclusions, tenant_id) for (tenant_id,) in _across(OLD_VERSIONS, late))


def _across(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of all businesses (role ops): identifiers only, to fan out with."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()
