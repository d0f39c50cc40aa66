"""An emoji of ours under a customer's message."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import windows
from conversations.actions import content
from conversations.actions.changes import apply_change
from conversations.actions.content import CannotSend
from conversations.actions.episodes import current_episode
from conversations.actions.messages import hand_to_outbox, lock, outgoing
from conversations.actions.sendable import check_way, closed_window
from conversations.channels.base import InboundChange
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Message
from crm.models import Purpose
from tenants.actors import Actor
from tenants.kit.text import one_line

OFFERED = ("👍", "❤️", "😂", "😮", "😢", "🙏")


@transaction.atomic
def react(*, conversation: Conversation, message_id: UUID, emoji: str, by: Actor) -> Message:
    """Put an emoji under a customer's message, or with none take it back. It is no answer.

    Returns the message in the outbox. Raises `CannotSend` where the channel does not take it.
    """
    conversation = lock(conversation.pk)
    under = Message.objects.filter(conversation=conversation, pk=message_id).select_related("came_by").first()
    way = (under and under.came_by) or conversation  # it goes where the message came from
    can = adapter_for(way.channel.kind).capabilities
    check_way(way, can)
    emoji = one_line(emoji, content.LONGEST_REACTION)
    target = under.provider_id if under and under.is_from_customer else ""
    if not can.reactions or not target:
        raise CannotSend(_("This message takes no emoji."), "emoji")
    if any(char.isalnum() and ord(char) < 0x2000 for char in emoji) or (emoji and emoji.isascii()):
        raise CannotSend(_("Choose an emoji."), "emoji")
    if not windows.is_open(way, can, person=by.membership is not None):
        raise CannotSend(closed_window(can))
    data = {"reaction": {"target": target, "emoji": emoji}}
    message = outgoing(conversation, current_episode(conversation), "", by, data=data)
    if message.came_by_id != (under and under.came_by_id):
        message.came_by = under and under.came_by
        message.save(update_fields=["came_by"])
    hand_to_outbox(message, conversation, purpose=Purpose.SERVICE)
    ours = InboundChange(
        str(message.pk), target, "reaction", message.created_at or timezone.now(), emoji, by_customer=False
    )
    apply_change(channel=way.channel, item=ours)
    return message
