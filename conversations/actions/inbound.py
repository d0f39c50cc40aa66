"""From a raw event to messages: stored first, taken in once, parked when it cannot be understood."""

import hashlib
import time
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.actions import bells
from conversations.actions.calls import receive_call
from conversations.actions.changes import apply_change, catch_up
from conversations.actions.channel_news import apply_news, change_address
from conversations.actions.channel_signs import note_event
from conversations.actions.consents import learn_from_report
from conversations.actions.echoes import receive_echo
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.messages import receive
from conversations.actions.reach import apply_reach
from conversations.actions.statuses import apply_status
from conversations.actions.watermarks import apply_watermark
from conversations.channels.base import (
    AddressChange,
    ChannelNews,
    Ignored,
    Inbound,
    InboundCall,
    InboundChange,
    InboundEcho,
    InboundMessage,
    InboundReach,
    InboundStatus,
    InboundWatermark,
    Unreadable,
)
from conversations.channels.entrance import Entrance, EntranceChanged
from conversations.channels.registry import adapter_for
from conversations.models import Channel, InboundEvent, Message
from conversations.tracking import reports
from crm.identities import InvalidIdentity
from tenants import audit
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit import events
from tenants.kit.text import one_line
from tenants.scoping import current_tenant_id, run_alone, tenant_scope, uuid7

log = structlog.get_logger("puente.inbound")
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=60)
RETRY_BASE = timedelta(seconds=10)
TOGETHER = 5  # events claimed at once
TURN = 1.0  # seconds of one business's events, before replies and other businesses have their turn
NO_SENDER = gettext_noop("The sender's address is none that one could answer.")
TAKEN_IN_BEFORE = gettext_noop("This was taken in before.")
POISON = gettext_noop("It stopped the reader five times. Puente's team can replay it after a fix.")
Outcome = InboundEvent.Outcome


