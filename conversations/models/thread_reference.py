from django.db import models

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class ThreadReference(TenantOwned):
    """A Message-ID a conversation knows, its own or one it refers to (RFC 5322 §3.6.4).

    Those it only refers to matter too: the reply may arrive before the mail it answers.
    """

    channel = TenantForeignKey("conversations.Channel", related_name="+")
    conversation = TenantForeignKey("conversations.Conversation", related_name="references")
    reference = models.CharField(max_length=64, help_text="SHA-256 of the Message-ID in hex.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel", "reference"], name="conv_reference_once")
        ]
        indexes = [models.Index(fields=["tenant", "conversation"], name="conv_reference_conversation")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.reference
