from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Episode(TenantOwned):
    """From opening to closing: what is measured and rated. A late reply starts the next."""

    class Clock(models.TextChoices):
        """Whose time runs: one at a time, none while it is the customer's turn."""

        BOT = "bot", _("With the bot")
        WAITING = "waiting", _("Waiting for a person")
        HUMAN = "human", _("With a person")

    conversation = TenantForeignKey("conversations.Conversation", related_name="episodes")
    number = models.PositiveIntegerField(_("number"))
    opened_at = models.DateTimeField()
    first_answer_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    reopened_count = models.PositiveIntegerField(default=0)
    clock = models.CharField(max_length=8, choices=Clock, blank=True, default="", db_default="")
    clock_since = models.DateTimeField(null=True, blank=True)
    bot_seconds = models.PositiveIntegerField(default=0, db_default=0, help_text="Opening hours only.")
    waiting_seconds = models.PositiveIntegerField(default=0, db_default=0)
    human_seconds = models.PositiveIntegerField(default=0, db_default=0)
    bot_elapsed = models.PositiveIntegerField(default=0, db_default=0, help_text="By the clock on the wall.")
    waiting_elapsed = models.PositiveIntegerField(default=0, db_default=0)
    human_elapsed = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "conversation", "number"], name="conv_episode_number"),
            models.UniqueConstraint(
                fields=["tenant", "conversation"],
                condition=models.Q(closed_at=None),
                name="conv_episode_one_open",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.conversation_id} #{self.number}"
