"""Ratings."""

import django_filters as filters
from django.db.models import QuerySet
from rest_framework import serializers

from feedback.actions.surveys import SCALE
from feedback.models import Response
from feedback.queries import responses_visible_to
from tenants.api.serializers import Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.permissions import Permission


class ResponseOut(Lean):
    """What a customer answered after an interaction."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    conversation_id = serializers.UUIDField(source="invitation.conversation_id")
    agent_id = serializers.UUIDField(allow_null=True)
    channel_kind = serializers.CharField()
    score = serializers.IntegerField(help_text="1 to 5.")
    comment = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ResponseFilter(filters.FilterSet):
    """Ratings by customer and score."""

    customer = filters.UUIDFilter(field_name="customer_id")
    score = filters.ChoiceFilter(choices=[(score, str(score)) for score in SCALE])

    class Meta:
        model = Response
        fields: list[str] = []


class ResponseViewSet(Listing, Reading, TenantViewSet):
    """Ratings of the conversations the caller may see."""

    serializer_class = ResponseOut
    filterset_class = ResponseFilter
    required_scopes = {"GET": Permission.FEEDBACK_READ}
    ordering = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Response]:
        return responses_visible_to(self.actor)
