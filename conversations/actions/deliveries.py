"""The outbox: claim, mark, call, settle, each committed on its own (ARCHITECTURE.md §3)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.actions import bells
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.messages import announce
from conversations.actions.statuses import tell_failure
from conversations.channels.base import Adapter, ChannelError, InboundStatus
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Conversation, Delivery
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope, uuid7

log = structlog.get_logger("puente.outbox")
LEASE = timedelta(seconds=120)  # longer than a task may run
MAX_ATTEMPTS = 5
RETRY_BASE = timedelta(seconds=15)
LOOK_UP_AGAIN = timedelta(seconds=30)
LOOK_AGAIN_IF_REPAIRED = timedelta(hours=1)  # a change of the channel releases what waits at once
Status = Delivery.Status
UNKNOWN = gettext_noop("Puente was interrupted while handing it over. It may have arrived.")
NO_ADDRESS = gettext_noop("This customer has no address on this channel any more.")
SWITCHED_OFF = gettext_noop("The channel is switched off. This goes out when it is switched on again.")
UNPREPARED = gettext_noop("The message could not be prepared for sending. We try again.")
POISON = gettext_noop("Sending was interrupted five times before it began.")


def deliver(tenant_id: UUID | str, delivery_id: UUID | str) -> None:
    """Take one message to its vendor. Harmless when run twice or in parallel.

    A death before the mark loses nothing: the sweeper makes the row pending again. A death after it
    leaves the row to become unknown: it is never sent again by itself.
    """
    attempt = uuid7()
    with tenant_scope(tenant_id):
        if not _claim(delivery_id, attempt):
            return
    outcome: str | ChannelError | None
    try:
        with tenant_scope(tenant_id):
            adapter, prepared = _prepare(delivery_id)
        own_id = adapter.own_id(prepared)
    except Exception as error:  # noqa: BLE001 -- nothing has been handed over: it may be tried again
        outcome = _obstacle(delivery_id, error)
    else:
        with tenant_scope(tenant_id):
            if not _mark(delivery_id, attempt, own_id):
                return
        outcome = _call(adapter, prepared, delivery_id)  # no transaction is open while the vendor is called
    with tenant_scope(tenant_id):
        _settle(delivery_id, attempt, outcome)


def _prepare(delivery_id: UUID | str) -> tuple[Adapter, Any]:
    """All the vendor is to get, read beforehand. Raises `ChannelError` when the address is gone."""
    carried = ("message__conversation__customer", "message__conversation__identity", "channel")
    delivery = Delivery.objects.select_related(*carried).get(pk=delivery_id)
    if delivery.message.conversation.identity is None:
        raise ChannelError(NO_ADDRESS, permanent=True)
    adapter = adapter_for(delivery.channel.kind)
    return adapter, adapter.prepare(delivery)


def _obstacle(delivery_id: UUID | str, error: Exception) -> ChannelError:
    """What stood in the way before the vendor was called, as a refusal."""
    if isinstance(error, ChannelError):
        return error
    log.error("not prepared", delivery=str(delivery_id), error=in_short(error), at=whereabouts(error))
    return ChannelError(UNPREPARED, permanent=False)


def _mark(delivery_id: UUID | str, attempt: UUID, own_id: str) -> bool:
    """The moment before the call; False when the attempt is no longer ours."""
    ours = Delivery.objects.filter(pk=delivery_id, attempt_id=attempt, status=Status.SENDING)
    return bool(ours.update(calling_at=timezone.now(), provider_id=own_id))


def _call(adapter: Adapter, prepared: Any, delivery_id: UUID | str) -> str | ChannelError | None:
    """The vendor's id, its refusal, or None when nobody can say whether it took the message."""
    try:
        return adapter.send(prepared)
    except ChannelError as error:
        return error
    except Exception as error:  # noqa: BLE001 -- it may have been taken: nobody can say
        log.error(
            "the vendor's answer was lost",
            delivery=str(delivery_id),
            error=in_short(error),
            at=whereabouts(error),
        )
        return None


def _claim(delivery_id: UUID | str, attempt: UUID) -> bool:
    """Make a due row ours, in order within its conversation; counts the attempt before the work."""
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .due()
        .filter(pk=delivery_id)
        .first()
    )
    if delivery is None or _has_earlier(delivery):
        return False
    if not delivery.channel.is_active:
        _hold(delivery)
        return False
    delivery.attempts += 1
    if delivery.attempts > MAX_ATTEMPTS:
        _finish(delivery, Status.FAILED, POISON)
        return False
    delivery.attempt_id = attempt
    delivery.lease_until = timezone.now() + LEASE
    delivery.calling_at = None
    delivery.status = Status.SENDING
    delivery.save()
    return True


def _hold(delivery: Delivery) -> None:
    """Keep it until the channel is switched on again, and say so on the message; no attempt is counted."""
    _put_back(delivery, SWITCHED_OFF, LOOK_AGAIN_IF_REPAIRED)


def release(*, channel: Channel) -> int:
    """Make due what waits for a channel that was switched on or repaired; the sweeper finds it.

    Returns how many.
    """
    waiting = Delivery.objects.filter(channel=channel, status=Status.PENDING, due_at__gt=timezone.now())
    return int(waiting.update(due_at=timezone.now(), reason=""))


