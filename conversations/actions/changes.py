"""Reactions, edits and removals, whenever they come: before their message, late, or twice."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from conversations.actions.messages import TEXT_LIMIT, announce
from conversations.channels.base import InboundChange
from conversations.models import Channel, Delivery, InboundItem, Message, MessageChange
from tenants.db.prepared import prepared
from tenants.kit.text import clean, one_line

Kind = MessageChange.Kind
SHOWN = {"reactions", "edited", "removed"}
LONGEST_REACTION = 32  # characters: an emoji of many joined parts


def apply_change(*, channel: Channel, item: InboundChange) -> Message | None:
    """Keep a change and let its message show it; None when the message has not come yet."""
    is_emoji = item.change == Kind.REACTION
    text = one_line(item.text, LONGEST_REACTION) if is_emoji else clean(item.text, TEXT_LIMIT)
    MessageChange.objects.get_or_create(
        channel=channel,
        target=item.target[:255],
        kind=item.change,
        provider_id=item.provider_id[:255],
        defaults={"text": text, "by_customer": item.by_customer, "happened_at": item.at},
    )
    message = _find(channel, item.target)
    if message is not None:
        _show(channel, message, item.target)
    return message


def catch_up(channel: Channel, message: Message, target: str) -> None:
    """Let a message show the changes that came before it under one of its vendor's ids."""
    if _changed(channel=channel.pk, target=target[:255]):
        _show(channel, message, target)


class _Kind(NamedTuple):
    kind: str


@prepared(_Kind)
def _changed(*, channel: UUID, target: str) -> QuerySet[MessageChange]:
    return MessageChange.objects.filter(channel_id=channel, target=target)[:1]


def _find(channel: Channel, target: str) -> Message | None:
    """The message with a vendor's id, whoever wrote it, locked."""
    locked = Message.objects.select_for_update(of=("self",)).on(channel.pk)
    found: Message | None = locked.filter(provider_id=target[:255]).first()
    if found is None:
        sent = Delivery.objects.filter(channel=channel, provider_id=target[:255]).values("message_id")
        found = locked.filter(pk__in=sent).first()
    if found is None:  # a later file of an album: the message has the id of the first
        taken_in = InboundItem.objects.filter(channel=channel, kind="message", provider_id=target[:255])
        found = locked.filter(inbound_events__items__in=taken_in.values("pk")).first()
    return found


def _show(channel: Channel, message: Message, target: str) -> None:
    """Rebuild what a message shows from all its changes, in the order of the vendor's clock."""
    data = {key: value for key, value in message.data.items() if key not in SHOWN}
    text = data.pop("original", message.text)
    first, reactions = text, {}
    changes = MessageChange.objects.filter(channel=channel, target=target[:255])
    for change in changes.order_by("happened_at", "provider_id"):
        at = change.happened_at.isoformat()
        if change.kind == Kind.REACTION:
            reactions["customer" if change.by_customer else "business"] = change.text
        elif change.kind == Kind.EDIT:
            text, data["edited"] = change.text, at
        elif change.kind == Kind.REMOVAL:
            data["removed"] = at
    shown = {who: emoji for who, emoji in reactions.items() if emoji}
    if shown:
        data["reactions"] = shown
    if "removed" in data:
        text = ""  # what was taken back is shown to nobody
    elif "edited" in data:
        data["original"] = first
    message.text = text
    message.data = data
    message.save(update_fields=["text", "data"])
    announce(message.conversation, message)
