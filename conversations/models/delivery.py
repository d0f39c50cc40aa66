from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.reasons import shown
from crm.models import Purpose
from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class DeliveryQuerySet(TenantQuerySet):
    def due(self) -> "DeliveryQuerySet":
        """Those a worker may claim now."""
        return self.filter(status=Delivery.Status.PENDING, due_at__lte=timezone.now())


class Delivery(TenantOwned):
    """A row of the outbox: one message's way to the vendor.

    pending → sending → sent → delivered → read, or failed; `unknown` when a worker died while the
    vendor was being called. Never from unknown back to pending but by a person or the vendor's word.
    `discarded` is what was taken out of the outbox before it went, by a person or by what had it said.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("On its way")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Outcome unknown")
        DISCARDED = "discarded", _("Discarded")

    class Priority(models.IntegerChoices):
        """Who goes first when the vendor takes only so much."""

        PERSON = 0, _("A person's answer")
        AUTOMATIC = 1, _("Automatic")
        CAMPAIGN = 2, _("Campaign")

    message = TenantForeignKey("conversations.Message", related_name="deliveries")
    channel = TenantForeignKey("conversations.Channel", related_name="deliveries")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    priority = models.PositiveSmallIntegerField(
        choices=Priority, default=Priority.PERSON, db_default=Priority.PERSON
    )
    purpose = models.CharField(
        max_length=20,
        default=Purpose.SERVICE,
        db_default=Purpose.SERVICE,
        help_text="What for: consent is asked for it again before it goes.",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    attempt_id = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    calling_at = models.DateTimeField(
        null=True, blank=True, help_text="The moment before the vendor was called."
    )
    due_at = models.DateTimeField(default=timezone.now)
    provider_id = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it failed, for a person.")
    details = models.JSONField(
        default=dict, blank=True, db_default={}, help_text="Of the failure: category and the vendor's code."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.of(DeliveryQuerySet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "message"], name="conv_delivery_once")]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(status="pending"), name="conv_delivery_due"
            ),
            models.Index(
                fields=["tenant", "channel", "priority", "id"],
                condition=models.Q(status="pending"),
                name="conv_delivery_waiting",
            ),
            models.Index(
                fields=["tenant", "settled_at", "channel"],
                condition=models.Q(status="failed"),
                name="conv_delivery_failed",
            ),
            models.Index(
                fields=["tenant", "lease_until"],
                condition=models.Q(status="sending"),
                name="conv_delivery_lease",
            ),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(status="unknown"),
                name="conv_delivery_unknown",
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(purpose="promotion"),
                name="conv_delivery_offers",
            ),
            models.Index(fields=["tenant", "status", "-id"], name="conv_delivery_status"),
            models.Index(
                fields=["tenant", "channel", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="conv_delivery_provider",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.status} {self.message_id}"

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return shown(self.reason)
