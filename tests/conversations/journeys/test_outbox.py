"""A journey's message in the outbox is asked about once more before it goes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from conversations.actions.deliveries import deliver as hand_over
from conversations.actions.messages import send_reply
from conversations.journeys.advancing import advance_due
from conversations.journeys.last_question import WAITS
from conversations.models import Conversation, Delivery, JourneyPlace
from crm.actions.orders import record_order
from crm.models import Case, Customer, FollowUp
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.conversations.journeys.test_engine import ASK, deliver, journey, work
from tests.conversations.journeys.test_engine import ana as ana  # noqa: PLC0414
from tests.factories.campaigns import agree, make_policy, make_template
from tests.factories.conversations import make_inbound
from tests.factories.tenants import Business

ZONE = ZoneInfo("America/Mexico_City")


def at(hour: int) -> time_machine.travel:
    return time_machine.travel(datetime(2026, 11, 24, hour, tzinfo=ZONE), tick=False)


def entered(business: Business, customer: Customer, purpose: str, *stops: str) -> None:
    """Somebody whose first message lies in the outbox."""
    with tenant_scope(business.tenant.id):
        make_policy(quiet_from="20:00", quiet_until="09:00")
        template = make_template()
        type(template).objects.update(purpose=purpose)
        steps: list[dict[str, Any]] = [
            {"do": "send", "template": str(template.pk)},
            {"do": "wait", "minutes": 60},
        ]
        journey({"on": "order_delivered"}, steps, stops)
        deliver(customer)
    advance_due(business.tenant.id)


def take_out(business: Business) -> Delivery:
    """What a worker does with all that is due; the first that lay there."""
    with tenant_scope(business.tenant.id):
        due = list(Delivery.objects.due().order_by("id").values_list("pk", flat=True))
    for pk in due:
        hand_over(business.tenant.id, pk)
    with tenant_scope(business.tenant.id):
        found: Delivery = Delivery.objects.earliest("id")
        return found


def test_it_waits_for_the_morning_and_an_answer_passes_it(business: Business, ana: Customer) -> None:
    with at(12):
        entered(business, ana, "service")
    with at(23):
        held = take_out(business)
        assert (held.status, held.reason, held.attempts) == ("pending", WAITS, 0)
        with tenant_scope(business.tenant.id):
            send_reply(conversation=Conversation.objects.get(), text="Sí, hay", by=business.actor())
        take_out(business)
        assert len(mail.outbox) == 1
    with time_machine.travel(held.due_at, tick=False):
        assert take_out(business).status == "sent"
    assert len(mail.outbox) == 2


def buy(customer: Customer) -> None:
    record_order(external_id="A-2", customer=customer, status="placed", by=Actor.system())


def complain(customer: Customer) -> None:
    Case.objects.create(customer=customer, kind="complaint", subject="Rota", opened_at=timezone.now())


@pytest.mark.parametrize("happens", [buy, complain])
def test_it_is_taken_out_where_it_is_not_to_be_said_any_more(
    business: Business, ana: Customer, happens: Callable[[Customer], None]
) -> None:
    with tenant_scope(business.tenant.id):
        agree(ana)
    with at(12):
        entered(business, ana, "promotion", "bought")
    with at(13):
        with tenant_scope(business.tenant.id):
            happens(ana)
        assert take_out(business).status == "discarded"
    assert mail.outbox == []


def test_question_that_he_forestalled_is_taken_out_and_he_goes_on_behind_it(
    business: Business, ana: Customer
) -> None:
    with at(12):
        with tenant_scope(business.tenant.id):
            make_policy()
            template = make_template()
            type(template).objects.update(purpose="service")
            journey({"on": "order_delivered"}, [{**ASK, "template": str(template.pk)}, work("Llamar")])
            deliver(ana)
        advance_due(business.tenant.id)
        with tenant_scope(business.tenant.id):
            make_inbound("Me llegó rota", address="ana@ejemplo.mx")
            JourneyPlace.objects.update(choice="")
        assert take_out(business).status == "discarded"
        advance_due(business.tenant.id)
    assert mail.outbox == []
    with tenant_scope(business.tenant.id):
        assert FollowUp.objects.get().title == "Llamar"
