"""Says what is due: each in one transaction with its message, so that a death in between says it once."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from conversations.actions.campaigns.quiet import say_again
from conversations.actions.confirmations import tell
from conversations.actions.content import CannotSend
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.last_question import WAITS, Withheld
from conversations.automatic import LeftOut, say_first
from conversations.channels.base import File
from conversations.confirmations import calendar, links
from conversations.confirmations.catalogue import KINDS, is_true
from conversations.his_hour import his_hour
from conversations.left_out import NO_TEMPLATE, NOT_WRITTEN, SENTENCES, SWITCHED_OFF, TOO_LATE, UNTRUE
from conversations.models import Confirmation, Delivery, Happening, Message
from conversations.personalising.gathering import of_appointment, zones_of
from crm.models import Appointment, Order, Payment
from tenants import formats
from tenants.models import Tenant
from tenants.queries import own
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.confirmations")
BATCH = 100
MOST_ATTEMPTS = 5
AGAIN = timedelta(minutes=1)
STALE = timedelta(days=1)  # after that, news is history
State = Confirmation.State
OF = "confirmation"  # in a message's `data`: of which it is
OF_WHAT_COMES = (Happening.APPOINTMENT_BOOKED, Happening.APPOINTMENT_MOVED)  # news until it begins
MODELS: dict[str, Any] = {str(thing): model for model, thing in KINDS.items()}


class TooEarly(Exception):
    """It is night where he lives: it waits until a moment."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def send_due(tenant_id: UUID | str) -> bool:
    """Say what is due in a business; returns whether more waits. Harmless when run twice or in parallel."""
    with tenant_scope(tenant_id):
        due = Confirmation.objects.waiting().filter(due_at__lte=timezone.now()).order_by("due_at")
        found = list(due.values_list("pk", flat=True)[:BATCH])
    for pk in found:
        with tenant_scope(tenant_id):
            if not _attempt(pk):
                continue
        try:
            with tenant_scope(tenant_id):
                _send(pk)
        except Exception as error:  # noqa: BLE001 -- nothing was said: it is tried again
            log.error("not said", confirmation=str(pk), error=in_short(error), at=whereabouts(error))
    return len(found) == BATCH


def _attempt(pk: UUID) -> bool:
    """Count the attempt before the work; False where it is not ours, or was tried too often."""
    mine = Confirmation.objects.waiting().select_for_update(skip_locked=True, of=("self",))
    one = mine.filter(pk=pk, due_at__lte=timezone.now()).first()
    if one is None:
        return False
    one.attempts += 1
    one.due_at = timezone.now() + AGAIN * one.attempts
    if one.attempts > MOST_ATTEMPTS:
        _leave_out(one, LeftOut(NOT_WRITTEN))
        return False
    one.save(update_fields=["attempts", "due_at"])
    return True


def _send(pk: UUID) -> None:
    waiting = Confirmation.objects.waiting().select_for_update(skip_locked=True, of=("self",))
    one = waiting.select_related("customer", "step__template").filter(pk=pk).first()
    if one is None:
        return
    try:
        with transaction.atomic():
            one.message = _say(one)
    except LeftOut as why:
        _leave_out(one, why)
        return
    except TooEarly as early:
        _wait(one, early.until)
        return
    one.state, one.sent_at = State.SENT, timezone.now()
    one.save(update_fields=["state", "sent_at", "message"])
    tell(one)


def _leave_out(one: Confirmation, why: LeftOut) -> None:
    one.state, one.reason, one.detail, one.call_at = State.LEFT_OUT, why.reason, why.detail[:300], None
    one.sent_at = None
    if why.reason in {UNTRUE, SWITCHED_OFF}:
        one.state = State.WITHDRAWN
    one.save(update_fields=["state", "reason", "detail", "call_at", "attempts", "sent_at"])
    tell(one)


def _wait(one: Confirmation, until: datetime) -> None:
    one.state, one.due_at, one.attempts, one.sent_at = State.WAITING, until, 0, None
    one.save(update_fields=["state", "due_at", "attempts", "sent_at"])
    tell(one)


def ask(delivery: Delivery) -> None:
    """Raise `Withheld` where what lies in the outbox is not true any more, too late, or too early."""
    mine = Confirmation.objects.select_related("step").filter(message=delivery.message_id)
    one = mine.filter(pk=delivery.message.data[OF], state=State.SENT).first()
    if one is None:
        return
    try:
        _check(one)
    except LeftOut as why:
        raise Withheld(SENTENCES[why.reason], then=partial(_leave_out, one, why)) from why
    except TooEarly as early:
        raise Withheld(WAITS, then=partial(_wait, one, early.until)) from early


def _check(one: Confirmation) -> Any:
    """The thing it tells of, where it is to be said now. Raises `LeftOut` and `TooEarly`."""
    thing = MODELS[one.thing].objects.filter(pk=one.thing_id).first()
    if thing is None or not is_true(one.happening, one.stamp, thing):
        raise LeftOut(UNTRUE)
    now = timezone.now()
    is_before = one.step is not None and one.step.minutes < 0
    ends = one.happens_at if is_before else one.happens_at + STALE + _after(one)
    if one.happening in OF_WHAT_COMES:
        ends = min(ends, thing.starts_at)
    if now > ends:
        raise LeftOut(TOO_LATE)
    if one.step is None:
        raise LeftOut(NO_TEMPLATE)
    if not one.step.is_on:
        raise LeftOut(SWITCHED_OFF)
    if one.step.can_wait and not one.any_hour:
        hour = his_hour(one.customer_id, now, promotion=False)
        if hour > now and hour >= ends:
            raise LeftOut(TOO_LATE)
        if hour > now:
            raise TooEarly(hour)
    return thing


def _say(one: Confirmation) -> Message:
    """Say it on the first channel that takes it, or again what was taken back before it went.

    Raises `LeftOut` and `TooEarly`.
    """
    thing = _check(one)
    assert one.step is not None
    if one.message:
        with suppress(CannotSend):
            say_again(one.message)
            return one.message
    tenant = own()
    said, files = facts(thing, one.customer_id, tenant), []
    if isinstance(thing, Appointment):
        said |= links.of(tenant.pk, one.pk)
        files.append(File(calendar.NAME, calendar.TYPE, calendar.file_of(thing, tenant)))
    cause = {OF: str(one.pk)}
    return say_first(
        one.customer, one.step.template, facts=said, files=files, asks=one.step.asks, cause=cause
    )


def _after(one: Confirmation) -> timedelta:
    return timedelta(minutes=max(one.step.minutes, 0) if one.step else 0)


def facts(thing: Any, customer_id: UUID, tenant: Tenant) -> dict[str, Any]:
    """What the names stand for in a message about a thing."""
    with formats.written_in(tenant.country):
        match thing:
            case Appointment():
                return of_appointment(thing, zones_of([customer_id], tenant)[customer_id], tenant)
            case Order():
                return {
                    "order.number": thing.number,
                    "order.total": formats.money(thing.total, thing.currency),
                    "order.date": thing.placed_at.astimezone(tenant.zone).date(),
                    "order.status": Order.Status(thing.status).label,
                }
            case Payment():
                due = thing.due_at.astimezone(tenant.zone).date() if thing.due_at else None
                return {
                    "payment.amount": formats.money(thing.amount, thing.currency),
                    "payment.due": due,
                }
    return {}
