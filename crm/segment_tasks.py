"""Workers' doors to segments."""

from uuid import UUID

from django.db import connections

from tenants.kit.tasks import cross_business_task, ring_now, tenant_task

BATCH = 1_000  # segments rung for in one sweep
STALE = 300  # seconds after which a sweep's bell is worth nothing: later sweeps have rung again

DUE = """
SELECT tenant_id, id FROM crm_segment
WHERE due_at <= now() AND archived_at IS NULL AND NOT is_list ORDER BY due_at LIMIT %s
"""


@tenant_task(queue="slow")
def go_through(segment_id: str) -> None:
    """Write down who entered a segment and who left."""
    from crm.actions import segments  # noqa: PLC0415 -- leaf

    segments.go_through(segment_id=UUID(segment_id))


@cross_business_task(queue="slow")
def sweep_segments() -> int:
    """Ring for every segment whose turn it is: those changed lately, and all of them each night."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(DUE, [BATCH])
        due = cursor.fetchall()
    return sum(ring_now(go_through, *row, expires=STALE) for row in due)
