"""What a customer was told to expect by a moment: kept, withdrawn, reminded of, and escalated when late."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations.models import Conversation, Message, Promise
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Membership

REMINDED = timedelta(minutes=30)  # before it is due


def make(
    conversation: Conversation,
    *,
    text: str,
    due_at: datetime,
    kind: str = Promise.Kind.OTHER,
    owner: Membership | None = None,
    message: Message | None = None,
    by: Actor | None = None,
) -> Promise:
    """Keep what a customer was promised. The transaction is the caller's."""
    return Promise.objects.create(
        conversation=conversation,
        customer_id=conversation.customer_id,
        kind=kind,
        text=one_line(text, 200),
        due_at=due_at,
        remind_at=max(due_at - REMINDED, timezone.now()),
        owner=owner or conversation.assignee,
        message=message,
        made_by=by.membership if by else None,
    )


@transaction.atomic
def keep_answer(conversation: Conversation) -> int:
    """A person answered: promises of an answer in that conversation are kept. Returns how many."""
    waiting = Promise.objects.filter(
        conversation=conversation, kind=Promise.Kind.ANSWER, kept_at=None, withdrawn_at=None
    )
    return int(waiting.update(kept_at=timezone.now(), remind_at=None))


def keep_calls(customer_id: UUID, *, spoken_at: datetime) -> int:
    """The customer was spoken with: calls promised before are kept. The transaction is the caller's."""
    waiting = Promise.objects.filter(
        customer_id=customer_id,
        kind=Promise.Kind.CALL,
        created_at__lte=spoken_at,
        kept_at=None,
        withdrawn_at=None,
    )
    return int(waiting.update(kept_at=timezone.now(), remind_at=None))
