from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.actors import Actor
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.permissions import Sees
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from conversations.models.message import Message


class ConversationQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> "ConversationQuerySet":
        """What an actor may see of those that stand for themselves: `within` less the merged ones."""
        return self.within(actor).exclude(status=Conversation.Status.MERGED)

    def within(self, actor: Actor) -> "ConversationQuerySet":
        """What an actor may see: everything, the own teams' and own, or only the own."""
        if actor.sees == Sees.ALL:
            return self
        own = models.Q(assignee_id=actor.membership_id)
        if actor.sees == Sees.TEAMS:
            own |= models.Q(team_id__any=actor.team_ids)
        return self.filter(own)

    def active(self) -> "ConversationQuerySet":
        """Everything that is neither closed nor merged into another."""
        return self.exclude(status__in=[Conversation.Status.CLOSED, Conversation.Status.MERGED])

    def awaiting_agent(self) -> "ConversationQuerySet":
        """Those whose customer has had no answer yet."""
        return self.filter(waiting_since__isnull=False).active()

    def newest_first(self) -> "ConversationQuerySet":
        return self.order_by("-last_message_at", "-id")


class Conversation(TenantOwned):
    """The exchange with one customer on one channel (on e-mail: one thread)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting for the customer")
        SNOOZED = "snoozed", _("Snoozed")
        CLOSED = "closed", _("Closed")
        MERGED = "merged", _("Merged")

    class Priority(models.IntegerChoices):
        LOW = 0, _("Low")
        NORMAL = 1, _("Normal")
        HIGH = 2, _("High")
        URGENT = 3, _("Urgent")

    customer = TenantForeignKey("crm.Customer", related_name="conversations")
    channel = TenantForeignKey("conversations.Channel", related_name="conversations")
    identity = TenantForeignKey(
        "crm.Identity",
        db_on_delete=SET_NULL,
        related_name="conversations",
        verbose_name=_("customer's address"),
    )
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    assignee = TenantForeignKey(
        "tenants.Membership",
        db_on_delete=SET_NULL,
        null=True,
        related_name="conversations",
        verbose_name=_("assignee"),
    )
    team = TenantForeignKey(
        "tenants.Team", db_on_delete=SET_NULL, null=True, related_name="conversations", verbose_name=_("team")
    )
    labels = models.ManyToManyField(
        "crm.Label", through="conversations.ConversationLabel", related_name="conversations", blank=True
    )
    preview = models.CharField(max_length=160, blank=True)
    preview_is_ours = models.BooleanField(default=False)
    last_message_at = models.DateTimeField(default=timezone.now)
    last_inbound_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True, help_text="First message still unanswered.")
    seen_at = models.DateTimeField(
        null=True, blank=True, help_text="When those who answer it last looked at it."
    )
    window_ends_at = models.DateTimeField(
        null=True, blank=True, help_text="Until when a person may write freely; null is without end."
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    wakes_on_reply = models.BooleanField(
        default=True, db_default=True, help_text="Whether an answer of the customer ends the snooze."
    )
    with_bot = models.BooleanField(default=False, db_default=False, help_text="The bot has the turn.")
    declined_by = TenantForeignKey(
        "tenants.Membership",
        db_on_delete=SET_NULL,
        null=True,
        related_name="+",
        help_text="Who put it back in the queue: it is not given to him again.",
    )
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="When the nearest promise is due; empty while none runs."
    )
    due_warns_at = models.DateTimeField(null=True, blank=True, help_text="From when on it is nearly due.")
    due_target = models.CharField(max_length=10, blank=True, db_default="")
    clock_state = models.CharField(
        max_length=80, blank=True, db_default="", help_text="What the clocks were last set by."
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    episode_count = models.PositiveIntegerField(default=0)
    merged_into = TenantForeignKey(
        "conversations.Conversation",
        db_on_delete=SET_NULL,
        null=True,
        related_name="legs",
        help_text="Where its messages stand now; it stays as the way by which they come and go.",
    )
    answers_by = TenantForeignKey(
        "conversations.Conversation",
        db_on_delete=SET_NULL,
        null=True,
        related_name="+",
        help_text="The merged one by whose channel and address replies go; null for the own.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.of(ConversationQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "status", "-last_message_at", "-id"], name="conv_queue_status"),
            models.Index(
                fields=["tenant", "assignee", "status", "-last_message_at", "-id"], name="conv_queue_assignee"
            ),
            models.Index(
                fields=["tenant", "team", "status", "-last_message_at", "-id"], name="conv_queue_team"
            ),
            models.Index(fields=["tenant", "customer", "-last_message_at"], name="conv_customer"),
            models.Index(fields=["tenant", "identity", "-last_message_at"], name="conv_identity"),
            models.Index(fields=["tenant", "-last_message_at", "-id"], name="conv_newest"),
            models.Index(
                fields=["tenant", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="conv_merged_into",
            ),
            models.Index(
                fields=["tenant", "snoozed_until"],
                condition=models.Q(status="snoozed"),
                name="conv_snoozed",
            ),
            models.Index(
                fields=["tenant", "waiting_since", "id"],
                condition=models.Q(status="open", waiting_since__isnull=False),
                name="conv_waits",
            ),
            models.Index(
                fields=["tenant", "due_at", "id"],
                condition=models.Q(due_at__isnull=False),
                name="conv_due",
            ),
            models.Index(
                fields=["tenant", "window_ends_at", "id"],
                condition=models.Q(status="open", window_ends_at__isnull=False),
                name="conv_window",
            ),
            models.Index(
                fields=["tenant", "-priority", "waiting_since", "id"],
                condition=models.Q(status="open", assignee=None),
                name="conv_queued",
            ),
            models.Index(
                fields=["tenant", "-last_message_at", "-id"],
                condition=models.Q(with_bot=True, status__in=["open", "waiting"]),
                name="conv_with_bot",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="closed", closed_at__isnull=False)
                | (~models.Q(status="closed") & models.Q(closed_at__isnull=True)),
                name="conv_closed_has_time",
            )
        ]

    personal_data = ("subject", "preview")
    leg: "Conversation | None" = None  # the merged one by which a message came here; of this object only
    if TYPE_CHECKING:
        messages: RelatedManager[Message]

    def __str__(self) -> str:
        return self.subject or self.preview or str(self.id)

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    @property
    def is_merged(self) -> bool:
        return self.status == self.Status.MERGED

    @property
    def way(self) -> "Conversation":
        """The one whose channel, address and window replies have: itself, or one merged into it."""
        return self.answers_by or self if self.answers_by_id else self


class ConversationLabel(TenantOwned):
    """A label on a conversation."""

    conversation = TenantForeignKey(Conversation, related_name="label_links")
    label = TenantForeignKey("crm.Label", related_name="conversation_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "conversation", "label"], name="conv_label_once")
        ]
        indexes = [models.Index(fields=["tenant", "label", "conversation"], name="conv_label_label")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.label_id}"
