from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class TimelineEntry(TenantOwned):
    """One line of a customer's history, whatever it tells: the one table behind every timeline."""

    class Kind(models.TextChoices):
        MESSAGE_IN = "message_in", _("Message received")
        MESSAGE_OUT = "message_out", _("Message sent")
        CONVERSATION_CLOSED = "conversation_closed", _("Conversation closed")
        ORDER = "order", _("Order")
        APPOINTMENT = "appointment", _("Appointment")
        PAYMENT = "payment", _("Payment")
        ACTIVITY = "activity", _("Activity")
        CONSENT = "consent", _("Consent")
        CASE = "case", _("Case")
        NOTE = "note", _("Note")
        SURVEY = "survey", _("Rating")
        FOLLOW_UP = "follow_up", _("Follow-up")
        CUSTOMER = "customer", _("Customer record")

    customer = TenantForeignKey("crm.Customer", related_name="timeline")
    kind = models.CharField(max_length=30, choices=Kind)
    happened_at = models.DateTimeField()
    object_id = models.UUIDField(null=True, blank=True, help_text="The thing it tells of.")
    context_id = models.UUIDField(null=True, blank=True, help_text="The conversation it belongs to.")
    channel = models.CharField(max_length=20, blank=True)
    actor_label = models.CharField(max_length=150, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "customer", "-happened_at", "-id"],
                condition=~models.Q(kind="activity"),  # a shop may send thousands: they have their own range
                name="crm_timeline_calm",
            ),
            models.Index(
                fields=["tenant", "customer", "kind", "-happened_at", "-id"], name="crm_timeline_kind"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "kind", "object_id", "happened_at"],
                condition=models.Q(object_id__isnull=False),
                name="crm_timeline_once",
            )
        ]

    personal_data = ("data", "actor_label")

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d}"
