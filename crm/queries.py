"""Reading customers and their history, narrowed to what the actor may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from crm import identities, likeness, visibility
from crm.models import (
    Activity,
    Appointment,
    Case,
    Customer,
    CustomerLabel,
    FollowUp,
    Identity,
    Label,
    Order,
    Payment,
    TimelineEntry,
)
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit import cursors
from tenants.kit.cursors import Page
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.permissions import Permission, Sees

NEWEST_HAPPENING = ("-happened_at", "-id")
NEWEST_CONTACT = ("-last_contact_at", "-id")
MOST_FOUND = 200


class ListedCustomer(NamedTuple):
    """All that the list shows of a customer himself."""

    id: UUID
    name: str
    company: str
    last_contact_at: datetime
    created_at: datetime
    language: str
    sort_name: str


class ListedLabel(NamedTuple):
    """A label to choose by."""

    id: UUID
    name: str
    color: str


class Address(NamedTuple):
    """An address as people write it."""

    customer_id: UUID
    display: str


class LabelLink(NamedTuple):
    """That a customer has a label."""

    customer_id: UUID
    label_id: UUID


class IdentityRow(NamedTuple):
    """An address with all that is known of it."""

    customer_id: UUID
    id: UUID
    kind: str
    value: str
    display: str
    is_verified: bool
    created_at: datetime


class LabelRow(NamedTuple):
    """A label that a customer has."""

    customer_id: UUID
    label__id: UUID
    label__name: str
    label__color: str


def customers_visible_to(actor: Actor) -> QuerySet[Customer]:
    """The customers an actor may see; who turned out to be somebody else is not among them."""
    return visibility.narrow_customers(Customer.objects.filter(merged_into=None), actor)


def survivor_of(customer_id: UUID, actor: Actor) -> UUID | None:
    """Who a customer turned out to be, if the actor may see him; None for others."""
    known = Customer.objects.filter(pk=customer_id).exclude(merged_into=None).first()
    found = likeness.stands_for(known) if known else None
    return found.pk if found and customers_visible_to(actor).filter(pk=found.pk).exists() else None


def customer_or_404(customer_id: UUID, actor: Actor) -> Customer:
    """The customer, or 404 alike for strangers' and hidden ones."""
    found = _customer(id=customer_id, by=actor)
    if not found:
        raise Http404
    return found[0]


@prepared(Customer)
def _customer(*, id: UUID, by: Actor) -> QuerySet[Customer]:
    return customers_visible_to(by).filter(pk=id)


def sorted_page(actor: Actor, ordering: tuple[str, str], *, cursor: str, limit: int) -> Page:
    """A page of the customers an actor may see, in an order that an index has. Raises `BadCursor`."""
    given: dict[str, Any] = {}
    if cursor:
        given["after"], given["after_id"] = cursors.decode(cursor, Customer, ordering)
    return cursors.cut(_listed(ordering, limit + 1, by=actor, **given), ordering=ordering, limit=limit)


def list_found(q: str, actor: Actor, *, limit: int) -> list[ListedCustomer]:
    """The customers a few typed words mean, best first."""
    ids = search_ids(q, actor, limit)
    by_id = listed_of(ids, actor) if ids else {}
    return [by_id[customer_id] for customer_id in ids if customer_id in by_id]


def listed_of(ids: list[UUID], actor: Actor) -> dict[UUID, ListedCustomer]:
    """What the list shows of some customers, of those whom the actor may see."""
    return {one.id: one for one in _listed(NEWEST_CONTACT, len(ids), by=actor, ids=ids)}


@prepared(ListedCustomer)
def _listed(ordering: tuple[str, str], limit: int, *, by: Actor, **given: Any) -> QuerySet[Customer]:
    """Customers in an order, narrowed by what is given: ids, after."""
    found = customers_visible_to(by)
    if "ids" in given:
        found = found.filter(pk__any=given["ids"])
    if "after" in given:
        found = found.filter(cursors.beyond(ordering, [given["after"], given["after_id"]]))
    return found.order_by(*ordering)[:limit]


@prepared(ListedLabel)
def labels() -> QuerySet[Label]:
    """All labels, by name."""
    return Label.objects.all()


def addresses_of(customers: list[UUID]) -> Mapping[UUID, list[str]]:
    """The addresses of some customers, the oldest of each first.

    A browser's own number, by which the chat knows it again, says nothing to anybody and is left out.
    """
    return _grouped(_addresses(customers=customers))


def label_ids_of(customers: list[UUID]) -> Mapping[UUID, list[UUID]]:
    """The labels of some customers."""
    return _grouped(_label_links(customers=customers))