STORE = "SELECT conversations_accept(%s, %s, %s, %s, %s, %s, %s, %s)"
# The later of both clocks: an event is due from the moment it is committed, whichever clock is slow.
# Several at once only where it is the first attempt: who is claimed with a poison pays for it once.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id, attempts, due_at FROM conversations_inboundevent
    WHERE tenant_id = %(tenant)s AND outcome = 'pending' AND due_at <= greatest(%(now)s, now())
    ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE conversations_inboundevent e SET attempts = e.attempts + 1, due_at = %(lease)s FROM due
    WHERE e.tenant_id = %(tenant)s AND e.id = due.id
        AND (due.attempts = 0 OR due.id = (SELECT id FROM due ORDER BY due_at, id LIMIT 1))
    RETURNING e.id, e.attempts, due.due_at
) SELECT id, attempts FROM claimed ORDER BY due_at, id
"""


def accept(*, entrance: Entrance, body: bytes, content_type: str) -> UUID:
    """Store an event, committed, and ring: what a channel's address does before it answers.

    Raises `EntranceChanged`.
    """
    event_id = store(entrance=entrance, body=body, content_type=content_type)
    bells.process_inbound(entrance.tenant_id)
    return event_id


def store(*, entrance: Entrance, body: bytes, content_type: str) -> UUID:
    """Keep an event byte for byte and return its id; the same bytes again return the first one's.

    One message to PostgreSQL, since a vendor waits for it; committed, unless a transaction is open.
    Raises `EntranceChanged` when the entrance is not what it was when it was found.
    """
    tenant_id, channel_id = entrance.tenant_id, entrance.channel_id
    digest = hashlib.sha256(body).hexdigest()
    door = [tenant_id, channel_id, entrance.token, entrance.version]
    [[event_id]] = run_alone(tenant_id, STORE, [*door, uuid7(), digest, body, content_type[:100]])
    if event_id is None:
        raise EntranceChanged
    kept: UUID = event_id
    return kept


def process_due(tenant_id: UUID | str) -> bool:
    """Take in what is due, the oldest first, for one turn; True when there may be more.

    Harmless when run twice or in parallel; attempts are counted before the work.
    """
    until = time.monotonic() + TURN
    while time.monotonic() < until:
        with tenant_scope(tenant_id):
            claimed = _claim()
        if not claimed:
            return False
        for event_id, attempts in claimed:
            _process(tenant_id, event_id, attempts)
    return True


def _process(tenant_id: UUID | str, event_id: UUID, attempts: int) -> None:
    if attempts > MAX_ATTEMPTS:
        with tenant_scope(tenant_id):
            park(InboundEvent.objects.get(pk=event_id), POISON)
        return
    try:
        with tenant_scope(tenant_id):
            _take_in(event_id)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the event stays and is tried again
        log.error(
            "event failed",
            event_id=str(event_id),
            attempts=attempts,
            error=in_short(error),
            at=whereabouts(error),
        )
        with tenant_scope(tenant_id):
            _postpone(event_id, attempts, error)


def _claim() -> list[tuple[UUID, int]]:
    """Count an attempt at the next events; none when there is nothing (more) to do."""
    now = timezone.now()
    values = {"tenant": current_tenant_id(), "now": now, "lease": now + LEASE, "most": TOGETHER}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, cast(dict[str, Any], values))
        return cursor.fetchall()


def _postpone(event_id: UUID | str, attempts: int, error: Exception) -> None:
    """Try again later, longer each time; after the last attempt park it as poison."""
    event = InboundEvent.objects.get(pk=event_id)
    if attempts >= MAX_ATTEMPTS:
        park(event, POISON)
        return
    event.due_at = timezone.now() + RETRY_BASE * 2 ** (attempts - 1)
    event.reason = in_short(error)
    event.save(update_fields=["due_at", "reason"])


def _take_in(event_id: UUID | str) -> None:
    # It waits for the row rather than skipping it: another's vain claim holds it for a moment, too.
    event = next(iter(_pending(event=event_id)), None)
    if event is None:
        return
    channel = event.channel
    try:
        with transaction.atomic():
            outcomes = [
                _apply(event, channel, item) for item in adapter_for(channel.kind).parse(event, channel)
            ]
    except Unreadable as error:
        park(event, str(error))
        return
    except InvalidIdentity:
        park(event, NO_SENDER)
        return
    # A batch is named by its weightiest part: a message before a status before a duplicate.
    event.outcome, event.reason, event.message = min(outcomes, key=lambda outcome: _weight(outcome[0]))
    event.reason = event.reason[:300]
    _settle(event)


@prepared(InboundEvent, "channel")
def _pending(*, event: UUID) -> QuerySet[InboundEvent]:
    waiting = InboundEvent.objects.filter(pk=event, outcome=Outcome.PENDING)
    return waiting.select_for_update(of=("self",))  # type: ignore[no-any-return]


def _weight(outcome: str) -> int:
    order: list[str] = [
        Outcome.MESSAGE,
        Outcome.DELIVERY_FAILURE,
        Outcome.COMPLAINT,
        Outcome.STATUS,
        Outcome.AUTO_REPLY,
    ]
    return order.index(outcome) if outcome in order else len(order)


def _apply(event: InboundEvent, channel: Channel, item: Inbound) -> tuple[str, str, Message | None]:
    """Take in one item once; returns the outcome, why, and the message it became."""
    if not _first_time(event, channel, item):
        return Outcome.DUPLICATE, TAKEN_IN_BEFORE, None
    outcome: str = Outcome.STATUS
    reason, message = "", None
    match item:
        case InboundMessage():
            outcome, message = Outcome.MESSAGE, _received(channel, item)
        case InboundEcho():
            outcome, message = Outcome.MESSAGE, receive_echo(channel=channel, item=item)
        case InboundStatus():
            outcome, reason = item.outcome, item.reason
            message = apply_status(channel=channel, item=item)
            learn_from_report(channel=channel, item=item, message=message)
            reports.hear(channel=channel, item=item)
        case InboundWatermark():
            apply_watermark(channel=channel, item=item)
        case InboundChange():
            message = apply_change(channel=channel, item=item)
        case InboundCall():
            outcome, message = Outcome.MESSAGE, receive_call(channel=channel, item=item)
        case InboundReach():
            apply_reach(channel=channel, item=item)
        case AddressChange():
            change_address(channel=channel, item=item)
        case ChannelNews():
            reason = item.text
            apply_news(channel=channel, item=item)
        case Ignored():
            outcome, reason = item.outcome, item.reason
    return outcome, reason, message


def _received(channel: Channel, item: InboundMessage) -> Message:
    """A customer's message, with the changes that came before it."""
    message = receive(channel=channel, item=item)
    if adapter_for(channel.kind).capabilities.reactions:
        catch_up(channel, message, item.provider_id)
    if item.receipt:
        bells.acknowledge(channel.pk, item.receipt)
    return message


def _first_time(event: InboundEvent, channel: Channel, item: Inbound) -> bool:
    """Claim the item's identity on its channel; False when an earlier event had it."""
    kind = type(item).__name__.removeprefix("Inbound").lower()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conversations_inbounditem"
            " (id, tenant_id, event_id, channel_id, kind, provider_id, status)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (tenant_id, channel_id, kind, provider_id, status) DO NOTHING",
            [
                uuid7(),
                current_tenant_id(),
                event.pk,
                channel.pk,
                kind,
                item.provider_id[:255],
                getattr(item, "status", ""),
            ],
        )
        return bool(cursor.rowcount)


def park(event: InboundEvent, reason: str) -> None:
    """Set an event aside with the reason, for a person to see and replay."""
    event.outcome = Outcome.PARKED
    event.reason = one_line(reason, 300)
    _settle(event)


def _settle(event: InboundEvent) -> None:
    event.due_at = None
    event.processed_at = timezone.now()
    event.save(update_fields=["outcome", "reason", "message", "due_at", "processed_at"])
    note_event(event.channel)
    if event.outcome == Outcome.PARKED:
        events.publish("parked", {"id": str(event.id)})


@transaction.atomic
def replay(*, event: InboundEvent, by: Actor) -> bool:
    """Read a parked event again, from the beginning; False when it is no longer parked."""
    parked = InboundEvent.objects.parked().filter(pk=event.pk)
    if not parked.update(outcome=Outcome.PENDING, attempts=0, due_at=timezone.now(), reason=""):
        return False
    audit.record("inbound.replayed", target=event, by=by)
    bells.process_inbound(event.tenant_id)
    return True
