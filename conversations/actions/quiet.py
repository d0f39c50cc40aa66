"""What has gone quiet with the bot is closed: the same question next week is a new one, and he is greeted."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from conversations.actions.conversations import close
from conversations.actions.failures import in_short, whereabouts
from conversations.models import (
    Bot,
    Confirmation,
    Conversation,
    Delivery,
    Promise,
    ScheduledReply,
    Turn,
)
from tenants.actors import Actor
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.bot")
BATCH = 200
UNSENT = (Delivery.Status.PENDING, Delivery.Status.SENDING, Delivery.Status.UNKNOWN)
ASKED = ("", Confirmation.Answer.MOVING, Confirmation.Answer.DOUBTFUL)
"""Answers to a question about an appointment after which more is to come."""


def close_quiet(tenant_id: UUID | str) -> int:
    """Close what the bot holds, waits for its customer and has been quiet for the business's hours.

    Returns how many of the oldest `BATCH`. Commits one after the other; harmless when run twice or in
    parallel. What is promised, asked or still to be sent keeps a conversation open.
    """
    with tenant_scope(tenant_id):
        found = list(_quiet().order_by("last_message_at", "id").values_list("pk", flat=True)[:BATCH])
    return sum(_close(tenant_id, conversation_id) for conversation_id in found)


def _close(tenant_id: UUID | str, conversation_id: UUID) -> bool:
    """One of them, where it still is quiet; what cannot be closed holds up no other."""
    try:
        with tenant_scope(tenant_id):
            rows = _quiet().select_for_update(of=("self",), skip_locked=True)
            conversation = rows.filter(pk=conversation_id).first()
            if conversation is None:
                return False
            close(conversation=conversation, by=Actor.system(), why="quiet")
            Turn.objects.filter(conversation=conversation, ended_at=None).update(state={})
            return True
    except Exception as error:  # noqa: BLE001 -- the others are to be closed all the same
        log.error(
            "not closed", conversation=str(conversation_id), error=in_short(error), at=whereabouts(error)
        )
        return False


def _quiet() -> QuerySet[Conversation]:
    bot = Bot.objects.first()
    rows: QuerySet[Conversation] = Conversation.objects.filter(
        with_bot=True, status=Conversation.Status.WAITING
    )
    if bot is None or bot.closes_after is None:
        return rows.none()
    now = timezone.now()
    since = now - timedelta(hours=bot.closes_after)
    held = Turn.objects.filter(ended_at=None, due_at=None, started_at__lte=since)
    promised = Promise.objects.filter(kept_at=None, withdrawn_at=None)
    asked = Confirmation.objects.filter(
        customer=OuterRef("customer"), state=Confirmation.State.SENT, step__asks=True, answer__in=ASKED,
        happens_at__gt=now,
    )  # fmt: skip
    unsent = Delivery.objects.filter(message__conversation=OuterRef("pk"), status__in=UNSENT)
    return rows.filter(
        _of_it(held),
        ~_of_it(promised),
        ~_of_it(ScheduledReply.objects.all()),
        ~Exists(asked),
        ~Exists(unsent),
        last_message_at__lte=since,
    )


def _of_it(rows: QuerySet[Any]) -> Exists:
    return Exists(rows.filter(conversation=OuterRef("pk")))
