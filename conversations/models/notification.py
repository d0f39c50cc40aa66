from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class NotificationQuerySet(TenantQuerySet):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def newest_first(self) -> "NotificationQuerySet":
        return self.order_by("-id")


class Notification(TenantOwned):
    """Something a member is to know of, once."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("Somebody mentioned me")
        ASSIGNED = "assigned", _("A conversation was given to me")
        ANSWERED = "answered", _("A customer wrote in one of mine")
        SLA = "sla", _("A promised time was missed")
        PROMISE = "promise", _("A promise to a customer is due")
        UNSENT = "unsent", _("A message of mine did not go out")
        RATING = "rating", _("A customer rated us badly")
        CHANNEL = "channel", _("A channel stopped working")
        RULE = "rule", _("A rule wants me to know")
        CAMPAIGN = "campaign", _("A campaign needs a decision")

    membership = TenantForeignKey("tenants.Membership", related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=120, help_text="What it is about: the same twice is one.")
    conversation = TenantForeignKey("conversations.Conversation", null=True, related_name="notifications")
    data = models.JSONField(default=dict, blank=True)
    mail = TenantForeignKey(
        "conversations.NotificationMail", db_on_delete=SET_NULL, null=True, related_name="notifications"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = TenantManager.of(NotificationQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "membership", "key"], name="conv_notification_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "membership", "-id"], name="conv_notification_page"),
            models.Index(
                fields=["tenant", "membership", "conversation", "-id"],
                condition=models.Q(read_at=None),
                name="conv_notification_unread",
            ),
            models.Index(
                fields=["tenant", "mail"],
                condition=models.Q(mail__isnull=False),
                name="conv_notification_mail",
            ),
        ]

    personal_data = ("data",)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class NotificationChoice(TenantOwned):
    """How a member wants to hear of things; a kind that is not named is shown in the page.

    That a campaign was stopped is mailed as well: it may be night.
    """

    class Way(models.TextChoices):
        PAGE = "page", _("In the page")
        MAIL = "mail", _("By mail at once")
        DIGEST = "digest", _("In the digest")
        OFF = "off", _("Not at all")

    class Rhythm(models.TextChoices):
        HOURLY = "hourly", _("Every hour")
        DAILY = "daily", _("Once a day")

    membership = TenantForeignKey("tenants.Membership", related_name="notification_choices")
    ways = models.JSONField(default=dict, blank=True)
    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    hour = models.PositiveSmallIntegerField(_("hour"), default=9)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "membership"], name="conv_notification_choice_once")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.membership_id)

    def way(self, kind: str) -> str:
        """How he hears of a kind."""
        chosen = self.ways.get(kind)
        unchosen = self.Way.MAIL if kind == Notification.Kind.CAMPAIGN else self.Way.PAGE
        return chosen if chosen in self.Way else unchosen


class NotificationMail(TenantOwned):
    """A mail that tells a member what happened: the outbox of notifications, one row a mail."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("at once")
        DIGEST = "digest", _("digest")

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Nothing left to tell")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")

    membership = TenantForeignKey("tenants.Membership", related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    slot = models.CharField(max_length=60, help_text="Which turn it is: the same twice is one mail.")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    calling_at = models.DateTimeField(null=True, blank=True, help_text="Handed to the mail server from here.")
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "membership", "slot"], name="conv_notification_mail_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_notification_mail_due",
            )
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.slot}"
