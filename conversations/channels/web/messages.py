"""What a visitor may see: his own messages and our answers, never notes, never anyone else's."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from conversations.channels.web.files import file_token
from conversations.models import Attachment, Channel, Conversation, Message
from conversations.models.conversation import ConversationQuerySet

PAGE = 50
OVERLAP = 50  # milliseconds read again: a conversation has one writer at a time, but clocks differ a little
FROM = {
    Message.Author.CUSTOMER: "visitor",
    Message.Author.MEMBER: "agent",
    Message.Author.KEY: "agent",
    Message.Author.BOT: "bot",
    Message.Author.SYSTEM: "system",
}


def conversation_of(channel: Channel, visitor: UUID) -> Conversation | None:
    """The visitor's conversation on this channel."""
    mine = _conversations(channel, visitor).newest_first().first()
    while mine is not None and mine.merged_into_id:
        mine = Conversation.objects.get(pk=mine.merged_into_id)
    return mine


def _conversations(channel: Channel, visitor: UUID) -> ConversationQuerySet:
    """All that the visitor began here, those merged into others included."""
    mine = Conversation.objects.filter(channel=channel, identity__kind="web", identity__value=str(visitor))
    return mine  # type: ignore[no-any-return]


def shown_to(channel: Channel, visitor: UUID) -> QuerySet[Message]:
    """What went between the visitor and us in this chat, nothing that was merged with it from elsewhere."""
    mine = list(_conversations(channel, visitor).values_list("pk", flat=True))
    here = Q(conversation_id__any=mine, came_by=None) | Q(came_by_id__any=mine)
    return Message.objects.filter(here).seen_by_customer()  # type: ignore[no-any-return]


def is_live(channel: Channel, visitor: UUID) -> bool:
    """Whether something may still come: a conversation that is not closed."""
    conversation = conversation_of(channel, visitor)
    return conversation is not None and not conversation.is_closed


def page(channel: Channel, visitor: UUID, *, after: str = "", before: str = "") -> dict[str, Any]:
    """At most 50 messages, the oldest first, as the protocol has them. Cursors are message ids."""
    shown = shown_to(channel, visitor).prefetch_related("attachments", "deliveries")
    after_id, before_id = _uuid(after), _uuid(before)
    if after_id:
        rows = list(shown.filter(id__gt=_earlier(after_id)).order_by("id")[: PAGE + 1])
        more, rows = len(rows) > PAGE, rows[:PAGE]
        older = None
    else:
        newest = shown.filter(id__lt=before_id) if before_id else shown
        rows = list(newest.order_by("-id")[: PAGE + 1])
        older = str(rows[PAGE - 1].pk) if len(rows) > PAGE else None
        more, rows = False, rows[:PAGE][::-1]
    return {
        "messages": _as_json(channel, rows, shown),
        "cursor": str(rows[-1].pk) if rows else after,
        "more": more,
        "before": older,
    }


def one(channel: Channel, visitor: UUID, message_id: UUID) -> dict[str, Any] | None:
    """One message of the visitor's, as the protocol has it; None when it is not his."""
    shown = shown_to(channel, visitor)
    rows = _as_json(channel, shown.filter(pk=message_id).prefetch_related("attachments"), shown)
    return rows[0] if rows else None


def _as_json(channel: Channel, rows: Iterable[Message], shown: QuerySet[Message]) -> list[dict[str, Any]]:
    answered = (
        shown.filter(author_kind__in=[Message.Author.MEMBER, Message.Author.KEY])
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
    )
    return [_message(channel, row, answered) for row in rows]


def _message(channel: Channel, message: Message, answered: UUID | None) -> dict[str, Any]:
    mine = message.is_from_customer
    rating = message.data.get("rating")
    return {
        "id": str(message.pk),
        "client_id": str(message.client_id) if mine and message.client_id else None,
        "from": FROM[Message.Author(message.author_kind)],
        "author": {"name": message.author_label.split(" ")[0]} if message.author_kind == "member" else None,
        "text": "" if rating else message.text,
        "at": message.created_at.isoformat().replace("+00:00", "Z"),
        "read": bool(mine and answered and answered > message.pk),
        "attachments": [_file(channel, file) for file in message.attachments.all()],
        "buttons": _buttons(message.data),
        "rating": rating,
    }


def _buttons(data: dict[str, Any]) -> list[dict[str, str]]:
    """What can be pressed under a message: its buttons, or the entries of its list in full."""
    rows = data.get("buttons") or (data.get("list") or {}).get("rows") or []
    return [{"id": row["id"], "title": row.get("description") or row["title"]} for row in rows]


def _file(channel: Channel, file: Attachment) -> dict[str, Any]:
    url = reverse("channels:web-file", args=[channel.pk, file_token(file.pk)])
    shown = {"small": f"{url}?small", "width": file.width, "height": file.height} if file.thumbnail else {}
    return {"name": file.name, "url": url, "size": file.size, "type": file.content_type, **shown}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _earlier(cursor: UUID) -> UUID:
    """The first UUIDv7 of a moment a little before the cursor's (RFC 9562 §5.7: 48 bits of milliseconds)."""
    milliseconds = cursor.int >> 80
    return UUID(int=max(milliseconds - OVERLAP, 0) << 80)
