"""His appointments, and what else happened with him."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.models import Activity, Appointment, Case, TimelineEntry
from crm.segments import periods
from crm.segments.conditions.orders import ORDERS
from crm.segments.params import Amount, Choice, Text, When
from crm.segments.records import (
    EVER,
    PERIOD,
    amount_op,
    count_op,
    has_op,
    how_many,
    how_much,
    last_time,
    times,
    whether,
)
from crm.segments.registry import Condition, Context, Values


def _appointments(values: Values, context: Context) -> QuerySet[Any]:
    return Appointment.objects.exclude(status=Appointment.Status.CANCELLED)


def _kept(values: Values, context: Context) -> QuerySet[Any]:
    return Appointment.objects.filter(status__in=[Appointment.Status.ARRIVED, Appointment.Status.DONE])


def _coming(values: Values, context: Context) -> QuerySet[Any]:
    awaited = [Appointment.Status.BOOKED, Appointment.Status.CONFIRMED]
    return Appointment.objects.filter(status__in=awaited, starts_at__gt=context.clock.now)


def _missed(values: Values, context: Context) -> QuerySet[Any]:
    return Appointment.objects.filter(status=Appointment.Status.NO_SHOW)


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
