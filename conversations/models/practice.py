from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Mood(models.TextChoices):
    """How a simulated customer feels when he begins."""

    CALM = "calm", _("Calm")
    CONFUSED = "confused", _("Confused")
    HURRIED = "hurried", _("In a hurry")
    ANGRY = "angry", pgettext_lazy("a customer", "Angry")


class PracticeRun(TenantOwned):
    """A member answers a customer who does not exist. Nothing that counts, searches or reports sees it."""

    membership = TenantForeignKey("tenants.Membership", related_name="practice_runs")
    language = models.CharField(max_length=5)
    mood = models.CharField(max_length=10, choices=Mood)
    customer = models.CharField(max_length=60, help_text="An invented name.")
    scenario: Any = models.JSONField(
        default=dict, help_text="practice/scenarios.py: what the customer wants."
    )
    state: Any = models.JSONField(
        default=dict, blank=True, help_text="practice/customers.py: how he feels now."
    )
    feedback: Any = models.JSONField(default=dict, blank=True, help_text="practice/feedback.py, at the end.")
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 100, once it ended.")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "membership", "-started_at", "-id"], name="conv_practice_own"),
            models.Index(fields=["tenant", "-started_at", "-id"], name="conv_practice_latest"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.customer} {self.mood}"


class PracticeTurn(TenantOwned):
    """What one of the two said."""

    class Speaker(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        AGENT = "agent", _("Agent")

    run = TenantForeignKey(PracticeRun, related_name="turns")
    number = models.PositiveSmallIntegerField()
    speaker = models.CharField(max_length=10, choices=Speaker)
    text = models.TextField(max_length=4_000)
    notes: Any = models.JSONField(
        default=dict, blank=True, help_text="practice/judging.py: what was seen in an agent's."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "number"], name="conv_practiceturn_once")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.number} {self.speaker}"
