"""An appointment is confirmed once, at the right hour, and withdrawn when it moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.confirmations.sending import send_due
from conversations.confirmations.silence import call_due
from conversations.models import (
    Confirmation,
    ConfirmationStep,
    Delivery,
    Happening,
    Message,
    MessageTemplate,
    MessageTemplateVersion,
)
from crm import identities
from crm.actions.appointments import record_appointment
from crm.models import Appointment, Customer, FollowUp
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_channel
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

TEXT = "Hola {{ customer.first_name | default: 'qué tal' }}, te esperamos el {{ appointment.date }}."
STATES = Confirmation.State


@pytest.fixture
def ana(business: Business) -> Customer:
    """Somebody with a mail address, and a sequence: at once, a day before, with a call two hours before."""
    with tenant_scope(business.tenant.id):
        make_channel("email")
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


def test_booked_is_said_once_and_a_move_withdraws_the_reminder(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        book(ana, noon(5))
    for _ in range(2):
        send_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        said = Message.objects.get()
        assert said.text.startswith("Hola Ana, te esperamos el ")
        assert Delivery.objects.get().priority == Delivery.Priority.AUTOMATIC
        assert said.conversation.is_closed
        reminder = Confirmation.objects.waiting().get()
        assert reminder.due_at == noon(4)
        book(ana, noon(6))
        reminder.refresh_from_db()
        assert (reminder.state, reminder.reason) == (STATES.WITHDRAWN, "untrue")
        assert Confirmation.objects.waiting().count() == 2  # moved, and the new reminder
        book(ana, noon(6), status="cancelled")
        assert not Confirmation.objects.waiting().exists()


def test_what_became_untrue_meanwhile_is_not_said(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        Appointment.objects.filter(pk=book(ana, noon(5)).pk).update(starts_at=noon(9))
    send_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        assert not Message.objects.exists()
        assert Confirmation.objects.filter(state=STATES.WITHDRAWN).count() == 1


def test_silence_makes_one_call(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        book(ana, noon(5))
        Confirmation.objects.filter(call_at__isnull=False).update(call_at=timezone.now())
    assert [call_due(business.tenant.id), call_due(business.tenant.id)] == [1, 0]
    with tenant_scope(business.tenant.id):
        assert "Ana Flores" in FollowUp.objects.get().title
