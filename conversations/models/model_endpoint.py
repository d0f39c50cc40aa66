from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.kit.secrets import EncryptedJSONField
from tenants.scoping import TenantOwned

MILLION = 1_000_000
CENT = Decimal("0.000001")
"""What a call costs is counted to this part of the currency."""


class Use(models.TextChoices):
    """What a language model may be asked for."""

    DRAFT = "draft", _("Draft of an answer")
    REPHRASE = "rephrase", _("Other wording")
    SUMMARY = "summary", _("Summary for colleagues")
    RANK = "rank", _("Order of the answers the bot thinks of")


class ModelEndpoint(TenantOwned):
    """A language model that a business plugged in: any server that speaks OpenAI's chat completions.

    `secrets` is encrypted and write-only. Off without a row.
    """

    is_on = models.BooleanField(_("on"), default=True)
    base_url = models.CharField(
        _("address"), max_length=300, help_text=_("Up to /v1, as the provider's documentation shows it.")
    )
    model = models.CharField(_("model"), max_length=120, help_text=_("Its name, as the provider writes it."))
    secrets: Any = EncryptedJSONField(default=dict, blank=True)
    uses = ArrayField(
        models.CharField(max_length=10, choices=Use),
        default=list,
        blank=True,
        verbose_name=_("what it may be used for"),
    )
    seconds = models.PositiveSmallIntegerField(
        _("seconds to wait"), default=30, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    per_minute = models.PositiveSmallIntegerField(
        _("calls a minute"), default=20, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    most_input = models.PositiveIntegerField(
        _("tokens it reads at most"),
        default=4_000,
        validators=[MinValueValidator(500), MaxValueValidator(100_000)],
    )
    most_output = models.PositiveIntegerField(
        _("tokens it writes at most"),
        default=400,
        validators=[MinValueValidator(16), MaxValueValidator(8_000)],
        help_text=_("Models that think before they answer need 2,000 and more."),
    )
    budget = models.DecimalField(
        _("budget of a month"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(10),
        validators=[MinValueValidator(0)],
    )
    price_input = models.DecimalField(
        _("price of a million tokens read"),
        max_digits=12,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    price_output = models.DecimalField(
        _("price of a million tokens written"),
        max_digits=12,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    limit_name = models.CharField(
        max_length=30, default="max_tokens", help_text="How this server calls the limit of what is written."
    )
    spent_up_on = models.DateField(null=True, blank=True, help_text="The month whose budget is used up.")
    paused_until = models.DateTimeField(null=True, blank=True, help_text="It is not called before.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="One after the other.")
    checking_since = models.DateTimeField(null=True, blank=True, help_text="A test is on its way.")
    checked_at = models.DateTimeField(null=True, blank=True)
    check_outcome = models.CharField(
        max_length=12, blank=True, help_text="Of the last test: ModelCall.Outcome."
    )
    check_said = models.CharField(max_length=300, blank=True, help_text="What the server said to it.")
    version = models.PositiveIntegerField(default=1, help_text="How often it was changed, plus one.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="conv_model_once")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.model

    @property
    def has_key(self) -> bool:
        """Whether a key is kept; what it is, nobody is told."""
        return bool(self.secrets.get("key"))

    def price(self, read: int, written: int) -> Decimal:
        """What so many tokens cost, rounded up."""
        cost = (read * self.price_input + written * self.price_output) / MILLION
        return cost.quantize(CENT, rounding="ROUND_UP")


class ModelUsage(TenantOwned):
    """What a business's model was asked for in a month, by use; `check` counts tests of the connection."""

    month = models.DateField(help_text="Its first day, in the business's zone.")
    use = models.CharField(max_length=10)
    calls = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0, help_text="Of them: what it said was good enough.")
    failed = models.PositiveIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0, help_text="Tokens.")
    written = models.PositiveBigIntegerField(default=0, help_text="Tokens.")
    cost = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month", "use"], name="conv_modelusage_once")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.month} {self.use}"


class ModelCall(TenantOwned):
    """One call of the model: what it took and what became of it. No text is kept."""

    class Outcome(models.TextChoices):
        """What became of a call. Before it comes back it is `waiting`, then `calling`."""

        WAITING = "waiting", _("Waiting")
        CALLING = "calling", _("Being asked")
        USED = "used", _("Good")
        WARNED = "warned", _("Shown with a warning")
        DROPPED = "dropped", _("Not used: it said what it may not")
        DECLINED = "declined", _("The model declined")
        SLOW = "slow", _("No answer in time")
        THROTTLED = "throttled", _("The provider asked to slow down")
        QUOTA = "quota", _("The provider's quota is used up")
        KEY = "key", _("The provider does not accept the key")
        UNKNOWN = "unknown", _("The provider does not know the model or the address")
        REJECTED = "rejected", _("The provider rejected the request")
        BROKEN = "broken", _("The provider failed")
        NONSENSE = "nonsense", _("The answer cannot be read")
        UNREACHED = "unreached", _("Nobody answers at the address")
        REFUSED = "refused", _("The address may not be called")
        BUDGET = "budget", _("The month's budget is used up")
        LIMIT = "limit", _("Too many calls in a minute")
        PAUSED = "paused", _("Paused after failures")
        OFF = "off", _("Off")

    use = models.CharField(max_length=10)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    conversation = TenantForeignKey(
        "conversations.Conversation", db_on_delete=SET_NULL, null=True, related_name="model_calls"
    )
    membership = TenantForeignKey(
        "tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="model_calls"
    )
    model = models.CharField(max_length=120, blank=True)
    read = models.PositiveIntegerField(default=0, help_text="Tokens; the most it may be while it is called.")
    written = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))
    currency = models.CharField(max_length=3, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    faults = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="Kinds of bot/guards.py."
    )
    created_at = models.DateTimeField(default=timezone.now)

    OPEN: ClassVar = (Outcome.WAITING, Outcome.CALLING)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-created_at", "-id"], name="conv_modelcall_latest"),
            models.Index(
                fields=["tenant", "conversation"],
                condition=models.Q(conversation__isnull=False),
                name="conv_modelcall_of",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.use} {self.outcome}"

    @property
    def is_open(self) -> bool:
        """Whether it has not come back yet."""
        return self.outcome in self.OPEN
