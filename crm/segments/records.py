"""Conditions about rows that belong to customers: how many, how much, when last.

Each becomes `id IN (SELECT customer_id …)`, or its opposite where having no rows answers yes: never NULL,
one pass over an index, and the same whether the rule asks it inside all, any or none.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy

from crm.segments import periods
from crm.segments.params import Amount, Choice, When, Whole
from crm.segments.registry import Context, Values
from tenants import formats

Rows = Callable[[Values, Context], QuerySet[Any]]
Evidence = Callable[[Values, Context], Mapping[UUID, str]]

COUNT_OPS = {
    "at_least": gettext_lazy("at least"),
    "at_most": gettext_lazy("at most"),
    "exactly": gettext_lazy("exactly"),
}
AMOUNT_OPS = {"at_least": gettext_lazy("at least"), "at_most": gettext_lazy("at most")}
HAS, HAS_NOT = "has", "has_not"
HAS_OPS = {HAS: gettext_lazy("has"), HAS_NOT: gettext_lazy("has not")}
EVER = When(name="period", label=gettext_lazy("When"), ever=True)
PERIOD = When(name="period", label=gettext_lazy("When"), default={"last": 30, "unit": "days"})


def count_op(default: str = "at_least") -> Choice:
    return Choice(name="op", label=gettext_lazy("How many"), options=COUNT_OPS, default=default)


def amount_op() -> Choice:
    return Choice(name="op", label=gettext_lazy("How much"), options=AMOUNT_OPS, default="at_least")


def has_op() -> Choice:
    return Choice(name="op", label=gettext_lazy("Has or has not"), options=HAS_OPS, default=HAS)


def times(default: int = 1) -> Whole:
    return Whole(name="n", label=gettext_lazy("Number"), default=default)


def money() -> Amount:
    return Amount(name="amount", label=gettext_lazy("Amount"), default="1000", is_money=True)


# --- as SQL ---


def members(rows: QuerySet[Any]) -> Q:
    """The customers of some rows."""
    return Q(pk__in=rows.order_by().values("customer_id"))


def within(rows: QuerySet[Any], field: str, period: Any, context: Context) -> QuerySet[Any]:
    """The rows of a period; of all times without one."""
    if not period:
        return rows
    begin, end = periods.moments(period, context.clock)
    if begin:
        rows = rows.filter(**{f"{field}__gte": begin})
    return rows.filter(**{f"{field}__lt": end}) if end else rows


def grouped(rows: QuerySet[Any], aggregate: Aggregate, **having: Any) -> QuerySet[Any]:
    """The customers of whom an aggregate of their rows fits."""
    return (
        rows.order_by().values("customer_id").annotate(total=aggregate).filter(**having).values("customer_id")
    )


def counted(rows: QuerySet[Any], op: str, n: int) -> Q:
    """Those with so many rows; having none is zero."""
    match op, n:
        case "at_least", 0:
            return Q(pk__isnull=False)
        case "at_least", 1:
            return members(rows)
        case "at_least", _:
            return members(grouped(rows, Count("*"), total__gte=n))
        case _, 0:
            return ~members(rows)
        case "at_most", _:
            return ~members(grouped(rows, Count("*"), total__gt=n))
    return members(grouped(rows, Count("*"), total=n))


def summed(rows: QuerySet[Any], field: str, op: str, amount: str) -> Q:
    """Those whose rows add up to so much; nothing is zero."""
    total, is_met_by_zero = Sum(field), float(amount) <= 0 if op == "at_least" else float(amount) >= 0
    if is_met_by_zero:
        opposite = {"at_least": "total__lt", "at_most": "total__gt"}[op]
        return ~members(grouped(rows, total, **{opposite: amount}))
    return members(grouped(rows, total, **{{"at_least": "total__gte", "at_most": "total__lte"}[op]: amount}))


def latest(rows: QuerySet[Any], field: str, period: Any, context: Context) -> Q:
    """Those whose last row, so far, is of a period."""
    begin, end = periods.moments(period, context.clock)
    rows = rows.filter(**{f"{field}__lte": context.clock.now})
    if begin and (end is None or end > context.clock.now):
        return members(rows.filter(**{f"{field}__gte": begin}))
    bounds = {"total__gte": begin, "total__lt": end}
    return members(grouped(rows, Max(field), **{name: at for name, at in bounds.items() if at}))


def earliest(rows: QuerySet[Any], field: str, period: Any, context: Context) -> Q:
    """Those whose first row is of a period."""
    begin, end = periods.moments(period, context.clock)
    bounds = {"total__gte": begin, "total__lt": end}
    return members(grouped(rows, Min(field), **{name: at for name, at in bounds.items() if at}))


# --- what counted, in words ---


def _each(rows: QuerySet[Any], total: Aggregate) -> list[tuple[UUID, Any]]:
    return list(
        rows.order_by().values("customer_id").annotate(total=total).values_list("customer_id", "total")
    )


def count_of(rows: QuerySet[Any]) -> dict[UUID, str]:
    return {customer: formats.number(total) for customer, total in _each(rows, Count("*"))}


def sum_of(rows: QuerySet[Any], field: str, context: Context) -> dict[UUID, str]:
    found = _each(rows, Sum(field))
    return {
        customer: formats.money(total, context.currency) for customer, total in found if total is not None
    }


def day_of(rows: QuerySet[Any], total: Aggregate, context: Context) -> dict[UUID, str]:
    found = _each(rows, total)
    return {
        customer: formats.long_date(timezone.localtime(at, context.clock.zone).date())
        for customer, at in found
    }


# --- kinds of conditions ---


def how_many(rows: Rows, field: str) -> dict[str, Any]:
    """`q` and `evidence` of: so many rows in a period (parts op, n, period)."""

    def of(values: Values, context: Context) -> QuerySet[Any]:
        return within(context.rows(rows(values, context)), field, values.get("period"), context)

    return {
        "q": lambda values, context: counted(of(values, context), values["op"], values["n"]),
        "evidence": lambda values, context: count_of(of(values, context)),
    }


def how_much(rows: Rows, field: str, at: str) -> dict[str, Any]:
    """`q` and `evidence` of: rows that add up to so much in a period (parts op, amount, period)."""

    def of(values: Values, context: Context) -> QuerySet[Any]:
        return within(context.rows(rows(values, context)), at, values.get("period"), context)

    return {
        "q": lambda values, context: summed(of(values, context), field, values["op"], values["amount"]),
        "evidence": lambda values, context: sum_of(of(values, context), field, context),
    }


def last_time(rows: Rows, field: str) -> dict[str, Any]:
    """`q` and `evidence` of: the last row is of a period (part period)."""

    def of(values: Values, context: Context) -> QuerySet[Any]:
        return context.rows(rows(values, context))

    def evidence(values: Values, context: Context) -> dict[UUID, str]:
        past = of(values, context).filter(**{f"{field}__lte": context.clock.now})
        return day_of(past, Max(field), context)

    return {
        "q": lambda values, context: latest(of(values, context), field, values["period"], context),
        "evidence": evidence,
    }


def first_time(rows: Rows, field: str) -> dict[str, Any]:
    """`q` and `evidence` of: the first row is of a period (part period)."""

    def of(values: Values, context: Context) -> QuerySet[Any]:
        return context.rows(rows(values, context))

    return {
        "q": lambda values, context: earliest(of(values, context), field, values["period"], context),
        "evidence": lambda values, context: day_of(of(values, context), Min(field), context),
    }


def whether(rows: Rows, field: str = "") -> dict[str, Any]:
    """`q` and `evidence` of: there is such a row, or none (part op; period where `field` is given)."""

    def of(values: Values, context: Context) -> QuerySet[Any]:
        found = context.rows(rows(values, context))
        return within(found, field, values.get("period"), context) if field else found

    def q(values: Values, context: Context) -> Q:
        found = members(of(values, context))
        return found if values["op"] == HAS else ~found

    def evidence(values: Values, context: Context) -> dict[UUID, str]:
        return count_of(of(values, context)) if values["op"] == HAS else {}

    return {"q": q, "evidence": evidence}
