"""Making one of two customers and two again, against the bare UPDATE of the same rows."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.fill import Filled
from bench.measure import Times
from bench.report import Entry
from crm.actions.merging import merge_customers, tables, undo_merge
from crm.models import Activity, Customer, CustomerNote, Order, TimelineEntry
from tenants.actors import Actor
from tenants.scoping import tenant_scope, uuid7

ROUNDS, WARM_UP = 25, 3
ROWS: dict[Any, int] = {TimelineEntry: 600, Activity: 200, Order: 150, CustomerNote: 50}


def merge_undo(filled: Filled) -> Entry:
    """Both turns of each side by turns; each merge and each undo is committed."""
    with tenant_scope(filled.tenant_id):
        source, target = (_customer(name) for name in ("Ximena Quirarte", "Jimena Quirarte"))
    ours, floor = Times(), Times()
    for number in range(-WARM_UP, ROUNDS):
        sides = [(ours, _ours), (floor, _floor)]
        for times, turn in sides if number % 2 else sides[::-1]:
            seconds = turn(filled, source, target)
            if number >= 0:
                times.seconds.append(seconds)
    return Entry(
        "merge_undo",
        ours.p(50),
        floor.p(50),
        "lower",
        "ms at p50",
        f"two customers with {sum(ROWS.values())} rows each made one and two again, {ROUNDS} times",
    )


def _customer(name: str) -> Customer:
    customer: Customer = Customer.objects.create(name=name, last_contact_at=timezone.now())
    for model, count in ROWS.items():
        _manager(model).bulk_create([model(customer=customer, **_row(model, at)) for at in range(count)])
    return customer


def _manager(model: Any) -> Any:
    return model.objects


def _row(model: Any, at: int) -> dict[str, Any]:
    then = timezone.now() - timedelta(hours=at)
    if model is TimelineEntry:
        return {"kind": "message_in", "happened_at": then, "object_id": uuid7(), "data": {"text": "Hola"}}
    if model is CustomerNote:
        return {"body": "Pregunta por la azul"}
    known = {"source": "bench", "external_id": str(uuid7())}
    if model is Activity:
        return {**known, "kind": "viewed", "happened_at": then}
    return {
        **known,
        "number": f"B-{at}",
        "total": 100,
        "currency": "MXN",
        "placed_at": then,
        "changed_at": then,
    }


def _ours(filled: Filled, source: Customer, target: Customer) -> float:
    started = time.perf_counter()
    with tenant_scope(filled.tenant_id):
        made = merge_customers(source=source, target=target, by=Actor.system())
    with tenant_scope(filled.tenant_id):
        undo_merge(made=made, by=Actor.system())
    return time.perf_counter() - started


def _floor(filled: Filled, source: Customer, target: Customer) -> float:
    """The same rows there and back, by statements that know which."""
    with tenant_scope(filled.tenant_id):
        held = [
            (
                one.model._meta.db_table,
                one.field,
                list(one.rows().filter(**{one.field: source}).values_list("pk", flat=True)),
            )
            for one in tables()
        ]
    known = [row for row in held if row[2]]
    started = time.perf_counter()
    for customer in (target, source):
        with tenant_scope(filled.tenant_id), connection.cursor() as cursor:
            _update(cursor, filled, customer, known)
    return time.perf_counter() - started


def _update(
    cursor: Any, filled: Filled, customer: Customer, held: Sequence[tuple[str, str, list[Any]]]
) -> None:
    for name, field, ids in held:
        cursor.execute(
            f"UPDATE {name} SET {field}_id = %s WHERE tenant_id = %s AND id = ANY(%s)",
            [customer.pk, filled.tenant_id, ids],
        )
