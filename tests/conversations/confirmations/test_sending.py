"""An appointment is confirmed once, at the right hour, and withdrawn when it moves."""

from django.utils import timezone

from conversations.actions.confirmation_steps import switch_step
from conversations.confirmations.planning import plan_asked
from conversations.confirmations.sending import send_due
from conversations.confirmations.silence import call_due
from conversations.models import (
    Confirmation,
    ConfirmationStep,
    Delivery,
    Happening,
    Message,
)
from crm.models import Appointment, Customer, FollowUp
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.conversations.confirmations.conftest import book, noon
from tests.factories.tenants import Business

STATES = Confirmation.State


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


def test_what_was_booked_before_a_sequence_is_on_is_told_of_though_its_bell_was_lost(
    business: Business, ana: Customer
) -> None:
    with tenant_scope(business.tenant.id):
        step = ConfirmationStep.objects.get(happening=Happening.APPOINTMENT_STARTS)
        ConfirmationStep.objects.filter(pk=step.pk).update(is_on=False)
        book(ana, noon(9))
        switch_step(step=step, is_on=True, by=Actor.system())
        assert not Confirmation.objects.filter(step=step).exists()
    for _ in range(2):
        plan_asked(business.tenant.id)
    with tenant_scope(business.tenant.id):
        assert Confirmation.objects.get(step=step).state == Confirmation.State.WAITING
        step.refresh_from_db()
        assert step.plan_at is None
