from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Bot(TenantOwned):
    """How a business's bot answers: one row of each business that has looked at it; off without one."""

    class Harmless(models.TextChoices):
        """What becomes of a word such as "devolución" in a question about the policy."""

        ANSWER = "answer", _("Answer, with the way to a person")
        HAND_OFF = "hand_off", _("Hand over all the same")

    is_on = models.BooleanField(_("on"), default=False)
    name = models.CharField(_("name"), max_length=40, blank=True, help_text=_("How it introduces itself."))
    channel_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Empty: every channel.")
    harmless = models.CharField(max_length=10, choices=Harmless, default=Harmless.ANSWER)
    words = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text="Own escalation words."
    )
    texts = models.JSONField(default=dict, blank=True, help_text="{language: {key: text}} of its own.")
    rules = models.JSONField(default=dict, blank=True, help_text="{kind: settings}; bot/rules.py says which.")
    balance = models.JSONField(default=dict, blank=True, help_text="{default, rows}; bot/balance.py.")
    teams = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="{category: team} that a hand-over goes to."
    )
    closes_after = models.PositiveSmallIntegerField(
        null=True, blank=True, default=24, db_default=24,
        help_text="Hours after which what has gone quiet with the bot is closed; null is never.",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, help_text="How often it was changed, plus one.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="conv_bot_once")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name or "Bot"


class Turn(TenantOwned):
    """Who may speak in a stretch of a conversation, the bot or a person. The last one holds now."""

    class Holder(models.TextChoices):
        BOT = "bot", _("Bot")
        PERSON = "person", _("Person")

    class Why(models.TextChoices):
        """What gave it to whoever holds it."""

        OPENED = "opened", _("a conversation began")
        GIVEN_BACK = "given_back", _("a person gave it back")
        HANDED_OFF = "handed_off", _("the bot handed over")
        SPOKE = "spoke", _("a person answered")
        PHONE = "phone", _("somebody answered on the business's phone")
        TAKEN = "taken", _("a person took it")
        OFF = "off", _("the bot was switched off")

    conversation = TenantForeignKey("conversations.Conversation", related_name="turns")
    episode = TenantForeignKey("conversations.Episode", related_name="turns")
    holder = models.CharField(max_length=10, choices=Holder)
    why = models.CharField(max_length=12, choices=Why)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    state = models.JSONField(default=dict, blank=True, help_text="What the bot keeps in mind: Dialogue.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="Since when a message waits for the bot.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="At what waits, counted before.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "conversation"],
                condition=models.Q(ended_at=None),
                name="conv_turn_one_open",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "episode", "id"], name="conv_turn_episode"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_turn_due",
            ),
        ]

    personal_data = ("state",)

    def __str__(self) -> str:
        return f"{self.holder} {self.conversation_id}"


class Decision(TenantOwned):
    """What the bot made of one message, with the evidence. One for each message it heard, never two."""

    class Action(models.TextChoices):
        ANSWER = "answer", _("Answered")
        CHOICES = "choices", _("Offered choices")
        ASK = "ask", _("Asked back")
        HAND_OFF = "hand_off", _("Handed over")
        JOINED = "joined", _("Read with the next message")

    class Review(models.TextChoices):
        NONE = "", _("Not in review")
        DUE = "due", _("To be reviewed")
        RIGHT = "right", _("Right")
        WRONG = "wrong", _("Wrong")
        BETTER = "better", _("A better answer was given")

    class Doubt(models.TextChoices):
        """Why somebody should look at it."""

        UNSURE = "unsure", _("The bot was not sure")
        SAMPLE = "sample", _("A sample of the sure ones")
        CONTRADICTED = "contradicted", _("The customer contradicted")

    conversation = TenantForeignKey("conversations.Conversation", related_name="decisions")
    message = TenantForeignKey("conversations.Message", related_name="decisions")
    turn = TenantForeignKey(Turn, related_name="decisions")
    reply = TenantForeignKey("conversations.Message", db_on_delete=SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=10, choices=Action)
    version = TenantForeignKey(
        "conversations.ArticleVersion",
        db_on_delete=SET_NULL,
        null=True,
        related_name="decisions",
        help_text="What it answered with, or thought of.",
    )
    fact = models.CharField(max_length=20, blank=True, help_text="The live fact it answered with.")
    probability = models.FloatField(null=True, blank=True, help_text="Of the answer being right, 0 to 1.")
    language = models.CharField(max_length=5, blank=True)
    category = models.CharField(max_length=10, blank=True)
    urgency = models.CharField(max_length=10, blank=True)
    mood = models.CharField(max_length=10, blank=True)
    rules = models.JSONField(default=list, blank=True, help_text="[{rule, words}] that fired.")
    candidates = models.JSONField(default=list, blank=True, help_text="[{id, probability}], likeliest first.")
    helped = models.BooleanField(null=True, blank=True, help_text="What the customer said of the answer.")
    review = models.CharField(max_length=7, choices=Review, blank=True, default=Review.NONE)
    doubt = models.CharField(max_length=12, choices=Doubt, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "message"], name="conv_decision_once")]
        indexes = [
            models.Index(fields=["tenant", "conversation", "id"], name="conv_decision_of"),
            models.Index(fields=["tenant", "-created_at", "-id"], name="conv_decision_latest"),
            models.Index(
                fields=["tenant", "-created_at", "-id"],
                condition=models.Q(review="due"),
                name="conv_decision_review",
            ),
        ]

    personal_data = ("rules",)

    def __str__(self) -> str:
        return f"{self.action} {self.message_id}"


