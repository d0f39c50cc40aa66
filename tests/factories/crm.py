"""Customers and what is known of them, in the business in scope."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from crm import timeline
from crm.actions.orders import record_order
from crm.identities import attach
from crm.models import Customer, Label, Order, TimelineEntry
from tenants.actors import Actor
from tenants.scoping import uuid7


def make_customer(name: str = "Ana Flores", *, country: str = "MX", **fields: Any) -> Customer:
    """A customer; `phone=`, `email=`, `whatsapp=`… give addresses."""
    kinds = {"phone", "email", "whatsapp", "telegram", "web", "external"}
    addresses = {kind: fields.pop(kind) for kind in kinds & fields.keys()}
    customer: Customer = Customer.objects.create(
        **{"name": name, "last_contact_at": timezone.now(), **fields}
    )
    for kind, raw in addresses.items():
        attach(customer, kind, raw, country=country)
    return customer


def make_label(name: str = "VIP", color: str = "teal") -> Label:
    label: Label = Label.objects.create(name=name, color=color)
    return label


def make_order(customer: Customer, external_id: str = "A-1", **fields: Any) -> Order:
    """An order as an integrator reports it."""
    given = {"total": "1250.00", "currency": "MXN", **fields}
    return record_order(customer=customer, external_id=external_id, by=Actor.system(), **given).row


def make_history(
    customer: Customer, count: int, *, kind: str = "message_in", newest: datetime | None = None
) -> None:
    """So many lines of history, one minute apart."""
    newest = newest or timezone.now()
    for number in range(count):
        timeline.record(
            customer=customer,
            kind=kind,
            happened_at=newest - timedelta(minutes=number),
            object_id=uuid7(),
            data={"text": f"línea {number}"},
            channel="web",
        )


def kinds_of(customer: Customer) -> list[str]:
    """The kinds of the lines in a customer's history, newest first."""
    entries = TimelineEntry.objects.filter(customer=customer).order_by("-happened_at", "-id")
    return list(entries.values_list("kind", flat=True))
