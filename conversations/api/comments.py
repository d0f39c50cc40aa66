"""Public comments: answered below the post or privately, hidden and shown again."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions.comments import PRIVATE, PUBLIC, answer_comment, hide_comment
from conversations.api import serializers as shapes
from conversations.api.viewsets import OfConversation
from conversations.models import Message
from tenants.api.serializers import Body


class CommentAnswerIn(Body):
    """An answer to a public comment."""

    text = serializers.CharField(max_length=2_200)
    mode = serializers.ChoiceField(choices=[PUBLIC, PRIVATE], help_text="Below the post, or as a message.")
    client_id = serializers.UUIDField(required=False, help_text="The same again returns the first answer.")


class CommentVisibilityIn(Body):
    """Whether a comment is hidden from everybody but its writer and his friends."""

    hidden = serializers.BooleanField()


class CommentViewSet(OfConversation):
    """What can be done with a message that is a public comment."""

    def comment(self, pk: UUID) -> Message:
        carried = self.get_queryset().select_related("conversation__channel", "came_by")
        return self.find(pk, carried)

    @extend_schema(request=CommentAnswerIn, responses={201: shapes.MessageOut})
    def create(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """Answer it. The answer goes out through the channel's outbox."""
        given = self.body(CommentAnswerIn)
        return self.answer(answer_comment(comment=self.comment(pk), by=self.actor, **given), 201)

    @extend_schema(request=CommentVisibilityIn, responses=shapes.MessageOut)
    def update(self, request: Request, conversation_id: UUID, pk: UUID) -> Response:
        """Hide it, or show it again."""
        hidden = self.body(CommentVisibilityIn)["hidden"]
        hide_comment(comment=self.comment(pk), hidden=hidden, by=self.actor)
        return self.answer(self.find(pk))
