"""What conversations add to the archive and to the erasure of a customer."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conversations.models import Conversation, InboundEvent, InboundItem, Message, MessageChange, Upload
from crm import holdings
from crm.models import Identity


def register() -> None:
    """Called once, when the app starts."""
    show = holdings.show
    show(
        "conversations.conversation",
        _("Conversations"),
        ("last_message_at", "channel", "subject", "status"),
        50,
    )
    show(
        "conversations.message",
        _("Messages"),
        ("created_at", "conversation", "author_kind", "author_label", "subject", "text"),
        51,
    )
    show("conversations.attachment", _("Files of messages"), ("created_at", "name", "file", "size"), 52)
    show("conversations.draft", _("Drafts"), ("body",), 53)
    show("conversations.scheduledreply", _("Scheduled answers"), ("text",), 54)
    show("conversations.promise", _("Promises"), ("text", "due_at", "kept_at", "withdrawn_at"), 55)
    told = ("created_at", "words", "asked", "facts")
    show("conversations.handoff", _("What the bot handed over"), told, 56)
    show("conversations.correction", _("Wordings learned"), ("created_at", "phrasing"), 55)
    show("conversations.rehearsalexample", _("Examples in rehearsals"), ("message", "change"), 56)
    show("conversations.unansweredmessage", _("Questions without an answer"), ("message",), 57)
    show("conversations.pastreply", _("Replies kept as examples"), ("created_at", "question", "reply"), 58)
    show("conversations.suggestion", _("Proposed replies"), ("created_at", "text", "outcome"), 59)
    holdings.bind("conversations.message", "came_by")
    holdings.bind("conversations.inboundevent", "message")
    holdings.search_when("conversations.inboundevent", Q(due_at=None))
    holdings.take_along("conversations.message", _take_raw)
    holdings.take_along("crm.identity", _take_uploads)
    holdings.tell_running(_running)
    holdings.leave("conversations.channel", "addresses of the business itself")
    holdings.leave("conversations.macro", "what colleagues wrote before any customer")
    holdings.leave("conversations.rule", "what colleagues wrote before any customer")
    holdings.leave("conversations.messagechange", "goes with the message it changes")
    holdings.leave("conversations.upload", "goes with the visitor's address, and by itself after days")


def _running(people: Sequence[UUID]) -> Iterable[str]:
    """Conversations that are not closed."""
    count = Conversation.objects.filter(customer__in=people).active().count()
    if count:
        yield ngettext("%(n)s conversation is open", "%(n)s conversations are open", count) % {"n": count}


def _take_raw(ids: Sequence[UUID]) -> None:
    """Raw events that brought messages or news of them, and what changed those messages later."""
    sent = Message.objects.filter(pk__in=ids).exclude(provider_id="")
    by_channel: dict[UUID, list[str]] = {}
    for channel_id, name in sent.values_list("conversation__channel_id", "provider_id"):
        by_channel.setdefault(channel_id, []).append(name)
    for channel_id, names in by_channel.items():
        MessageChange.objects.filter(channel_id=channel_id, target__in=names).delete()
        items = InboundItem.objects.filter(channel_id=channel_id, provider_id__in=names)
        events = list(items.values_list("event_id", flat=True))
        InboundEvent.objects.filter(pk__in=events, due_at=None).update(body=b"", reason="")
        items.delete()


def _take_uploads(ids: Sequence[UUID]) -> None:
    """Files that a visitor of the chat handed in and never sent."""
    visitors = Identity.objects.filter(pk__in=ids, kind=Identity.Kind.WEB).values_list("value", flat=True)
    known = [number for value in visitors if (number := _uuid(value))]
    for upload in Upload.objects.filter(visitor__in=known):
        upload.file.delete(save=False)
        upload.delete()


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
