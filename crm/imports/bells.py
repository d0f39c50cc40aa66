"""Ringing for imports and exports."""

from crm.models import Export, Import
from tenants.kit.tasks import ring


def ring_import(job: Import) -> None:
    """Let a worker go on with an import."""
    from crm.import_tasks import advance_import  # noqa: PLC0415 -- leaf

    ring(advance_import, job.tenant_id, job.pk)


def ring_export(job: Export) -> None:
    """Let a worker make an export."""
    from crm.import_tasks import make_export  # noqa: PLC0415 -- leaf

    ring(make_export, job.tenant_id, job.pk)
