"""What members are told of and what sets rules off: each receiver runs in the transaction of its cause."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.dispatch import receiver

from conversations.actions import mentions, notifications, rule_events
from conversations.models import Channel, Conversation, Episode, Message, Notification, Trigger
from conversations.signals import (
    channel_broke,
    conversation_closed,
    conversation_reopened,
    line_added,
    message_received,
    note_added,
)
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit.text import one_line
from tenants.models import Membership
from tenants.permissions import Permission

Kind = Notification.Kind
BAD = 2  # a rating up to this is one to know of
EXCERPT = 200


@receiver(message_received, dispatch_uid="conversations.notify_answered")
def tell_of_message(sender: Any, *, message: Message, **kwargs: Any) -> None:
    """A customer wrote in somebody's conversation."""
    conversation = message.conversation
    if conversation.assignee_id is None:
        return
    notifications.tell(
        to=_holder(member=conversation.assignee_id),
        kind=Kind.ANSWERED,
        key=f"answered:{message.pk}",
        conversation=conversation,
        data={"text": one_line(message.text, EXCERPT)},
    )


@prepared(Membership)
def _holder(*, member: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(pk=member)


@receiver(note_added, dispatch_uid="conversations.notify_mentioned")
def tell_of_note(
    sender: Any, *, message: Message, conversation: Conversation, by: Actor, **kwargs: Any
) -> None:
    """Colleagues are mentioned in a note."""
    mentions.tell(message, conversation, by)


@receiver(line_added, dispatch_uid="conversations.notify_line")
def tell_of_line(
    sender: Any, *, message: Message, conversation: Conversation, by: Actor, **kwargs: Any
) -> None:
    """Something was done with a conversation that its people are to know of."""
    match message.data.get("event"):
        case "assigned":
            _tell_assigned(message, conversation, by)
        case "rated" if _score(message) <= BAD:
            _tell_holder(message, conversation, Kind.RATING, {"score": _score(message)})
        case "sla_missed":
            _tell_holder(message, conversation, Kind.SLA, {})
        case "delivery_failed":
            _tell_unsent(message, conversation)


def _tell_assigned(message: Message, conversation: Conversation, by: Actor) -> None:
    if conversation.assignee_id is None or conversation.assignee_id == by.membership_id:
        return
    notifications.tell(
        to=_holder(member=conversation.assignee_id),
        kind=Kind.ASSIGNED,
        key=f"assigned:{message.pk}",
        conversation=conversation,
        data={"who": by.label, "text": conversation.preview},
    )


def _score(message: Message) -> int:
    score = message.data.get("score")
    return score if isinstance(score, int) else 5


def _tell_holder(message: Message, conversation: Conversation, kind: str, data: dict[str, Any]) -> None:
    """Whoever has the conversation, else those who run the business."""
    if conversation.assignee_id:
        to = list(Membership.objects.filter(pk=conversation.assignee_id))
    else:
        to = notifications.answering(Permission.INBOUND_READ)
    seeing = notifications.who_see(conversation, to)
    notifications.tell(
        to=[one for one in to if one.pk in seeing],
        kind=kind,
        key=f"{kind}:{message.pk}",
        conversation=conversation,
        data=data,
    )


def _tell_unsent(message: Message, conversation: Conversation) -> None:
    """Whoever wrote last before the failure, else whoever has the conversation."""
    wrote = Message.objects.filter(
        conversation=conversation, kind=Message.Kind.OUTBOUND, author__isnull=False, id__lt=message.pk
    )
    author = wrote.order_by("-id").values_list("author_id", flat=True).first() or conversation.assignee_id
    to = list(Membership.objects.filter(pk=author)) if author else []
    seeing = notifications.who_see(conversation, to)
    notifications.tell(
        to=[one for one in to if one.pk in seeing],
        kind=Kind.UNSENT,
        key=f"unsent:{message.pk}",
        conversation=conversation,
        data={"reason": str(message.data.get("reason") or "")},
    )


@receiver(channel_broke, dispatch_uid="conversations.notify_channel")
def tell_of_channel(sender: Any, *, channel: Channel, **kwargs: Any) -> None:
    """A channel stopped working: those who can mend it are to know."""
    since = channel.problem_since.isoformat() if channel.problem_since else ""
    notifications.tell(
        to=notifications.answering(Permission.CHANNELS_WRITE),
        kind=Kind.CHANNEL,
        key=f"channel:{channel.pk}:{since}"[:120],
        data={"channel": channel.name, "reason": channel.problem},
    )


@receiver(message_received, dispatch_uid="conversations.rules_message")
def set_off_by_message(sender: Any, *, message: Message, **kwargs: Any) -> None:
    """A customer wrote; with the first message of an episode a conversation begins."""
    conversation, at = message.conversation, message.created_at
    if message.episode.opened_at == at:
        rule_events.note(Trigger.OPENED, f"opened:{message.episode_id}", conversation, message=message, at=at)
    rule_events.note(Trigger.RECEIVED, f"received:{message.pk}", conversation, message=message, at=at)


@receiver(conversation_closed, dispatch_uid="conversations.rules_closed")
def set_off_by_closing(sender: Any, *, conversation: Conversation, episode: Episode, **kwargs: Any) -> None:
    key = f"closed:{episode.pk}:{episode.reopened_count}"
    rule_events.note(Trigger.CLOSED, key, conversation)


@receiver(conversation_reopened, dispatch_uid="conversations.rules_reopened")
def set_off_by_reopening(sender: Any, *, conversation: Conversation, episode: Episode, **kwargs: Any) -> None:
    key = f"reopened:{episode.pk}:{episode.reopened_count}"
    rule_events.note(Trigger.REOPENED, key, conversation)


LINES = {
    "assigned": Trigger.ASSIGNED,
    "labelled": Trigger.LABELLED,
    "rated": Trigger.RATED,
    "sla_missed": Trigger.SLA,
}


@receiver(line_added, dispatch_uid="conversations.rules_line")
def set_off_by_line(sender: Any, *, message: Message, conversation: Conversation, **kwargs: Any) -> None:
    """It was assigned, got a label, or was rated."""
    what = message.data.get("event")
    trigger = LINES.get(what) if isinstance(what, str) else None
    if trigger is None or (trigger == Trigger.LABELLED and not message.data.get("added")):
        return
    rule_events.note(trigger, f"{trigger}:{message.pk}", conversation, message=message)
