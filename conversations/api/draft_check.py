"""A draft looked at before it is sent."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import queries
from conversations.actions.draft_check import check_draft
from conversations.bot.reask_words import KEYS
from conversations.models import Conversation
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet
from tenants.permissions import Permission


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


class FindingsOut(Lean):
    """What a draft asks for again; empty: nothing."""

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
        found = check_draft(conversation=conversation, by=self.actor, **self.body(DraftIn))
        return self.answer({"findings": [one._asdict() for one in found]})
