"""The outbox: claim, mark, call, settle, each committed on its own (ARCHITECTURE.md §3)."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.actions import bells, last_question
from conversations.actions.campaigns.following import follow
from conversations.actions.channel_news import tell_problem
from conversations.actions.channel_signs import note_sent
from conversations.actions.consents import learn_from_refusal
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.last_question import ASIDE, Withheld
from conversations.actions.messages import announce
from conversations.actions.statuses import tell_failure
from conversations.channels.base import Adapter, ChannelError, InboundStatus
from conversations.channels.registry import adapter_for
from conversations.consent import check_delivery
from conversations.models import Channel, Conversation, Delivery
from tenants.kit import bucket, valkey
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope, uuid7

log = structlog.get_logger("puente.outbox")
LEASE = timedelta(seconds=120)  # longer than a task may run
MAX_ATTEMPTS = 5
RETRY_BASE = timedelta(seconds=15)
LOOK_UP_AGAIN = timedelta(seconds=30)
LOOK_AGAIN_IF_REPAIRED = timedelta(hours=1)  # a change of the channel releases what waits at once
MAX_THROTTLED = 100  # times a vendor may put the same message off
PAIR_PAUSE = timedelta(seconds=60)
SOON = timedelta(seconds=10)  # a person's answer that waits no longer is rung for by itself
MOST_WAITING = 1_000  # counted at most to spread those that wait
LONGEST_SPREAD = 600.0  # seconds
Status = Delivery.Status
Outcome = str | ChannelError | Withheld | None  # the vendor's id, a no, not now, or nobody can say
UNKNOWN = gettext_noop("Puente was interrupted while handing it over. It may have arrived.")
NO_ADDRESS = gettext_noop("This customer has no address on this channel any more.")
SWITCHED_OFF = gettext_noop("The channel is switched off. This goes out when it is switched on again.")
UNPREPARED = gettext_noop("The message could not be prepared for sending. We try again.")
SLOWLY = gettext_noop("The channel takes no more messages at the moment. It goes out by itself.")
TOO_SLOW = gettext_noop("The channel put this message off again and again. Try it later.")
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
    outcome: Outcome
    try:
        with tenant_scope(tenant_id):
            adapter, prepared = _prepare(delivery_id)
        own_id = adapter.own_id(prepared)
    except Withheld as withheld:
        outcome = withheld
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
    """All the vendor is to get, read beforehand. Raises `ChannelError` when the address is gone, and
    `Withheld` where whoever has it said takes it back.

    Row by row: without statistics, as after an import, PostgreSQL joins so many tables in seconds.
    """
    home = ("message__came_by__customer", "message__came_by__identity")
    carried = ("message__conversation__customer", "message__conversation__identity", *home, "channel")
    delivery = Delivery.objects.prefetch_related(*carried).get(pk=delivery_id)
    if delivery.message.came_by_id:  # it stands in a merged thread, and goes out by its own way
        delivery.message.conversation = delivery.message.came_by
    if delivery.message.conversation.identity is None:
        raise ChannelError(NO_ADDRESS, permanent=True)
    last_question.ask(delivery)
    check_delivery(delivery, delivery.message.conversation)
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
    if _must_wait(delivery):
        return False
    delivery.attempts += 1
    if delivery.attempts > MAX_ATTEMPTS:
        finish(delivery, Status.FAILED, POISON)
        return False
    delivery.attempt_id = attempt
    delivery.lease_until = timezone.now() + LEASE
    delivery.calling_at = None
    delivery.status = Status.SENDING
    delivery.details.pop(ASIDE, None)
    delivery.save()
    return True


def _hold(delivery: Delivery) -> None:
    """Keep it until the channel is switched on again, and say so on the message; no attempt is counted."""
    _put_back(delivery, SWITCHED_OFF, LOOK_AGAIN_IF_REPAIRED)


def _must_wait(delivery: Delivery) -> bool:
    """Put it off while the vendor asks for silence, or takes no more messages; no attempt is counted."""
    now, channel = timezone.now(), delivery.channel
    if channel.paused_until and channel.paused_until > now:
        _put_back(delivery, channel.problem or SLOWLY, channel.paused_until - now + _spread(delivery))
        return True
    wait = _pair_wait(delivery, now)
    if not wait and (seconds := _token_wait(delivery)):
        wait = timedelta(seconds=seconds) + _spread(delivery)
    if not wait:
        return False
    delivery.due_at = now + wait
    delivery.save(update_fields=["due_at"])
    if delivery.priority == Delivery.Priority.PERSON and wait <= SOON:
        bells.deliver(delivery.pk, delivery.priority, wait=wait.total_seconds())
    return True


def _token_wait(delivery: Delivery) -> float:
    """Seconds until the channel may have room; 0 takes the room."""
    rate = adapter_for(delivery.channel.kind).capabilities.rate
    if not rate:
        return 0
    key = valkey.key(delivery.tenant_id, "bucket", delivery.channel_id)
    return bucket.take(bucket.Bucket(key, rate), delivery.priority)


def _pair_wait(delivery: Delivery, now: datetime) -> timedelta:
    """How long the vendor wants us to leave this customer in peace after the last message to him."""
    pause = adapter_for(delivery.channel.kind).capabilities.pair_pause
    if not pause:
        return timedelta()
    earliest = now - timedelta(seconds=pause)
    called = Delivery.objects.filter(
        message__conversation_id=delivery.message.conversation_id, calling_at__gt=earliest
    )
    last = called.exclude(pk=delivery.pk).order_by("-calling_at").values_list("calling_at", flat=True).first()
    return last - earliest if last else timedelta()


def _spread(delivery: Delivery) -> timedelta:
    """Something on top of a wait, so that not all who wait come back at once; a person's do sooner."""
    rate = adapter_for(delivery.channel.kind).capabilities.rate or 10
    ahead = Delivery.objects.filter(
        channel_id=delivery.channel_id, status=Status.PENDING, priority__lte=delivery.priority
    )
    waiting = len(ahead.order_by("priority", "id").values_list("pk")[:MOST_WAITING])
    return timedelta(seconds=random.uniform(0, min(waiting / rate, LONGEST_SPREAD)))  # noqa: S311 -- no secret


