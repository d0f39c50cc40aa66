"""What happens to appointments, orders, payments and quotes that customers are told of. Plain functions."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import models

from conversations.models import Confirmation, Happening
from crm.models import Activity, Appointment, Order, Payment

LATE = timedelta(days=1)  # what is told to us later than this is history
QUOTES = frozenset({"quote", "cotización", "cotizacion", "presupuesto", "orçamento", "orcamento"})
COMING = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
Thing = Confirmation.Thing


class Told(NamedTuple):
    """Something that happens, when, and by what it is told from the same happening at another time."""

    happening: Happening
    at: datetime
    stamp: str


ORDERS: dict[str, Happening] = {
    Order.Status.PLACED: Happening.ORDER_PLACED,
    Order.Status.PAID: Happening.ORDER_PAID,
    Order.Status.SHIPPED: Happening.ORDER_SHIPPED,
    Order.Status.READY: Happening.ORDER_READY,
    Order.Status.DELIVERED: Happening.ORDER_DELIVERED,
}
KINDS: dict[type[models.Model], Thing] = {
    Appointment: Thing.APPOINTMENT,
    Order: Thing.ORDER,
    Payment: Thing.PAYMENT,
    Activity: Thing.ACTIVITY,
}


def thing_of(row: models.Model) -> Thing:
    """What kind of thing a row is."""
    return KINDS[type(row)]


def is_quote(activity: Activity) -> bool:
    """Whether a shop's own word for what happened means that it sent a quote."""
    return activity.kind.strip().lower() in QUOTES


def happenings(row: Any, before: Mapping[str, Any] | None, now: datetime) -> Iterator[Told]:
    """What a change of a thing means to its customer; `before` are the changed fields as they were."""
    match row:
        case Appointment():
            yield from _of_appointment(row, before, now)
        case Order():
            if "status" in (before or {"status": ""}) and row.status in ORDERS:
                yield from _lately(ORDERS[row.status], row.changed_at, str(row.status), now)
        case Payment():
            yield from _of_payment(row, before, now)
        case Activity() if is_quote(row):
            yield from _lately(Happening.QUOTE_SENT, row.happened_at, "sent", now)


def _of_appointment(row: Appointment, before: Mapping[str, Any] | None, now: datetime) -> Iterator[Told]:
    stamp = row.starts_at.isoformat()
    if row.starts_at <= now:
        return
    if row.status == Appointment.Status.CANCELLED:
        if before is not None and "status" in before:
            yield Told(Happening.APPOINTMENT_CANCELLED, now, stamp)
        return
    if row.status not in COMING:
        return
    yield from _news_of(row, before, now)
    yield Told(Happening.APPOINTMENT_STARTS, row.starts_at, stamp)


def _news_of(row: Appointment, before: Mapping[str, Any] | None, now: datetime) -> Iterator[Told]:
    """That an appointment was booked or moved."""
    if before is None or before.get("status") == Appointment.Status.CANCELLED:
        yield Told(Happening.APPOINTMENT_BOOKED, now, row.starts_at.isoformat())
    elif "starts_at" in before:
        yield Told(Happening.APPOINTMENT_MOVED, now, row.starts_at.isoformat())


def over_already(row: Any, before: Mapping[str, Any] | None, now: datetime) -> Iterator[Told]:
    """What would have been told had the appointment not begun when it was written down."""
    if isinstance(row, Appointment) and row.starts_at <= now and row.status in COMING:
        yield from _news_of(row, before, now)


def _of_payment(row: Payment, before: Mapping[str, Any] | None, now: datetime) -> Iterator[Told]:
    if row.status == Payment.Status.DUE and row.due_at and row.due_at > now:
        yield Told(Happening.PAYMENT_DUE, row.due_at, row.due_at.isoformat())
    elif row.status == Payment.Status.PAID and "status" in (before or {"status": ""}):
        yield from _lately(Happening.PAYMENT_RECEIVED, row.changed_at, str(row.status), now)


def _lately(happening: Happening, at: datetime, stamp: str, now: datetime) -> Iterator[Told]:
    if now - LATE <= at:
        yield Told(happening, min(at, now), stamp)


def is_true(happening: str, stamp: str, row: Any) -> bool:
    """Whether a thing still is as a message about it says."""
    match happening:
        case Happening.APPOINTMENT_BOOKED | Happening.APPOINTMENT_MOVED | Happening.APPOINTMENT_STARTS:
            gone = (Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW)
            return row.starts_at.isoformat() == stamp and row.status not in gone
        case Happening.APPOINTMENT_CANCELLED:
            return bool(row.status == Appointment.Status.CANCELLED)
        case Happening.PAYMENT_DUE:
            return bool(row.status == Payment.Status.DUE and row.due_at and row.due_at.isoformat() == stamp)
        case Happening.PAYMENT_RECEIVED:
            return bool(row.status == Payment.Status.PAID)
        case Happening.QUOTE_SENT:
            return True
    return bool(row.status == stamp)
