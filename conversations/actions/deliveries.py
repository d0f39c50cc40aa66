"""The outbox: claim, mark, call, settle, each committed on its own (ARCHITECTURE.md §3)."""

from datetime import timedelta
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
from conversations.models import Conversation, Delivery
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope, uuid7

log = structlog.get_logger("puente.outbox")
LEASE = timedelta(seconds=120)  # longer than a task may run
MAX_ATTEMPTS = 5
RETRY_BASE = timedelta(seconds=15)
LOOK_UP_AGAIN = timedelta(seconds=30)
Status = Delivery.Status
UNKNOWN = gettext_noop("Puente was interrupted while handing it over. It may have arrived.")
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
    with tenant_scope(tenant_id):
        delivery = Delivery.objects.select_related("message__conversation__customer", "channel").get(
            pk=delivery_id
        )
        adapter = adapter_for(delivery.channel.kind)
        marked = Delivery.objects.filter(pk=delivery_id, attempt_id=attempt, status=Status.SENDING)
        if not marked.update(calling_at=timezone.now(), provider_id=adapter.own_id(delivery)):
            return
    with tenant_scope(tenant_id):  # to read what is sent; nothing is locked while the vendor is called
        outcome = _call(adapter, delivery)
    with tenant_scope(tenant_id):
        _settle(delivery, attempt, outcome)


def _call(adapter: Adapter, delivery: Delivery) -> str | ChannelError | None:
    """The vendor's id, its refusal, or None when nobody can say whether it took the message."""
    try:
        return adapter.send(delivery)
    except ChannelError as error:
        return error
    except Exception as error:  # noqa: BLE001 -- it may have been taken: nobody can say
        log.error(
            "the vendor's answer was lost",
            delivery=str(delivery.pk),
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


def _open_in_conversation(conversation_id: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        message__conversation_id=conversation_id, status__in=[Status.PENDING, Status.SENDING]
    )


def _has_earlier(delivery: Delivery) -> bool:
    """Whether an earlier message of the conversation is still on its way."""
    conversation_id = delivery.message.conversation_id
    return bool(_open_in_conversation(conversation_id).filter(id__lt=delivery.pk).exists())


def _settle(delivery: Delivery, attempt: UUID, outcome: str | ChannelError | None) -> None:
    """Write down the outcome, unless the attempt is no longer ours."""
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk, attempt_id=attempt).first()
    if row is None or row.status != Status.SENDING:
        return
    if outcome is None:
        row.due_at = timezone.now()
        _finish(row, Status.UNKNOWN, UNKNOWN)
    elif isinstance(outcome, str):
        row.provider_id = outcome[:255]
        _finish(row, Status.SENT, "")
    elif outcome.permanent or row.attempts >= MAX_ATTEMPTS:
        _finish(row, Status.FAILED, outcome.reason)
    else:
        row.status = Status.PENDING
        row.reason = one_line(outcome.reason, 300)
        row.due_at = timezone.now() + RETRY_BASE * 2 ** (row.attempts - 1)
        row.calling_at = row.lease_until = None
        row.save()


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
        adapter = adapter_for(delivery.channel.kind)
        try:
            answer = adapter.look_up(delivery)
        except Exception as error:  # noqa: BLE001 -- it stays unknown, and is asked again later
            log.info("look-up failed", delivery=str(delivery_id), error=in_short(error))
            answer = None
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
