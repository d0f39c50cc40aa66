from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.reasons import shown
from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"attachments/{attachment.id.hex[-2:]}/{attachment.id.hex}"


def thumbnail_path(attachment: "Attachment", filename: str) -> str:
    """Beside the file it shows."""
    return f"{attachment_path(attachment, filename)}.webp"


class Attachment(TenantOwned):
    """A file that came or went with a message."""

    class State(models.TextChoices):
        HERE = "here", _("Here")
        WAITING = "waiting", _("Being fetched")
        FAILED = "failed", _("Could not be fetched")

    message = TenantForeignKey("conversations.Message", related_name="attachments")
    file = models.FileField(upload_to=attachment_path, max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.HERE, db_default=State.HERE)
    reference = models.CharField(
        max_length=1_000, blank=True, db_default="", help_text="The vendor's id or address of the file."
    )
    reason = models.CharField(max_length=300, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="When to fetch it or make its thumbnail next; null is settled."
    )
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100, help_text="As its content says; else as its sender did.")
    thumbnail = models.FileField(upload_to=thumbnail_path, max_length=200, blank=True, db_default="")
    width = models.PositiveIntegerField(default=0, db_default=0, help_text="Pixels of a picture.")
    height = models.PositiveIntegerField(default=0, db_default=0)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    content_id = models.CharField(max_length=255, blank=True, help_text="How the mail's HTML names it.")
    is_inline = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["tenant", "message"], name="conv_attachment_message"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_attachment_due",
            ),
        ]

    personal_data = ("file", "name", "thumbnail")

    def __str__(self) -> str:
        return self.name

    @property
    def why(self) -> str:
        """Why it is not here, in the reader's language."""
        return shown(self.reason)
