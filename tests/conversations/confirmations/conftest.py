"""Somebody with an appointment and a sequence that tells of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import ConfirmationStep, Happening, MessageTemplate, MessageTemplateVersion
from crm import identities
from crm.actions.appointments import record_appointment
from crm.models import Appointment, Customer
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.campaigns import make_policy
from tests.factories.conversations import make_channel
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

TEXT = "Hola {{ customer.first_name | default: 'qué tal' }}, te esperamos el {{ appointment.date }}."


@pytest.fixture
def ana(business: Business) -> Customer:
    """Somebody with a mail address, and a sequence: at once, a day before, with a call two hours before."""
    with tenant_scope(business.tenant.id):
        make_channel("email")
        make_policy()
        customer = make_customer("Ana Flores")
        identities.attach(customer, kind="email", raw="ana@ejemplo.mx", country="MX", verified=True)
        template = MessageTemplate.objects.create(name="Cita", purpose="service")
        blocks = [{"kind": "text", "text": TEXT}]
        MessageTemplateVersion.objects.create(
            template=template,
            number=1,
            contents={"email": {"es": {"subject": "Tu cita", "preheader": "", "blocks": blocks}}},
        )
        for happening, minutes in (
            (Happening.APPOINTMENT_BOOKED, 0),
            (Happening.APPOINTMENT_MOVED, 0),
            (Happening.APPOINTMENT_STARTS, -1440),
        ):
            ConfirmationStep.objects.create(
                happening=happening,
                minutes=minutes,
                template=template,
                is_on=True,
                can_wait=happening == Happening.APPOINTMENT_STARTS,
                asks=minutes < 0,
                call_minutes=120 if minutes < 0 else None,
            )
        return customer


def book(customer: Customer, starts_at: datetime, **given: Any) -> Appointment:
    return record_appointment(
        external_id="C-1",
        customer=customer,
        service="Servicio",
        starts_at=starts_at,
        by=Actor.system(),
        **given,
    ).row


def noon(days: int) -> datetime:
    return datetime.combine(
        (timezone.now() + timedelta(days=days)).date(), datetime.min.time(), UTC
    ) + timedelta(hours=18)
