from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Trigger(models.TextChoices):
    """What sets rules off."""

    RECEIVED = "received", _("a customer writes")
    OPENED = "opened", _("a conversation begins")
    REOPENED = "reopened", _("a conversation is reopened")
    CLOSED = "closed", _("a conversation is closed")
    ASSIGNED = "assigned", _("a conversation is assigned")
    LABELLED = "labelled", _("a label is added")
    WAITED = "waited", _("a customer has waited")
    RATED = "rated", _("a customer rates us")
    SLA = "sla", _("a promised time is missed")


class Rule(TenantOwned):
    """When … and … then …: what happens by itself."""

    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("on"), default=True)
    position = models.PositiveIntegerField(default=0)
    trigger = models.CharField(max_length=10, choices=Trigger)
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="How long a customer has waited.")
    definition = models.JSONField(default=dict, help_text="version, when, if, then, stop")
    version = models.PositiveIntegerField(default=1, help_text="How often it was changed, plus one.")
    activated_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["tenant", "is_active", "trigger"], name="conv_rule_trigger"),
            models.Index(
                fields=["tenant", "minutes"],
                condition=models.Q(is_active=True, minutes__isnull=False),
                name="conv_rule_waited",
            ),
        ]

    personal_data = ("definition",)

    def __str__(self) -> str:
        return self.name


class RuleEvent(TenantOwned):
    """Something that happened and sets rules off: the inbox of the rules, one row an event."""

    trigger = models.CharField(max_length=10, choices=Trigger)
    key = models.CharField(max_length=150, help_text="What it is: the same twice is one.")
    conversation = TenantForeignKey("conversations.Conversation", related_name="+")
    message = TenantForeignKey("conversations.Message", null=True, related_name="+")
    data = models.JSONField(default=dict, blank=True)
    depth = models.PositiveSmallIntegerField(default=0, help_text="1 when a rule brought it about.")
    happened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="conv_rule_event_once")]
        indexes = [
            models.Index(
                fields=["tenant", "due_at", "id"],
                condition=models.Q(due_at__isnull=False),
                name="conv_rule_event_due",
            ),
            models.Index(fields=["tenant", "happened_at"], name="conv_rule_event_old"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.trigger} {self.key}"


class RuleRun(TenantOwned):
    """What a rule did when an event came, or why it did nothing."""

    class Outcome(models.TextChoices):
        ACTED = "acted", _("Acted")
        SKIPPED = "skipped", _("Did not apply")
        BROKEN = "broken", _("Names something deleted")
        REFUSED = "refused", _("Could not")

    rule = TenantForeignKey(Rule, related_name="runs")
    event = TenantForeignKey(RuleEvent, related_name="runs")
    conversation = TenantForeignKey("conversations.Conversation", related_name="rule_runs")
    rule_version = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=10, choices=Outcome)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "event", "rule"], name="conv_rule_run_once")]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_rule_run_page"),
            models.Index(fields=["tenant", "rule", "-id"], name="conv_rule_run_rule"),
            models.Index(fields=["tenant", "conversation", "-id"], name="conv_rule_run_conv"),
        ]

    personal_data = ("data",)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.outcome}"
