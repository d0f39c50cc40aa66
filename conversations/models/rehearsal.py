from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.slow_run import SlowRun
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class RehearsalRun(SlowRun):
    """The last days' messages put to the bot again, as it is and with other answers. Nothing is sent."""

    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    version_ids = ArrayField(models.UUIDField(), help_text="Versions that answer instead of what does now.")
    stamp = models.CharField(max_length=64, help_text="What those versions said when it began.")
    is_narrowed = models.BooleanField(default=False, help_text="Only of conversations its author may see.")
    since = models.DateTimeField()
    found = models.PositiveIntegerField(default=0, help_text="Conversations of those days, before sampling.")
    episode_ids = ArrayField(models.UUIDField(), default=list, help_text="Those that are put to it.")
    place = models.PositiveIntegerField(default=0, help_text="How many of them are done.")
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_rehearsal_newest"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_rehearsal_due",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.state} {self.place}/{len(self.episode_ids)}"

    @property
    def total(self) -> int:
        return len(self.episode_ids)


class RehearsalExample(TenantOwned):
    """A message whose answer would be another. What the customer wrote stays in the message."""

    class Change(models.TextChoices):
        ANSWERED = "answered", _("Would now be answered")
        ESCALATED = "escalated", _("Would now go to a person")
        LOOPED = "looped", _("Would now go in circles")
        SILENCED = "silenced", _("Would no longer be answered")
        OTHER = "other", _("Would get another answer")
        REWORDED = "reworded", _("Would get the same answer in other words")
        ASKED = "asked", _("Would be asked back instead of going to a person")

    run = TenantForeignKey(RehearsalRun, related_name="examples")
    message = TenantForeignKey("conversations.Message", related_name="+")
    change = models.CharField(max_length=10, choices=Change)
    before = models.JSONField(default=dict, blank=True, help_text="{action, question, answer, reason}")
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "message"], name="conv_rehearsed_once")
        ]
        indexes = [models.Index(fields=["tenant", "run", "change", "id"], name="conv_rehearsed_page")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.change} {self.message_id}"
