from django.db import models

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Draft(TenantOwned):
    """What a member has begun to write in a conversation; it survives a closed laptop."""

    conversation = TenantForeignKey("conversations.Conversation", related_name="drafts")
    membership = TenantForeignKey("tenants.Membership", related_name="drafts")
    body = models.TextField(max_length=50_000)
    is_note = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "conversation", "membership"], name="conv_draft_once")
        ]

    personal_data = ("body",)

    def __str__(self) -> str:
        return self.body[:60]
