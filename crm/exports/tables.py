"""What an export has: columns by target, and rows read in the order of their identifiers, some at a time.

The words over the columns are those by which an import knows them again: what comes out goes in unchanged.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from crm import attributes, queries
from crm.imports import fields
from crm.imports.values import as_text
from crm.listing import filters as list_filters
from crm.listing import reading
from crm.listing.reading import Wanted
from crm.models import (
    Appointment,
    ConsentEvent,
    Customer,
    CustomerLabel,
    Identity,
    Import,
    Order,
)
from crm.segments import compile as compiling
from tenants.actors import Actor

Target = Import.Target
BATCH = 1_000
FOUND_AT_ONCE = 20_000  # identifiers; a segment's rule is asked once for so many
OWN_ID = "id"
LEFT_OUT = {"first_name", "last_name", "starts_time", "name"}
MOST_KEYS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, and the word over it."""

    code: str
    title: str


def columns(target: str) -> list[Column]:
    """All that a target can be exported with, in the reader's language."""
    found = [Column(one.code, str(one.label)) for one in fields.FIELDS[target] if one.code not in LEFT_OUT]
    if target == Target.CUSTOMERS:
        found.insert(0, Column("name", str(fields.CUSTOMER_FIELDS[0].label)))
        taken = {column.title.casefold() for column in found}
        for one in attributes.all_attributes():
            title = one.key if one.name.casefold() in taken else one.name
            taken.add(title.casefold())
            found.append(Column(fields.ATTRIBUTE + one.key, title))
    else:
        found.append(Column("name", str(fields.field_of(target, "name").label)))  # type: ignore[union-attr]
    return found


def rows(target: str, by: Actor, filters: Mapping[str, Any], codes: Sequence[str]) -> Iterator[list[str]]:
    """The cells of each row, columns as asked for."""
    write, queryset = _TABLES[Target(target)]
    found = queryset(by, filters)
    for ids in _found(found):
        for start in range(0, len(ids), BATCH):
            batch = list(found.model.objects.filter(pk__any=ids[start : start + BATCH]).order_by("pk"))
            for cells in write(batch):
                yield [cells.get(code, "") for code in codes]


def _found(found: QuerySet[Any]) -> Iterator[list[UUID]]:
    """The identifiers of all rows, some at a time."""
    last: UUID | None = None
    while True:
        part = found if last is None else found.filter(pk__gt=last)
        with compiling.roomy():
            ids = list(part.order_by("pk").values_list("pk", flat=True)[:FOUND_AT_ONCE])
        if ids:
            yield ids
        if len(ids) < FOUND_AT_ONCE:
            return
        last = ids[-1]


# --- which rows ---


def customers(by: Actor, filters: Mapping[str, Any]) -> QuerySet[Customer]:
    """The customers an actor may see, narrowed by label or identifiers, or to whom the list has.

    Raises `BadFilter` when a filter of the list makes no sense any more.
    """
    if "filter" in filters:
        given = list_filters.read(filters["filter"], strictly=True)
        found = reading.everybody(Wanted(filters.get("q", ""), tuple(given)), by)
    else:
        found = queries.customers_visible_to(by)
    if filters.get("label_id"):
        having = CustomerLabel.objects.filter(label_id=filters["label_id"])
        found = found.filter(pk__in=having.values("customer_id"))
    if "ids" in filters:
        found = found.filter(pk__any=[UUID(one) for one in filters["ids"]])
    return _between(found, filters, "created_at")


def _of_customers(model: Any, moment: str) -> Callable[[Actor, Mapping[str, Any]], QuerySet[Any]]:
    def build(by: Actor, filters: Mapping[str, Any]) -> QuerySet[Any]:
        found = model.objects.filter(customer__in=customers(by, {**filters, "since": "", "until": ""}))
        return _between(found, filters, moment)

    return build


def _between(found: QuerySet[Any], filters: Mapping[str, Any], moment: str) -> QuerySet[Any]:
    for name, lookup in (("since", "gte"), ("until", "lt")):
        if filters.get(name):
            found = found.filter(**{f"{moment}__{lookup}": datetime.fromisoformat(filters[name])})
    return found


