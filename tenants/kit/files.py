"""Where uploads lie: every path begins with the business."""

from os import PathLike
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from tenants.scoping import current_tenant_id, tenant_scope


class ForeignFile(PermissionError):
    """A path of another business was asked for."""


class TenantStorage(FileSystemStorage):
    """Files under <business>/…, and only those of the open scope."""

    def generate_filename(self, filename: str | PathLike[str]) -> str:
        return super().generate_filename(f"{current_tenant_id()}/{filename}")

    def path(self, name: str) -> str:
        """Where a file lies; every operation asks here. Raises `ForeignFile`, also for ways round by `..`."""
        whole = Path(super().path(name))
        if Path(super().path(str(current_tenant_id()))) not in whole.parents:
            raise ForeignFile("this file belongs to another business")
        return str(whole)

    def url(self, name: str | None) -> str:
        raise NotImplementedError("files are served by a view that checks who asks")


def delete_after_commit(file: FieldFile) -> None:
    """Delete a stored file of the business once it is certain that no row names it any more."""
    tenant_id, storage, name = current_tenant_id(), file.storage, str(file.name)

    def delete() -> None:
        with tenant_scope(tenant_id):
            storage.delete(name)

    transaction.on_commit(delete)
