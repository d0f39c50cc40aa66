"""What feedback does when something below happens."""

from typing import Any

from django.dispatch import receiver

from conversations.models import Channel, Conversation, Episode
from conversations.signals import conversation_closed, rating_given
from feedback.actions.surveys import invite, respond
from feedback.queries import invitation_by_token
from tenants.actors import Actor


@receiver(conversation_closed, dispatch_uid="feedback.invite")
def ask_how_it_was(
    sender: Any, *, conversation: Conversation, episode: Episode, by: Actor, **kwargs: Any
) -> None:
    invite(conversation=conversation, episode=episode, by=by)


@receiver(rating_given, dispatch_uid="feedback.respond")
def keep_rating(
    sender: Any, *, token: str, score: int, comment: str | None, channel: Channel, **kwargs: Any
) -> bool:
    """Given in the channel itself, such as the web chat."""
    invitation = invitation_by_token(token)
    if invitation is None or invitation.conversation.channel_id != channel.pk:
        return False
    respond(invitation=invitation, score=score, comment=comment)
    return True
