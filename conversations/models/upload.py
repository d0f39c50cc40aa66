from typing import Any, ClassVar

from django.db import models

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned


def upload_path(upload: "Upload", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"uploads/{upload.id.hex[-2:]}/{upload.id.hex}"


class Upload(TenantOwned):
    """A file that a visitor of the web chat has handed in for a message he may still send."""

    channel = TenantForeignKey("conversations.Channel", related_name="+")
    visitor = models.UUIDField()
    file = models.FileField(upload_to=upload_path, max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager()

    class Meta:
        indexes = [models.Index(fields=["tenant", "created_at"], name="conv_upload_age")]

    personal_data = ("file", "name", "visitor")

    def __str__(self) -> str:
        return self.name
