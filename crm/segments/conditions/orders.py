"""What he bought and paid."""

import json
from datetime import timedelta
from typing import Any

from django.db.models import F, Func, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Lower
from django.db.models.lookups import Contains
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.models import Order, Payment
from crm.segments.params import Several, Text
from crm.segments.records import (
    EVER,
    PERIOD,
    amount_op,
    count_op,
    first_time,
    has_op,
    how_many,
    how_much,
    last_time,
    money,
    times,
    whether,
)
from crm.segments.registry import Condition, Context, Values
from tenants.permissions import Permission

ORDERS = Permission.ORDERS_READ
NOT_BOUGHT = (Order.Status.CANCELLED, Order.Status.REFUNDED)


def bought(values: Values, context: Context) -> QuerySet[Any]:
    """Orders that stand: neither cancelled nor paid back."""
    return Order.objects.exclude(status__in=NOT_BOUGHT)


def _in_currency(values: Values, context: Context) -> QuerySet[Any]:
    return bought(values, context).filter(currency=context.currency)


def _with_product(values: Values, context: Context) -> QuerySet[Any]:
    names = Func(
        F("items"), template="jsonb_path_query_array(%(expressions)s, '$[*].name')", output_field=JSONField()
    )
    sought = json.dumps(values["text"], ensure_ascii=False)[1:-1]
    text, given = Lower(Cast(names, TextField())), Lower(Value(sought, output_field=TextField()))
    return bought(values, context).filter(Contains(text, given))


def _in_status(values: Values, context: Context) -> QuerySet[Any]:
    return Order.objects.filter(status__in=values["statuses"])


def _overdue(values: Values, context: Context) -> QuerySet[Any]:
    since = context.clock.now - timedelta(days=values["n"])
    return Payment.objects.filter(status=Payment.Status.DUE, due_at__lt=since)


def _paid(values: Values, context: Context) -> QuerySet[Any]:
    return Payment.objects.filter(status=Payment.Status.PAID, currency=context.currency)


ORDER = [
    Condition(
        "orders.count",
        "orders",
        gettext_lazy("Number of orders"),
        (count_op(), times(2), EVER),
        ngettext_lazy("%(op)s %(n)s order %(period)s", "%(op)s %(n)s orders %(period)s", "n"),
        needs=ORDERS,
        **how_many(bought, "placed_at"),
    ),
    Condition(
        "orders.sum",
        "orders",
        gettext_lazy("Spent in orders"),
        (amount_op(), money(), EVER),
        gettext_lazy("orders for %(op)s %(amount)s %(period)s"),
        needs=ORDERS,
        **how_much(_in_currency, "total", "placed_at"),
    ),
    Condition(
        "orders.last",
        "orders",
        gettext_lazy("Last order"),
        (PERIOD,),
        gettext_lazy("last order %(period)s"),
        needs=ORDERS,
        **last_time(bought, "placed_at"),
    ),
    Condition(
        "orders.first",
        "orders",
        gettext_lazy("First order"),
        (PERIOD,),
        gettext_lazy("first order %(period)s"),
        needs=ORDERS,
        **first_time(bought, "placed_at"),
    ),
    Condition(
        "orders.product",
        "orders",
        gettext_lazy("Product"),
        (has_op(), Text(name="text", label=gettext_lazy("Its name contains"), default=""), EVER),
        {
            "has": gettext_lazy("bought something called %(text)s %(period)s"),
            "has_not": gettext_lazy("bought nothing called %(text)s %(period)s"),
        },
        needs=ORDERS,
        **whether(_with_product, "placed_at"),
    ),
    Condition(
        "orders.status",
        "orders",
        gettext_lazy("Order in a status"),
        (
            has_op(),
            Several(name="statuses", label=gettext_lazy("Status"), options=dict(Order.Status.choices)),
            EVER,
        ),
        {
            "has": gettext_lazy("an order with the status %(statuses)s %(period)s"),
            "has_not": gettext_lazy("no order with the status %(statuses)s %(period)s"),
        },
        needs=ORDERS,
        **whether(_in_status, "placed_at"),
    ),
    Condition(
        "payments.overdue",
        "orders",
        gettext_lazy("Payment overdue"),
        (has_op(), times(0)),
        {
            "has": ngettext_lazy(
                "a payment overdue for more than %(n)s day", "a payment overdue for more than %(n)s days", "n"
            ),
            "has_not": ngettext_lazy(
                "no payment overdue for more than %(n)s day",
                "no payment overdue for more than %(n)s days",
                "n",
            ),
        },
        needs=ORDERS,
        **whether(_overdue),
    ),
    Condition(
        "payments.sum",
        "orders",
        gettext_lazy("Paid"),
        (amount_op(), money(), EVER),
        gettext_lazy("paid %(op)s %(amount)s %(period)s"),
        needs=ORDERS,
        **how_much(_paid, "amount", "happened_at"),
    ),
]
