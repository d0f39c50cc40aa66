"""Finding what was said."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import search
from conversations.models import Conversation, Message
from conversations.search import Hit, Narrow
from tenants.api.pagination import limit_of, page_response
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import TenantViewSet
from tenants.kit.cursors import Page
from tenants.permissions import Permission


class FoundOut(Lean):
    """A message that was found."""

    id = serializers.UUIDField(source="message.id")
    conversation_id = serializers.UUIDField(source="message.conversation_id")
    kind = serializers.ChoiceField(source="message.kind", choices=Message.Kind.choices)
    author = serializers.CharField(source="message.author_label")
    excerpt = serializers.SerializerMethodField(help_text="The words found stand between <mark> and </mark>.")
    has_attachments = serializers.BooleanField(source="message.has_attachments")
    created_at = serializers.DateTimeField(source="message.created_at")

    def get_excerpt(self, hit: Hit) -> str:
        return "".join(f"<mark>{text}</mark>" if marked else text for text, marked in hit.excerpt.pieces)


class SearchIn(Body):
    """What to look for."""

    q = serializers.CharField(max_length=100)
    channel = serializers.UUIDField(required=False)
    assignee = serializers.UUIDField(required=False)
    label = serializers.UUIDField(required=False)  # type: ignore[assignment]  # DRF's Field.label is not it
    status = serializers.ChoiceField(choices=Conversation.Status.choices, required=False)
    direction = serializers.ChoiceField(choices=Message.Kind.choices, required=False)
    files = serializers.BooleanField(required=False, default=False)
    since = Moment(required=False)
    before = Moment(required=False)


NAMES = {"assignee": "agent"}
PARAMETERS = [
    OpenApiParameter("q", OpenApiTypes.STR, required=True, description="All of these words."),
    *[OpenApiParameter(name, OpenApiTypes.UUID) for name in ("channel", "assignee", "label")],
    OpenApiParameter("status", OpenApiTypes.STR, enum=Conversation.Status.values),
    OpenApiParameter("direction", OpenApiTypes.STR, enum=Message.Kind.values),
    OpenApiParameter("files", OpenApiTypes.BOOL, description="Only those with files."),
    *[OpenApiParameter(name, OpenApiTypes.DATETIME) for name in ("since", "before")],
]


class MessageSearchViewSet(TenantViewSet):
    """Messages of all conversations that the caller may see, by what was written."""

    serializer_class = FoundOut
    required_scopes = {"GET": Permission.CONVERSATIONS_READ}

    @extend_schema(parameters=PARAMETERS, responses=FoundOut(many=True))
    def list(self, request: Request) -> Response:
        """The newest first. Even an empty page may have a `next_cursor`: it looks further back."""
        query = request.query_params
        given = SearchIn(
            data={name: value for name, value in query.items() if name not in {"cursor", "limit", "fields"}}
        )
        given.is_valid(raise_exception=True)
        chosen: dict[str, Any] = dict(given.validated_data)
        q = chosen.pop("q")
        narrow = Narrow(**{NAMES.get(name, name): value for name, value in chosen.items()})
        found = search.find(q, self.actor, narrow, cursor=query.get("cursor", ""), limit=limit_of(request))
        shape = FoundOut(found.hits, many=True, context=self.get_serializer_context())
        return page_response(shape.data, Page(found.hits, found.next_cursor))
