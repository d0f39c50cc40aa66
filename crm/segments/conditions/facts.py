"""Facts that the business defined, by their kind."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Func, JSONField, Q, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import ExtractDay, ExtractMonth
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, LessThanOrEqual
from django.utils.translation import gettext_lazy

from crm.attributes import date_of, number_of, text_of, yes_no_of
from crm.models import Attribute, Customer
from crm.segments import periods
from crm.segments.conditions.wording import (
    ALL_OF,
    ANY_OF,
    BLANK_OPS,
    CHOICE_OPS,
    CHOICES_OPS,
    KNOWN,
    NUMBER_OPS,
    TEXT_OPS,
    UNKNOWN,
    YES_NO_OPS,
    holds,
    text_is,
    text_params,
)
from crm.segments.params import Amount, Choice, Ref, Refs, When
from crm.segments.registry import Condition, Context, Values

Kind = Attribute.Kind


def fact(kind: str, ops: Mapping[str, Any], default: str, *parts: Any) -> tuple[Any, ...]:
    """The parts of a condition about a fact of a kind."""
    redraws = kind in {Kind.CHOICE, Kind.CHOICES}
    key = Ref(name="key", label=gettext_lazy("Fact"), what=f"attribute:{kind}", redraws=redraws)
    return (key, Choice(name="op", label=gettext_lazy("How"), options=ops, default=default), *parts)


def fact_of(values: Values, context: Context) -> dict[UUID, str]:
    """What is kept of the fact, of some customers."""
    found = Customer.objects.filter(pk__any=context.among or ()).values_list("pk", "attributes")
    said = {pk: kept.get(values["key"]) for pk, kept in found if isinstance(kept, dict)}
    return {
        pk: ", ".join(map(str, one)) if isinstance(one, list) else str(one)
        for pk, one in said.items()
        if one is not None and not isinstance(one, bool | dict)
    }


def _number_fact(values: Values, context: Context) -> Q:
    number: Any = number_of(values["key"])
    if values["op"] in BLANK_OPS:
        return _known(number, values["op"])
    given = Value(Decimal(values["amount"]), output_field=number.output_field)
    lookup = {"at_least": GreaterThanOrEqual, "at_most": LessThanOrEqual, "is": Exact}[values["op"]]
    return holds(lookup(number, given))


def _known(expression: Any, op: str) -> Q:
    """Whether an expression is anything at all."""
    known = Func(expression, template="(%(expressions)s) IS NOT NULL", output_field=_boolean())
    return Q(known) if op == KNOWN else ~Q(known)


def _date_fact(values: Values, context: Context) -> Q:
    found = date_of(values["key"])
    if values["op"] in BLANK_OPS:
        return _known(found, values["op"])
    first, last = periods.days(values["period"], context.clock)
    bounds: list[Any] = [GreaterThanOrEqual(found, first)] if first else []
    bounds += [LessThanOrEqual(found, last)] if last else []
    return reduce(and_, map(holds, bounds))


def _anniversary(values: Values, context: Context) -> Q:
    """The day and month of a date within a period: 29 February counts on the 28th of other years."""
    first, last = periods.days(values["period"], context.clock)
    begin, end = first or context.clock.today, last or first or context.clock.today
    if (end - begin).days >= 366:
        return _known(date_of(values["key"]), KNOWN)
    days = {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
    wanted = {day.month * 100 + day.day for day in days}
    wanted |= {229 for day in days if (day.month, day.day) == (2, 28) and not _is_leap(day.year)}
    found = date_of(values["key"])
    return holds(In(ExtractMonth(found) * 100 + ExtractDay(found), sorted(wanted)))


def _is_leap(year: int) -> bool:
    return date(year, 12, 31).timetuple().tm_yday == 366


def _choice_fact(values: Values, context: Context) -> Q:
    text = text_of(values["key"])
    if values["op"] in BLANK_OPS:
        return _known(text, values["op"])
    found = holds(In(text, values["values"]))
    return found if values["op"] == ANY_OF else ~found


def _choices_fact(values: Values, context: Context) -> Q:
    kept = KeyTransform(values["key"], "attributes")
    has_some = holds(
        Func(kept, template="jsonb_typeof(%(expressions)s) = 'array'", output_field=_boolean())
    ) & ~holds(Exact(kept, Value([], output_field=JSONField())))
    if values["op"] in BLANK_OPS:
        return has_some if values["op"] == KNOWN else ~has_some
    each = [
        has_some
        & holds(
            Func(kept, Value(one), template="(%(expressions)s)", arg_joiner=" ? ", output_field=_boolean())
        )
        for one in values["values"]
    ]
    return (
        reduce(and_, each)
        if values["op"] == ALL_OF
        else reduce(or_, each)
        if values["op"] == ANY_OF
        else ~reduce(or_, each)
    )


def _yes_no_fact(values: Values, context: Context) -> Q:
    found = yes_no_of(values["key"])
    if values["op"] in BLANK_OPS:
        return _known(found, values["op"])
    return holds(Exact(found, Value(values["op"] == "yes")))


def _boolean() -> Any:
    return BooleanField()


FACTS = [
    Condition(
        "attribute.text",
        "facts",
        gettext_lazy("A fact in words"),
        fact("text", TEXT_OPS, "contains", text_params()[1]),
        gettext_lazy("%(key)s %(op)s %(text)s"),
        lambda values, context: text_is(text_of(values["key"]), values),
        fact_of,
    ),
    Condition(
        "attribute.number",
        "facts",
        gettext_lazy("A number"),
        fact(
            "number",
            NUMBER_OPS,
            "at_least",
            Amount(name="amount", label=gettext_lazy("Number"), unless=BLANK_OPS, default="1"),
        ),
        gettext_lazy("%(key)s %(op)s %(amount)s"),
        _number_fact,
        fact_of,
    ),
    Condition(
        "attribute.money",
        "facts",
        gettext_lazy("An amount of money"),
        fact(
            "money",
            NUMBER_OPS,
            "at_least",
            Amount(
                name="amount", label=gettext_lazy("Amount"), unless=BLANK_OPS, default="1000", is_money=True
            ),
        ),
        gettext_lazy("%(key)s %(op)s %(amount)s"),
        _number_fact,
        fact_of,
    ),
    Condition(
        "attribute.date",
        "facts",
        gettext_lazy("A date"),
        fact(
            "date",
            {
                "is": gettext_lazy("is"),
                KNOWN: gettext_lazy("is known"),
                UNKNOWN: gettext_lazy("is not known"),
            },
            "is",
            When(
                name="period",
                label=gettext_lazy("When"),
                side=periods.BOTH,
                unless=BLANK_OPS,
                default={"last": 30, "unit": "days"},
            ),
        ),
        gettext_lazy("%(key)s %(op)s %(period)s"),
        _date_fact,
        fact_of,
    ),
    Condition(
        "attribute.anniversary",
        "facts",
        gettext_lazy("A day of each year (birthday)"),
        (
            Ref(name="key", label=gettext_lazy("Fact"), what="attribute:date"),
            When(
                name="period",
                label=gettext_lazy("When"),
                side=periods.FUTURE,
                default={"during": "this_week"},
            ),
        ),
        gettext_lazy("%(key)s comes round %(period)s"),
        _anniversary,
        fact_of,
    ),
    Condition(
        "attribute.choice",
        "facts",
        gettext_lazy("A choice"),
        fact(
            "choice",
            CHOICE_OPS,
            ANY_OF,
            Refs(name="values", label=gettext_lazy("Values"), what="option", by="key", unless=BLANK_OPS),
        ),
        gettext_lazy("%(key)s %(op)s %(values)s"),
        _choice_fact,
        fact_of,
    ),
    Condition(
        "attribute.choices",
        "facts",
        gettext_lazy("Several choices"),
        fact(
            "choices",
            CHOICES_OPS,
            ANY_OF,
            Refs(name="values", label=gettext_lazy("Values"), what="option", by="key", unless=BLANK_OPS),
        ),
        gettext_lazy("%(key)s %(op)s %(values)s"),
        _choices_fact,
        fact_of,
    ),
    Condition(
        "attribute.yes_no",
        "facts",
        gettext_lazy("Yes or no"),
        fact("yes_no", YES_NO_OPS, "yes"),
        gettext_lazy("%(key)s %(op)s"),
        _yes_no_fact,
    ),
]
