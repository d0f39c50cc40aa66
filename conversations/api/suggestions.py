"""Replies proposed to whoever answers a customer."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import queries
from conversations.actions import suggestions
from conversations.models import Suggestion
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet
from tenants.permissions import Permission

JUDGED = [choice for choice in Suggestion.Outcome.choices if choice[0]]


class SuggestionOut(Lean):
    """A proposed reply. It is sent by nobody."""

    id = serializers.UUIDField()
    message_id = serializers.UUIDField(help_text="The customer's message it answers.")
    rank = serializers.IntegerField(help_text="1 is the first.")
    source = serializers.ChoiceField(choices=Suggestion.Source.choices)  # type: ignore[assignment]
    text = serializers.CharField(help_text="Empty once it is settled.")
    likeness = serializers.FloatField(help_text="That it answers the message, 0 to 1.")
    outcome = serializers.ChoiceField(choices=Suggestion.Outcome.choices)


class SuggestionsOut(Lean):
    """At most three, the best first."""

    data = SuggestionOut(many=True)  # type: ignore[assignment]


class OutcomeIn(Body):
    """What became of a proposal."""

    outcome = serializers.ChoiceField(choices=JUDGED)


class SuggestionViewSet(TenantViewSet):
    """Replies proposed to the customer's last word; what becomes of them ranks the next ones."""

    serializer_class = SuggestionOut
    required_scopes = {
        "GET": Permission.CONVERSATIONS_READ,
        "POST": Permission.CONVERSATIONS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Suggestion]:
        return Suggestion.objects.none()

    @extend_schema(responses=SuggestionsOut)
    def proposed(self, request: Request, conversation_id: UUID) -> Response:
        """What is proposed now; nothing while the bot speaks or nobody waits."""
        conversation = queries.conversation_or_404(conversation_id, self.actor)
        return self.answer({"data": suggestions.proposed(conversation)}, shape=SuggestionsOut)

    @extend_schema(request=OutcomeIn, responses=SuggestionOut)
    def outcome(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """Note what became of one, where no reply of ours shows it. The first word stays."""
        conversation = queries.conversation_or_404(conversation_id, self.actor)
        found = suggestions.decide(
            conversation=conversation, suggestion_id=pk, by=self.actor, **self.body(OutcomeIn)
        )
        if found is None:
            raise Http404
        return self.answer(found)