def release(*, channel: Channel) -> int:
    """Make due what waits for a channel that was switched on or repaired; the sweeper finds it.

    Returns how many.
    """
    Channel.objects.filter(pk=channel.pk).update(paused_until=None)
    waiting = Delivery.objects.filter(channel=channel, status=Status.PENDING, due_at__gt=timezone.now())
    return int(waiting.update(due_at=timezone.now(), reason=""))


def _open_in_conversation(conversation_id: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        message__conversation_id=conversation_id, status__in=[Status.PENDING, Status.SENDING]
    )


def _has_earlier(delivery: Delivery) -> bool:
    """Whether an earlier message of the conversation is still on its way, and has not stepped aside."""
    earlier = _open_in_conversation(delivery.message.conversation_id).filter(id__lt=delivery.pk)
    earlier = earlier.exclude(status=Status.PENDING, details__has_key=ASIDE)
    first = earlier.order_by("id").first()
    if first and first.status == Status.PENDING and first.priority > delivery.priority:
        _urge(earlier, delivery.priority)
    return first is not None


def _urge(earlier: QuerySet[Delivery], priority: int) -> None:
    """Let what stands before a person's answer go as fast as he; what failed before keeps its time."""
    earlier.filter(priority__gt=priority).update(priority=priority)
    for pk in (
        earlier.filter(status=Status.PENDING, reason="").order_by("id").values_list("pk", flat=True)[:1]
    ):
        Delivery.objects.filter(pk=pk).update(due_at=timezone.now())
        bells.deliver(pk, priority)


def _settle(delivery_id: UUID | str, attempt: UUID, outcome: Outcome) -> None:
    """Write down the outcome, unless the attempt is no longer ours."""
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, attempt_id=attempt).first()
    if row is None or row.status != Status.SENDING:
        return
    if outcome is None:
        row.due_at = timezone.now()
        finish(row, Status.UNKNOWN, UNKNOWN)
    elif isinstance(outcome, str):
        row.provider_id = outcome[:255]
        finish(row, Status.SENT, "")
        _believe_repaired(row.channel)
        note_sent(row.channel)
    elif isinstance(outcome, Withheld):
        _withhold(row, outcome)
    elif outcome.channel_broken:
        row.attempts -= 1  # it is not the message's fault
        tell_problem(row.channel, outcome.reason)
        _pause(row.channel, LOOK_AGAIN_IF_REPAIRED)
        _put_back(row, outcome.reason, LOOK_AGAIN_IF_REPAIRED)
    elif outcome.permanent:
        _fail(row, outcome, outcome.reason)
    elif outcome.wait or outcome.pair:
        _throttle(row, outcome)
    elif row.attempts >= MAX_ATTEMPTS:
        _fail(row, outcome, outcome.reason)
    else:
        _put_back(row, outcome.reason, RETRY_BASE * 2 ** (row.attempts - 1))


