from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"attachments/{attachment.id.hex[-2:]}/{attachment.id.hex}"


class Attachment(TenantOwned):
    """A file that came or went with a message."""

    message = TenantForeignKey("conversations.Message", related_name="attachments")
    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    content_id = models.CharField(max_length=255, blank=True, help_text="How the mail's HTML names it.")
    is_inline = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "message"], name="conv_attachment_message")]

    personal_data = ("file", "name")

    def __str__(self) -> str:
        return self.name
