from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from conversations.models.attachment import Attachment
    from conversations.models.conversation import Conversation
    from conversations.models.delivery import Delivery


class MessageQuerySet(TenantQuerySet):
    def seen_by_customer(self) -> "MessageQuerySet":
        """What went between the two: neither notes nor events."""
        return self.filter(kind__in=[Message.Kind.INBOUND, Message.Kind.OUTBOUND])

    def on(self, channel_id: UUID) -> "MessageQuerySet":
        """What came or went on a channel: in merged conversations several meet."""
        here = models.Q(came_by=None, conversation__channel_id=channel_id)
        return self.filter(here | models.Q(came_by__channel_id=channel_id))

    def in_order(self) -> "MessageQuerySet":
        return self.order_by("id")


class Message(TenantOwned):
    """One thing in a conversation: from the customer, to the customer, a note, or an event."""

    class Kind(models.TextChoices):
        INBOUND = "inbound", _("From the customer")
        OUTBOUND = "outbound", _("To the customer")
        NOTE = "note", _("Private note")
        EVENT = "event", _("Event")

    class Author(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        MEMBER = "member", _("Colleague")
        BOT = "bot", _("Bot")
        SYSTEM = "system", _("Puente")
        PHONE = "phone", _("The business's phone")
        KEY = "key", _("Integration")

    conversation = TenantForeignKey("conversations.Conversation", related_name="messages")
    episode = TenantForeignKey("conversations.Episode", related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    author_kind = models.CharField(max_length=10, choices=Author)
    author = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    author_label = models.CharField(max_length=150, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True, help_text="What a mail quotes and its signature, folded away.")
    html = models.TextField(blank=True, help_text="Sanitised; shown only in a sandboxed frame.")
    subject = models.CharField(max_length=250, blank=True)
    data = models.JSONField(default=dict, blank=True)
    client_id = models.UUIDField(
        null=True, blank=True, help_text="Made by the sender: the same send twice is one."
    )
    provider_id = models.CharField(max_length=255, blank=True)
    provider_at = models.DateTimeField(null=True, blank=True, help_text="The vendor's clock.")
    created_at = models.DateTimeField(default=timezone.now, help_text="Our clock.")
    has_attachments = models.BooleanField(default=False)
    came_by = TenantForeignKey(
        "conversations.Conversation",
        db_on_delete=SET_NULL,
        null=True,
        related_name="+",
        help_text="The merged conversation it belongs to; null for the one it stands in.",
    )

    objects: ClassVar[Any] = TenantManager.of(MessageQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "conversation", "-id"], name="conv_message_page"),
            models.Index(
                fields=["tenant", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="conv_message_provider",
            ),
            models.Index(
                fields=["tenant", "came_by", "-id"],
                condition=models.Q(came_by__isnull=False),
                name="conv_message_came_by",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "conversation", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="conv_message_client_once",
            )
        ]

    personal_data = ("text", "quoted", "html", "subject", "data")
    if TYPE_CHECKING:
        attachments: RelatedManager[Attachment]
        deliveries: RelatedManager[Delivery]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def delivery(self) -> "Delivery | None":
        """Its row in the outbox, if it went out; prefetch `deliveries` for lists."""
        return next(iter(self.deliveries.all()), None)

    @property
    def home(self) -> "Conversation":
        """The conversation it belongs to: where it stands, unless that one took in another's messages."""
        return self.came_by or self.conversation

    @property
    def is_from_customer(self) -> bool:
        return self.kind == self.Kind.INBOUND