def _withhold(row: Delivery, withheld: Withheld) -> None:
    """Let it wait for its hour, or take it out and leave the rest to whoever has it said."""
    row.attempts -= 1
    if withheld.until:
        row.details[ASIDE] = True
        _put_back(row, withheld.reason, withheld.until - timezone.now())
    else:
        finish(row, Status.DISCARDED, withheld.reason)
    if withheld.then:
        withheld.then()


def _fail(row: Delivery, refusal: ChannelError, reason: str) -> None:
    """It will not go; what the vendor said of it stays for the button that helps."""
    told = {"category": refusal.category, "code": str(refusal.code), "permanent": refusal.permanent}
    row.details = {name: value for name, value in told.items() if value != ""}
    finish(row, Status.FAILED, reason)
    learn_from_refusal(row)


def _throttle(row: Delivery, refusal: ChannelError) -> None:
    """The vendor asks for silence: to all of the channel, or to this customer. No attempt is counted."""
    wait = timedelta(seconds=refusal.wait) if refusal.wait else PAIR_PAUSE
    if not refusal.pair:
        _pause(row.channel, wait)
    throttled = row.details.get("throttled", 0) + 1
    if throttled > MAX_THROTTLED:
        _fail(row, refusal, TOO_SLOW)
        return
    row.attempts -= 1
    row.details["throttled"] = throttled
    _put_back(row, refusal.reason, wait)


def _pause(channel: Channel, wait: timedelta) -> None:
    """Send nothing on a channel for a while; a longer pause stays."""
    until = timezone.now() + wait
    shorter = Q(paused_until__isnull=True) | Q(paused_until__lt=until)
    Channel.objects.filter(shorter, pk=channel.pk).update(paused_until=until)


def _believe_repaired(channel: Channel) -> None:
    """Something went out: what a refused message had said of the channel no longer holds."""
    if channel.problem and channel.paused_until:
        tell_problem(channel, "")
        release(channel=channel)


def _put_back(row: Delivery, reason: str, wait: timedelta) -> None:
    """To be tried again later; why stands on the message."""
    row.status = Status.PENDING
    row.reason = one_line(reason, 300)
    row.due_at = timezone.now() + wait
    row.calling_at = row.lease_until = None
    row.save()
    announce(row.message.conversation, row.message)


def finish(row: Delivery, status: str, reason: str) -> None:
    """End of the way for this attempt of a locked row; the conversation's next message may go."""
    row.status = status
    row.reason = one_line(reason, 300)
    row.settled_at = timezone.now()
    row.lease_until = None
    row.save()
    follow(row)
    conversation = row.message.conversation
    announce(conversation, row.message)
    if status == Status.FAILED and row.priority != Delivery.Priority.CAMPAIGN:
        tell_failure(row)
    following = (
        _open_in_conversation(conversation.pk).filter(status=Status.PENDING, id__gt=row.pk).order_by("id")
    )
    for waiting in following[:1]:
        bells.deliver(waiting.pk, waiting.priority)


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
            finish(row, Status.UNKNOWN, UNKNOWN)
        else:
            row.status, row.lease_until, row.due_at = Status.PENDING, None, timezone.now()
            row.save()
            bells.deliver(row.pk, row.priority)
    return len(rows)


def look_up(tenant_id: UUID | str, delivery_id: UUID | str) -> None:
    """Ask the vendor about a delivery whose outcome is unknown, and settle it by its word."""
    with tenant_scope(tenant_id):
        delivery = (
            Delivery.objects.select_related("channel", "message__conversation__identity")
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
    if answer is None or _is_anothers(row, answer.provider_id):
        row.due_at = timezone.now() + LOOK_UP_AGAIN
        row.save(update_fields=["due_at"])
    elif answer.status == Status.PENDING:  # the vendor is certain that it never got it
        row.status, row.due_at, row.calling_at = Status.PENDING, timezone.now(), None
        row.reason = ""
        row.save()
        follow(row)
        bells.deliver(row.pk, row.priority)
    else:
        row.provider_id = answer.provider_id or row.provider_id
        finish(row, answer.status, answer.reason)


def _is_anothers(row: Delivery, provider_id: str) -> bool:
    """Whether what the vendor found is the message of another delivery."""
    same = Delivery.objects.filter(channel_id=row.channel_id, provider_id=provider_id)
    return bool(provider_id) and same.exclude(pk=row.pk).exists()


def mark_read(*, conversation: Conversation, upto: UUID, channel: Channel) -> None:
    """The customer has read everything up to a message: the vendor, or his own browser, says so."""
    read = Delivery.objects.filter(
        message__conversation=conversation,
        channel=channel,
        message_id__lte=upto,
        status__in=[Status.SENT, Status.DELIVERED],
    )
    if read.update(status=Status.READ, settled_at=timezone.now()):
        announce(conversation)
