"""Customers and their orders as rows."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from config.demo import catalogue
from config.demo.catalogue import Basket
from config.demo.clock import Clock
from config.demo.script import DAY, Bought, Product, Shopper
from config.demo.stage import Stage
from crm.identities import canonical
from crm.models import Customer, CustomerLabel, CustomerNote, Identity, Order, TimelineEntry

Kind = TimelineEntry.Kind
FIRST_NUMBER = 1_001
SOON = timedelta(minutes=10)  # after a customer came, at the earliest, something happens with him


def put_customers(stage: Stage, shoppers: list[Shopper]) -> None:
    """Write customers down, each as long ago as he came."""
    for shopper in shoppers:
        born = _came(stage, shopper)
        customer = stage.rows.add(
            Customer(
                id=stage.clock.id_at(born),
                name=shopper.name,
                name_confirmed=shopper.confirmed,
                company=shopper.company,
                language=shopper.language,
                attributes=shopper.attributes,
                last_contact_at=born,
            )
        )
        stage.customers[shopper.name] = customer
        _put_addresses(stage, customer, shopper, born)
        _put_labels_and_notes(stage, customer, shopper, born)


def _came(stage: Stage, shopper: Shopper) -> datetime:
    """When: newcomers a few hours ago, the others on a day the shop was open."""
    return stage.clock.opening(shopper.since) if shopper.since >= 1 else stage.clock.ago(6 * 60)


def _put_addresses(stage: Stage, customer: Customer, shopper: Shopper, born: datetime) -> None:
    given = {"email": shopper.email, "phone": shopper.phone, "external": shopper.card}
    for kind, raw in given.items():
        if raw:
            address = canonical(kind, raw, stage.tenant.country)
            put_address(stage, customer, kind, address.value, address.display, born)
    if shopper.confirmed:
        writer = stage.clock.random.choice(list(stage.members.values()))
        stage.remember(
            customer, Kind.CUSTOMER, born, {"event": "created"}, object_id=customer.pk, actor=writer.user.name
        )


def put_address(
    stage: Stage,
    customer: Customer,
    kind: str,
    value: str,
    display: str,
    at: datetime,
    verified: bool = False,
) -> Identity:
    """Give a customer an address."""
    identity = stage.rows.add(
        Identity(
            id=stage.clock.id_at(at),
            customer=customer,
            kind=kind,
            value=value,
            display=display,
            is_verified=verified,
        )
    )
    stage.addresses[customer.pk, kind] = identity
    return identity


def _put_labels_and_notes(stage: Stage, customer: Customer, shopper: Shopper, born: datetime) -> None:
    clock = stage.clock
    for name in dict.fromkeys(shopper.labels):
        stage.rows.add(CustomerLabel(id=clock.id_at(born), customer=customer, label=stage.labels[name]))
    for text in shopper.notes:
        at = _when(clock, customer, max(1, shopper.since * clock.random.random()))
        author = clock.random.choice(list(stage.members.values()))
        note = CustomerNote(
            id=clock.id_at(at), customer=customer, body=text, author=author, author_label=author.user.name
        )
        stage.rows.add(note)
        stage.remember(customer, Kind.NOTE, at, {"text": text}, object_id=note.pk, actor=author.user.name)


class Placed(NamedTuple):
    """An order before it has a number."""

    at: datetime
    customer: Customer
    basket: Basket


def put_orders(
    stage: Stage, bought: list[Bought], more: int, prices: dict[str, Product], currency: str
) -> None:
    """The orders that stories speak of and as many more, numbered in the order they came."""
    placed = [
        Placed(
            _when(stage.clock, stage.customers[order.who], order.days),
            stage.customers[order.who],
            Basket(order.way, tuple((name, order.items.count(name)) for name in dict.fromkeys(order.items)),
                   order.until),
        )
        for order in bought
    ]  # fmt: skip
    placed += _random_orders(stage, more)
    for number, order in enumerate(sorted(placed, key=lambda order: order.at), FIRST_NUMBER):
        _put_order(stage, order, number, prices, currency)


def _random_orders(stage: Stage, count: int) -> list[Placed]:
    """Some customers buy every month, many once, some never."""
    clock = stage.clock
    candidates = [customer for customer in stage.customers.values() if clock.days_since(customer.pk) > 2]
    weights = [clock.random.expovariate(1) * min(clock.days_since(c.pk), 365) for c in candidates]
    buyers = clock.random.choices(candidates, weights, k=count)
    return [
        Placed(_when(clock, buyer, _lately(clock, buyer)), buyer, basket)
        for buyer, basket in zip(buyers, catalogue.baskets(clock.random), strict=False)
    ]


def _lately(clock: Clock, buyer: Customer) -> float:
    """So many days ago, since the buyer came, and rather lately: business is growing."""
    return 0.2 + clock.random.random() ** 1.6 * (min(clock.days_since(buyer.pk), 365) - 1.2)


def _when(clock: Clock, customer: Customer, days: float) -> datetime:
    """So many days ago while the shop was open, and never before it knew the customer."""
    came = clock.ago(clock.days_since(customer.pk) * DAY)
    return max(clock.opening(days), came + SOON)


def _put_order(stage: Stage, placed: Placed, number: int, prices: dict[str, Product], currency: str) -> None:
    way, basket = catalogue.WAYS[placed.basket.way], placed.basket
    items: list[dict[str, Any]] = [
        {"name": name, "quantity": count, "price": f"{prices[name].price}.00"} for name, count in basket.items
    ]
    total = sum((Decimal(item["price"]) * item["quantity"] for item in items), Decimal(0))
    history = _history(stage, placed)
    status, changed_at = history[-1]
    order = stage.rows.add(
        Order(
            id=stage.clock.id_at(placed.at),
            customer=placed.customer,
            source=way.source,
            external_id=f"{way.prefix}-{number}",
            number=f"{way.prefix}-{number}",
            status=status,
            total=total,
            currency=currency,
            items=items,
            placed_at=placed.at,
            changed_at=changed_at,
        )
    )
    told = {"number": order.number, "total": str(total), "currency": currency, "items": items}
    for status, at in history:
        stage.remember(
            placed.customer,
            Kind.ORDER,
            at,
            {**told, "status": status},
            object_id=order.pk,
            actor="Punto de venta",
        )


def _history(stage: Stage, placed: Placed) -> list[tuple[str, datetime]]:
    """Each status with its moment: as far as time has come, or until the one that is wanted."""
    clock, until = stage.clock, placed.basket.until
    found: list[tuple[str, datetime]] = []
    at = placed.at
    for status, hours in catalogue.WAYS[placed.basket.way].steps:
        if found:
            following = at + timedelta(minutes=1) + catalogue.pause(hours, clock.random)
            following = clock.working(following.replace(microsecond=0))
            if following > clock.now and not until:
                break
            at = following if following <= clock.now else at + (clock.now - at) / 2
        found.append((status, at))
        if status == until:
            break
    return found
