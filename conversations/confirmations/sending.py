"""Says what is due: each in one transaction with its message, so that a death in between says it once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from conversations.actions.confirmations import tell
from conversations.actions.failures import in_short, whereabouts
from conversations.automatic import LeftOut, say_first
from conversations.channels.base import File
from conversations.confirmations import calendar, links
from conversations.confirmations.catalogue import KINDS, is_true
from conversations.left_out import NO_TEMPLATE, NOT_WRITTEN, SWITCHED_OFF, TOO_LATE, UNTRUE
from conversations.models import Confirmation, Message
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
MODELS: dict[str, Any] = {str(thing): model for model, thing in KINDS.items()}


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
    one.state, one.sent_at = State.SENT, timezone.now()
    one.save(update_fields=["state", "sent_at", "message"])
    tell(one)


def _leave_out(one: Confirmation, why: LeftOut) -> None:
    one.state, one.reason, one.detail, one.call_at = State.LEFT_OUT, why.reason, why.detail[:300], None
    if why.reason in {UNTRUE, SWITCHED_OFF}:
        one.state = State.WITHDRAWN
    one.save(update_fields=["state", "reason", "detail", "call_at", "attempts"])
    tell(one)


def _say(one: Confirmation) -> Message:
    """Say it on the first channel that takes it. Raises `LeftOut`."""
    thing = MODELS[one.thing].objects.filter(pk=one.thing_id).first()
    if thing is None or not is_true(one.happening, one.stamp, thing):
        raise LeftOut(UNTRUE)
    now = timezone.now()
    is_before = one.step is not None and one.step.minutes < 0
    if now > (one.happens_at if is_before else one.happens_at + STALE + _after(one)):
        raise LeftOut(TOO_LATE)
    if one.step is None:
        raise LeftOut(NO_TEMPLATE)
    if not one.step.is_on:
        raise LeftOut(SWITCHED_OFF)
    tenant = own()
    said, files = facts(thing, one.customer_id, tenant), []
    if isinstance(thing, Appointment):
        said |= links.of(tenant.pk, one.pk)
        files.append(File(calendar.NAME, calendar.TYPE, calendar.file_of(thing, tenant)))
    return say_first(one.customer, one.step.template, facts=said, files=files, asks=one.step.asks)


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
