from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class PastReply(TenantOwned):
    """What a colleague answered once, without what tells who was meant: proposed to the like question.

    Goes with the message it is taken from. A business keeps the newest ones only.
    """

    message = TenantForeignKey("conversations.Message", related_name="past_replies")
    question = models.CharField(max_length=400)
    reply = models.TextField()
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "message"], name="conv_past_reply_once")]
        indexes = [models.Index(fields=["tenant", "language", "-id"], name="conv_past_reply_newest")]

    personal_data = ("question", "reply")

    def __str__(self) -> str:
        return self.question[:60]


class Suggestion(TenantOwned):
    """A reply proposed to whoever answers a message, and what became of it. Nothing is sent by itself."""

    class Source(models.TextChoices):
        ANSWER = "answer", _("Answer")
        FACT = "fact", _("Live fact")
        PAST = "past", _("Past reply")

    class Outcome(models.TextChoices):
        OPEN = "", _("Open")
        ACCEPTED = "accepted", _("Sent as it was")
        EDITED = "edited", _("Sent with changes")
        REJECTED = "rejected", _("Not used")

    conversation = TenantForeignKey("conversations.Conversation", related_name="suggestions")
    message = TenantForeignKey("conversations.Message", related_name="suggestions")
    rank = models.PositiveSmallIntegerField(help_text="1 is the first.")
    source = models.CharField(max_length=6, choices=Source)
    version = TenantForeignKey(
        "conversations.ArticleVersion", db_on_delete=SET_NULL, null=True, related_name="suggestions"
    )
    past = TenantForeignKey(PastReply, db_on_delete=SET_NULL, null=True, related_name="suggestions")
    fact = models.CharField(max_length=20, blank=True, help_text="Which live fact.")
    text = models.TextField(blank=True, help_text="Empty once it is settled.")
    likeness = models.FloatField(help_text="That it answers the message, 0 to 1.")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default=Outcome.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "message", "rank"], name="conv_suggestion_once")
        ]
        indexes = [
            models.Index(
                fields=["tenant", "conversation", "rank"],
                condition=models.Q(outcome=""),
                name="conv_suggestion_open",
            ),
            models.Index(
                fields=["tenant", "version", "outcome"],
                condition=models.Q(version__isnull=False),
                name="conv_suggestion_answer",
            ),
            models.Index(
                fields=["tenant", "past", "outcome"],
                condition=models.Q(past__isnull=False),
                name="conv_suggestion_past",
            ),
        ]

    personal_data = ("text",)

    def __str__(self) -> str:
        return f"{self.source} {self.rank}"
