"""Customers who are in the register twice: another counter, a nickname, a slip of the finger."""

from datetime import timedelta
from typing import Any, NamedTuple

from config.demo.stage import Stage
from crm.actions import duplicates
from crm.actions.merging import merge_customers
from crm.identities import canonical
from crm.models import Customer, CustomerMerge, Identity
from tenants.actors import Actor
from tenants.models import Membership


class Double(NamedTuple):
    """One of the two, and how long ago he was written down."""

    name: str
    days: int
    addresses: dict[str, str]
    attributes: dict[str, Any]


PAIRS = (
    (
        Double("Guadalupe Arámbula Gil", 210, {"email": "lupita.arambula@correo.example"}, {"Talla": "S"}),
        Double("Lupita Arámbula", 9, {"email": "lupita.arambulla@correo.example"}, {"Talla": "M"}),
    ),
    (
        Double("Francisco Ochoa Larios", 340, {"phone": "33 3641 7720"}, {"RFC": "OOLF850612AB1"}),
        Double("Paco Ochoa", 24, {"email": "paco.ochoa@correo.example"}, {"RFC": "OOLF-850612-AB1"}),
    ),
    (
        Double("Hugo Ledezma Rubio", 150, {"phone": "33 1470 2965"}, {"Ciudad": "Zapopan"}),
        Double("Ledezma Hugo", 3, {}, {"Celular": "044 33 1470 2965"}),
    ),
)
MERGED = (
    Double("Ximena Tostado", 280, {"phone": "33 2208 5513"}, {"Talla": "M"}),
    Double(
        "Jimena Tostado Brizuela", 30, {"email": "jimena.tostado@correo.example"}, {"Ciudad": "Tlaquepaque"}
    ),
)
NAMES = [one.name for pair in (*PAIRS, MERGED) for one in pair]
MERGED_DAYS_AGO = 2


def furnish(stage: Stage, owner: Membership) -> None:
    """Three pairs that colleagues are asked about, and one that was merged lately and can be taken back."""
    for pair in PAIRS:
        duplicates.look_at([_write(stage, one) for one in pair], aloud=False)
    target, source = (_write(stage, one) for one in MERGED)
    chosen = {"name": "target"}
    made = merge_customers(source=source, target=target, fields=chosen, by=Actor.of_membership(owner))
    then = stage.clock.now - timedelta(days=MERGED_DAYS_AGO)
    CustomerMerge.objects.filter(pk=made.pk).update(made_at=then)


def _write(stage: Stage, one: Double) -> Customer:
    at = stage.clock.opening(one.days)
    customer: Customer = Customer.objects.create(
        id=stage.clock.id_at(at),
        name=one.name,
        name_confirmed=True,
        attributes=one.attributes,
        last_contact_at=at,
    )
    for kind, raw in one.addresses.items():
        address = canonical(kind, raw, stage.tenant.country)
        identity = Identity.objects.create(
            id=stage.clock.id_at(at),
            customer=customer,
            kind=kind,
            value=address.value,
            display=address.display,
        )
        Identity.objects.filter(pk=identity.pk).update(created_at=at)
    Customer.objects.filter(pk=customer.pk).update(created_at=at, updated_at=at)
    customer.refresh_from_db()
    return customer