# --- what stands in them ---


def _addresses(ids: Sequence[UUID]) -> dict[UUID, dict[str, list[str]]]:
    """The addresses of customers by kind, as people write them; a browser's own number is none."""
    found: defaultdict[UUID, dict[str, list[str]]] = defaultdict(dict)
    known = Identity.objects.filter(customer_id__any=list(ids), is_claimed=False).exclude(
        kind=Identity.Kind.WEB
    )
    for customer, kind, value, shown in known.order_by("id").values_list(
        "customer_id", "kind", "value", "display"
    ):
        text = shown if kind in {"phone", "whatsapp", "email"} else value
        found[customer].setdefault(kind, []).append(text)
    return found


def _customer_rows(batch: Sequence[Customer]) -> Iterator[dict[str, str]]:
    ids = [customer.pk for customer in batch]
    addresses, labels = _addresses(ids), queries.labels_of(ids)
    for customer in batch:
        cells = {
            OWN_ID: str(customer.pk),
            "name": customer.name,
            "company": customer.company,
            "language": customer.language,
            "timezone": customer.timezone,
            "labels": "; ".join(label["name"] for label in labels.get(customer.pk, [])),
        }
        for kind, values in addresses.get(customer.pk, {}).items():
            cells[kind] = "; ".join(values)
        for key, value in customer.attributes.items():
            cells[fields.ATTRIBUTE + key] = as_text(value)
        yield cells


def _whose(ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """By what the customers of a batch are known."""
    addresses = _addresses(ids)
    names = dict(Customer.objects.filter(pk__any=list(ids)).values_list("pk", "name"))
    return {
        one: {
            OWN_ID: str(one),
            "name": names.get(one, ""),
            **{kind: "; ".join(some) for kind, some in addresses.get(one, {}).items()},
        }
        for one in ids
    }


def _moment(value: datetime | None) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""


def _order_rows(batch: Sequence[Order]) -> Iterator[dict[str, str]]:
    people = _whose([order.customer_id for order in batch])
    for order in batch:
        yield {
            **people[order.customer_id],
            "order_id": order.external_id,
            "number": order.number,
            "status": order.status,
            "total": str(order.total),
            "currency": order.currency,
            "placed_at": _moment(order.placed_at),
            "items": "; ".join(_item(item) for item in order.items if isinstance(item, dict)),
            "source": order.source,
        }


def _item(item: Mapping[str, Any]) -> str:
    return f"{item.get('quantity', 1)} x {item.get('name', '')}"


def _appointment_rows(batch: Sequence[Appointment]) -> Iterator[dict[str, str]]:
    people = _whose([one.customer_id for one in batch])
    for one in batch:
        yield {
            **people[one.customer_id],
            "appointment_id": one.external_id,
            "service": one.service,
            "starts_at": _moment(one.starts_at),
            "ends_at": _moment(one.ends_at),
            "status": one.status,
            "place": one.place,
            "staff": one.staff,
            "note": one.note,
            "source": one.source,
        }


def _consent_rows(batch: Sequence[ConsentEvent]) -> Iterator[dict[str, str]]:
    people = _whose([one.customer_id for one in batch])
    for one in batch:
        yield {
            **people[one.customer_id],
            "medium": one.medium,
            "purpose": one.purpose,
            "state": one.state,
            "since": timezone.localtime(one.happened_at).isoformat(),
            "text_shown": one.text_shown,
            "proof": one.note,
            "ip": one.ip or "",
            "expires_at": _moment(one.expires_at),
        }


_TABLES: dict[Target, tuple[Callable[[Any], Iterator[dict[str, str]]], Callable[..., QuerySet[Any]]]] = {
    Target.CUSTOMERS: (_customer_rows, customers),
    Target.ORDERS: (_order_rows, _of_customers(Order, "placed_at")),
    Target.APPOINTMENTS: (_appointment_rows, _of_customers(Appointment, "starts_at")),
    Target.CONSENTS: (_consent_rows, _of_customers(ConsentEvent, "happened_at")),
}
