from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from conversations.reasons import shown
from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned


class Mailbox(TenantOwned):
    """How far a channel's mailbox at a mail provider has been read, and how that goes.

    UIDs only grow while UIDVALIDITY stays (RFC 9051 §2.3.1.1): `uid_next` is the first one not kept yet.
    """

    channel = TenantForeignKey("conversations.Channel", related_name="mailboxes")
    is_on = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(default=0)
    uid_next = models.BigIntegerField(default=0, help_text="0 begins with what arrives from now on.")
    due_at = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it cannot be read, for a person.")
    problem_since = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it was last read to the end.")

    objects: ClassVar[Any] = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "channel"], name="conv_mailbox_once")]
        indexes = [
            models.Index(fields=["tenant", "due_at"], condition=models.Q(is_on=True), name="conv_mailbox_due")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.channel_id} {self.uid_validity}:{self.uid_next}"

    @property
    def why(self) -> str:
        """The problem in the reader's language."""
        return shown(self.problem)
