"""How messages go out: answers for later, what is discarded, and files."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import media, outbox, scheduled
from conversations.api import serializers as shapes
from conversations.api.viewsets import DeliveryViewSet
from conversations.models import Attachment, Channel, Conversation, ScheduledReply
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.kit.serving import serve
from tenants.permissions import Permission

READ, WRITE = Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE


class ScheduledReplyOut(Lean):
    """An answer that goes out later; it becomes a message then."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    author_id = serializers.UUIDField(allow_null=True, help_text="A member's id.")
    author = serializers.CharField(source="author_label")
    text = serializers.CharField()
    client_id = serializers.UUIDField(allow_null=True, help_text="The one its message will have.")
    send_at = serializers.DateTimeField(allow_null=True, help_text="null when it could not go: see reason.")
    reason = serializers.CharField(source="why", help_text="Why it did not go at its time.")
    created_at = serializers.DateTimeField()


class ScheduledReplyIn(Body):
    """An answer to the customer, and when it is to go out."""

    text = serializers.CharField(max_length=100_000)
    send_at = Moment(help_text="Within a year; the channel must still take it then.")
    client_id = serializers.UUIDField(required=False, help_text="The same id again is the same answer.")


class ScheduledReplyChange(Body):
    """What to change."""

    text = serializers.CharField(max_length=100_000, required=False)
    send_at = Moment(required=False)


class ScheduledReplyViewSet(Listing, TenantViewSet):
    """Answers of a conversation that wait for their time."""

    serializer_class = ScheduledReplyOut
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    def conversation(self) -> Conversation:
        """Whose they are. Raises `Http404`."""
        found: Conversation = self.find(
            self.kwargs["conversation_id"], Conversation.objects.visible_to(self.actor)
        )
        return found

    def get_queryset(self) -> QuerySet[ScheduledReply]:
        return ScheduledReply.objects.filter(conversation=self.conversation())

    @extend_schema(request=ScheduledReplyIn, responses={201: ScheduledReplyOut})
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Plan an answer."""
        given = self.body(ScheduledReplyIn)
        return self.answer(scheduled.schedule(conversation=self.conversation(), by=self.actor, **given), 201)

    def retrieve(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """One, by its id; 404 once it has gone out."""
        return self.answer(self.find(pk))

    @extend_schema(request=ScheduledReplyChange, responses=ScheduledReplyOut)
    def partial_update(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """Another time, another text."""
        change = self.body(ScheduledReplyChange)
        return self.answer(scheduled.change(reply=self.find(pk), by=self.actor, **change))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """Take it back."""
        scheduled.cancel(reply=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses={201: shapes.MessageOut})
    def sending(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """Do not wait any longer: it is a message now."""
        message = scheduled.send_now(reply=self.find(pk), by=self.actor)
        return self.answer(message, 201, shapes.MessageOut)


class DiscardViewSet(DeliveryViewSet):
    """Messages that wait, taken out of the outbox."""

    @extend_schema(request=None, responses={202: shapes.DeliveryOut})
    def discarding(self, request: Request, pk: UUID) -> Response:
        """Do not send what still waits. Others stay as they are; `resend` brings it back."""
        outbox.discard(delivery=self.find(pk), by=self.actor)
        return self.answer(self.find(pk), 202)


class DiscardedOut(Lean):
    """What was discarded of a channel at once."""

    discarded_at = serializers.DateTimeField(allow_null=True, help_text="null when nothing waited.")


class DiscardedIn(Body):
    """Which discarding to take back."""

    discarded_at = Moment(help_text="As discarding answered.")


class RestoredOut(Lean):
    """How many messages wait again."""

    restored = serializers.IntegerField()


class WaitingViewSet(TenantViewSet):
    """All that waits for a channel which cannot send."""

    serializer_class = DiscardedOut
    required_scopes = {"POST": Permission.CHANNELS_WRITE}

    def get_queryset(self) -> QuerySet[Channel]:
        return Channel.objects.all()

    @extend_schema(request=None, responses=DiscardedOut)
    def discarding(self, request: Request, pk: UUID) -> Response:
        """Send none of what waits for the channel."""
        at = outbox.discard_waiting(channel=self.find(pk), by=self.actor)
        return self.answer({"discarded_at": at})

    @extend_schema(request=DiscardedIn, responses=RestoredOut)
    def restoring(self, request: Request, pk: UUID) -> Response:
        """Take that back."""
        at = self.body(DiscardedIn)["discarded_at"]
        count = outbox.restore_discarded(channel=self.find(pk), at=at, by=self.actor)
        return self.answer({"restored": count}, shape=RestoredOut)


class AttachmentViewSet(Reading, TenantViewSet):
    """Files of messages."""

    serializer_class = shapes.AttachmentOut
    required_scopes = {"GET": READ, "POST": WRITE}

    def get_queryset(self) -> QuerySet[Attachment]:
        visible = Conversation.objects.visible_to(self.actor)
        return Attachment.objects.filter(message__conversation__in=visible)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def content(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file itself; parts of it by `Range`."""
        found: Any = self.find(pk)
        if found.state != Attachment.State.HERE:
            raise Http404
        try:
            return serve(request._request, found.file, name=found.name, etag=found.pk.hex, download=True)
        except FileNotFoundError:
            raise Http404 from None

    @extend_schema(request=None, responses={202: shapes.AttachmentOut})
    def retry(self, request: Request, pk: UUID) -> Response:
        """Fetch again what was given up."""
        media.retry(attachment=self.find(pk), by=self.actor)
        return self.answer(self.find(pk), 202)


OF_CONVERSATION = "conversations/<uuid:conversation_id>/scheduled-replies/"
urlpatterns = [
    path(OF_CONVERSATION, ScheduledReplyViewSet.as_view({"get": "list", "post": "create"})),
    path(
        f"{OF_CONVERSATION}<uuid:pk>/",
        ScheduledReplyViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path(f"{OF_CONVERSATION}<uuid:pk>/sending/", ScheduledReplyViewSet.as_view({"post": "sending"})),
    path("deliveries/<uuid:pk>/discarding/", DiscardViewSet.as_view({"post": "discarding"})),
    path("channels/<uuid:pk>/discarding/", WaitingViewSet.as_view({"post": "discarding"})),
    path("channels/<uuid:pk>/restoring/", WaitingViewSet.as_view({"post": "restoring"})),
    path("attachments/<uuid:pk>/", AttachmentViewSet.as_view({"get": "retrieve"})),
    path("attachments/<uuid:pk>/content/", AttachmentViewSet.as_view({"get": "content"})),
    path("attachments/<uuid:pk>/retry/", AttachmentViewSet.as_view({"post": "retry"})),
]
