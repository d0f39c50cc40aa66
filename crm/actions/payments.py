"""Payments as a shop's systems tell them, or a colleague writes them down."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions.records import OfAnotherCustomer, Recorded, Reports, Whose
from crm.models import Customer, Order, Payment, TimelineEntry
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.refusals import Refused


class InvalidPayment(Refused):
    """A payment without an amount, or with one below zero."""


@transaction.atomic
def record_payment(
    *,
    external_id: str,
    by: Actor,
    source: str = "api",
    customer: Customer | None = None,
    identity: tuple[str, str] | None = None,
    customer_name: str = "",
    order: Order | None = None,
    status: str | None = None,
    amount: Decimal | None = None,
    currency: str | None = None,
    method: str | None = None,
    note: str | None = None,
    due_at: datetime | None = None,
    happened_at: datetime | None = None,
    changed_at: datetime | None = None,
    cleared: Collection[str] = (),
) -> Recorded[Payment]:
    """Take a report about a payment (crm/actions/records.py). Each new status is a line of the history.

    Whose it is: `customer`, or `identity` (kind and text), which finds or makes him; else the one of the
    `order`. `cleared` names what it no longer has. Raises `InvalidPayment`, `CustomerMissing`,
    `OfAnotherCustomer`, `InvalidIdentity`.
    """
    given = {
        "order": order,
        "status": status,
        "amount": amount,
        "currency": currency,
        "method": method,
        "note": note,
        "due_at": due_at,
        "happened_at": happened_at,
    }
    if customer is None and identity is None and order is not None:
        customer = order.customer
    whose = Whose(customer, identity, customer_name)
    return REPORTS.take(source, external_id, whose, given, changed_at, by, cleared)


def _complete(_external_id: str, given: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    if "amount" not in given:
        raise InvalidPayment(_("Say how much it is."), "amount")
    return {"currency": Tenant.objects.get().currency, "happened_at": at}


def _check(payment: Payment) -> None:
    if payment.amount < 0:
        raise InvalidPayment(
            _("An amount is not below zero: money given back has the status refunded."), "amount"
        )
    if payment.order is not None and payment.order.customer_id != payment.customer_id:
        raise OfAnotherCustomer(_("The order belongs to another customer."), "order_id")


def _shown(payment: Payment) -> Mapping[str, Any]:
    return {
        "amount": str(payment.amount),
        "currency": payment.currency,
        "status": payment.status,
        "method": payment.method,
        "text": payment.note,
    }


REPORTS = Reports(
    model=Payment,
    kind=TimelineEntry.Kind.PAYMENT,
    told=("status",),
    shown=_shown,
    complete=_complete,
    check=_check,
    begun="happened_at",
)
