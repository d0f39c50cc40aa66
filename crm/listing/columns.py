"""The columns that the list of customers can show beside the name, and what stands in them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy, ngettext

from crm import attributes, queries
from crm.listing.filters import FACT
from crm.models import Attribute, Customer, Order
from crm.queries import ListedCustomer, ListedLabel
from tenants import formats
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.models import Tenant
from tenants.permissions import Permission
from tenants.templatetags.ui import timestamp

MOST = 12
SHOWN_ADDRESSES = 3


class Column(NamedTuple):
    """A column: how it is called, and the order that its head brings."""

    name: str
    title: Any
    sort: str = ""


COLUMNS = (
    Column("addresses", gettext_lazy("Addresses")),
    Column("company", gettext_lazy("Company")),
    Column("labels", gettext_lazy("Labels")),
    Column("contact", gettext_lazy("Last contact"), "contact"),
    Column("language", gettext_lazy("Language")),
    Column("came", gettext_lazy("Came"), "newest"),
    Column("orders", gettext_lazy("Purchases")),
)
USUAL = ("labels", "contact")
NEEDS = {"orders": Permission.ORDERS_READ}


class OrdersOf(NamedTuple):
    """What somebody bought in one currency."""

    customer_id: UUID
    currency: str
    orders: int
    sum: Decimal


class FactsOf(NamedTuple):
    """Somebody's facts."""

    id: UUID
    attributes: dict[str, Any]


def choices(actor: Actor) -> list[Column]:
    """All columns that this person can choose, facts last."""
    own = [one for one in COLUMNS if one.name not in NEEDS or actor.can(NEEDS[one.name])]
    facts = [one for one in attributes.all_attributes() if one.archived_at is None]
    return [*own, *[Column(f"{FACT}{one.key}", one.name) for one in facts]]


def read(names: Iterable[Any], actor: Actor) -> list[Column]:
    """The columns that names mean, in that order; the usual ones for none."""
    wanted = [str(name) for name in names][:MOST] or list(USUAL)
    if all(not name.startswith(FACT) for name in wanted):
        known = {one.name: one for one in COLUMNS if one.name not in NEEDS or actor.can(NEEDS[one.name])}
    else:
        known = {one.name: one for one in choices(actor)}
    return [known[name] for name in dict.fromkeys(wanted) if name in known]


# --- what stands in them ---


class Cell(NamedTuple):
    """What a row shows in one column."""

    name: str
    title: str
    value: Any  # texts as they are, labels as pairs of text and colour


def cells_of(
    found: Sequence[ListedCustomer],
    columns: Sequence[Column],
    labels: Iterable[ListedLabel],
    addresses: Mapping[UUID, list[str]],
) -> dict[UUID, tuple[Cell, ...]]:
    """The cells of some rows: each column asks at most once for all of them."""
    ids = [one.id for one in found]
    names = {column.name for column in columns}
    readers = {
        "addresses": lambda one: ", ".join(addresses[one.id][:SHOWN_ADDRESSES]),
        "company": lambda one: one.company,
        "contact": lambda one: timestamp(one.last_contact_at),
        "came": lambda one: timestamp(one.created_at),
        "language": lambda one: str(LANGUAGES.get(one.language, "")),
    }
    if "labels" in names:
        own = queries.label_ids_of(ids)
        shown = {label.id: (label.name, label.color) for label in labels}
        order = {label: place for place, label in enumerate(shown)}
        readers["labels"] = lambda one: tuple(
            shown[label]
            for label in sorted(own[one.id], key=lambda known: order.get(known, 0))
            if label in shown
        )
    if "orders" in names:
        bought = _bought(ids)
        readers["orders"] = lambda one: bought.get(one.id, "")
    readers |= _fact_readers(ids, names)
    heads = [(column.name, str(column.title), readers[column.name]) for column in columns]
    return {one.id: tuple([Cell(name, title, read(one)) for name, title, read in heads]) for one in found}


LANGUAGES = dict(settings.LANGUAGES)


def _fact_readers(ids: list[UUID], names: Iterable[str]) -> dict[str, Any]:
    wanted = [name for name in names if name.startswith(FACT)]
    if not wanted:
        return {}
    tenant = Tenant.objects.get()
    known = {row.id: row.attributes for row in _facts(customers=ids)}
    defined = {f"{FACT}{one.key}": one for one in attributes.all_attributes()}

    def reader(attribute: Attribute) -> Any:
        return lambda one: attributes.show(attribute, known[one.id].get(attribute.key), tenant)

    return {name: reader(defined[name]) for name in wanted}


@prepared(FactsOf)
def _facts(*, customers: list[UUID]) -> QuerySet[Customer]:
    return Customer.objects.filter(pk__any=customers)  # type: ignore[no-any-return]


def _bought(ids: list[UUID]) -> dict[UUID, str]:
    """How many orders stand, and their sums, in words."""
    lost = (Order.Status.CANCELLED, Order.Status.REFUNDED)
    rows = (
        Order.objects.filter(customer_id__any=ids)
        .exclude(status__in=lost)
        .values_list("customer_id", "currency")
        .annotate(orders=Count("id"), sum=Sum("total"))
        .order_by("customer_id", "currency")
    )
    found: defaultdict[UUID, list[OrdersOf]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(OrdersOf(*row))
    return {one: _in_words(orders) for one, orders in found.items()}


def _in_words(orders: Sequence[OrdersOf]) -> str:
    count = sum(one.orders for one in orders)
    text = ngettext("%(count)s order", "%(count)s orders", count) % {"count": count}
    return " · ".join([text, *[formats.money(one.sum, one.currency) for one in orders]])
