"""Workers' doors of imports and exports: each enters the business and goes on with one."""

from typing import Any

from django.db import connections
from django.utils import timezone

from crm.exports import engine as exports
from crm.imports import engine as imports
from tenants.kit.tasks import cross_business_task, ring_now, tenant_task

STALE = 30  # seconds after which a sweep's bell is worth nothing: later sweeps ring again
DUE = """
(SELECT 'import', tenant_id, id FROM crm_import WHERE due_at IS NOT NULL AND due_at <= %(now)s LIMIT 500)
UNION ALL
(SELECT 'export', tenant_id, id FROM crm_export WHERE due_at IS NOT NULL AND due_at <= %(now)s LIMIT 500)
"""


@tenant_task(queue="slow", scoped=False)
def advance_import(tenant_id: str, import_id: str) -> None:
    if imports.advance(tenant_id, import_id):
        ring_now(advance_import, tenant_id, import_id)


@tenant_task(queue="slow", scoped=False)
def make_export(tenant_id: str, export_id: str) -> None:
    exports.advance(tenant_id, export_id)


@cross_business_task(queue="slow")
def sweep_imports() -> int:
    """Ring again for imports and exports that a worker left behind; returns for how many."""
    bells: dict[str, Any] = {"import": advance_import, "export": make_export}
    with connections["ops"].cursor() as cursor:
        cursor.execute(DUE, {"now": timezone.now()})
        due = cursor.fetchall()
    return sum(ring_now(bells[kind], tenant_id, row, expires=STALE) for kind, tenant_id, row in due)
