"""The messages of one conversation, a part at a time, with what their bubbles show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from conversations import order
from conversations.models import Attachment, Conversation, Delivery, Episode, Message
from tenants.db.prepared import prepared

MESSAGES = 60
SLACK = timedelta(seconds=2)  # between a message's id and the moment it is said to have come


@dataclass(frozen=True, slots=True)
class Messages:
    """Some messages in order, and whether there are earlier ones."""

    items: list[Message]
    has_earlier: bool
    has_later: bool = False


@prepared(Message, "episode", without=("html",), extra=("has_html",))
def _messages(limit: int, *, conversation: UUID, **given: Any) -> QuerySet[Message]:
    """The latest messages: of an episode, before one, or those after one and some others."""
    found = Message.objects.filter(conversation_id=conversation).annotate(has_html=~Q(html=""))
    if "before" in given:
        found = found.filter(id__lt=given["before"])
    elif "since" in given:
        return found.filter(id__gte=given["since"]).order_by("id")[:limit]
    elif "changed" in given:
        wanted = Q(id__any=given["changed"])
        if "after" in given:
            wanted |= Q(id__gt=given["after"]) | Q(id__gt=given["floor"], created_at__gt=given["arrived"])
        return found.filter(wanted).order_by("id")[:limit]
    else:
        latest = Episode.objects.filter(conversation_id=conversation).order_by("-number")
        found = found.filter(episode_id=latest.values("pk")[:1])
    return found.order_by("-id")[:limit]


@prepared(Attachment)
def _attachments(*, messages: list[UUID]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message_id__any=messages)


@prepared(Delivery)
def _deliveries(*, messages: list[UUID]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(message_id__any=messages)


def _shown_messages(limit: int, conversation: Conversation, **given: Any) -> list[Message]:
    """Messages with what a bubble shows: files and the state of the delivery."""
    found = _messages(limit, conversation=conversation.pk, **given)
    ids = [message.pk for message in found]
    files, deliveries = _attachments(messages=ids), _deliveries(messages=ids)
    for message in found:
        message._prefetched_objects_cache = {  # type: ignore[attr-defined]
            "attachments": [file for file in files if file.message_id == message.pk],
            "deliveries": [delivery for delivery in deliveries if delivery.message_id == message.pk],
        }
    return found


def newest_messages(conversation: Conversation, limit: int = MESSAGES) -> Messages:
    """The end of the latest episode; earlier ones are read on demand."""
    rows = _shown_messages(limit + 1, conversation)
    has_earlier = len(rows) > limit or conversation.episode_count > 1
    return Messages(rows[:limit][::-1], has_earlier)


def messages_before(conversation: Conversation, message_id: UUID, limit: int = MESSAGES) -> Messages:
    """What was said before a message, whichever episode it belongs to."""
    rows = _shown_messages(limit + 1, conversation, before=message_id)
    return Messages(rows[:limit][::-1], len(rows) > limit)


def messages_around(conversation: Conversation, message_id: UUID, limit: int = 30) -> Messages:
    """A message with what was said before and after it."""
    before = messages_before(conversation, message_id, limit)
    after = _shown_messages(limit + 1, conversation, since=message_id)
    return Messages([*before.items, *after[:limit]], before.has_earlier, len(after) > limit)


def messages_after(
    conversation: Conversation, message_id: UUID | None, changed: Iterable[UUID]
) -> list[Message]:
    """What came after a message or was set before it since, and those before it that changed."""
    given = {}
    if message_id:
        since = order.moment_of(message_id) - SLACK
        given = {"after": message_id, "arrived": since, "floor": order.first_id_at(since - order.BURST)}
    return _shown_messages(500, conversation, changed=list(changed), **given)
