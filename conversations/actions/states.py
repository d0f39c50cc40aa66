"""How a conversation stands, kept as plain values, and brought back later where nobody changed it since."""

from datetime import datetime
from typing import Any
from uuid import UUID

from conversations.actions.episodes import current_episode
from conversations.models import Conversation, ConversationLabel, Episode, Message
from tenants.kit.text import one_line

FIXED = {"id", "tenant_id", "created_at", "customer_id", "episode_count"}
# What people set. The rest follows from messages and clocks, and says nothing about somebody's wish.
DECIDED = frozenset({"status", "assignee_id", "team_id", "priority", "snoozed_until", "labels"})
FOLLOWING = frozenset(
    {"last_message_at", "last_inbound_at", "preview", "preview_is_ours", "waiting_since", "window_ends_at"}
)
OF_EPISODE = ("closed_at", "closed_by_id", "reopened_count", "first_answer_at")
type State = dict[str, Any]


def state_of(conversation: Conversation) -> State:
    """Every field, the labels and the latest episode, as JSON has them."""
    fields: State = {
        field.attname: _plain(getattr(conversation, field.attname))
        for field in conversation._meta.concrete_fields
        if field.attname not in FIXED
    }
    latest = current_episode(conversation)
    episode = {"id": str(latest.pk), **{name: _plain(getattr(latest, name)) for name in OF_EPISODE}}
    return {**fields, "labels": labels_of(conversation), "episode": episode}


def labels_of(conversation: Conversation) -> list[str]:
    """The identifiers of its labels, in order."""
    links = ConversationLabel.objects.filter(conversation=conversation)
    return sorted(str(label) for label in links.values_list("label_id", flat=True))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def changed_between(before: State, after: State) -> set[str]:
    """The fields in which two states differ."""
    return {name for name in before if before[name] != after.get(name)}


def put_labels(conversation: Conversation, labels: list[str]) -> None:
    """Make exactly these its labels, without a word about it."""
    links = ConversationLabel.objects.filter(conversation=conversation)
    links.exclude(label_id__in=labels).delete()
    ConversationLabel.objects.bulk_create(
        [ConversationLabel(conversation=conversation, label_id=UUID(label)) for label in labels],
        ignore_conflicts=True,
    )


def bring_back(conversation: Conversation, before: State, names: set[str]) -> None:
    """Set some fields to what they were, and save; the conversation's row must be locked.

    An episode that began since gives its lines to the one that ran then, and is no more.
    """
    for field in conversation._meta.concrete_fields:
        if field.attname in names and field.attname in before:
            setattr(conversation, field.attname, field.to_python(before[field.attname]))
    if "labels" in names:
        put_labels(conversation, before["labels"])
    if "episode" in names:
        _bring_back_episode(conversation, before["episode"])
    conversation.save()


def _bring_back_episode(conversation: Conversation, before: State) -> None:
    known = Episode.objects.filter(pk=before["id"], conversation=conversation).first()
    if known is None:
        return
    later = Episode.objects.filter(conversation=conversation, number__gt=known.number)
    Message.objects.filter(episode_id__in=list(later.values_list("pk", flat=True))).update(episode=known)
    later.delete()
    for name in OF_EPISODE:
        setattr(known, name, known._meta.get_field(name.removesuffix("_id")).to_python(before[name]))
    known.save()
    conversation.episode_count = known.number


def follow_messages(conversation: Conversation) -> None:
    """Set what the queue shows of a conversation by the messages that stand in it, and save."""
    told = Message.objects.filter(conversation=conversation).seen_by_customer()
    last = told.order_by("-id").first()
    if last is not None:
        conversation.preview = one_line(last.text, 160) or ("📎" if last.has_attachments else "")
        conversation.preview_is_ours = last.kind == Message.Kind.OUTBOUND
        conversation.last_message_at = last.created_at
    inbound = told.filter(kind=Message.Kind.INBOUND)
    newest = inbound.order_by("-id").first()
    conversation.last_inbound_at = newest.created_at if newest else None
    answer = told.filter(kind=Message.Kind.OUTBOUND).order_by("-id").first()
    unanswered = inbound.filter(id__gt=answer.pk) if answer else inbound
    first = unanswered.order_by("id").first()
    waits = first is not None and conversation.status not in {"closed", "merged"}
    conversation.waiting_since = first.created_at if first and waits else None
    conversation.save()
