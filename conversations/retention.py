"""What of conversations is not kept for ever, where a business says so (crm/actions/privacy_retention.py)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations.models import Attachment, Conversation, Draft, InboundEvent, Message, MessageChange
from crm.actions.privacy_retention import Keeper, register
from crm.models import RetentionRule, TimelineEntry

GONE = "It was kept as long as the business's rules say."
SAID = (Message.Kind.INBOUND, Message.Kind.OUTBOUND, Message.Kind.NOTE)
LINES = (TimelineEntry.Kind.MESSAGE_IN, TimelineEntry.Kind.MESSAGE_OUT)


def register_keepers() -> None:
    """Called once, when the app starts."""
    kind = RetentionRule.Kind
    register(kind.CONVERSATIONS, Keeper(_old_conversations, _empty_conversations))
    register(kind.FILES, Keeper(_old_files, _remove_files))
    register(kind.INBOUND, Keeper(_old_events, _empty_events))


def _old_conversations(before: datetime) -> QuerySet[Any]:
    """Closed since then, with something still to read in them."""
    words = Message.objects.filter(conversation=OuterRef("pk"), kind__in=SAID).exclude(text="", html="")
    closed: QuerySet[Any] = Conversation.objects.filter(
        status=Conversation.Status.CLOSED, closed_at__lt=before
    )
    return closed.filter(~Q(preview="") | ~Q(subject="") | Exists(words))


def _empty_conversations(conversations: QuerySet[Any]) -> int:
    """Take the words out; who wrote when on which channel stays, and so do the counts."""
    ids = list(conversations.values_list("pk", flat=True))
    said = Message.objects.filter(conversation__in=ids, kind__in=SAID)
    names = list(said.exclude(provider_id="").values_list("provider_id", flat=True))
    channels = list(conversations.values_list("channel_id", flat=True))
    MessageChange.objects.filter(channel__in=channels, target__in=names).delete()
    _remove_files(Attachment.objects.filter(message__conversation__in=ids).exclude(file=""))
    Draft.objects.filter(conversation__in=ids).delete()
    TimelineEntry.objects.filter(context_id__in=ids, kind__in=LINES).update(data={})
    said.update(text="", quoted="", html="", subject="", data={})
    return int(conversations.update(subject="", preview=""))


def _old_files(before: datetime) -> QuerySet[Any]:
    files: QuerySet[Any] = Attachment.objects.filter(created_at__lt=before).exclude(file="")
    return files


def _remove_files(attachments: QuerySet[Any]) -> int:
    """Remove files from the storage first: a row without its file can be asked for again, not the reverse."""
    number = 0
    for attachment in attachments:
        for file in (attachment.file, attachment.thumbnail):
            if file:
                file.storage.delete(file.name)
        attachment.file = attachment.thumbnail = ""
        attachment.state, attachment.reason, attachment.due_at = Attachment.State.FAILED, GONE, None
        attachment.save(update_fields=["file", "thumbnail", "state", "reason", "due_at"])
        number += 1
    return number


def _old_events(before: datetime) -> QuerySet[Any]:
    """Raw events that were read; what is parked waits for a person."""
    read: QuerySet[Any] = InboundEvent.objects.filter(due_at=None, received_at__lt=before)
    return read.exclude(outcome=InboundEvent.Outcome.PARKED).exclude(body=b"")


def _empty_events(events: QuerySet[Any]) -> int:
    """Their hash stays: the same event brought again is still known."""
    return int(events.update(body=b""))
