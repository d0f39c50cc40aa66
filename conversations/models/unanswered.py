from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.slow_run import SlowRun
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class UnansweredRun(SlowRun):
    """What the bot could not answer in the last days, gathered by meaning."""

    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    days = models.PositiveSmallIntegerField(default=30)
    found = models.PositiveIntegerField(default=0, help_text="Messages of those days, before sampling.")
    read = models.PositiveIntegerField(default=0, help_text="Messages that were compared.")
    singles = models.PositiveIntegerField(default=0, help_text="Questions that nobody else asked.")
    by_words = models.BooleanField(default=False, help_text="Compared by words, for want of the encoder.")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_unanswered_newest"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_unanswered_due",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.state} {self.days}"


class UnansweredGroup(TenantOwned):
    """Messages that ask the same. What customers wrote, and colleagues answered, stays in the messages."""

    class Settled(models.TextChoices):
        NO = "", _("Open")
        DRAFTED = "drafted", _("An answer was drafted")
        DISMISSED = "dismissed", _("Left to people")

    run = TenantForeignKey(UnansweredRun, related_name="groups")
    place = models.PositiveIntegerField(help_text="0 is the largest.")
    count = models.PositiveIntegerField(help_text="How often it was asked.")
    people = models.PositiveIntegerField(help_text="By how many customers.")
    language = models.CharField(max_length=5, blank=True)
    category = models.CharField(max_length=10, blank=True)
    reply = TenantForeignKey(
        "conversations.Message",
        db_on_delete=SET_NULL,
        null=True,
        related_name="+",
        help_text="What a colleague answered: the most typical of all.",
    )
    settled = models.CharField(max_length=10, choices=Settled, blank=True, default=Settled.NO)
    settled_at = models.DateTimeField(null=True, blank=True)
    article = TenantForeignKey("conversations.Article", db_on_delete=SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "run", "place"], name="conv_group_place")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place} {self.count}"


class UnansweredMessage(TenantOwned):
    """A message in a group, the most typical first."""

    group = TenantForeignKey(UnansweredGroup, related_name="members")
    message = TenantForeignKey("conversations.Message", related_name="+")
    place = models.PositiveIntegerField(help_text="0 is the most typical.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "group", "message"], name="conv_grouped_once")
        ]
        indexes = [models.Index(fields=["tenant", "group", "place"], name="conv_grouped_page")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.message_id)
