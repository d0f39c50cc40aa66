from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class JourneyQuerySet(TenantQuerySet):
    def kept(self) -> "JourneyQuerySet":
        """Those that nobody has put away."""
        return self.filter(archived_at=None)


class Journey(TenantOwned):
    """Steps that customers go through one by one after something happened, such as a purchase.

    What the steps are stands in its versions; who began with one finishes with it.
    """

    name = models.CharField(_("name"), max_length=100)
    is_on = models.BooleanField(_("on"), default=False)
    recipe = models.CharField(max_length=20, blank=True, help_text="What it was made from.")
    looked_at = models.DateTimeField(
        null=True, blank=True, help_text="Until when a worker has looked for people who enter."
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.of(JourneyQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=models.Q(archived_at=None), name="conv_journey_name"
            )
        ]
        indexes = [models.Index(fields=["tenant", "-id"], name="conv_journey_newest")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


class JourneyVersion(TenantOwned):
    """Who enters, what the steps are, and what ends them, as they were at a time."""

    journey = TenantForeignKey(Journey, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict, help_text="{entry, steps, stops}: conversations/journeys.")
    made_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "journey", "number"], name="conv_journeyversion_once")
        ]

    personal_data = ("made_by_label",)

    def __str__(self) -> str:
        return f"{self.journey_id} {self.number}"


class JourneyPlace(TenantOwned):
    """Where a customer is in a journey. `key` says by what he entered: by the same he never enters twice."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Under way")
        DONE = "done", _("Finished")
        STOPPED = "stopped", _("Stopped")

    journey = TenantForeignKey(Journey, related_name="places")
    version = TenantForeignKey(JourneyVersion, related_name="places")
    customer = TenantForeignKey("crm.Customer", related_name="journeys")
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    step = models.CharField(max_length=60, default="0", help_text="Where he stands: 2, or 2.then.0.")
    reason = models.CharField(max_length=30, blank=True, help_text="Why it stopped.")
    facts = models.JSONField(default=dict, blank=True, help_text="By what he entered, for the texts.")
    trail = models.JSONField(default=list, blank=True, help_text="[{step, at, what}] of what was done.")
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    message = TenantForeignKey(
        "conversations.Message",
        db_on_delete=SET_NULL,
        null=True,
        related_name="+",
        help_text="The last one sent to him here.",
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when he is waited for, where the message asks him something."
    )
    choice = models.CharField(
        max_length=10, blank=True, db_default="", help_text="By which arm he goes on: what he answered."
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "journey", "customer", "key"], name="conv_journeyplace_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "journey", "customer"],
                condition=models.Q(state="waiting"),
                name="conv_journeyplace_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_journeyplace_due",
            ),
            models.Index(fields=["tenant", "journey", "state", "-id"], name="conv_journeyplace_list"),
            models.Index(fields=["tenant", "customer", "-id"], name="conv_journeyplace_customer"),
        ]

    personal_data = ("facts",)

    def __str__(self) -> str:
        return f"{self.state} {self.step}"
