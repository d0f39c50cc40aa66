"""Orders as the shop's own system tells them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import identities, timeline
from crm.actions.customers import tell
from crm.models import Customer, Order, TimelineEntry
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused

STEP = timedelta(microseconds=1)


class OrderOfAnotherCustomer(Conflicting):
    """An order that is known as somebody else's."""


class CustomerMissing(Refused):
    """A new order that does not say whose it is."""


class Outcome(StrEnum):
    """What a report about an order did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The order as it stands, and what the report did to it."""

    order: Order
    outcome: Outcome


@transaction.atomic
def record_order(
    *,
    external_id: str,
    by: Actor,
    source: str = "api",
    customer: Customer | None = None,
    identity: tuple[str, str] | None = None,
    customer_name: str = "",
    number: str | None = None,
    status: str | None = None,
    total: Decimal | None = None,
    currency: str | None = None,
    items: Iterable[dict[str, Any]] | None = None,
    placed_at: datetime | None = None,
    changed_at: datetime | None = None,
) -> Recorded:
    """Take a report about an order: the first one makes it, later ones change what they give.

    An order is one per `source` and `external_id`. Whose it is: `customer`, or `identity` (kind and
    text), which finds or makes him. Each new status is one line of his timeline at `changed_at`
    (now when not given). A report older than what is known (by `changed_at`) adds its line to the
    timeline and leaves the order as it is; the same report again changes nothing.
    Raises `CustomerMissing`, `OrderOfAnotherCustomer`, `InvalidIdentity`.
    """
    given = {
        "number": number,
        "status": status,
        "total": total,
        "currency": currency,
        "items": list(items) if items is not None else None,
        "placed_at": placed_at,
    }
    given = {field: value for field, value in given.items() if value is not None}
    if customer is None and identity is not None:
        customer = _resolved(identity, customer_name)
    order = _held(source, external_id)
    if order is None:
        if customer is None:
            raise CustomerMissing(_("Say whose order it is: a customer or an identity."), "customer_id")
        fresh = _new_order(source, external_id, customer, given, changed_at)
        Order.objects.bulk_create([fresh], ignore_conflicts=True)
        order = _held(source, external_id)
        assert order is not None
        if order.id == fresh.id:
            _tell_status(order, order.status, order.changed_at, by)
            return Recorded(order, Outcome.CREATED)
    if customer is not None and order.customer_id != customer.id:
        raise OrderOfAnotherCustomer(_("This order belongs to another customer."), "customer_id")
    return _changed(order, given, changed_at, by)


def _resolved(identity: tuple[str, str], name: str) -> Customer:
    try:
        country = Tenant.objects.get().country
        return identities.resolve(kind=identity[0], raw=identity[1], name=name, country=country)[0]
    except identities.InvalidIdentity as refusal:
        refusal.field = "identity/value"
        raise


def _held(source: str, external_id: str) -> Order | None:
    """The order, locked until the end of the transaction."""
    found = Order.objects.select_for_update(of=("self",)).filter(source=source, external_id=external_id)
    order: Order | None = found.select_related("customer").first()
    return order


def _new_order(
    source: str, external_id: str, customer: Customer, given: dict[str, Any], changed_at: datetime | None
) -> Order:
    placed_at = given.get("placed_at") or changed_at or timezone.now()
    defaults = {
        "number": external_id[:60],
        "status": Order.Status.PLACED,
        "total": Decimal(0),
        "currency": Tenant.objects.get().currency,
        "items": [],
    }
    return Order(
        source=source,
        external_id=external_id,
        customer=customer,
        changed_at=changed_at or placed_at,
        **{**defaults, **given, "placed_at": placed_at},
    )


def _changed(order: Order, given: dict[str, Any], changed_at: datetime | None, by: Actor) -> Recorded:
    status = given.get("status", order.status)
    if changed_at is not None and changed_at < order.changed_at:
        _tell_status(order, status, changed_at, by)
        return Recorded(order, Outcome.LATE)
    differing = [field for field, value in given.items() if getattr(order, field) != value]
    if not differing:
        return Recorded(order, Outcome.UNCHANGED)
    for field in differing:
        setattr(order, field, given[field])
    if "status" in differing:
        order.changed_at = max(changed_at or timezone.now(), order.changed_at + STEP)
        differing.append("changed_at")
    order.save(update_fields=[*differing, "updated_at"])
    if "status" in differing:
        _tell_status(order, order.status, order.changed_at, by)
    tell(order.customer_id)
    return Recorded(order, Outcome.CHANGED)


def _tell_status(order: Order, status: str, at: datetime, by: Actor) -> None:
    timeline.record(
        customer=order.customer,
        kind=TimelineEntry.Kind.ORDER,
        happened_at=at,
        object_id=order.id,
        actor_label=by.label,
        data={
            "number": order.number,
            "status": status,
            "total": str(order.total),
            "currency": order.currency,
            "items": order.items,
        },
    )
    tell(order.customer_id)
