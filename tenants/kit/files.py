"""Where uploads lie: every path begins with the business."""

from os import PathLike
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from tenants.scoping import current_tenant_id


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
