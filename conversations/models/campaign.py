from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Purpose
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class CampaignQuerySet(TenantQuerySet):
    def live(self) -> "CampaignQuerySet":
        """Those that a worker carries on with."""
        return self.filter(state__in=[Campaign.State.SCHEDULED, Campaign.State.SENDING])


class Campaign(TenantOwned):
    """One thing said to many: to whom, what, when, and how far it is.

    draft → waiting (for a second person) → scheduled → sending → done; paused by a person or by the brake;
    overdue where its start passed unseen: its owner is asked first. Who gets it stands in its recipients,
    frozen when it starts.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waits for approval")
        SCHEDULED = "scheduled", _("Scheduled")
        OVERDUE = "overdue", _("Missed its start")
        SENDING = "sending", _("Sending")
        PAUSED = "paused", _("Paused")
        DONE = "done", pgettext_lazy("campaign", "Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Test(models.TextChoices):
        NONE = "", _("No test")
        CONTENT = "content", _("What it says")
        HOUR = "hour", _("At what hour")
        CHANNEL = "channel", _("On which channel")

    class Braked(models.TextChoices):
        """Why a campaign stands still."""

        BY_HAND = "by_hand", _("A colleague paused it")
        OPT_OUTS = "opt_outs", _("Too many unsubscribed")
        COMPLAINTS = "complaints", _("Too many reported it as spam")
        BOUNCES = "bounces", _("Too many came back")
        WISHES = "wishes", _("Too many asked for a person")
        AWAY = "away", _("Puente stood still for more than an hour")
        CHANNEL = "channel", _("The channel does not work")
        SEGMENT = "segment", _("A segment it uses is gone")
        AUDIENCE = "audience", _("Nobody is in its audience")
        TEMPLATE = "template", _("A template it uses is missing or not whole")
        HOURS = "hours", _("There is no hour at which it may go out")
        RESTORED = "restored", _("A backup was restored")

    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("what for"), max_length=20, choices=Purpose, default=Purpose.PROMOTION)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    include = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Segments, any of them.")
    exclude = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Segments, none of them.")
    channels = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="The first that reaches somebody is taken."
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    in_their_zone = models.BooleanField(
        _("at this hour where they live"), default=True, help_text="Else at one moment for all."
    )
    per_minute = models.PositiveIntegerField(_("at most a minute"), null=True, blank=True)
    test = models.CharField(_("test"), max_length=10, choices=Test, blank=True, default=Test.NONE)
    test_percent = models.PositiveSmallIntegerField(
        default=20, validators=[MaxValueValidator(100)], help_text="Of all, who get it before one has won."
    )
    winner = models.CharField(max_length=1, blank=True, help_text="The letter that the rest gets.")
    won_by = models.JSONField(
        default=dict, blank=True, db_default={}, help_text="How it won: what was counted, and the numbers."
    )
    hold_out_percent = models.PositiveSmallIntegerField(
        _("hold back (%)"), default=0, validators=[MaxValueValidator(50)]
    )
    asked_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    approved_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    braked = models.CharField(max_length=10, choices=Braked, blank=True)
    braked_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True, help_text="The brake counts from then on.")
    canary_passed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When a worker looks at it again.")
    made_by_label = models.CharField(max_length=150, blank=True)
    unreachable_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when a mail server of it takes nothing; null while one does."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = TenantManager.of(CampaignQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_campaign_newest"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_campaign_due",
            ),
        ]

    personal_data = ("made_by_label",)

    def __str__(self) -> str:
        return self.name


class Variant(TenantOwned):
    """What part of a campaign's people get: one, A, without a test; with the version it was frozen with."""

    campaign = TenantForeignKey(Campaign, related_name="variants")
    letter = models.CharField(max_length=1, default="A")
    template = TenantForeignKey("conversations.MessageTemplate", related_name="+")
    version = TenantForeignKey(
        "conversations.MessageTemplateVersion", db_on_delete=SET_NULL, null=True, related_name="+"
    )
    hour = models.TimeField(null=True, blank=True, help_text="Where the hour is tested.")
    channel = TenantForeignKey("conversations.Channel", db_on_delete=SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "campaign", "letter"], name="conv_variant_once")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.letter
