"""A few customers who differ in everything that the list can be narrowed by."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import Attribute, Case, Consent, Customer, FollowUp
from tenants.models import Membership
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer, make_label, make_order
from tests.factories.tenants import Business


@pytest.fixture
def people(business: Business) -> dict[str, Customer]:
    """Ana, Beto, Carla and one without a name, from the latest contact to the longest silence."""
    now = timezone.now()
    with tenant_scope(business.tenant.id):
        Attribute.objects.create(key="talla", name="Talla", kind="choice", options=["M", "L"])
        Attribute.objects.create(key="puntos", name="Puntos", kind="number")
        Attribute.objects.create(key="socio", name="Socio", kind="yes_no")
        vip = make_label("VIP")
        made = {
            "Álvaro": make_customer(
                "Álvaro",
                language="es",
                last_contact_channel="whatsapp",
                company="Bicis Norte",
                attributes={"talla": "M", "puntos": "12.5", "socio": True},
                last_contact_at=now - timedelta(days=1),
            ),
            "beto": make_customer(
                "beto",
                language="en",
                last_contact_channel="email",
                created_by=business.agent,
                attributes={"talla": "L"},
                last_contact_at=now - timedelta(days=20),
            ),
            "Carla": make_customer("Carla", language="es", last_contact_at=now - timedelta(days=200)),
            "": make_customer("", last_contact_at=now - timedelta(days=300)),
        }
        made["Álvaro"].label_links.create(label=vip)
        made["beto"].label_links.create(label=make_label("Mayoreo"))
        Consent.objects.create(
            customer=made["Carla"], medium="whatsapp", purpose="promotion", state="given", since=now
        )
        Consent.objects.create(
            customer=made["beto"],
            medium="whatsapp",
            purpose="promotion",
            state="given",
            since=now,
            expires_at=now - timedelta(days=1),
        )
        Case.objects.create(customer=made["beto"], subject="Freno", opened_at=now)
        Case.objects.create(customer=made["Carla"], subject="Luz", opened_at=now, resolved_at=now)
        make_order(made["Álvaro"], "A-1")
        make_order(made["Álvaro"], "A-2", total="250.00")
        Customer.objects.filter(pk=made["Carla"].pk).update(created_at=now - timedelta(days=400))
    return made


@pytest.fixture
def narrow(business: Business, people: dict[str, Customer]) -> Membership:
    """A member who sees only what is his: Carla, whom he has to follow up."""
    member = business.add_member(sees=Sees.OWN, name="Nora")
    with tenant_scope(business.tenant.id):
        FollowUp.objects.create(
            customer=people["Carla"], title="Llamar", due_at=timezone.now(), assignee=member
        )
    return member


@pytest.fixture
def narrow_client(business: Business, narrow: Membership) -> Client:
    return business.client(narrow)


@pytest.fixture
def analyst_client(business: Business) -> Client:
    return business.client(business.add_member(Role.ANALYST))
