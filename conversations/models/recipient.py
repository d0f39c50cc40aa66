from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.left_out import sentence
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class RecipientQuerySet(TenantQuerySet):
    def waiting(self) -> "RecipientQuerySet":
        """Those who are still to get it."""
        return self.filter(state=Recipient.State.WAITING)


class Recipient(TenantOwned):
    """One customer's line in a campaign's ledger: everybody of the audience has one, for good.

    waiting → sending → sent → delivered, or failed; `unknown` when a worker died while it was handed over:
    never sent again by itself. `left_out` says why in `reason`. For mail the row is its own outbox; other
    channels have a message and its delivery, which the row follows.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for its turn")
        SENDING = "sending", _("Being handed over")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not delivered")
        UNKNOWN = "unknown", _("Outcome unknown")
        LEFT_OUT = "left_out", _("Left out")
        HELD_OUT = "held_out", _("Held back to compare")

    campaign = TenantForeignKey("conversations.Campaign", related_name="recipients")
    customer = TenantForeignKey("crm.Customer", db_on_delete=SET_NULL, null=True, related_name="recipients")
    variant = TenantForeignKey("conversations.Variant", db_on_delete=SET_NULL, null=True, related_name="+")
    channel = TenantForeignKey("conversations.Channel", db_on_delete=SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=255, null=True, blank=True, help_text="Canonical; null for none.")
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=30, blank=True, help_text="Why left out or failed: left_out.py.")
    detail = models.CharField(max_length=300, blank=True, help_text="What the server said, or what lacks.")
    is_canary = models.BooleanField(default=False, db_default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    attempt_id = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    calling_at = models.DateTimeField(null=True, blank=True)
    values = models.JSONField(
        default=dict, blank=True, db_default={}, help_text="What was filled into the text, by its name."
    )
    provider_id = models.CharField(max_length=255, blank=True, db_default="")
    message = TenantForeignKey("conversations.Message", db_on_delete=SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    complained_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    wished_at = models.DateTimeField(null=True, blank=True, help_text="When he asked for a person.")
    bought_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.of(RecipientQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "campaign", "customer"], name="conv_recipient_customer"
            ),
            models.UniqueConstraint(fields=["tenant", "campaign", "address"], name="conv_recipient_address"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "campaign", "due_at", "id"],
                condition=models.Q(state="waiting"),
                name="conv_recipient_due",
            ),
            models.Index(fields=["tenant", "campaign", "state", "reason", "id"], name="conv_recipient_state"),
            models.Index(
                fields=["tenant", "lease_until"],
                condition=models.Q(state="sending"),
                name="conv_recipient_lease",
            ),
            models.Index(
                fields=["tenant", "customer", "-sent_at"],
                condition=models.Q(sent_at__isnull=False),
                name="conv_recipient_got",
            ),
            models.Index(
                fields=["tenant", "sent_at"],
                condition=models.Q(sent_at__isnull=False),
                name="conv_recipient_sent",
            ),
            models.Index(
                fields=["tenant", "replied_at"],
                condition=models.Q(replied_at__isnull=False),
                name="conv_recipient_replied",
            ),
            models.Index(
                fields=["tenant", "campaign", "id"],
                condition=models.Q(opened_at__isnull=False),
                name="conv_recipient_opened",
            ),
            models.Index(
                fields=["tenant", "campaign", "id"],
                condition=models.Q(clicked_at__isnull=False)
                | models.Q(replied_at__isnull=False)
                | models.Q(opted_out_at__isnull=False)
                | models.Q(complained_at__isnull=False)
                | models.Q(bounced_at__isnull=False)
                | models.Q(wished_at__isnull=False),
                name="conv_recipient_did",
            ),
            models.Index(
                fields=["tenant", "message"],
                condition=models.Q(message__isnull=False),
                name="conv_recipient_message",
            ),
            models.Index(
                fields=["tenant", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="conv_recipient_provider",
            ),
        ]

    personal_data = ("address", "detail", "values")

    def __str__(self) -> str:
        return f"{self.state} {self.customer_id}"

    @property
    def why(self) -> str:
        """Why he was left out or did not get it, in one sentence of the reader's language."""
        return sentence(self.reason)
