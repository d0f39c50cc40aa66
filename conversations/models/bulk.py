from django.db import models

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.many import Item, Run


class BulkRun(Run):
    """One act on many conversations."""

    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    api_key = TenantForeignKey("tenants.ApiKey", db_on_delete=SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_bulk_newest"),
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(due_at__isnull=False), name="conv_bulk_due"
            ),
        ]

    personal_data: tuple[str, ...] = ()


class BulkItem(Item):
    """What became of one conversation in it."""

    run = TenantForeignKey(BulkRun, related_name="items")
    conversation = TenantForeignKey("conversations.Conversation", related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "conversation"], name="conv_bulk_item_once")
        ]
        indexes = [models.Index(fields=["tenant", "run", "outcome", "id"], name="conv_bulk_item_page")]

    personal_data = ("before", "after")

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.outcome}"
