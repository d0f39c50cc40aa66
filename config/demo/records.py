"""Appointments at the workshop, payments, what people looked at in the shop, and who belongs to whom."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from config.demo.stage import Stage
from crm.models import (
    Activity,
    Appointment,
    Customer,
    Order,
    Payment,
    Relation,
    RelationEnd,
    TimelineEntry,
)
from tenants.hours import day_of

Kind = TimelineEntry.Kind
DAY = timedelta(days=1)
SERVICES = (
    "Servicio completo",
    "Servicio básico",
    "Ajuste de frenos y cambios",
    "Medición de talla",
    "Servicio de suspensión",
    "Centrado de rines",
)
PRODUCTS = (
    "Bici gravel Tapalpa",
    "Bici de montaña Cerro Viejo 29",
    "Bici eléctrica Minerva E",
    "Llanta 29×2.2",
)
SEEN, LEFT = "Vio un producto", "Dejó un carrito"
PAST, AHEAD, LOOKED = 36, 12, 90
# Who comes, and when: in so many days. Their conversations say so, above the composer.
SOON = {"Ernesto Barragán Topete": 1, "Kenji Nakamura Ruiz": 0, "Soledad Camarena Uribe": 2}
# Who owes, how much, and for so many days.
OWES = {"Rubén Preciado": (4_180, 6), "Amira Kuri Nacif": (1_290, -5)}
TIED = (
    ("Soledad Camarena Uribe", "Don Chuy Medina", "esposo", "esposa"),
    ("Amira Kuri Nacif", "Karla Covarrubias", "contadora", "clienta"),
    ("Itzel Curiel Padilla", "Jesús Plascencia", "esposo", "esposa"),
)


def put_records(stage: Stage) -> None:
    """What the shop's booking system, counter and site know, as they would have reported it."""
    random = Random("records")
    known = [one for one in stage.customers.values() if stage.clock.days_since(one.pk) > 5]
    for number, customer in enumerate(random.sample(known, PAST)):
        days = 1 + random.random() * min(stage.clock.days_since(customer.pk) - 4, 60)
        _put_appointment(stage, random, customer, number, stage.clock.opening(days), past=True)
    coming = [(stage.customers[name], days) for name, days in SOON.items()]
    coming += [(one, random.randint(1, 9)) for one in random.sample(known, AHEAD)]
    for number, (customer, days) in enumerate(coming, PAST):
        _put_appointment(stage, random, customer, number, _ahead(stage, random, days), past=False)
    for order in stage.rows.of(Order):
        if order.status not in {Order.Status.CANCELLED, Order.Status.PLACED}:
            _put_payment(stage, random, order)
    for name, (amount, days) in OWES.items():
        _put_debt(stage, stage.customers[name], amount, days)
    for number in range(LOOKED):
        _put_activity(stage, random, random.choice(known), number)
    for tie in TIED:
        _put_relation(stage, *tie)


def _ahead(stage: Stage, random: Random, days: int) -> datetime:
    """A quarter of an hour on or after a day that is so many days ahead, while the shop is open, after now."""
    calendar, now = stage.clock.calendar, stage.clock.now
    for later in range(days, days + 30):
        for start, end in day_of(calendar, now.astimezone(calendar.zone).date() + later * DAY).intervals:
            first = max(start, now + timedelta(minutes=45))
            quarters = int((end - first) / timedelta(minutes=15)) - 4
            if quarters > 0:
                whole = first + timedelta(minutes=-first.minute % 15, seconds=-first.second)
                return whole + random.randrange(quarters) * timedelta(minutes=15)
    raise AssertionError("a month has open days")


