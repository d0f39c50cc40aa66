"""Which conversation a message belongs to."""

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from conversations.actions.campaigns import told
from conversations.channels.base import InboundMessage
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Conversation, Delivery, ThreadReference
from conversations.models.conversation import ConversationQuerySet
from crm.models import Identity
from tenants.db.prepared import prepared

BURST = timedelta(minutes=2)  # mails of one person this close together are one matter
_PREFIX = re.compile(r"^\s*((re|rv|fw|fwd|res|enc|aw|sv|tr)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def reference_hash(message_id: str) -> str:
    """The key under which a Message-ID is known."""
    return hashlib.sha256(message_id.strip().strip("<>").encode("utf-8", "replace")).hexdigest()


def _ids(references: Iterable[str]) -> list[str]:
    """Message-IDs as the outbox keeps them, without angle brackets."""
    return [bare for reference in references if (bare := reference.strip().strip("<>")[:255])]


def base_subject(subject: str) -> str:
    """A subject without the reply and forward marks of common mail programs (RFC 5256 §2.1, simplified)."""
    return _PREFIX.sub("", subject).strip().casefold()


def find_conversation(channel: Channel, identity: Identity, item: InboundMessage) -> Conversation | None:
    """The conversation a message continues, locked; None when it opens a new one.

    One that was merged leads to where its messages stand now, and is that one's `leg` then. The caller
    holds the lock of the sender on this channel, so a burst finds what its first message made.
    """
    found = _find(channel, identity, item)
    return stands_in(found) if found and found.merged_into_id else found


def stands_in(conversation: Conversation) -> Conversation:
    """The one in which a merged conversation's messages stand, locked."""
    here = conversation
    while here.merged_into_id:
        here = Conversation.objects.select_for_update(of=("self",)).get(pk=here.merged_into_id)
    if here is not conversation:
        here.leg = conversation
    return here


def _find(channel: Channel, identity: Identity, item: InboundMessage) -> Conversation | None:
    mine = Conversation.objects.select_for_update(of=("self",)).filter(channel=channel)
    if item.conversation_id:
        named = mine.filter(pk=item.conversation_id).first() or told.by_address(channel, item.conversation_id)
        if named:
            return named
    if item.references:
        hashes = [reference_hash(reference) for reference in item.references]
        known = ThreadReference.objects.filter(channel=channel, reference__in=hashes).values(
            "conversation_id"
        )
        ours = Delivery.objects.filter(channel=channel, provider_id__in=_ids(item.references)).values_list(
            Coalesce("message__came_by_id", "message__conversation_id")
        )
        threads = mine.filter(Q(pk__in=known) | Q(pk__in=ours), customer_id=identity.customer_id)
        threaded = threads.newest_first().first() or told.by_references(
            channel, identity, _ids(item.references)
        )
        if threaded:
            return threaded
    if adapter_for(channel.kind).capabilities.subject:
        found = _same_matter(Conversation.objects.filter(channel=channel, identity=identity), item)
        return mine.filter(pk=found.pk).first() if found else None
    return next(iter(_latest(channel=channel.pk, identity=identity.pk)), None)


@prepared(Conversation)
def _latest(*, channel: UUID, identity: UUID) -> QuerySet[Conversation]:
    theirs = Conversation.objects.filter(channel_id=channel, identity_id=identity)
    return theirs.select_for_update().newest_first()[:1]  # type: ignore[no-any-return]


def _same_matter(theirs: ConversationQuerySet, item: InboundMessage) -> Conversation | None:
    """An open e-mail conversation with the same subject, or one that began a moment ago."""
    subject, since = base_subject(item.subject), timezone.now() - BURST
    for conversation in theirs.exclude(status=Conversation.Status.CLOSED).newest_first()[:20]:
        burst = conversation.last_inbound_at and conversation.last_inbound_at >= since
        if burst or (subject and base_subject(conversation.subject) == subject):
            return conversation
    return None


def remember_references(conversation: Conversation, references: Iterable[str]) -> None:
    """Note the Message-IDs a conversation knows; the first to claim one keeps it."""
    ThreadReference.objects.bulk_create(
        [
            ThreadReference(channel_id=conversation.channel_id, conversation=conversation, reference=digest)
            for digest in dict.fromkeys(
                reference_hash(reference) for reference in references if reference.strip()
            )
        ],
        ignore_conflicts=True,
    )