def _open_in_conversation(conversation_id: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        message__conversation_id=conversation_id, status__in=[Status.PENDING, Status.SENDING]
    )


def _has_earlier(delivery: Delivery) -> bool:
    """Whether an earlier message of the conversation is still on its way."""
    conversation_id = delivery.message.conversation_id
    return bool(_open_in_conversation(conversation_id).filter(id__lt=delivery.pk).exists())


def _settle(delivery_id: UUID | str, attempt: UUID, outcome: str | ChannelError | None) -> None:
    """Write down the outcome, unless the attempt is no longer ours."""
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, attempt_id=attempt).first()
    if row is None or row.status != Status.SENDING:
        return
    if outcome is None:
        row.due_at = timezone.now()
        _finish(row, Status.UNKNOWN, UNKNOWN)
    elif isinstance(outcome, str):
        row.provider_id = outcome[:255]
        _finish(row, Status.SENT, "")
    elif outcome.channel_broken:
        row.attempts -= 1  # it is not the message's fault
        _put_back(row, outcome.reason, LOOK_AGAIN_IF_REPAIRED)
    elif outcome.permanent or row.attempts >= MAX_ATTEMPTS:
        _finish(row, Status.FAILED, outcome.reason)
    else:
        asked = timedelta(seconds=outcome.wait or 0)
        _put_back(row, outcome.reason, max(RETRY_BASE * 2 ** (row.attempts - 1), asked))


def _put_back(row: Delivery, reason: str, wait: timedelta) -> None:
    """To be tried again later; why stands on the message."""
    row.status = Status.PENDING
    row.reason = one_line(reason, 300)
    row.due_at = timezone.now() + wait
    row.calling_at = row.lease_until = None
    row.save()
    announce(row.message.conversation, row.message)


def _finish(row: Delivery, status: str, reason: str) -> None:
    """End of the way for this attempt; the conversation's next message may go."""
    row.status = status
    row.reason = one_line(reason, 300)
    row.settled_at = timezone.now()
    row.lease_until = None
    row.save()
    conversation = row.message.conversation
    announce(conversation, row.message)
    if status == Status.FAILED:
        tell_failure(row)
    following = (
        _open_in_conversation(conversation.pk).filter(status=Status.PENDING, id__gt=row.pk).order_by("id")
    )
    for waiting in following[:1]:
        bells.deliver(waiting.pk)


@transaction.atomic
def expire_leases() -> int:
    """Rows whose worker died: unknown when the vendor was being called, else pending. Returns how many."""
    expired = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        status=Status.SENDING, lease_until__lte=timezone.now()
    )
    rows = list(expired[:500])
    for row in rows:
        if row.calling_at:
            row.due_at = timezone.now()
            _finish(row, Status.UNKNOWN, UNKNOWN)
        else:
            row.status, row.lease_until, row.due_at = Status.PENDING, None, timezone.now()
            row.save()
            bells.deliver(row.pk)
    return len(rows)


def look_up(tenant_id: UUID | str, delivery_id: UUID | str) -> None:
    """Ask the vendor about a delivery whose outcome is unknown, and settle it by its word."""
    with tenant_scope(tenant_id):
        delivery = (
            Delivery.objects.select_related("channel", "message")
            .filter(pk=delivery_id, status=Status.UNKNOWN, due_at__lte=timezone.now())
            .first()
        )
    if delivery is None:
        return
    try:
        answer = adapter_for(delivery.channel.kind).look_up(delivery)
    except Exception as error:  # noqa: BLE001 -- it stays unknown, and is asked again later
        log.info("look-up failed", delivery=str(delivery_id), error=in_short(error))
        answer = None
    with tenant_scope(tenant_id):
        _believe(delivery, answer)


def _believe(delivery: Delivery, answer: InboundStatus | None) -> None:
    row = (
        Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk, status=Status.UNKNOWN).first()
    )
    if row is None:
        return
    if answer is None:
        row.due_at = timezone.now() + LOOK_UP_AGAIN
        row.save(update_fields=["due_at"])
    elif answer.status == Status.PENDING:  # the vendor is certain that it never got it
        row.status, row.due_at, row.calling_at = Status.PENDING, timezone.now(), None
        row.reason = ""
        row.save()
        bells.deliver(row.pk)
    else:
        row.provider_id = answer.provider_id or row.provider_id
        _finish(row, answer.status, answer.reason)


@transaction.atomic
def resend(*, delivery: Delivery, by: Actor) -> bool:
    """A person decides to send again what failed or whose outcome is unknown; False when it is neither."""
    again = Delivery.objects.filter(pk=delivery.pk, status__in=[Status.UNKNOWN, Status.FAILED])
    if not again.update(
        status=Status.PENDING, attempts=0, due_at=timezone.now(), calling_at=None, reason="", settled_at=None
    ):
        return False
    audit.record("delivery.resent", target=delivery, by=by, was=delivery.status)
    announce(delivery.message.conversation, delivery.message)
    bells.deliver(delivery.pk)
    return True


def mark_read(*, conversation: Conversation, upto: UUID) -> None:
    """The customer has read everything up to a message: the vendor, or his own browser, says so."""
    read = Delivery.objects.filter(
        message__conversation=conversation,
        message_id__lte=upto,
        status__in=[Status.SENT, Status.DELIVERED],
    )
    if read.update(status=Status.READ, settled_at=timezone.now()):
        announce(conversation)
