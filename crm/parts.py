"""The pieces of a customer's page as plain values, so that what they look like can be remembered by them."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from crm import lines, queries, reaching
from crm.models import Case, Customer, CustomerNote, FollowUp, Identity, Order
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.models import Membership
from tenants.templatetags.ui import timestamp

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


def facts(customer: Customer) -> tuple[tuple[str, Any, str], ...]:
    """What is remembered of a customer: name, value, and the type of the value (1 and True are equal)."""
    plain = (str, int, float, type(None))
    return tuple(
        (key, value if isinstance(value, plain) else str(value), type(value).__name__)
        for key, value in customer.attributes.items()
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
