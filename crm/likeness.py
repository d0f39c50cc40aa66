"""Customers who may be one person: what speaks for it, and what colleagues said of it.

What a customer merely says of himself (an e-mail typed into a form) joins him to nobody: whoever has that
address would inherit a stranger, or a stranger him. It is a reason to ask.
"""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from crm.models import Customer, Identity, Likeness, Order
from tenants.kit import events
from tenants.kit.text import folded, one_line

SAME_PHONE, SAME_EMAIL, SAME_ADDRESS = "same_phone", "same_email", "same_address"
SAME_NAME_CITY, SAME_NAME_ORDER = "same_name_and_city", "same_name_and_order"
CITIES = ("city", "ciudad", "cidade")
# What somebody said: how sure that makes it at least, from 0 to 100. The rest comes from crm/duplicates/.
TOLD = {SAME_PHONE: 80, SAME_EMAIL: 85, SAME_ADDRESS: 80, SAME_NAME_CITY: 65, SAME_NAME_ORDER: 90}
MOST_REASONS = 10
MOST_ALIKE = 10
State = Likeness.State


class Suggestion(NamedTuple):
    """Somebody who is probably the same, and why."""

    id: UUID
    other: Customer
    reasons: list[dict[str, str]]


def why(kind: str) -> str:
    """The reason of a shared address of a kind."""
    if kind in {Identity.Kind.PHONE, Identity.Kind.WHATSAPP}:
        return SAME_PHONE
    return SAME_EMAIL if kind == Identity.Kind.EMAIL else SAME_ADDRESS


def suggest(one: Customer, other: Customer, reason: str, value: str) -> None:
    """Keep that two customers may be one person. What was decided about them stays decided."""
    one, other = stands_for(one), stands_for(other)
    if one.pk == other.pk:
        return
    first, second = sorted([one, other], key=lambda customer: customer.pk)
    pair, _created = Likeness.objects.get_or_create(
        first=first, second=second, defaults={"tenant_id": one.tenant_id}
    )
    given = {"why": reason, "value": one_line(value, 255)}
    if given in pair.reasons or len(pair.reasons) >= MOST_REASONS:
        return
    pair.reasons = [given, *pair.reasons]
    pair.score = max(pair.score, TOLD.get(reason, 0))
    pair.save(update_fields=["reasons", "score"])
    if pair.state == State.SUGGESTED:
        for customer in (first, second):
            events.publish("customer", {"id": str(customer.pk)})


def stands_for(customer: Customer) -> Customer:
    """Whom a customer turned out to be; himself when he was merged into nobody."""
    while customer.merged_into_id:
        customer = Customer.objects.get(pk=customer.merged_into_id)
    return customer


def are_different(one: Customer, other: Customer) -> bool:
    """Whether a colleague said that these are two people."""
    first, second = sorted([one.pk, other.pk])
    decided = Likeness.objects.filter(first_id=first, second_id=second, state=State.DIFFERENT)
    return bool(decided.exists())


def of_customer(customer: Customer) -> list[Suggestion]:
    """Who is probably the same as a customer, the surest first."""
    mine = Likeness.objects.filter(Q(first=customer) | Q(second=customer), state=State.SUGGESTED)
    pairs = mine.filter(first__merged_into=None, second__merged_into=None).select_related("first", "second")
    return [
        Suggestion(pair.pk, pair.second if pair.first_id == customer.pk else pair.first, pair.reasons)
        for pair in pairs.order_by("-score", "-id")[:MOST_ALIKE]
    ]


def open_pairs(seen: QuerySet[Customer] | None = None) -> QuerySet[Likeness]:
    """The pairs that somebody has yet to decide about; with `seen`, those of which he sees both."""
    pairs: QuerySet[Likeness] = Likeness.objects.filter(
        state=State.SUGGESTED, first__merged_into=None, second__merged_into=None
    )
    if seen is not None:
        pairs = pairs.filter(first__in=seen.values("pk"), second__in=seen.values("pk"))
    return pairs


def with_reason(pairs: QuerySet[Likeness], whys: Iterable[str]) -> QuerySet[Likeness]:
    """Those for which one of some reasons speaks."""
    condition = Q()
    for why_so in whys:
        condition |= Q(reasons__contains=[{"why": why_so}])
    return pairs.filter(condition)


def look(customer: Customer, text: str) -> None:
    """Suggest those of the same name whose order a newcomer names, or who live in the same city."""
    if not customer.name:
        return
    name, city = folded(customer.name), _city(customer)
    for order in _orders(set(re.findall(r"[\w-]*\d{3,}[\w-]*", text))):
        if order.customer_id != customer.pk and folded(order.customer.name) == name:
            suggest(customer, order.customer, SAME_NAME_ORDER, order.number)
    if city:
        for other in _namesakes(customer):
            if _city(other) == city:
                suggest(customer, other, SAME_NAME_CITY, f"{customer.name}, {city}")


def _orders(numbers: Collection[str]) -> list[Order]:
    if not numbers:
        return []
    named = Order.objects.filter(number__in=numbers, customer__merged_into=None)
    return list(named.select_related("customer").order_by("number", "pk")[:MOST_ALIKE])


def _namesakes(customer: Customer) -> list[Customer]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM crm_search_customers(%s, %s, NULL, %s)",
            [customer.name.split()[:6], customer.name, MOST_ALIKE],
        )
        ids = [row[0] for row in cursor.fetchall() if row[0] != customer.pk]
    found = Customer.objects.filter(pk__in=ids, merged_into=None)
    return [other for other in found if folded(other.name) == folded(customer.name)]


def _city(customer: Customer) -> str:
    for name, value in customer.attributes.items():
        if name.casefold() in CITIES and isinstance(value, str):
            return folded(value)
    return ""
