"""Workers' doors to the finding of duplicates."""

import time

from django.db import connections

from crm.actions import duplicates
from crm.models import Customer
from tenants.kit.tasks import cross_business_task, ring_now, ring_once_now, tenant_task
from tenants.scoping import tenant_scope

TURN = 20  # seconds after which a worker lets others have a turn

# Where somebody changed after the last who was looked at, or ordered something, and it has had time to be
# committed.
CHANGED = """
SELECT t.id FROM tenants_tenant t
LEFT JOIN crm_likenessscan s ON s.tenant_id = t.id
WHERE EXISTS (
    SELECT 1 FROM crm_customer c
    WHERE c.tenant_id = t.id AND c.updated_at < now() - interval '30 seconds'
      AND (c.updated_at, c.id) > (
        coalesce(s.changed_until, '1970-01-01'::timestamptz),
        coalesce(s.after_id, '00000000-0000-0000-0000-000000000000'::uuid)
      )
) OR EXISTS (
    SELECT 1 FROM crm_order o
    WHERE o.tenant_id = t.id AND o.id > s.orders_until AND o.created_at < now() - interval '30 seconds'
)
"""


@tenant_task(queue="slow")
def look_at(*customer_ids: str) -> int:
    """Compare some customers with all who may be they."""
    return duplicates.look_at(list(Customer.objects.filter(pk__in=customer_ids, merged_into=None)))


@tenant_task(queue="slow", scoped=False, rung_once=True)
def look_lately(tenant_id: str) -> None:
    """Compare everybody who changed, some at a time, each time committed."""
    until = time.monotonic() + TURN
    while True:
        with tenant_scope(tenant_id):
            is_more = duplicates.look_on()
        if not is_more:
            return
        if time.monotonic() > until:
            ring_now(look_lately, tenant_id)
            return


@cross_business_task(queue="slow")
def sweep_duplicates() -> int:
    """Ring for every business in which somebody changed or ordered something; returns for how many."""
    with connections["ops"].cursor() as cursor:
        cursor.execute(CHANGED)
        changed = cursor.fetchall()
    return sum(ring_once_now(look_lately, tenant_id) for (tenant_id,) in changed)
