"""The pieces of a customer's page as plain values, so that what they look like can be remembered by them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from crm import companies, lines, queries, reaching, relations
from crm import standing as standings
from crm.models import Activity, Appointment, Case, Customer, CustomerNote, FollowUp, Identity, Order, Payment
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.templatetags.ui import timestamp

EXPECTED = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED, Appointment.Status.ARRIVED)
UNDONE = (Order.Status.CANCELLED, Order.Status.REFUNDED)
STILL_NOW = timedelta(hours=1)  # an appointment that began so long ago is shown as the next one

# --- what is read ---


class _Address(NamedTuple):
    id: UUID
    kind: str
    display: str
    is_verified: bool


class _Note(NamedTuple):
    id: UUID
    body: str
    author_label: str
    created_at: datetime


class _Order(NamedTuple):
    number: str
    total: Decimal
    currency: str
    status: str
    items: list[Any]
    placed_at: datetime


class _Appointment(NamedTuple):
    id: UUID
    service: str
    staff: str
    status: str
    starts_at: datetime


class _Sum(NamedTuple):
    currency: str
    status: str
    total: Decimal
    due: datetime | None


class _Bought(NamedTuple):
    currency: str
    times: int
    total: Decimal


class _Payment(NamedTuple):
    id: UUID
    amount: Decimal
    currency: str
    status: str
    note: str
    method: str
    due_at: datetime | None
    happened_at: datetime


class _Activity(NamedTuple):
    kind: str
    happened_at: datetime


class _Case(NamedTuple):
    id: UUID
    subject: str
    kind: str
    opened_at: datetime


class _FollowUp(NamedTuple):
    id: UUID
    title: str
    due_at: datetime
    assignee__user__name: str | None
    assignee__user__email: str | None


class _Member(NamedTuple):
    id: UUID
    user__name: str
    user__email: str


@prepared(_Address)
def _addresses(*, customer: UUID) -> QuerySet[Identity]:
    return Identity.objects.filter(customer_id=customer).order_by("id")


@prepared(_Note)
def _notes(*, customer: UUID) -> QuerySet[CustomerNote]:
    return CustomerNote.objects.filter(customer_id=customer).order_by("-id")[:5]


@prepared(_Order)
def _orders(*, customer: UUID) -> QuerySet[Order]:
    return Order.objects.filter(customer_id=customer).order_by("-placed_at")[:3]


@prepared(_Appointment)
def _next_appointments(limit: int, *, customer: UUID, since: datetime) -> QuerySet[Appointment]:
    ahead = Appointment.objects.filter(customer_id=customer, starts_at__gte=since)
    return ahead.filter(status__in=EXPECTED).order_by("starts_at", "id")[:limit]


@prepared(_Sum)
def _sums(*, customer: UUID) -> QuerySet[Payment]:
    by_status = Payment.objects.filter(customer_id=customer).order_by().values("currency", "status")
    return by_status.annotate(total=Sum("amount"), due=Min("due_at"))


@prepared(_Bought)
def _bought(*, customer: UUID) -> QuerySet[Order]:
    kept = Order.objects.filter(customer_id=customer).exclude(status__in=UNDONE)
    return kept.order_by().values("currency").annotate(times=Count("id"), total=Sum("total"))


@prepared(_Payment)
def _payments(*, customer: UUID) -> QuerySet[Payment]:
    return Payment.objects.filter(customer_id=customer).order_by("-happened_at", "-id")[:3]


@prepared(_Activity)
def _activities(*, customer: UUID) -> QuerySet[Activity]:
    return Activity.objects.filter(customer_id=customer).order_by("-id")[:3]


@prepared(_Case)
def _cases(*, customer: UUID, by: Actor) -> QuerySet[Case]:
    found = queries.cases_visible_to(by).filter(customer_id=customer, resolved_at=None)
    return found.order_by("-opened_at")[:10]


@prepared(_FollowUp)
def _follow_ups(*, customer: UUID) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(customer_id=customer, done_at=None).order_by("due_at")[:10]


@prepared(_Member)
def _members() -> QuerySet[Membership]:
    return Membership.objects.filter(is_active=True).select_related(None)


# --- what is shown ---


class ShownAddress(NamedTuple):
    """An address and what can be done with it."""

    id: UUID
    kind: str
    kind_name: str
    symbol: str
    display: str
    is_verified: bool
    is_reached: bool


class ShownNote(NamedTuple):
    """A note."""

    id: UUID
    body: str
    author_label: str
    created: SafeString


class ShownOrder(NamedTuple):
    """An order."""

    number: str
    total: str
    currency: str
    status: str
    status_name: str
    names: str  # of what was ordered
    placed: SafeString


class ShownAppointment(NamedTuple):
    """An appointment to come."""

    id: UUID
    service: str
    staff: str
    status: str
    status_name: str
    starts: SafeString


class ShownPayment(NamedTuple):
    """A payment."""

    amount: str
    currency: str
    status: str
    status_name: str
    about: str
    at: SafeString


class Money(NamedTuple):
    """An amount in a currency."""

    amount: str
    currency: str


class Summary(NamedTuple):
    """A customer at a glance: what comes next, and how the money stands."""

    appointment: ShownAppointment | None
    due: tuple[Money, ...]
    overdue_since: SafeString | None
    paid: tuple[Money, ...]
    bought: tuple[tuple[int, Money], ...]  # how many orders, and for how much
    standing: standings.Standing | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(self[:-1])


class Around(NamedTuple):
    """Who belongs to a customer: the people he has to do with, and others of his company."""

    related: tuple[relations.Related, ...]
    colleagues: tuple[tuple[UUID, str], ...]
    has_more: bool  # colleagues


class ShownCase(NamedTuple):
    """An open case."""

    id: UUID
    subject: str
    kind_name: str
    opened: SafeString


class ShownFollowUp(NamedTuple):
    """Something to do."""

    id: UUID
    title: str
    due: SafeString
    assignee: str


def addresses(customer: Customer) -> tuple[ShownAddress, ...]:
    """The addresses of a customer, the oldest first."""
    return tuple(
        ShownAddress(
            id=one.id,
            kind=one.kind,
            kind_name=str(Identity.Kind(one.kind).label),
            symbol=lines.IDENTITY_ICONS[one.kind],
            display=one.display,
            is_verified=one.is_verified,
            is_reached=reaching.is_reached(one.kind),
        )
        for one in _addresses(customer=customer.pk)
    )


def notes(customer: Customer) -> tuple[ShownNote, ...]:
    """The latest notes."""
    found = _notes(customer=customer.pk)
    return tuple(ShownNote(one.id, one.body, one.author_label, timestamp(one.created_at)) for one in found)


def orders(customer: Customer) -> tuple[ShownOrder, ...]:
    """The latest orders."""
    return tuple(
        ShownOrder(
            number=one.number,
            total=str(one.total),
            currency=one.currency,
            status=one.status,
            status_name=str(Order.Status(one.status).label),
            names=", ".join(str(item.get("name", "")) for item in one.items if isinstance(item, dict)),
            placed=timestamp(one.placed_at),
        )
        for one in _orders(customer=customer.pk)
    )


def summary(customer: Customer, actor: Actor) -> Summary:
    """The next appointment, what is to pay and paid, and what was bought, as far as the actor may read it."""
    if not actor.can(Permission.ORDERS_READ):
        return Summary(None, (), None, (), ())
    now = timezone.now()
    due, overdue, paid = [], [], []
    for one in _sums(customer=customer.pk):
        if one.status == Payment.Status.DUE:
            due.append(Money(str(one.total), one.currency))
            overdue += [one.due] if one.due and one.due < now else []
        elif one.status == Payment.Status.PAID:
            paid.append(Money(str(one.total), one.currency))
    bought = [(one.times, Money(str(one.total), one.currency)) for one in _bought(customer=customer.pk)]
    return Summary(
        appointment=next(iter(next_appointments(customer, 1)), None),
        due=tuple(due),
        overdue_since=timestamp(min(overdue)) if overdue else None,
        paid=tuple(paid),
        bought=tuple(bought),
        standing=standings.of(customer, actor),
    )


def next_appointments(customer: Customer, limit: int) -> tuple[ShownAppointment, ...]:
    """What is ahead, the nearest first."""
    found = _next_appointments(limit, customer=customer.pk, since=timezone.now() - STILL_NOW)
    return tuple(
        ShownAppointment(
            id=one.id,
            service=one.service,
            staff=one.staff,
            status=one.status,
            status_name=str(Appointment.Status(one.status).label),
            starts=timestamp(one.starts_at, "full"),
        )
        for one in found
    )


def payments(customer: Customer) -> tuple[ShownPayment, ...]:
    """The latest payments; one that is due and too late is called overdue."""
    now = timezone.now()
    return tuple(
        ShownPayment(
            amount=str(one.amount),
            currency=one.currency,
            status="overdue" if is_overdue(one, now) else one.status,
            status_name=pgettext("payment", "Overdue")
            if is_overdue(one, now)
            else str(Payment.Status(one.status).label),
            about=" · ".join(filter(None, [one.note, one.method])),
            at=timestamp(one.due_at if one.status == Payment.Status.DUE and one.due_at else one.happened_at),
        )
        for one in _payments(customer=customer.pk)
    )


def is_overdue(payment: Any, now: datetime) -> bool:
    """Whether a payment is still due and its moment has passed."""
    return payment.status == Payment.Status.DUE and payment.due_at is not None and payment.due_at < now


def activities(customer: Customer) -> tuple[tuple[str, SafeString], ...]:
    """What a shop recorded last: what, and when."""
    return tuple((one.kind, timestamp(one.happened_at)) for one in _activities(customer=customer.pk))


def around(customer: Customer, actor: Actor) -> Around:
    """Who belongs to a customer, as far as the actor sees them."""
    found = companies.colleagues(customer, actor)
    return Around(
        related=tuple(relations.related_to(customer, actor)),
        colleagues=tuple((one.id, one.name) for one in found[: companies.OTHERS]),
        has_more=len(found) > companies.OTHERS,
    )


def cases(customer: Customer, actor: Actor) -> tuple[ShownCase, ...]:
    """The open cases that an actor may see."""
    found = _cases(customer=customer.pk, by=actor)
    return tuple(
        ShownCase(one.id, one.subject, str(Case.Kind(one.kind).label), timestamp(one.opened_at))
        for one in found
    )


def follow_ups(customer: Customer) -> tuple[ShownFollowUp, ...]:
    """What there is to do, the next first."""
    return tuple(
        ShownFollowUp(
            one.id,
            one.title,
            timestamp(one.due_at, "full"),
            one.assignee__user__name or one.assignee__user__email or "",
        )
        for one in _follow_ups(customer=customer.pk)
    )


def members() -> tuple[tuple[UUID, str], ...]:
    """Who can be asked to do something."""
    return tuple((one.id, one.user__name or one.user__email) for one in _members())
