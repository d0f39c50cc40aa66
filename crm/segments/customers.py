"""The conditions that crm itself offers, each declared once."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, F, Func, JSONField, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, ExtractDay, ExtractMonth, Lower, Substr
from django.db.models.lookups import Contains, Exact, GreaterThanOrEqual, In, LessThanOrEqual, StartsWith
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.attributes import date_of, number_of, text_of, yes_no_of
from crm.models import (
    Activity,
    Appointment,
    Attribute,
    Case,
    Consent,
    Customer,
    CustomerLabel,
    Identity,
    Label,
    Medium,
    Order,
    Payment,
    Purpose,
    TimelineEntry,
)
from crm.segments import periods
from crm.segments.params import Amount, Choice, Ref, Refs, Several, Text, When
from crm.segments.records import (
    EVER,
    PERIOD,
    amount_op,
    count_op,
    first_time,
    grouped,
    has_op,
    how_many,
    how_much,
    last_time,
    members,
    money,
    times,
    whether,
)
from crm.segments.registry import Condition, Context, Values
from tenants import formats
from tenants.models import Tenant
from tenants.permissions import Permission

Kind = Attribute.Kind
Evidence = Callable[[Values, Context], Mapping[UUID, str]]
ORDERS = Permission.ORDERS_READ
NOT_BOUGHT = (Order.Status.CANCELLED, Order.Status.REFUNDED)
KNOWN, UNKNOWN = "known", "unknown"
BLANK_OPS = frozenset({KNOWN, UNKNOWN})
LANGUAGES = {"es": gettext_lazy("Spanish"), "pt": gettext_lazy("Portuguese"), "en": gettext_lazy("English")}
TEXT_OPS = {
    "contains": gettext_lazy("contains"),
    "contains_not": gettext_lazy("does not contain"),
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "starts": gettext_lazy("begins with"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}
NUMBER_OPS = {
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "is": gettext_lazy("is"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}
ANY_OF, ALL_OF, NONE_OF = "any_of", "all_of", "none_of"
SEVERAL_OPS = {
    ANY_OF: gettext_lazy("any of"),
    ALL_OF: gettext_lazy("all of"),
    NONE_OF: gettext_lazy("none of"),
}
CHOICE_OPS = {
    ANY_OF: gettext_lazy("is"),
    NONE_OF: gettext_lazy("is not"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}
CHOICES_OPS = {
    ANY_OF: gettext_lazy("has any of"),
    ALL_OF: gettext_lazy("has all of"),
    NONE_OF: gettext_lazy("has none of"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}


def holds(expression: Any) -> Q:
    """An expression as a condition that is never NULL."""
    return Q(Coalesce(expression, Value(False)))


# --- texts ---


def text_is(expression: Any, values: Values) -> Q:  # noqa: PLR0911 -- one case per operation
    """A text compared as `TEXT_OPS` say, whatever its case; NULL is as empty."""
    text = Lower(Coalesce(expression, Value(""), output_field=TextField()))
    given = Lower(Value(values.get("text", ""), output_field=TextField()))
    match values["op"]:
        case "contains":
            return Q(Contains(text, given))
        case "contains_not":
            return ~Q(Contains(text, given))
        case "is":
            return Q(Exact(text, given))
        case "is_not":
            return ~Q(Exact(text, given))
        case "starts":
            return Q(StartsWith(text, given))
        case "known":
            return ~Q(Exact(text, Value("")))
    return Q(Exact(text, Value("")))


def text_params() -> tuple[Any, ...]:
    return (
        Choice(name="op", label=gettext_lazy("How"), options=TEXT_OPS, default="contains"),
        Text(name="text", label=gettext_lazy("Text"), unless=BLANK_OPS, default=""),
    )


def column(name: str) -> dict[str, Any]:
    """`q` and `evidence` of a text of the customer."""

    def evidence(values: Values, context: Context) -> dict[UUID, str]:
        found = Customer.objects.filter(pk__any=context.among or ()).values_list("pk", name)
        return {pk: text for pk, text in found if text}

    return {"q": lambda values, context: text_is(F(name), values), "evidence": evidence}


def moment(name: str) -> dict[str, Any]:
    """`q` and `evidence` of a moment of the customer."""

    def q(values: Values, context: Context) -> Q:
        begin, end = periods.moments(values["period"], context.clock)
        found = Q(**{f"{name}__gte": begin}) if begin else Q()
        return found & Q(**{f"{name}__lt": end}) if end else found

    def evidence(values: Values, context: Context) -> dict[UUID, str]:
        found = Customer.objects.filter(pk__any=context.among or ()).values_list("pk", name)
        zone = context.clock.zone
        return {pk: formats.long_date(timezone.localtime(at, zone).date()) for pk, at in found}

    return {"q": q, "evidence": evidence}


def _language(values: Values, context: Context) -> Q:
    code = Lower(Substr("language", 1, 2))
    return Q(In(code, values["languages"]))


# --- facts ---


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


# --- what belongs to a customer ---


def _labels(values: Values, context: Context) -> Q:
    rows = context.rows(CustomerLabel.objects.filter(label_id__any=values["labels"]))
    if values["op"] == ALL_OF:
        return members(grouped(rows, Count("*"), total=len(values["labels"])))
    return members(rows) if values["op"] == ANY_OF else ~members(rows)


def _identities(values: Values, context: Context) -> QuerySet[Any]:
    rows = Identity.objects.filter(kind=values["kind"])
    return rows.filter(is_verified=True) if values.get("verified") else rows


def _consent(values: Values, context: Context) -> Q:
    rows = Consent.objects.filter(medium=values["medium"], purpose=values["purpose"])
    lasting = Q(expires_at=None) | Q(expires_at__gt=context.clock.now)
    given = members(context.rows(rows.filter(lasting, state=Consent.State.GIVEN)))
    match values["op"]:
        case "given":
            return given
        case "not_given":
            return ~given
    return members(context.rows(rows.filter(state=values["op"])))


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


def _appointments(values: Values, context: Context) -> QuerySet[Any]:
    return Appointment.objects.exclude(status=Appointment.Status.CANCELLED)


def _kept(values: Values, context: Context) -> QuerySet[Any]:
    return Appointment.objects.filter(status__in=[Appointment.Status.ARRIVED, Appointment.Status.DONE])


def _coming(values: Values, context: Context) -> QuerySet[Any]:
    awaited = [Appointment.Status.BOOKED, Appointment.Status.CONFIRMED]
    return Appointment.objects.filter(status__in=awaited, starts_at__gt=context.clock.now)


def _missed(values: Values, context: Context) -> QuerySet[Any]:
    return Appointment.objects.filter(status=Appointment.Status.NO_SHOW)


def _overdue(values: Values, context: Context) -> QuerySet[Any]:
    since = context.clock.now - timedelta(days=values["n"])
    return Payment.objects.filter(status=Payment.Status.DUE, due_at__lt=since)


def _paid(values: Values, context: Context) -> QuerySet[Any]:
    return Payment.objects.filter(status=Payment.Status.PAID, currency=context.currency)


def _activities(values: Values, context: Context) -> QuerySet[Any]:
    return Activity.objects.filter(kind=values["kind"])


def _cases(values: Values, context: Context) -> QuerySet[Any]:
    return Case.objects.filter(kind=values["kind"]) if values.get("kind") else Case.objects.all()


def _open_cases(values: Values, context: Context) -> QuerySet[Any]:
    return _cases(values, context).filter(resolved_at=None)


def _entries(values: Values, context: Context) -> QuerySet[Any]:
    return TimelineEntry.objects.filter(kind=values["kind"])


_KIND_OF_CASE = Choice(
    name="kind", label=gettext_lazy("Kind of case"), options=dict(Case.Kind.choices), may_be_any=True
)
_KIND_OF_ACTIVITY = Text(name="kind", label=gettext_lazy("What happened"), default="")
_ENTRY_KINDS = dict(TimelineEntry.Kind.choices)
_YES_NO_OPS = {
    "yes": gettext_lazy("is yes"),
    "no": gettext_lazy("is no"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}

CUSTOMER = [
    Condition(
        "customer.name",
        "customer",
        gettext_lazy("Name"),
        text_params(),
        gettext_lazy("name %(op)s %(text)s"),
        **column("name"),
    ),
    Condition(
        "customer.company",
        "customer",
        gettext_lazy("Company"),
        text_params(),
        gettext_lazy("company %(op)s %(text)s"),
        **column("company"),
    ),
    Condition(
        "customer.language",
        "customer",
        gettext_lazy("Language"),
        (Several(name="languages", label=gettext_lazy("Language"), options=LANGUAGES),),
        gettext_lazy("language %(languages)s"),
        _language,
    ),
    Condition(
        "customer.created",
        "customer",
        gettext_lazy("Added"),
        (PERIOD,),
        gettext_lazy("added %(period)s"),
        **moment("created_at"),
    ),
    Condition(
        "customer.last_contact",
        "customer",
        gettext_lazy("Last contact"),
        (PERIOD,),
        gettext_lazy("last contact %(period)s"),
        **moment("last_contact_at"),
    ),
    Condition(
        "identity",
        "customer",
        gettext_lazy("Address"),
        (
            has_op(),
            Choice(
                name="kind",
                label=gettext_lazy("Kind of address"),
                options=dict(Identity.Kind.choices),
                default=Identity.Kind.EMAIL,
            ),
            Choice(
                name="verified",
                label=gettext_lazy("Verified"),
                options={"yes": gettext_lazy("verified")},
                may_be_any=True,
            ),
        ),
        {
            "has": gettext_lazy("an address by %(kind)s %(verified)s"),
            "has_not": gettext_lazy("no address by %(kind)s %(verified)s"),
        },
        **whether(_identities),
    ),
    Condition(
        "label",
        "customer",
        gettext_lazy("Label"),
        (
            Choice(name="op", label=gettext_lazy("How"), options=SEVERAL_OPS, default=ANY_OF),
            Refs(name="labels", label=gettext_lazy("Label"), what="label"),
        ),
        {
            ANY_OF: gettext_lazy("label %(labels)s"),
            ALL_OF: gettext_lazy("all of the labels %(labels)s"),
            NONE_OF: gettext_lazy("without the label %(labels)s"),
        },
        _labels,
    ),
]

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
        fact("yes_no", _YES_NO_OPS, "yes"),
        gettext_lazy("%(key)s %(op)s"),
        _yes_no_fact,
    ),
]

CONSENTS = [
    Condition(
        "consent",
        "consents",
        gettext_lazy("Consent"),
        (
            Choice(
                name="op",
                label=gettext_lazy("State"),
                default="given",
                options={
                    "given": gettext_lazy("given and not expired"),
                    "not_given": gettext_lazy("not given, or expired"),
                    "withdrawn": gettext_lazy("withdrawn"),
                    "asked": gettext_lazy("asked, not confirmed yet"),
                },
            ),
            Choice(
                name="medium", label=gettext_lazy("By"), options=dict(Medium.choices), default=Medium.WHATSAPP
            ),
            Choice(
                name="purpose",
                label=gettext_lazy("For"),
                options=dict(Purpose.choices),
                default=Purpose.PROMOTION,
            ),
        ),
        gettext_lazy("consent by %(medium)s for %(purpose)s %(op)s"),
        _consent,
    ),
]

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

APPOINTMENTS = [
    Condition(
        "appointments.count",
        "appointments",
        gettext_lazy("Number of appointments"),
        (count_op(), times(1), EVER),
        ngettext_lazy("%(op)s %(n)s appointment %(period)s", "%(op)s %(n)s appointments %(period)s", "n"),
        needs=ORDERS,
        **how_many(_appointments, "starts_at"),
    ),
    Condition(
        "appointments.last",
        "appointments",
        gettext_lazy("Last appointment kept"),
        (PERIOD,),
        gettext_lazy("last appointment kept %(period)s"),
        needs=ORDERS,
        **last_time(_kept, "starts_at"),
    ),
    Condition(
        "appointments.next",
        "appointments",
        gettext_lazy("Appointment to come"),
        (
            has_op(),
            When(
                name="period",
                label=gettext_lazy("When"),
                side=periods.FUTURE,
                ever=True,
                default={"next": 7, "unit": "days"},
            ),
        ),
        {
            "has": gettext_lazy("an appointment to come %(period)s"),
            "has_not": gettext_lazy("no appointment to come %(period)s"),
        },
        needs=ORDERS,
        **whether(_coming, "starts_at"),
    ),
    Condition(
        "appointments.missed",
        "appointments",
        gettext_lazy("Did not come"),
        (count_op(), times(1), EVER),
        ngettext_lazy(
            "%(op)s %(n)s appointment missed %(period)s", "%(op)s %(n)s appointments missed %(period)s", "n"
        ),
        needs=ORDERS,
        **how_many(_missed, "starts_at"),
    ),
]

ACTIVITIES = [
    Condition(
        "activities.count",
        "activities",
        gettext_lazy("Number of activities"),
        (_KIND_OF_ACTIVITY, count_op(), times(1), EVER),
        ngettext_lazy("%(op)s %(n)s time %(kind)s %(period)s", "%(op)s %(n)s times %(kind)s %(period)s", "n"),
        needs=ORDERS,
        **how_many(_activities, "happened_at"),
    ),
    Condition(
        "activities.sum",
        "activities",
        gettext_lazy("Sum of activities"),
        (
            _KIND_OF_ACTIVITY,
            amount_op(),
            Amount(name="amount", label=gettext_lazy("Amount"), default="1000"),
            EVER,
        ),
        gettext_lazy("%(kind)s adds up to %(op)s %(amount)s %(period)s"),
        needs=ORDERS,
        **how_much(_activities, "amount", "happened_at"),
    ),
    Condition(
        "activities.last",
        "activities",
        gettext_lazy("Last activity"),
        (_KIND_OF_ACTIVITY, PERIOD),
        gettext_lazy("last %(kind)s %(period)s"),
        needs=ORDERS,
        **last_time(_activities, "happened_at"),
    ),
    Condition(
        "cases.open",
        "activities",
        gettext_lazy("A case that is open"),
        (has_op(), _KIND_OF_CASE),
        {
            "has": gettext_lazy("an open case %(kind)s"),
            "has_not": gettext_lazy("no open case %(kind)s"),
        },
        **whether(_open_cases),
    ),
    Condition(
        "cases.count",
        "activities",
        gettext_lazy("Number of cases"),
        (_KIND_OF_CASE, count_op(), times(1), EVER),
        ngettext_lazy("%(op)s %(n)s case %(kind)s %(period)s", "%(op)s %(n)s cases %(kind)s %(period)s", "n"),
        **how_many(_cases, "opened_at"),
    ),
    Condition(
        "timeline.count",
        "activities",
        gettext_lazy("Lines of the history"),
        (
            Choice(
                name="kind",
                label=gettext_lazy("Kind of line"),
                options=_ENTRY_KINDS,
                default=TimelineEntry.Kind.MESSAGE_IN,
            ),
            count_op(),
            times(1),
            EVER,
        ),
        ngettext_lazy(
            "%(op)s %(n)s line of the history “%(kind)s” %(period)s",
            "%(op)s %(n)s lines of the history “%(kind)s” %(period)s",
            "n",
        ),
        **how_many(_entries, "happened_at"),
    ),
]

ALL = [*CUSTOMER, *FACTS, *CONSENTS, *ORDER, *APPOINTMENTS, *ACTIVITIES]


# --- what can be named ---


def labels(part: str) -> dict[str, str]:
    """Labels by name."""
    return {str(pk): name for pk, name in Label.objects.order_by("name").values_list("pk", "name")}


def facts(kind: str) -> dict[str, str]:
    """The facts of a kind that the business defined, archived ones too: what they hold is kept."""
    kinds = [Kind.TEXT, Kind.LINK] if kind == Kind.TEXT else [kind]
    return dict(Attribute.objects.filter(kind__in=kinds).values_list("key", "name"))


def options(key: str) -> dict[str, str]:
    """What can be chosen in a fact."""
    found = Attribute.objects.filter(key=key).values_list("options", flat=True).first()
    return {str(one): str(one) for one in found} if isinstance(found, list) else {}


def currency(part: str) -> dict[str, str]:
    """The business's own."""
    return {Tenant.objects.get().currency: ""}


NAMES = {"label": labels, "attribute": facts, "option": options, "currency": currency}
