"""Where a message stands: by arrival, and within a burst by the vendor's clock."""

import secrets
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from conversations.models import Conversation, Message
from conversations.order import BURST, RANDOM_BITS, first_id_at
from tenants.db.prepared import prepared
from tenants.scoping import uuid7


def id_in_order(conversation: Conversation, provider_at: datetime | None) -> UUID:
    """The id of a message that just came in; messages are read in the order of their ids.

    A vendor calls in parallel: of what a customer wrote within a few minutes, and nobody has answered
    since, a message that he wrote earlier stands before one that overtook it.
    """
    now = uuid7()
    since = timezone.now() - BURST
    if provider_at is None or conversation.last_message_at < since:
        return now
    overtaker = None
    for other_id, kind, other_at in _lately(conversation=conversation.pk, since=first_id_at(since)):
        if kind == Message.Kind.OUTBOUND or (
            kind == Message.Kind.INBOUND and (other_at is None or other_at <= provider_at)
        ):
            return now if overtaker is None else _between(other_id, overtaker)
        if kind == Message.Kind.INBOUND:
            overtaker = other_id
    return now if overtaker is None else _between(first_id_at(since), overtaker)


class _Line(NamedTuple):
    id: UUID
    kind: str
    provider_at: datetime | None


@prepared(_Line)
def _lately(*, conversation: UUID, since: UUID) -> QuerySet[Message]:
    return Message.objects.filter(conversation_id=conversation, id__gt=since).order_by("-id")[:100]


def _between(before: UUID, after: UUID) -> UUID:
    """An id right before `after`, with room for others between; `after`'s successor when there is none."""
    room = min(after.int - before.int, (after.int & ((1 << RANDOM_BITS) - 1)), 1 << 48)
    if room < 3:
        return uuid7()
    return UUID(int=after.int - room // 2 - secrets.randbelow(room // 4 + 1))
