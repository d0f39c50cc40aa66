from typing import Any, ClassVar

from django.db import models

from conversations.models.slow_run import SlowRun
from tenants.actors import Actor
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class RulesTrialQuerySet(TenantQuerySet):
    def seen_by(self, actor: Actor) -> "RulesTrialQuerySet":
        """A person's own, which hold what he may see; those of keys for keys."""
        return self.filter(membership=actor.membership)


class RulesTrial(SlowRun):
    """What other rules of the bot would have changed in the last 30 days; kept for a day."""

    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    rules = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    harmless = models.CharField(max_length=10)
    turns = models.PositiveIntegerField(default=0, help_text="Times the bot had a conversation.")
    messages = models.PositiveIntegerField(default=0)
    more = models.PositiveIntegerField(default=0, help_text="Would have gone to a person.")
    fewer = models.PositiveIntegerField(default=0, help_text="Would have stayed with the bot.")
    is_whole = models.BooleanField(default=True, help_text="False: only the newest were looked at.")

    objects: ClassVar[Any] = TenantManager.of(RulesTrialQuerySet)

    # Set where the API shows them.
    more_examples: "list[RulesTrialCase]"
    fewer_examples: "list[RulesTrialCase]"

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_rules_trial_newest"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_rules_trial_due",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.state


class RulesTrialCase(TenantOwned):
    """A decision that would have been another. What the customer wrote stays in the message."""

    trial = TenantForeignKey(RulesTrial, related_name="cases")
    decision = TenantForeignKey("conversations.Decision", related_name="+")
    is_more = models.BooleanField(help_text="To a person; false: with the bot instead.")
    rule = models.CharField(max_length=40)
    words = models.CharField(max_length=300, blank=True, help_text="What it would fire on.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "trial", "decision"], name="conv_rules_trial_case")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.rule
