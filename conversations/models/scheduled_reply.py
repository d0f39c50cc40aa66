from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from conversations.reasons import shown
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class ScheduledReplyQuerySet(TenantQuerySet):
    def due(self) -> "ScheduledReplyQuerySet":
        """Those whose time has come."""
        return self.filter(send_at__lte=timezone.now())


class ScheduledReply(TenantOwned):
    """An answer that goes out later. It becomes a message when its time has come, and is gone then.

    One that could not go has a reason and no time: it waits for a person.
    """

    conversation = TenantForeignKey("conversations.Conversation", related_name="scheduled_replies")
    author = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    api_key = TenantForeignKey("tenants.ApiKey", db_on_delete=SET_NULL, null=True, related_name="+")
    author_label = models.CharField(max_length=150, blank=True)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    client_id = models.UUIDField(null=True, blank=True, help_text="The one its message will have.")
    send_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it did not go, for a person.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.of(ScheduledReplyQuerySet)

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "send_at"],
                condition=models.Q(send_at__isnull=False),
                name="conv_scheduled_due",
            ),
            models.Index(fields=["tenant", "conversation", "id"], name="conv_scheduled_thread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "conversation", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="conv_scheduled_once",
            )
        ]

    personal_data = ("text", "data")

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def why(self) -> str:
        """Why it did not go, in the reader's language."""
        return shown(self.reason)


def scheduled_path(file: "ScheduledFile", filename: str) -> str:
    """A path nobody can guess or steer."""
    return f"scheduled/{file.id.hex[-2:]}/{file.id.hex}"


class ScheduledFile(TenantOwned):
    """A file that waits with its answer."""

    reply = TenantForeignKey(ScheduledReply, related_name="files")
    file = models.FileField(upload_to=scheduled_path, max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    class Meta:
        indexes = [models.Index(fields=["tenant", "reply"], name="conv_scheduled_file")]

    personal_data = ("file", "name")

    def __str__(self) -> str:
        return self.name
