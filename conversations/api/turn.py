"""Who speaks with the customer, the bot or a person, and what the bot handed over."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import turns
from conversations.actions.turn_taking import give_back, take_over
from conversations.api.viewsets import OfConversation
from conversations.bot.reasons import SENTENCES
from conversations.models import Conversation, Handoff, Turn
from conversations.workspace.handoff_card import missing_of
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing

Holder = Turn.Holder


class TurnOut(Lean):
    """Who speaks now."""

    holder = serializers.ChoiceField(choices=Holder.choices)
    why = serializers.CharField(
        help_text="What gave it to the holder: opened, given_back, handed_off, spoke, phone, taken, off; "
        "empty where there never was a bot."
    )
    since = serializers.DateTimeField(allow_null=True)
    can_give_back = serializers.BooleanField(help_text="Whether a bot would go on where a person speaks.")


class TurnIn(Body):
    """Who is to speak from here on."""

    holder = serializers.ChoiceField(choices=Holder.choices)


class TurnViewSet(OfConversation):
    """The turn of a conversation. Any message of a person takes it from the bot by itself."""

    serializer_class = TurnOut

    def retrieve(self, request: Request, conversation_id: UUID) -> Response:
        """Who speaks now."""
        return self._said(self.conversation())

    @extend_schema(request=TurnIn, responses=TurnOut)
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Take it from the bot, or give it back: the bot answers from the next message on.

        What it has not sent yet is withdrawn when it is taken. 422 where no bot answers on the channel.
        """
        conversation, holder = self.conversation(), self.body(TurnIn)["holder"]
        act = give_back if holder == Holder.BOT else take_over
        return self._said(act(conversation=conversation, by=self.actor))

    def _said(self, conversation: Conversation) -> Response:
        turn = turns.open_turn(conversation)
        can = not conversation.with_bot and not conversation.is_closed
        return self.answer(
            {
                "holder": Holder.BOT if conversation.with_bot else Holder.PERSON,
                "why": turn.why if turn else "",
                "since": turn.started_at if turn else None,
                "can_give_back": can and turns.bot_of(conversation.way.channel) is not None,
            }
        )


class AskedOut(Lean):
    """What the customer asked, and what the bot did about it."""

    question = serializers.CharField()
    answer = serializers.CharField(help_text="Empty where it only asked back or offered choices.")
    did = serializers.CharField(help_text="answer, choices or ask.")
    helped = serializers.BooleanField(allow_null=True, help_text="What the customer said of it.")


class HandoffOut(Lean):
    """What the bot handed over to people."""

    id = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=sorted(SENTENCES))
    sentence = serializers.SerializerMethodField(help_text="The reason in one line.")
    words = serializers.CharField(help_text="What it was read from.")
    urgency = serializers.CharField()
    mood = serializers.CharField(help_text="Empty where it is not sure.")
    mood_words = serializers.CharField(help_text="The sentence the mood shows in.")
    asked = serializers.SerializerMethodField()
    facts = serializers.DictField(child=serializers.CharField(), help_text="What the customer told it.")
    missing = serializers.SerializerMethodField(help_text="Keys of what is still to be asked.")
    suggestion = serializers.CharField(help_text="A first reply to begin with.")
    promised_at = serializers.DateTimeField(
        allow_null=True, help_text="Until when the customer was told to wait."
    )
    created_at = serializers.DateTimeField()

    def get_sentence(self, handoff: Handoff) -> str:
        return str(SENTENCES.get(handoff.reason, SENTENCES["broken"]))

    @extend_schema_field(AskedOut(many=True))
    def get_asked(self, handoff: Handoff) -> Any:
        return AskedOut([{"did": "", "helped": None, **one} for one in handoff.asked], many=True).data

    def get_missing(self, handoff: Handoff) -> list[str]:
        return missing_of(handoff, handoff.conversation)


class HandoffViewSet(Listing, OfConversation):
    """The hand-offs of a conversation, the latest first: its first one is the card people read."""

    serializer_class = HandoffOut

    def get_queryset(self) -> QuerySet[Handoff]:  # type: ignore[override]
        rows = Handoff.objects.filter(conversation=self.conversation())
        return rows.select_related("conversation__customer")
