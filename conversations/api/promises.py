"""Promises to customers: what they were told to expect, and until when."""

from collections.abc import Sequence
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import promise_queries
from conversations.actions import promising
from conversations.api.viewsets import OfConversation
from conversations.models import Promise
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.models import Membership
from tenants.permissions import Permission

READ, WRITE = Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE


class PromiseOut(Lean):
    """What a customer was told to expect by a moment."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Promise.Kind.choices)
    text = serializers.CharField()
    owner_id = serializers.UUIDField(allow_null=True, help_text="The member who is reminded.")
    due_at = serializers.DateTimeField()
    escalated_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was late and went to those who answer for the team."
    )
    kept_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class PromiseIn(Body):
    """A promise. Those of an answer are kept by the next answer of a person."""

    text = serializers.CharField(max_length=200)
    due_at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=Promise.Kind.choices, default=Promise.Kind.OTHER)
    owner_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="Whoever has the conversation if none is named."
    )


class PromiseChange(Body):
    """Another moment: it reminds and escalates anew."""

    due_at = serializers.DateTimeField()


class PromiseFilter(filters.FilterSet):
    """Promises by how they stand: open ones, unless something else is asked for."""

    state = filters.ChoiceFilter(
        choices=[("open", "open"), ("late", "late"), ("kept", "kept")],
        method="by_state",
        help_text="open (the default), late or kept.",
    )
    owner = filters.UUIDFilter(field_name="owner_id", help_text="A member's id.")
    customer = filters.UUIDFilter(field_name="customer_id")

    class Meta:
        model = Promise
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Promise], name: str, value: str) -> QuerySet[Promise]:
        """Done where the rows are made: their order depends on it."""
        return rows


class PromiseViewSet(Listing, Reading, TenantViewSet):
    """All promises that the caller may see: those due first stand first, of the kept ones the latest."""

    serializer_class = PromiseOut
    filterset_class = PromiseFilter
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE}

    def _view(self) -> str:
        asked = self.request.query_params.get("state", "")
        return asked if asked in ("late", "kept") else "open"

    def get_ordering(self) -> Sequence[str]:
        return promise_queries.in_view(self._view(), self.actor)[1]

    def get_queryset(self) -> QuerySet[Promise]:
        if self.kwargs.get("pk"):
            return promise_queries.visible_to(self.actor)  # type: ignore[no-any-return]
        return promise_queries.in_view(self._view(), self.actor)[0]

    @extend_schema(request=PromiseChange, responses=PromiseOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Put it off, or bring it forward. 409 for one that was kept or withdrawn."""
        due_at = self.body(PromiseChange)["due_at"]
        return self.answer(promising.put_off(promise=self.find(pk), due_at=due_at, by=self.actor))

    @extend_schema(request=None, responses=PromiseOut)
    def keeping(self, request: Request, pk: UUID) -> Response:
        """Say that it was kept. 409 for one that was withdrawn."""
        return self.answer(promising.fulfil(promise=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=PromiseOut)
    def withdrawal(self, request: Request, pk: UUID) -> Response:
        """Say that it need not be kept. 409 for one that was kept."""
        return self.answer(promising.withdraw(promise=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=PromiseOut)
    def reopening(self, request: Request, pk: UUID) -> Response:
        """Open it again after it was kept or withdrawn."""
        return self.answer(promising.take_up(promise=self.find(pk), by=self.actor))


class ConversationPromiseViewSet(Listing, OfConversation):
    """The promises of one conversation, the latest first, settled ones too."""

    serializer_class = PromiseOut

    def get_queryset(self) -> QuerySet[Promise]:  # type: ignore[override]
        return Promise.objects.filter(conversation=self.conversation())

    @extend_schema(request=PromiseIn, responses={201: PromiseOut})
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Note one."""
        conversation, given = self.conversation(), self.body(PromiseIn)
        owner_id = given.pop("owner_id", None)
        owner = only(Membership, [owner_id], "owner_id")[0] if owner_id else None
        made = promising.promise(conversation=conversation, owner=owner, by=self.actor, **given)
        return self.answer(made, 201)
