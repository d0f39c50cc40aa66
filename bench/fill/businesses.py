"""The businesses and those who work there."""

from dataclasses import dataclass
from typing import Any

from bench.words import FIRST_NAMES, SURNAMES
from conversations.models import Channel
from crm.models import Label
from tenants.actions.businesses import create_business
from tenants.actions.teams import create_team
from tenants.actors import Actor
from tenants.models import Membership, User
from tenants.permissions import Role
from tenants.scoping import tenant_scope

OTHERS = 100  # businesses that share what the large one leaves
LABELS = ("Urgente", "Garantía", "Mayoreo", "Taller", "Factura", "VIP", "Devolución", "Envío")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the measurements need to know of the large business."""

    tenant_id: Any
    slug: str
    owner: Membership
    agent: Membership
    web_id: Any
    email_id: Any


def businesses() -> list[Filled]:
    """Businesses, people, teams and labels, made by the product's own actions."""
    found = []
    for number in range(OTHERS + 1):
        owner = User.objects.create(email=f"owner{number}@bench.example", name=f"Olga Dueña {number}")
        membership = create_business(name=f"Negocio {number}", country="MX", owner=owner)
        with tenant_scope(membership.tenant_id):
            agents = [_agent(membership, number, which) for which in range(12 if number == 0 else 2)]
            by = Actor.of_membership(membership)
            for name in ("Ventas", "Taller", "Entregas"):
                create_team(name=name, by=by)
            Label.objects.bulk_create([Label(name=name) for name in LABELS])
            web, email = (Channel.objects.get(kind=kind).pk for kind in ("web", "email"))
            tenant = membership.tenant
            found.append(Filled(tenant.pk, tenant.slug, membership, agents[0], web, email))
    return found


def _agent(owner: Membership, business: int, which: int) -> Membership:
    name = f"{FIRST_NAMES[which]} {SURNAMES[business % len(SURNAMES)]}"
    user = User.objects.create(email=f"agent{which}@{business}.bench.example", name=name)
    return Membership.objects.create(tenant=owner.tenant, user=user, role=Role.AGENT)
