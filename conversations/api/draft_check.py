"""A draft looked at before it is sent."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import humane, queries
from conversations.actions.draft_check import check_draft, sounds
from conversations.bot.reask_words import KEYS
from conversations.humane.checking import LANGUAGES, SENTENCES
from conversations.models import Conversation
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet
from tenants.models import Tenant
from tenants.permissions import Permission
from tenants.queries import own


class DraftIn(Body):
    """What is about to be sent."""

    text = serializers.CharField(max_length=50_000, allow_blank=True, trim_whitespace=False)


class FindingOut(Lean):
    """A fact the draft asks for although it is known."""

    kind = serializers.ChoiceField(choices=KEYS)
    words = serializers.CharField(help_text="Of the draft, that ask for it.")
    fact = serializers.CharField(help_text="What is known.")
    was_said = serializers.BooleanField(
        help_text="By the customer in this conversation; else it stands in his record."
    )


class SoundOut(Lean):
    """Something that does not sound like a person."""

    code = serializers.ChoiceField(choices=sorted(SENTENCES))
    start = serializers.IntegerField(help_text="The first letter it is about.")
    end = serializers.IntegerField(help_text="The letter behind the last.")
    words = serializers.CharField()
    why = serializers.CharField()
    better = serializers.CharField(help_text="A better wording, or what to do.")


class SoundsOut(Lean):
    """What a text sounds like; empty: like a person."""

    sounds = SoundOut(many=True)


class FindingsOut(SoundsOut):
    """What a draft asks for again, and what no person would say; empty: nothing."""

    findings = FindingOut(many=True)


class DraftCheckViewSet(TenantViewSet):
    """Whether a reply asks the customer for what he told already. Nothing is kept."""

    serializer_class = FindingsOut
    required_scopes = {"POST": Permission.CONVERSATIONS_WRITE}

    def get_queryset(self) -> QuerySet[Conversation]:
        return Conversation.objects.none()

    @extend_schema(request=DraftIn, responses=FindingsOut)
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Look at a draft in Spanish, Portuguese or English."""
        conversation = queries.conversation_or_404(conversation_id, self.actor)
        text = self.body(DraftIn)["text"]
        found = check_draft(conversation=conversation, by=self.actor, text=text)
        heard = sounds(conversation=conversation, text=text)
        return self.answer({"findings": [one._asdict() for one in found], "sounds": heard})


class TextCheckIn(Body):
    """What is to go out."""

    text = serializers.CharField(max_length=50_000, allow_blank=True, trim_whitespace=False)
    language = serializers.ChoiceField(choices=LANGUAGES)
    kind = serializers.ChoiceField(choices=("campaign", "template", "reply"))
    audience_upset = serializers.BooleanField(default=False, help_text="They have reason to be.")
    formality = serializers.ChoiceField(
        choices=["", *Tenant.Formality.values],
        required=False,
        help_text="How customers are addressed, without it as in the settings of the business.",
    )


class TextCheckViewSet(TenantViewSet):
    """Whether a text sounds like a person. Nothing is kept."""

    serializer_class = SoundsOut
    required_scopes = {"POST": Permission.CAMPAIGNS_READ}

    def get_queryset(self) -> QuerySet[Conversation]:
        return Conversation.objects.none()

    @extend_schema(request=TextCheckIn, responses=SoundsOut)
    def create(self, request: Request) -> Response:
        """Look at a text in Spanish, Portuguese or English; {{ customer.name }} counts as one word."""
        given = {"formality": own().formality, **self.body(TextCheckIn)}
        return self.answer({"sounds": humane.check(**given)})