def identities_of(customers: list[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
    """All addresses of some customers with what is known of them, the oldest of each first."""
    rows = _identity_rows(customers=customers)
    return _grouped((row.customer_id, row._asdict()) for row in rows)


def labels_of(customers: list[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
    """The labels of some customers, by name."""
    rows = _label_rows(customers=customers)
    return _grouped((one, {"id": id_, "name": name, "color": color}) for one, id_, name, color in rows)


@prepared(IdentityRow)
def _identity_rows(*, customers: list[UUID]) -> QuerySet[Identity]:
    return Identity.objects.filter(customer_id__any=customers).order_by("id")


@prepared(LabelRow)
def _label_rows(*, customers: list[UUID]) -> QuerySet[CustomerLabel]:
    return CustomerLabel.objects.filter(customer_id__any=customers).order_by("label__name")


@prepared(Address)
def _addresses(*, customers: list[UUID]) -> QuerySet[Identity]:
    known = Identity.objects.exclude(kind=Identity.Kind.WEB)
    return known.filter(customer_id__any=customers).order_by("id")


@prepared(LabelLink)
def _label_links(*, customers: list[UUID]) -> QuerySet[CustomerLabel]:
    return CustomerLabel.objects.filter(customer_id__any=customers)


def _grouped(pairs: Iterable[tuple[UUID, Any]]) -> Mapping[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for customer_id, value in pairs:
        found[customer_id].append(value)
    return found


def of_visible_customers[T: (Identity, Order, Appointment, Payment, Activity, FollowUp)](
    queryset: QuerySet[T], actor: Actor
) -> QuerySet[T]:
    """Rows of customers whom the actor may see."""
    if actor.sees == Sees.ALL:
        return queryset
    return queryset.filter(customer__in=customers_visible_to(actor))


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases of visible customers that came up in no conversation or in a visible one."""
    if actor.sees == Sees.ALL:
        return Case.objects.all()
    return visibility.narrow_contexts(Case.objects.filter(customer__in=customers_visible_to(actor)), actor)


def follow_ups_visible_to(actor: Actor) -> QuerySet[FollowUp]:
    """Follow-ups of visible customers."""
    return of_visible_customers(FollowUp.objects.all(), actor)


def timeline_page(
    customer: Customer,
    actor: Actor,
    *,
    kinds: Iterable[str] | None = None,
    cursor: str = "",
    limit: int = 30,
) -> Page:
    """A page of a customer's history, newest first, of all kinds or some: those the actor may read.

    Constant time at any length: each kind is read from its own place in an index, all but activities
    from one, and the few newest rows of each are merged. Raises `BadCursor`.
    """
    given: dict[str, Any] = {"customer": customer.pk, "by": actor}
    if cursor:
        given["before"], given["before_id"] = cursors.decode(cursor, TimelineEntry, NEWEST_HAPPENING)
    rows: list[TimelineEntry] = []
    for kind in _kinds(actor, kinds):
        rows += _entries(kind, limit + 1, **given)
    rows.sort(key=lambda entry: (entry.happened_at, entry.id), reverse=True)
    return cursors.cut(rows[: limit + 1], ordering=NEWEST_HAPPENING, limit=limit)


@prepared(TimelineEntry)
def _entries(
    kind: str | None, limit: int, *, customer: UUID, by: Actor, **given: Any
) -> QuerySet[TimelineEntry]:
    """The newest lines of a history, of one kind or all but activities, `before` one where that is given."""
    found = visibility.narrow_contexts(TimelineEntry.objects.filter(customer_id=customer), by)
    found = found.exclude(kind=TimelineEntry.Kind.ACTIVITY) if kind is None else found.filter(kind=kind)
    if "before" in given:
        found = found.filter(cursors.beyond(NEWEST_HAPPENING, [given["before"], given["before_id"]]))
    return found.order_by(*NEWEST_HAPPENING)[:limit]


# All but what a shop's systems may send by the thousand: the history that people read first.
CALM = frozenset(TimelineEntry.Kind) - {TimelineEntry.Kind.ACTIVITY}
NEEDS = {
    TimelineEntry.Kind.MESSAGE_IN: Permission.CONVERSATIONS_READ,
    TimelineEntry.Kind.MESSAGE_OUT: Permission.CONVERSATIONS_READ,
    TimelineEntry.Kind.CONVERSATION_CLOSED: Permission.CONVERSATIONS_READ,
    TimelineEntry.Kind.ORDER: Permission.ORDERS_READ,
    TimelineEntry.Kind.APPOINTMENT: Permission.ORDERS_READ,
    TimelineEntry.Kind.PAYMENT: Permission.ORDERS_READ,
    TimelineEntry.Kind.ACTIVITY: Permission.ORDERS_READ,
    TimelineEntry.Kind.SURVEY: Permission.FEEDBACK_READ,
}


def _kinds(actor: Actor, asked: Iterable[str] | None) -> Sequence[str | None]:
    """The kinds to read, one index range each; None is all in one, but activities."""
    hidden = {kind for kind, permission in NEEDS.items() if not actor.can(permission)}
    wanted = (set(TimelineEntry.Kind) if asked is None else set(asked)) - hidden
    if wanted >= CALM:
        return [None, *sorted(wanted - CALM)]
    return sorted(wanted)


def search_customers(q: str, actor: Actor, limit: int = 20) -> list[Customer]:
    """The customers a few typed words mean, best first, with accents and typos forgiven."""
    found = search_ids(q, actor, limit)
    by_id = customers_visible_to(actor).in_bulk(found)
    return [by_id[customer_id] for customer_id in found if customer_id in by_id]


def search_ids(q: str, actor: Actor, limit: int = 20, *, among: list[UUID] | None = None) -> list[UUID]:
    """The same, identifiers only. At most `MOST_FOUND`. `among` are visible ones to search alone."""
    text = one_line(q, 100)
    words = _words(text)
    if not words:
        return []
    seen = among
    if seen is None and actor.sees != Sees.ALL:
        seen = list(customers_visible_to(actor).values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM crm_search_customers(%s, %s, %s::uuid[], %s)",
            [words, text, seen, min(limit, MOST_FOUND)],
        )
        return [row[0] for row in cursor.fetchall()]


def _words(text: str) -> list[str]:
    """What must all be found: the words, or of a phone number its digits in canonical form."""
    digits = "".join(char for char in text if char.isdigit())
    if len(digits) < 4 or any(char.isalpha() or char in "@_" for char in text):
        return text.split()[:6]
    try:
        return [identities.canonical(Identity.Kind.PHONE, text, Tenant.objects.get().country).value]
    except identities.InvalidIdentity:
        return [digits.lstrip("0") or digits]
