"""What the names stand for, for many customers at once: a query for each kind of data that is needed."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import keep_lazy_text

from conversations import right_time
from conversations.models import Channel, Conversation
from conversations.personalising import names as known
from crm import consent_texts
from crm.models import Appointment, Customer, Identity, Order, Payment
from tenants import formats
from tenants.models import Tenant

CITY = ("city", "ciudad", "cidade")
COMING = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
UNDONE = (Order.Status.CANCELLED, Order.Status.REFUNDED)
LOOKED_AT = 20_000  # orders of a batch of customers, the newest first
PHONES = (Identity.Kind.PHONE, Identity.Kind.WHATSAPP)

Values = dict[UUID, dict[str, Any]]


def values_for(
    customers: Sequence[UUID],
    names: Collection[str],
    *,
    extra: Mapping[UUID, Mapping[str, Any]] | None = None,
    at: datetime | None = None,
) -> Values:
    """What each name stands for, by customer. Queries: a few for each kind of data that the names need.

    `extra` is what the message is about, such as one appointment; its values go before those found here.
    Days and hours come as such, where the customer lives: they are spelt in the language of the text.
    """
    extra = extra or {}
    found: Values = {one: {} for one in customers}
    needed = {
        known.NAMES[name].needs for name in names if name in known.NAMES and not _given(name, found, extra)
    }
    if found and needed:
        tenant = Tenant.objects.get()
        moment = at or timezone.now()
        with formats.written_in(tenant.country):
            for what, gather in GATHERED.items():
                if what in needed:
                    gather(found, tenant, frozenset(names), moment)
    for customer, values in found.items():
        values.update(extra.get(customer, {}))
    return found


def _given(name: str, customers: Values, extra: Mapping[UUID, Mapping[str, Any]]) -> bool:
    """Whether a name is given for all, so that nothing must be looked up."""
    return bool(extra) and all(name in extra.get(one, {}) for one in customers)


def _customer(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    rows = Customer.objects.filter(pk__any=found).values_list("pk", "name", "company", "attributes")
    for pk, name, company, attributes in rows:
        city = next((attributes[key] for key in CITY if isinstance(attributes.get(key), str)), "")
        found[pk] |= {
            "customer.name": name,
            "customer.first_name": _first(name),
            "customer.company": company,
            "customer.city": city,
        }


def _business(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    said = {"business.name": tenant.name, "business.address": tenant.address}
    if "business.phone" in names:
        said["business.phone"] = phone_of_business()
    for values in found.values():
        values.update(said)


def phone_of_business() -> str:
    """The number under which customers reach the business, "" for none."""
    kinds = ("whatsapp", "sms", "phone")
    numbers = dict(
        Channel.objects.active().filter(kind__in=kinds).exclude(address="").values_list("kind", "address")
    )
    return next((str(numbers[kind]) for kind in kinds if kind in numbers), "")


def _order(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    latest = Order.objects.filter(customer_id__in=found).exclude(status__in=UNDONE)
    latest = latest.order_by("customer_id", "-placed_at", "-id").distinct("customer_id")
    for order in latest.only("customer_id", "number", "total", "currency", "placed_at", "status"):
        found[order.customer_id] |= {
            "order.number": order.number,
            "order.total": formats.money(order.total, order.currency),
            "order.date": order.placed_at.astimezone(tenant.zone).date(),
            "order.status": _small(Order.Status(order.status).label),
        }


def _appointment(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    coming = Appointment.objects.filter(customer_id__in=found, status__in=COMING, starts_at__gte=at)
    first = list(coming.order_by("customer_id", "starts_at", "id").distinct("customer_id"))
    zones = zones_of([one.customer_id for one in first], tenant)
    for one in first:
        found[one.customer_id] |= of_appointment(one, zones[one.customer_id], tenant)


def of_appointment(one: Appointment, zone: ZoneInfo, tenant: Tenant) -> dict[str, Any]:
    """What the names of an appointment stand for, by the clock of its customer."""
    starts = one.starts_at.astimezone(zone)
    return {
        "appointment.date": starts.date(),
        "appointment.time": starts.time(),
        "appointment.service": one.service,
        "appointment.place": one.place or tenant.address,
        "appointment.staff": one.staff,
    }


def zones_of(customers: Collection[UUID], tenant: Tenant) -> dict[UUID, ZoneInfo]:
    """By which clock each customer lives. Two queries."""
    if not customers:
        return {}
    own = dict(Customer.objects.filter(pk__any=customers).values_list("pk", "timezone"))
    unsure = [pk for pk, zone in own.items() if not zone]
    phones = (
        Identity.objects.filter(customer__any=unsure, kind__in=PHONES).order_by("-id") if unsure else None
    )
    numbers = dict(phones.values_list("customer_id", "value")) if phones is not None else {}
    return {pk: right_time.zone_of(own.get(pk, ""), numbers.get(pk, ""), tenant) for pk in customers}


def _payment(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    due = Payment.objects.filter(customer_id__in=found, status=Payment.Status.DUE)
    for one in due.order_by("customer_id", "due_at", "id").distinct("customer_id"):
        found[one.customer_id] |= {
            "payment.amount": formats.money(one.amount, one.currency),
            "payment.due": one.due_at.astimezone(tenant.zone).date() if one.due_at else None,
        }


def _product(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    """What each bought most of; of two alike the later one."""
    bought = Order.objects.filter(customer_id__in=found).exclude(status__in=UNDONE).order_by("-placed_at")
    counted: dict[UUID, Counter[str]] = {}
    for customer, items in bought.values_list("customer_id", "items")[:LOOKED_AT]:
        count = counted.setdefault(customer, Counter())
        for item in items if isinstance(items, list) else []:
            name = item.get("name") if isinstance(item, dict) else None
            if isinstance(name, str) and name.strip():
                count[name.strip()] += _quantity(item.get("quantity"))  # type: ignore[assignment]
    for customer, count in counted.items():
        if count:
            found[customer]["product.favourite"] = count.most_common(1)[0][0]


def _quantity(value: Any) -> Decimal:
    try:
        number = Decimal(str(value if value is not None else 1))
    except InvalidOperation:
        return Decimal(1)
    return number if number.is_finite() and 0 < number < 1_000_000 else Decimal(1)


def _agent(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    """Who of the business had his last conversation."""
    served = Conversation.objects.filter(customer_id__in=found, assignee__isnull=False)
    latest = served.order_by("customer_id", "-last_message_at", "-id").distinct("customer_id")
    for customer, name in latest.values_list("customer_id", "assignee__user__name"):
        found[customer] |= {"agent.name": name, "agent.first_name": _first(name)}


def _links(found: Values, tenant: Tenant, names: frozenset[str], at: datetime) -> None:
    """To his preference centre, where he also unsubscribes."""
    customers = Customer.objects.filter(pk__any=found).only("id", "tenant_id", "links_version")
    for pk, secret in consent_texts.open_doors(customers).items():
        address = consent_texts.centre_url(secret)
        found[pk] |= {"links.preferences": address, "links.unsubscribe": address}


@keep_lazy_text
def _small(label: Any) -> str:
    """A label within a sentence, in the language of the text that uses it."""
    return str(label).lower()


def _first(name: str) -> str:
    return next(iter(name.split()), "")


Gather = Callable[[Values, Tenant, frozenset[str], datetime], None]
GATHERED: dict[str, Gather] = {
    known.CUSTOMER: _customer, known.BUSINESS: _business, known.ORDER: _order,
    known.APPOINTMENT: _appointment, known.PAYMENT: _payment, known.PRODUCT: _product,
    known.AGENT: _agent, known.LINKS: _links,
}  # fmt: skip
