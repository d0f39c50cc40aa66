"""Says what is due: each in one transaction with its message, so that a death in between says it once."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from conversations import gate
from conversations.actions.campaigns.quiet import WindowClosed, say
from conversations.actions.content import CannotSend
from conversations.actions.failures import in_short, whereabouts
from conversations.confirmations.catalogue import KINDS, is_true
from conversations.consent import medium_of
from conversations.left_out import (
    CHANNEL_OFF,
    NO_ADDRESS,
    NO_TEMPLATE,
    NOT_WRITTEN,
    TOO_LATE,
    UNTRUE,
    WINDOW_CLOSED,
)
from conversations.models import Channel, Confirmation, Message
from conversations.personalising import NotWritten, Piece, piece, values_for
from conversations.personalising.gathering import of_appointment, zones_of
from crm import preferences
from crm.consent_texts import language_of
from crm.models import Appointment, Customer, Identity, Order, Payment, Preference
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
ORDER = ("whatsapp", "twilio_whatsapp", "telegram", "sms", "email")


class LeftOut(Exception):
    """He does not get it. `reason` is a code of left_out.py."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


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


def _leave_out(one: Confirmation, why: LeftOut) -> None:
    one.state, one.reason, one.detail, one.call_at = State.LEFT_OUT, why.reason, why.detail[:300], None
    if why.reason == UNTRUE:
        one.state = State.WITHDRAWN
    one.save(update_fields=["state", "reason", "detail", "call_at", "attempts"])


def _say(one: Confirmation) -> Message:
    """Say it on the first channel that takes it. Raises `LeftOut`."""
    thing = MODELS[one.thing].objects.filter(pk=one.thing_id).first()
    if thing is None or not is_true(one.happening, one.stamp, thing):
        raise LeftOut(UNTRUE)
    now = timezone.now()
    is_before = one.step is not None and one.step.minutes < 0
    if now > (one.happens_at if is_before else one.happens_at + STALE + _after(one)):
        raise LeftOut(TOO_LATE)
    version = one.step.template.versions.order_by("-number").first() if one.step else None
    if version is None:
        raise LeftOut(NO_TEMPLATE)
    tenant, why = own(), LeftOut(NO_ADDRESS)
    language = language_of(one.customer, tenant)
    purpose = one.step.template.purpose  # type: ignore[union-attr]  # a version has a step
    for channel, way in _ways(one.customer, purpose):
        if not isinstance(way, Identity):
            why = LeftOut(way) if why.reason == NO_ADDRESS else why
            continue
        text = piece(version, medium_of(channel), language)
        if text is None:
            why = LeftOut(NO_TEMPLATE)
            continue
        try:
            with transaction.atomic():
                return _said(one, thing, text, channel, way, purpose, tenant)
        except NotWritten as empty:
            why = LeftOut(NOT_WRITTEN, str(empty))
        except WindowClosed as closed:
            why = LeftOut(WINDOW_CLOSED, str(closed))
        except CannotSend as refused:
            why = LeftOut(CHANNEL_OFF, str(refused))
    raise why


def _after(one: Confirmation) -> timedelta:
    return timedelta(minutes=max(one.step.minutes, 0) if one.step else 0)


def _ways(customer: Customer, purpose: str) -> Iterator[tuple[Channel, Identity | str]]:
    """The business's channels with his address there or why not: the one he prefers first."""
    wished = Preference.objects.filter(
        customer=customer, topic=preferences.CHANNEL, forgotten_at=None
    ).values_list("value", flat=True)
    liked = [*wished, customer.last_contact_channel]
    channels = [one for one in Channel.objects.order_by("created_at", "id") if gate.reaches(one)]
    channels.sort(key=lambda one: (_place(one.kind, liked), ORDER.index(one.kind)))
    for channel in channels:
        found = gate.addresses_for([customer.pk], channels=[channel], purpose=purpose, at=timezone.now())[
            customer.pk
        ]
        yield channel, found if isinstance(found, str) else found[1]


def _place(kind: str, liked: Iterable[str]) -> int:
    return next((place for place, one in enumerate(liked) if one == kind), 9)


def _said(
    one: Confirmation,
    thing: Any,
    text: Piece,
    channel: Channel,
    identity: Identity,
    purpose: str,
    tenant: Tenant,
) -> Message:
    about = {one.customer_id: facts(thing, one.customer_id, tenant)}
    values = values_for([one.customer_id], text.names, extra=about)
    said = text.render(values[one.customer_id])
    return say(
        customer=one.customer,
        channel=channel,
        identity=identity,
        text=said.text,
        html=said.html,
        subject=said.subject,
        data=said.data,
        purpose=purpose,
    )


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
