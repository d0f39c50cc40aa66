"""Workers' doors to acts on many customers."""

from django.db import connections
from django.utils import timezone

from crm.actions import bulk
from tenants.kit.tasks import cross_business_task, ring_now, tenant_task

STALE = 30  # seconds after which a sweep's bell is worth nothing: later sweeps have rung again
BATCH = 1_000
DUE = """
SELECT tenant_id, id FROM crm_customerrun
WHERE due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(batch)s
"""


@tenant_task(queue="slow", scoped=False)
def advance_run(tenant_id: str, run_id: str) -> None:
    bulk.many.advance(tenant_id, run_id)


@cross_business_task(queue="slow")
def sweep_runs() -> int:
    """Ring again for acts on many customers that a worker left behind; returns for how many."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(DUE, {"now": timezone.now(), "batch": BATCH})
        due = cursor.fetchall()
    return sum(ring_now(advance_run, *row, expires=STALE) for row in due)
