from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Conversation
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet

MOST_MINUTES = 60 * 24 * 365
LIMITS = [MinValueValidator(1), MaxValueValidator(MOST_MINUTES)]


class SlaPolicy(TenantOwned):
    """How soon customers are answered. Of several the first that fits a conversation holds."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    channel_kind = models.CharField(_("channel"), max_length=20, blank=True)
    team = TenantForeignKey(
        "tenants.Team", db_on_delete=SET_NULL, null=True, related_name="+", verbose_name=_("team")
    )
    label = TenantForeignKey(
        "crm.Label", db_on_delete=SET_NULL, null=True, related_name="+", verbose_name=_("label")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), null=True, blank=True, help_text=_("This one or more urgent.")
    )
    narrowed_by = models.CharField(
        max_length=40, blank=True, default="", help_text="What it was narrowed by: team and label may go."
    )
    first_minutes = models.PositiveIntegerField(_("first answer"), null=True, blank=True, validators=LIMITS)
    next_minutes = models.PositiveIntegerField(_("next answers"), null=True, blank=True, validators=LIMITS)
    resolution_minutes = models.PositiveIntegerField(_("closed"), null=True, blank=True, validators=LIMITS)
    around_the_clock = models.BooleanField(
        _("around the clock"), default=False, help_text=_("Otherwise only opening hours count.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["tenant", "position", "id"], name="conv_sla_position")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def priority_name(self) -> str:
        """The priority it holds from, in words."""
        return "" if self.priority is None else str(Conversation.Priority(self.priority).label)

    def minutes_for(self, target: str) -> int | None:
        """How many minutes it gives for a target, None where it promises nothing."""
        minutes: int | None = getattr(self, f"{target}_minutes")
        return minutes


class GoalQuerySet(TenantQuerySet):
    def running(self) -> "GoalQuerySet":
        """Promises that have been neither kept nor given up."""
        return self.filter(settled_at=None)


class Goal(TenantOwned):
    """A promise about one episode: until when, and what became of it. Reports are made of these."""

    class Target(models.TextChoices):
        FIRST = "first", _("First answer")
        NEXT = "next", _("Next answer")
        RESOLUTION = "resolution", _("Resolution")

    conversation = TenantForeignKey("conversations.Conversation", related_name="goals")
    episode = TenantForeignKey("conversations.Episode", related_name="goals")
    policy = TenantForeignKey(SlaPolicy, db_on_delete=SET_NULL, null=True, related_name="goals")
    target = models.CharField(max_length=10, choices=Target)
    minutes = models.PositiveIntegerField()
    around_the_clock = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True, blank=True, help_text="Empty while it is paused.")
    spent = models.PositiveIntegerField(default=0, help_text="Seconds used before it was resumed.")
    due_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True, help_text="When it was due and not kept.")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.of(GoalQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "conversation", "target"],
                condition=models.Q(settled_at=None),
                name="conv_goal_one_running",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "episode"], name="conv_goal_episode"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(settled_at=None, missed_at=None, due_at__isnull=False),
                name="conv_goal_due",
            ),
            models.Index(
                fields=["tenant", "missed_at"],
                condition=models.Q(missed_at__isnull=False),
                name="conv_goal_missed",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.target} {self.due_at}"

    @property
    def state(self) -> str:
        """running, paused, kept or missed."""
        if self.missed_at:
            return "missed"
        if self.settled_at:
            return "kept"
        return "running" if self.resumed_at else "paused"
