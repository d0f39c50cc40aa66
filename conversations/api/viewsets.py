"""Conversations, messages, notes, raw events and deliveries."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import queries
from conversations.actions import conversations as actions
from conversations.actions import mentions
from conversations.actions.inbound import replay
from conversations.actions.messages import add_note, send_reply
from conversations.actions.outbound import start_conversation
from conversations.actions.outbox import resend
from conversations.actions.reactions import react
from conversations.api import filters
from conversations.api import serializers as shapes
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from crm import queries as crm
from crm.models import Identity, Label
from tenants.actors import Actor
from tenants.api.plain import Plain
from tenants.api.serializers import Lean
from tenants.api.views import Listing, Reading, TenantViewSet, UnknownReference, only
from tenants.models import Membership, Team
from tenants.permissions import Permission

READ, WRITE = Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE


class ConversationViewSet(Plain, TenantViewSet):
    """The exchanges with customers that the caller may see."""

    serializer_class = shapes.ConversationOut
    filterset_class = filters.ConversationFilter
    required_scopes = {"GET": READ, "PATCH": WRITE, "POST": WRITE, "DELETE": WRITE}
    ordering = ("-last_message_at", "-id")

    related = {"labels": queries.label_rows_of}

    @staticmethod
    def seen_by(actor: Actor) -> QuerySet[Conversation]:
        visible: QuerySet[Conversation] = Conversation.objects.visible_to(actor)
        return visible

    def retrieve(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        """One, by its id. One that was merged leads to where its messages stand now (308)."""
        try:
            return self.show(pk)
        except Http404:
            survivor = queries.survivor_of(pk, self.actor)
            if survivor is None:
                raise
            return Response(status=308, headers={"Location": f"/api/v1/conversations/{survivor}/"})

    @extend_schema(request=shapes.ConversationIn, responses={201: shapes.ConversationOut})
    def create(self, request: Request) -> Response:
        """Write first, on a channel that reaches the customer's address."""
        given = self.body(shapes.ConversationIn)
        (channel,) = only(Channel, [given.pop("channel_id")], "channel_id")
        visible = crm.of_visible_customers(Identity.objects.all(), self.actor)
        identity = visible.filter(pk=given.pop("identity_id")).first()
        if identity is None:
            raise UnknownReference("identity_id")
        more = {"template": given.pop("template")} if "template" in given else None
        made = start_conversation(channel=channel, identity=identity, by=self.actor, data=more, **given)
        return self.answer(made, 201)

    @extend_schema(request=shapes.ConversationChange, responses=shapes.ConversationOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Assign it, sort it. Each change is a line in the conversation."""
        conversation, change = self.find(pk), self.body(shapes.ConversationChange)
        act: dict[str, Any] = {"conversation": conversation, "by": self.actor}
        if "priority" in change:
            actions.set_priority(priority=int(change["priority"]), **act)
        if "label_ids" in change:
            actions.set_labels(labels=only(Label, change["label_ids"], "label_ids"), **act)
        if "team_id" in change:
            actions.set_team(team=_one(Team, change["team_id"], "team_id"), **act)
        if "assignee_id" in change:
            actions.assign(to=_one(Membership, change["assignee_id"], "assignee_id"), **act)
        return self.answer(Conversation.objects.get(pk=pk))

    @extend_schema(request=None, responses=shapes.ConversationOut)
    def closure(self, request: Request, pk: UUID) -> Response:
        """Close it; the customer may be asked how it was."""
        return self.answer(actions.close(conversation=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=shapes.ConversationOut)
    def reopening(self, request: Request, pk: UUID) -> Response:
        """Take it up again."""
        return self.answer(actions.reopen(conversation=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=shapes.ConversationOut)
    def waiting(self, request: Request, pk: UUID) -> Response:
        """Say that it is the customer's turn."""
        return self.answer(actions.wait(conversation=self.find(pk), by=self.actor))

    @extend_schema(request=shapes.SnoozeIn, responses=shapes.ConversationOut)
    def snooze(self, request: Request, pk: UUID) -> Response:
        """Put it off until a moment, until the customer writes, or until whichever comes first."""
        given = self.body(shapes.SnoozeIn)
        return self.answer(actions.snooze(conversation=self.find(pk), by=self.actor, **given))


def _one(model: type[Any], object_id: UUID | None, field: str) -> Any:
    return None if object_id is None else only(model, [object_id], field)[0]


class OfConversation(TenantViewSet):
    """What belongs to one conversation, at conversations/{conversation_id}/…"""

    required_scopes = {"GET": READ, "POST": WRITE, "PUT": WRITE}
    serializer_class: type[Lean] = shapes.MessageOut

    def conversation(self) -> Conversation:
        """Which one. Raises `Http404`."""
        return self.find(self.kwargs["conversation_id"], Conversation.objects.visible_to(self.actor))

    def get_queryset(self) -> QuerySet[Message]:
        related = [
            name
            for name, field in (("attachments", "attachments"), ("deliveries", "delivery"))
            if self.wants(field)
        ]
        return Message.objects.filter(conversation=self.conversation()).prefetch_related(*related)


class MessageViewSet(Listing, OfConversation):
    """What was said in a conversation, the newest first: messages, notes and events."""

    filterset_class = filters.MessageFilter

    @extend_schema(request=shapes.MessageIn, responses={201: shapes.MessageOut})
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Answer the customer. It goes out through the channel's outbox."""
        conversation = self.conversation()
        given = self.body(shapes.MessageIn)
        more = {name: given.pop(name) for name in shapes.MORE if name in given}
        message = send_reply(conversation=conversation, by=self.actor, data=more, **given)
        return self.answer(message, 201)

    @extend_schema(request=shapes.ReactionIn, responses=shapes.MessageOut)
    def reaction(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """Put an emoji under a customer's message, or take it back. Answers with that message."""
        emoji = self.body(shapes.ReactionIn)["emoji"]
        react(conversation=self.conversation(), message_id=self.find(pk).pk, emoji=emoji, by=self.actor)
        return self.answer(self.find(pk))

    def retrieve(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """One, by its id."""
        return self.answer(self.find(pk))


class NoteViewSet(OfConversation):
    """Notes among colleagues."""

    @extend_schema(request=shapes.NoteIn, responses={201: shapes.MessageOut})
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Leave a note; the customer never sees it."""
        given = self.body(shapes.NoteIn)
        asked = {name: given.pop(name, ()) for name in ("member_ids", "team_ids")}
        found = mentions.find(given["text"], **asked)
        note = add_note(conversation=self.conversation(), by=self.actor, mentions=found, **given)
        return self.answer(note, 201)


class InboundEventViewSet(Listing, Reading, TenantViewSet):
    """What channels brought, byte for byte, and what became of it."""

    serializer_class = shapes.InboundEventOut
    filterset_class = filters.InboundEventFilter
    required_scopes = {"GET": Permission.INBOUND_READ, "POST": Permission.INBOUND_WRITE}

    def get_queryset(self) -> QuerySet[InboundEvent]:
        return InboundEvent.objects.defer("body")

    @extend_schema(request=None, responses={202: shapes.InboundEventOut})
    def replay(self, request: Request, pk: UUID) -> Response:
        """Read a parked event again. One that is not parked stays as it is."""
        replay(event=self.find(pk), by=self.actor)
        return self.answer(self.find(pk), 202)


class DeliveryViewSet(Listing, Reading, TenantViewSet):
    """How messages went out."""

    serializer_class = shapes.DeliveryOut
    filterset_class = filters.DeliveryFilter
    required_scopes = {"GET": READ, "POST": WRITE}

    def get_queryset(self) -> QuerySet[Delivery]:
        visible = Conversation.objects.visible_to(self.actor)
        if self.actor.sees == "all":
            return Delivery.objects.all()
        return Delivery.objects.filter(message__conversation__in=visible)

    @extend_schema(request=None, responses={202: shapes.DeliveryOut})
    def resend(self, request: Request, pk: UUID) -> Response:
        """Send again what failed or whose outcome is unknown. Others stay as they are."""
        resend(delivery=self.find(pk), by=self.actor)
        return self.answer(self.find(pk), 202)
