"""Orders as the shop's own system tells them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.actions.records import Recorded, Reports, Whose
from crm.models import Customer, Order, TimelineEntry
from tenants.actors import Actor
from tenants.models import Tenant


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
) -> Recorded[Order]:
    """Take a report about an order (crm/actions/records.py). Each new status is a line of the history.

    Whose it is: `customer`, or `identity` (kind and text), which finds or makes him.
    Raises `CustomerMissing`, `OfAnotherCustomer`, `InvalidIdentity`.
    """
    given = {
        "number": number,
        "status": status,
        "total": total,
        "currency": currency,
        "items": list(items) if items is not None else None,
        "placed_at": placed_at,
    }
    whose = Whose(customer, identity, customer_name)
    return REPORTS.take(source, external_id, whose, given, changed_at, by)


def _complete(external_id: str, given: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    currency = Tenant.objects.get().currency
    return {"number": external_id[:60], "total": Decimal(0), "currency": currency, "placed_at": at}


def _shown(order: Order) -> Mapping[str, Any]:
    return {
        "number": order.number,
        "status": order.status,
        "total": str(order.total),
        "currency": order.currency,
        "items": order.items,
    }


REPORTS = Reports(
    model=Order,
    kind=TimelineEntry.Kind.ORDER,
    told=("status",),
    shown=_shown,
    complete=_complete,
    begun="placed_at",
)
