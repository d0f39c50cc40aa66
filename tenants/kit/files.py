"""Where uploads lie: every path begins with the business."""

from typing import Any

from django.core.files.storage import FileSystemStorage

from tenants.scoping import current_tenant_id


class ForeignFile(PermissionError):
    """A path of another business was opened."""


class TenantStorage(FileSystemStorage):
    """Files under <business>/…, and only those of the open scope."""

    def generate_filename(self, filename: str) -> str:
        return super().generate_filename(f"{current_tenant_id()}/{filename}")

    def _open(self, name: str, mode: str = "rb") -> Any:
        if not name.startswith(f"{current_tenant_id()}/"):
            raise ForeignFile("this file belongs to another business")
        return super()._open(name, mode)

    def url(self, name: str | None) -> str:
        raise NotImplementedError("files are served by a view that checks who asks")
