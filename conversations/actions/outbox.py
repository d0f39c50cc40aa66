"""What is decided of messages in the outbox: sent again, taken out, brought back, believed to be there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations.actions import bells
from conversations.actions.campaigns.following import follow, follow_all
from conversations.actions.deliveries import finish
from conversations.actions.last_question import BY_HAND
from conversations.actions.messages import announce, lock
from conversations.models import Channel, Conversation, Delivery
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events

Status = Delivery.Status


@transaction.atomic
def resend(*, delivery: Delivery, by: Actor) -> bool:
    """A person decides to send again what failed, was discarded, or whose outcome is unknown.

    False when it is none of these.
    """
    again = Delivery.objects.filter(
        pk=delivery.pk, status__in=[Status.UNKNOWN, Status.FAILED, Status.DISCARDED]
    )
    hurried = {"priority": Delivery.Priority.PERSON, "details": {BY_HAND: True}}
    if not again.update(**_anew() | hurried):
        return False
    audit.record("delivery.resent", target=delivery, by=by, was=delivery.status)
    follow(Delivery.objects.select_related("message").get(pk=delivery.pk))
    announce(delivery.message.conversation, delivery.message)
    bells.deliver(delivery.pk)
    return True


def _anew() -> dict[str, Any]:
    """The fields of a row that waits as if it had never been tried."""
    return {
        "status": Status.PENDING,
        "due_at": timezone.now(),
        "attempts": 0,
        "calling_at": None,
        "reason": "",
        "details": {},
        "settled_at": None,
    }


def bring_back(message_id: UUID) -> bool:
    """Let what was taken out wait again, asked about as any; False where a person has done so already.

    In the transaction of whoever took it out. The bell rings after it.
    """
    mine = Delivery.objects.filter(message=message_id)
    if not mine.filter(status=Status.DISCARDED).update(**_anew()):
        return False
    delivery = mine.select_related("message__conversation").get()
    announce(delivery.message.conversation, delivery.message)
    bells.deliver(delivery.pk, delivery.priority)
    return True


def settle_unknown(messages: Sequence[UUID], *, arrived: bool) -> None:
    """A person says of messages whose outcome is unknown that they are there, or that they go again.

    In the transaction it is called in; the sweeper finds what goes again.
    """
    unknown = Delivery.objects.filter(message__any=messages, status=Status.UNKNOWN)
    found = Delivery.objects.filter(pk__any=list(unknown.values_list("pk", flat=True)))
    if arrived:
        found.update(status=Status.DELIVERED, reason="", settled_at=timezone.now())
    else:
        found.update(**_anew())
    follow_all(found)


@transaction.atomic
def discard(*, delivery: Delivery, by: Actor) -> bool:
    """Take a message that still waits out of the outbox; False when it is on its way already.

    `resend` brings it back.
    """
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk).first()
    if row is None or row.status != Status.PENDING:
        return False
    finish(row, Status.DISCARDED, "")
    conversation = lock(row.message.conversation_id)
    if conversation.status == Conversation.Status.WAITING:  # the customer has no answer after all
        conversation.status = Conversation.Status.OPEN
        conversation.save(update_fields=["status"])
        announce(conversation)
    audit.record("delivery.discarded", target=row, by=by)
    return True


@transaction.atomic
def discard_waiting(*, channel: Channel, by: Actor) -> datetime | None:
    """Discard all that waits for a channel that cannot send; returns the moment that names them for undo."""
    now = timezone.now()
    waiting = Delivery.objects.filter(channel=channel, status=Status.PENDING)
    count = waiting.update(status=Status.DISCARDED, reason="", settled_at=now, lease_until=None)
    if not count:
        return None
    follow_all(Delivery.objects.filter(channel=channel, status=Status.DISCARDED, settled_at=now))
    audit.record("channel.waiting_discarded", target=channel, by=by, count=count)
    events.publish("channel", {"id": str(channel.pk)})
    return now


@transaction.atomic
def restore_discarded(*, channel: Channel, at: datetime, by: Actor) -> int:
    """Take that back: all that was discarded of a channel at a moment waits again. Returns how many."""
    discarded = Delivery.objects.filter(channel=channel, status=Status.DISCARDED, settled_at=at)
    ids = list(discarded.values_list("pk", flat=True))
    back = Delivery.objects.filter(pk__any=ids)
    count = int(back.update(status=Status.PENDING, due_at=timezone.now(), settled_at=None))
    if count:
        follow_all(back)
        audit.record("channel.waiting_restored", target=channel, by=by, count=count)
        events.publish("channel", {"id": str(channel.pk)})
    return count


def waiting_on(channel: Channel) -> QuerySet[Delivery]:
    """What waits to go out on a channel."""
    return Delivery.objects.filter(channel=channel, status=Status.PENDING).order_by("priority", "id")
