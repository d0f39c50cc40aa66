"""The bot: its settings, rules and balance, what it would do with a text, and what it decided."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import bot_numbers, trials
from conversations import bot_sentences as sentences
from conversations.actions import bot_content, bots, rules_trials
from conversations.actions.turns import CHATS
from conversations.bot import balance as balances
from conversations.bot import reasons, says
from conversations.bot.balance import Balance, Mode
from conversations.bot.rules import Rules
from conversations.models import Bot, Category, Conversation, Decision, RulesTrial
from crm import queries as crm
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, TenantViewSet
from tenants.permissions import Permission, Sees
from tenants.queries import own

READ, SET = Permission.CONVERSATIONS_READ, Permission.SETTINGS_WRITE
LONGEST = 4_000
CLOSES = "Hours after which a conversation that has gone quiet with the bot is closed; null is never."
MODES = [mode.value for mode in Mode]


@extend_schema_field({"type": "object"})
class Settings(serializers.JSONField):
    """An object whose keys docs/bot.md lists."""


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Sentences(serializers.DictField):
    """Each rule that is on, as people read it."""


@extend_schema_field({
    "type": "object",
    "properties": {
        category: {"type": ["string", "null"], "format": "uuid"} for category in Category.values
    },
    "additionalProperties": False,
})  # fmt: skip
class Teams(serializers.JSONField):
    """A team or null for each category."""


class BotOut(Lean):
    """The bot's settings."""

    is_on = serializers.BooleanField()
    name = serializers.CharField()
    channel_ids = serializers.ListField(child=serializers.UUIDField(), help_text="Empty: every chat channel.")
    harmless = serializers.ChoiceField(choices=Bot.Harmless.choices)
    words = serializers.ListField(child=serializers.CharField(), help_text="Own escalation words.")
    texts = Settings(help_text='{"es": {"hello": ["…"]}}: own wordings; what is not there is ours.')
    rules = Settings(help_text="When a person comes first; null or an empty list switches a rule off.")
    sentences = Sentences()
    balance = Settings(help_text='{"default": "automation", "rows": [{"stage": …, "mode": …}]}.')
    teams = Teams(help_text="The team that a hand-over goes to, by category; null is none.")
    closes_after = serializers.IntegerField(allow_null=True, help_text=CLOSES)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)


class BotIn(Body):
    """What to change; what is not given stays."""

    is_on = serializers.BooleanField(required=False)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    channel_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=100)
    harmless = serializers.ChoiceField(choices=Bot.Harmless.choices, required=False)
    words = serializers.ListField(
        child=serializers.CharField(max_length=200, allow_blank=True), required=False, max_length=200
    )
    texts = Settings(required=False, help_text="An empty list of wordings brings ours back.")
    rules = Settings(required=False)
    balance = Settings(required=False, help_text="Rows are given all together.")
    teams = Teams(required=False, help_text="By category; null takes the team away, what is left out stays.")
    closes_after = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=bot_content.MOST_HOURS, help_text=CLOSES
    )
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2_000_000_000, help_text="409 when it is another by now."
    )


class DecisionIn(Body):
    """What somebody writes."""

    text = serializers.CharField(max_length=LONGEST)
    customer_id = serializers.UUIDField(required=False, allow_null=True)
    conversation_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="As the next message in it."
    )
    channel_kind = serializers.ChoiceField(
        choices=sorted(CHATS), required=False, help_text="Without a conversation; web when not given."
    )


class FiredOut(Lean):
    """A rule that fired."""

    rule = serializers.CharField()
    words = serializers.CharField(help_text="What it fired on.")


class OfferedOut(Lean):
    """An answer that may be meant."""

    id = serializers.CharField(help_text="The article's, or fact: and its kind.")
    question = serializers.CharField()
    probability = serializers.FloatField()


