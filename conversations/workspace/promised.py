"""Promises to customers as pages show them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conversations.actions.promises import REMINDED
from conversations.models import Conversation, Promise
from conversations.promise_queries import OPEN
from conversations.workspace.countdowns import Countdown, countdown
from tenants.db.prepared import prepared
from tenants.templatetags.ui import timestamp

MOST = 10  # open ones shown in a conversation
ICONS: dict[str, str] = {Promise.Kind.ANSWER: "reply", Promise.Kind.CALL: "phone"}


class Promised(NamedTuple):
    """A promise as it is shown."""

    id: UUID
    text: str
    icon: str
    owner: str
    clock: Countdown | None  # None for one that is settled
    when: SafeString
    kept: SafeString | None
    field: str  # as a date field takes it
    conversation_id: UUID


class Row(NamedTuple):
    """What is read of a promise."""

    id: UUID
    kind: str
    text: str
    due_at: datetime
    kept_at: datetime | None
    withdrawn_at: datetime | None
    made_by_id: UUID | None
    conversation_id: UUID
    owner__user__name: str | None
    owner__user__email: str | None


@prepared(Row)
def _open(*, conversation: UUID) -> QuerySet[Promise]:
    rows = Promise.objects.filter(OPEN, conversation_id=conversation)
    return rows.order_by("due_at", "id")[:MOST]


def of_conversation(conversation: Conversation) -> tuple[Promised, ...]:
    """What is promised in a conversation and not settled yet, the next first."""
    return tuple(_shown(row) for row in _open(conversation=conversation.pk))


def shown(promise: Promise) -> Promised:
    """A promise with its owner as it is shown."""
    user = promise.owner.user if promise.owner else None
    known = {name: getattr(promise, name) for name in Row._fields[:8]}
    return _shown(
        Row(
            **known,
            owner__user__name=user.name if user else None,
            owner__user__email=user.email if user else None,
        )
    )


def _shown(row: Row) -> Promised:
    by_bot = row.kind == Promise.Kind.ANSWER and row.made_by_id is None
    is_open = row.kept_at is None and row.withdrawn_at is None
    warns = row.due_at - REMINDED
    return Promised(
        id=row.id,
        text=_("A person answers") if by_bot else row.text,
        icon=ICONS.get(row.kind, "handshake"),
        owner=row.owner__user__name or row.owner__user__email or "",
        clock=countdown(row.due_at, warns, timezone.now(), _("Promised")) if is_open else None,
        when=timestamp(row.due_at, "full"),
        kept=timestamp(row.kept_at) if row.kept_at else None,
        field=timezone.localtime(row.due_at).strftime("%Y-%m-%dT%H:%M"),
        conversation_id=row.conversation_id,
    )