class Handoff(TenantOwned):
    """The bot passed a conversation to people: what they read first. One for each turn that ended so."""

    conversation = TenantForeignKey("conversations.Conversation", related_name="handoffs")
    episode = TenantForeignKey("conversations.Episode", related_name="handoffs")
    turn = TenantForeignKey(Turn, related_name="handoffs")
    decision = TenantForeignKey(Decision, db_on_delete=SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=20, help_text="bot/reasons.py puts it into a sentence.")
    words = models.CharField(max_length=200, blank=True, help_text="What it was read from.")
    urgency = models.CharField(max_length=10, blank=True)
    mood = models.CharField(max_length=10, blank=True)
    mood_words = models.CharField(max_length=300, blank=True, help_text="The sentence the mood shows in.")
    asked = models.JSONField(default=list, blank=True, help_text="[{question, answer, helped}] in order.")
    facts = models.JSONField(default=dict, blank=True, help_text="What was collected: {key: value}.")
    missing = models.JSONField(default=list, blank=True, help_text="Keys of what is still to be asked.")
    suggestion = models.TextField(blank=True, help_text="A first reply to begin with.")
    promised_at = models.DateTimeField(
        null=True, blank=True, help_text="When the customer was told to wait for."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "turn"], name="conv_handoff_once")]
        indexes = [models.Index(fields=["tenant", "conversation", "-id"], name="conv_handoff_of")]

    personal_data = ("words", "mood_words", "asked", "facts", "suggestion")

    def __str__(self) -> str:
        return f"{self.reason} {self.conversation_id}"


class Promise(TenantOwned):
    """What a customer was told to expect by a moment: it reminds, and escalates when nobody kept it."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("A person answers")
        CALL = "call", _("A call")
        OTHER = "other", _("Something else")

    conversation = TenantForeignKey("conversations.Conversation", related_name="promises")
    customer = TenantForeignKey("crm.Customer", related_name="promises")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    text = models.CharField(_("what was promised"), max_length=200)
    message = TenantForeignKey("conversations.Message", db_on_delete=SET_NULL, null=True, related_name="+")
    owner = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="promises")
    due_at = models.DateTimeField(_("until when"))
    remind_at = models.DateTimeField(null=True, blank=True, help_text="Empty once reminded.")
    escalated_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "due_at", "id"],
                condition=models.Q(kept_at=None, withdrawn_at=None),
                name="conv_promise_open",
            ),
            models.Index(
                fields=["tenant", "-kept_at", "-id"],
                condition=models.Q(kept_at__isnull=False),
                name="conv_promise_kept",
            ),
            models.Index(
                fields=["tenant", "remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="conv_promise_remind",
            ),
            models.Index(fields=["tenant", "conversation", "-id"], name="conv_promise_of"),
            models.Index(fields=["tenant", "customer", "-id"], name="conv_promise_customer"),
        ]

    personal_data = ("text",)

    def __str__(self) -> str:
        return self.text