class BotTrialOut(Lean):
    """What the bot would do."""

    action = serializers.ChoiceField(choices=["answer", "choices", "ask", "hand_off"])
    answer = OfferedOut(allow_null=True)
    text = serializers.CharField(help_text="Of the answer, word for word; empty for other actions.")
    choices = OfferedOut(many=True)
    probability = serializers.FloatField(allow_null=True, help_text="Of the answer being right.")
    language = serializers.CharField()
    category = serializers.CharField()
    urgency = serializers.CharField()
    mood = serializers.CharField(help_text="Empty where it is not sure.")
    rules = FiredOut(many=True)
    reason = serializers.CharField(help_text="Of a hand-off.")
    sentence = serializers.SerializerMethodField(help_text="The reason in words.")
    mode = serializers.ChoiceField(choices=MODES, help_text="What the balance says.")
    is_on = serializers.BooleanField(help_text="Whether the bot is on; the rest holds as if it were.")

    def get_sentence(self, trial: Any) -> str:
        return str(reasons.SENTENCES.get(trial.reason, ""))


class DecisionOut(Lean):
    """What the bot made of one message."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    reply_id = serializers.UUIDField(allow_null=True)
    action = serializers.ChoiceField(choices=Decision.Action.choices)
    article_id = serializers.SerializerMethodField()
    fact = serializers.CharField(help_text="The live fact it answered with.")
    probability = serializers.FloatField(allow_null=True)
    language = serializers.CharField()
    category = serializers.CharField()
    urgency = serializers.CharField()
    mood = serializers.CharField()
    rules = FiredOut(many=True)
    helped = serializers.BooleanField(allow_null=True, help_text="What the customer said of the answer.")
    review = serializers.ChoiceField(choices=Decision.Review.choices)
    doubt = serializers.ChoiceField(choices=Decision.Doubt.choices, allow_blank=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_article_id(self, decision: Decision) -> UUID | None:
        return decision.version.article_id if decision.version else None


class DryRunIn(Body):
    """Rules to try; what is not given stays as it is set."""

    rules = Settings(required=False)
    words = serializers.ListField(
        child=serializers.CharField(max_length=200, allow_blank=True), required=False, max_length=200
    )
    harmless = serializers.ChoiceField(choices=Bot.Harmless.choices, required=False)


class TrialCaseOut(Lean):
    """A conversation that would have gone another way."""

    conversation_id = serializers.UUIDField(source="decision.conversation_id")
    text = serializers.CharField(source="decision.message.text")
    rule = serializers.CharField()
    words = serializers.CharField()
    at = serializers.DateTimeField(source="decision.created_at")


class RulesTrialOut(Lean):
    """What other rules would have changed in the last 30 days; kept for a day."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=RulesTrial.State.choices)
    turns = serializers.IntegerField(help_text="Times the bot had a conversation.")
    messages = serializers.IntegerField()
    more = serializers.IntegerField(help_text="Would have gone to a person.")
    fewer = serializers.IntegerField(help_text="Would have stayed with the bot.")
    more_examples = TrialCaseOut(many=True)
    fewer_examples = TrialCaseOut(many=True)
    is_whole = serializers.BooleanField(help_text="False: only the newest were looked at.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class AdviceOut(Lean):
    """A line of the balance that the business's numbers speak for."""

    category = serializers.ChoiceField(choices=Category.choices)
    mode = serializers.ChoiceField(choices=MODES)
    why = serializers.CharField()


class AdvicesOut(serializers.Serializer[Any]):
    """What the numbers speak for; empty where they are too few or agree."""

    data = AdviceOut(many=True)  # type: ignore[assignment]


def shown(bot: Bot) -> dict[str, Any]:
    """What `BotOut` takes of the settings."""
    rules = Rules.of(bot.rules)
    return {
        **bots.settings_of(bot),
        "texts": {language: bot.texts.get(language, {}) for language in says.LANGUAGES},
        "rules": rules.kept(),
        "sentences": sentences.rules_in_words(rules, own().currency),
        "balance": Balance.of(bot.balance).kept(),
        "teams": dict.fromkeys(Category.values) | bot_content.teams_of(bot),
        "version": bot.version,
        "updated_at": bot.updated_at,
    }


class BotViewSet(TenantViewSet):
    """The bot of the business."""

    serializer_class = BotOut
    required_scopes = {"GET": READ, "PATCH": SET, "POST": SET}

    def get_queryset(self) -> QuerySet[Bot]:
        return Bot.objects.all()

    def retrieve(self, request: Request) -> Response:
        """Its settings, rules and balance."""
        return self.answer(shown(Bot.objects.first() or Bot()))

    @extend_schema(request=BotIn, responses=BotOut)
    def partial_update(self, request: Request) -> Response:
        """Change some of them. Switched off, what it holds goes to people at once."""
        given = self.body(BotIn)
        seen = given.pop("version", None)
        return self.answer(shown(bots.save_bot(by=self.actor, seen=seen, **given).bot))

    @extend_schema(responses=AdvicesOut)
    def advice(self, request: Request) -> Response:
        """What the business's own numbers say of its balance."""
        bot = Bot.objects.first() or Bot()
        names = dict(Category.choices)
        found = balances.advise(bot_numbers.by_category(), Balance.of(bot.balance))
        rows = [
            {
                "category": one.row.category,
                "mode": one.row.mode.value,
                "why": sentences.advice(one, str(names.get(one.row.category, one.row.category))),
            }
            for one in found
        ]
        return Response({"data": AdviceOut(rows, many=True).data})


class RulesTrialViewSet(TenantViewSet):
    """Other rules, tried on what was. Nothing is changed."""

    serializer_class = RulesTrialOut
    required_scopes = {"GET": SET, "POST": SET}

    def get_queryset(self) -> QuerySet[RulesTrial]:
        found: QuerySet[RulesTrial] = RulesTrial.objects.seen_by(self.actor)
        return found

    @extend_schema(request=DryRunIn, responses={202: RulesTrialOut})
    def create(self, request: Request) -> Response:
        """Let a worker try them; ask for it until `state` is done or failed."""
        return self._said(rules_trials.begin(by=self.actor, **self.body(DryRunIn)), 202)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """How far it is, and what would have been."""
        return self._said(self.find(pk))

    def _said(self, trial: RulesTrial, status: int = 200) -> Response:
        cases = rules_trials.cases(trial, self.actor)
        trial.more_examples = [one for one in cases if one.is_more]
        trial.fewer_examples = [one for one in cases if not one.is_more]
        return self.answer(trial, status)


class DecisionFilter(filters.FilterSet):
    """Decisions by what became of them."""

    action = filters.ChoiceFilter(choices=Decision.Action.choices)
    category = filters.ChoiceFilter(choices=Category.choices)
    language = filters.ChoiceFilter(choices=[(code, code) for code in says.LANGUAGES])
    review = filters.ChoiceFilter(choices=[one for one in Decision.Review.choices if one[0]])
    doubt = filters.ChoiceFilter(choices=Decision.Doubt.choices)
    helped = filters.BooleanFilter()
    conversation = filters.UUIDFilter(field_name="conversation_id")

    class Meta:
        model = Decision
        fields: list[str] = []


class DecisionViewSet(Listing, TenantViewSet):
    """What the bot decided, and what it would decide."""

    serializer_class = DecisionOut
    filterset_class = DecisionFilter
    required_scopes = {"GET": READ, "POST": READ}
    ordering = ("-created_at", "-id")

    def get_serializer_class(self) -> type[Lean]:
        return BotTrialOut if self.request.method == "POST" else DecisionOut

    def get_queryset(self) -> QuerySet[Decision]:
        found: QuerySet[Decision] = Decision.objects.select_related("version")
        if self.actor.sees != Sees.ALL:
            seen = Conversation.objects.visible_to(self.actor)
            found = found.filter(conversation__in=seen.values("pk"))
        return found

    @extend_schema(request=DecisionIn, responses=BotTrialOut)
    def create(self, request: Request) -> Response:
        """What the bot would do with a text. Nothing is sent, nothing is written.

        A worker says it, within five seconds; else 503 with Retry-After.
        """
        given = self.body(DecisionIn)
        customer = conversation = None
        if given.get("conversation_id"):
            seen = Conversation.objects.visible_to(self.actor).select_related("customer", "channel")
            conversation = self.find(given["conversation_id"], seen)
        if given.get("customer_id"):
            customer = crm.customer_or_404(given["customer_id"], self.actor)
        if conversation and customer and conversation.customer_id != customer.pk:
            raise bots.InvalidBot(_("The conversation is another customer's."), "customer_id")
        trial = trials.try_out(
            given["text"],
            customer=customer,
            conversation=conversation,
            channel_kind=given.get("channel_kind", "web"),
        )
        return self.answer(trial, shape=BotTrialOut)