def _put_appointment(
    stage: Stage, random: Random, customer: Customer, number: int, begins: datetime, *, past: bool
) -> None:
    Status = Appointment.Status
    begins = begins.replace(minute=begins.minute // 15 * 15, second=0)
    came = stage.clock.ago(stage.clock.days_since(customer.pk) * 24 * 60) + timedelta(minutes=20)
    booked = max(min(begins, stage.clock.now) - random.random() * 4 * DAY - timedelta(hours=1), came)
    last = random.choices((Status.DONE, Status.NO_SHOW, Status.CANCELLED), (8, 1, 1))[0] if past else ""
    steps = [(str(Status.BOOKED), booked)]
    if not past and random.random() < 0.5:
        steps.append((str(Status.CONFIRMED), booked + (stage.clock.now - booked) / 2))
    if last:
        steps.append((str(last), min(begins + timedelta(minutes=50), stage.clock.now)))
    status, changed_at = steps[-1]
    row = stage.rows.add(
        Appointment(
            id=stage.clock.id_at(booked),
            customer=customer,
            source="agenda",
            external_id=f"C-{number + 1}",
            service=random.choice(SERVICES),
            place="Taller",
            staff=random.choice(("Toño", "Marcela")),
            status=status,
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
            changed_at=changed_at,
        )
    )
    told = {"service": row.service, "starts_at": begins.isoformat(), "place": row.place, "staff": row.staff}
    for step, at in steps:
        _remember(stage, row, Kind.APPOINTMENT, at, {**told, "status": step}, "Agenda")


def _remember(stage: Stage, row: Any, kind: str, at: datetime, data: dict[str, Any], actor: str) -> None:
    stage.remember(row.customer, kind, at, data, object_id=row.pk, actor=actor)


def _put_payment(stage: Stage, random: Random, order: Order) -> None:
    """An order that went on was paid."""
    status = Payment.Status.REFUNDED if order.status == Order.Status.REFUNDED else Payment.Status.PAID
    _pay(
        stage,
        order.customer,
        order.total,
        str(status),
        order.placed_at,
        order=order,
        source="caja",
        external_id=f"P-{order.number}",
        method=random.choice(("Efectivo", "Tarjeta", "Transferencia")),
    )


def _put_debt(stage: Stage, customer: Customer, amount: int, days: int) -> None:
    """Something to pay since, or in, so many days."""
    at = stage.clock.opening(max(days, 0) + 12)
    _pay(
        stage,
        customer,
        Decimal(amount),
        str(Payment.Status.DUE),
        at,
        source="caja",
        external_id=f"F-{amount}",
        note=f"Factura F-{amount}",
        due_at=stage.clock.now - days * DAY,
    )


def _pay(stage: Stage, customer: Customer, amount: Decimal, status: str, at: datetime, **more: Any) -> None:
    row = stage.rows.add(
        Payment(
            id=stage.clock.id_at(at),
            customer=customer,
            amount=amount,
            currency="MXN",
            status=status,
            happened_at=at,
            changed_at=at,
            **more,
        )
    )
    told = {"amount": str(amount), "currency": "MXN", "status": status}
    _remember(stage, row, Kind.PAYMENT, at, {**told, "method": row.method, "text": row.note}, "Caja")


def _put_activity(stage: Stage, random: Random, customer: Customer, number: int) -> None:
    at = stage.clock.ago((random.random() ** 2 * min(stage.clock.days_since(customer.pk) - 1, 45)) * 24 * 60)
    product, kind = random.choice(PRODUCTS), LEFT if random.random() < 0.2 else SEEN
    row = stage.rows.add(
        Activity(
            id=stage.clock.id_at(at),
            customer=customer,
            source="tienda",
            external_id=f"V-{number}",
            kind=kind,
            happened_at=at,
            data={"producto": product},
        )
    )
    told = {"kind": kind, "amount": None, "text": f"producto: {product}"}
    _remember(stage, row, Kind.ACTIVITY, at, told, "Tienda en línea")


def _put_relation(stage: Stage, one: str, other: str, word: str, back: str) -> None:
    at = stage.clock.opening(3)
    relation = stage.rows.add(Relation(id=stage.clock.id_at(at)))
    for name, told in ((one, back), (other, word)):
        stage.rows.add(
            RelationEnd(
                id=stage.clock.id_at(at), relation=relation, customer=stage.customers[name], word=told
            )
        )
