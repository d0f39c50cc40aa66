from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.reasons import shown
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class InboundEventQuerySet(TenantQuerySet):
    def parked(self) -> "InboundEventQuerySet":
        """What could not be taken in and waits for a person."""
        return self.filter(outcome=InboundEvent.Outcome.PARKED)


class InboundEvent(TenantOwned):
    """What a channel brought, byte for byte, stored before it was acknowledged."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Waiting to be read")
        MESSAGE = "message", _("Message")
        DELIVERY_FAILURE = "delivery_failure", _("Delivery failure")
        COMPLAINT = "complaint", _("Complaint")
        AUTO_REPLY = "auto_reply", _("Automatic reply")
        DUPLICATE = "duplicate", _("Duplicate")
        STATUS = "status", _("Status")
        PARKED = "parked", _("Parked")

    channel = TenantForeignKey("conversations.Channel", related_name="inbound_events")
    body_hash = models.CharField(max_length=64, help_text="SHA-256 of the body in hex.")
    body = models.BinaryField()
    content_type = models.CharField(max_length=100)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        default=timezone.now, null=True, help_text="When to try next; null is settled."
    )
    message = TenantForeignKey(
        "conversations.Message", db_on_delete=SET_NULL, null=True, related_name="inbound_events"
    )
    provider_at = models.DateTimeField(null=True, blank=True, help_text="The vendor's clock.")
    received_at = models.DateTimeField(default=timezone.now, help_text="Our clock.")
    processed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.of(InboundEventQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel", "body_hash"], name="conv_inbound_once"),
        ]
        indexes = [
            models.Index(  # what waits to be read is found by `due_at`: accepting pays for no index twice
                fields=["tenant", "outcome", "-id"],
                condition=~models.Q(outcome="pending"),
                name="conv_inbound_settled",
            ),
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(due_at__isnull=False), name="conv_inbound_due"
            ),
        ]

    personal_data = ("body",)

    def __str__(self) -> str:
        return f"{self.outcome} {self.received_at:%Y-%m-%d %H:%M}"

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return shown(self.reason)


class InboundItem(TenantOwned):
    """One thing inside an event, taken in once: vendors batch, repeat, and share ids between states."""

    event = TenantForeignKey(InboundEvent, related_name="items")
    channel = TenantForeignKey("conversations.Channel", related_name="+")
    kind = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=255)
    status = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "channel", "kind", "provider_id", "status"], name="conv_inbounditem_once"
            )
        ]
        indexes = [models.Index(fields=["tenant", "event"], name="conv_inbounditem_event")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.provider_id}"
