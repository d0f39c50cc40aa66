"""A plain yes confirms and a plain no cancels; everything else goes to a person with the appointment."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.confirmations.answering import read_due
from conversations.models import (
    Bot,
    Confirmation,
    ConfirmationStep,
    Conversation,
    Handoff,
    Message,
    MessageTemplate,
    Pause,
)
from crm.actions.appointments import record_appointment
from crm.models import Appointment
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, make_inbound
from tests.factories.tenants import Business

Said = Confirmation.Answer
Status = Appointment.Status


@pytest.fixture
def asked(business: Business) -> Confirmation:
    """Ana, who chats, was asked whether she comes the day after tomorrow."""
    with tenant_scope(business.tenant.id):
        Bot.objects.create(is_on=True)
        chat = make_conversation("hola, quiero una cita", kind="web", address="ana-web")
        starts = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
        appointment = record_appointment(
            external_id="C-1", customer=chat.customer, service="Servicio", starts_at=starts, by=Actor.system()
        ).row
        template = MessageTemplate.objects.create(name="Cita", purpose="service")
        step = ConfirmationStep.objects.create(
            happening="appointment_starts", minutes=-1440, template=template, is_on=True, asks=True
        )
        question = Message.objects.create(
            conversation=chat, episode=chat.episodes.get(), kind="outbound", author_kind="system",
            text="¿Vienes?", data={"automatic": True},
        )  # fmt: skip
        return Confirmation.objects.create(
            step=step, customer=chat.customer, happening=step.happening, thing="appointment",
            thing_id=appointment.pk, stamp=starts.isoformat(), happens_at=starts, due_at=timezone.now(),
            state="sent", sent_at=timezone.now(), message=question, call_at=starts - timedelta(hours=2),
        )  # fmt: skip


def says(business: Business, text: str) -> None:
    with tenant_scope(business.tenant.id):
        make_inbound(text, kind="web", address="ana-web")


@pytest.mark.parametrize(
    ("text", "answer", "status"),
    [
        ("sí, ahí estaré", Said.CONFIRMED, Status.CONFIRMED),
        ("no podré ir, cancélenla por favor", Said.DECLINED, Status.CANCELLED),
        ("¿puede ser otro día?", Said.MOVING, Status.BOOKED),
        ("creo que sí, más tarde les digo", Said.DOUBTFUL, Status.BOOKED),
    ],
)
def test_answers(business: Business, asked: Confirmation, text: str, answer: str, status: str) -> None:
    says(business, text)
    for _ in range(2):
        read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        assert (asked.answer, asked.call_at, Appointment.objects.get().status) == (answer, None, status)
        conversation = Conversation.objects.get()
        is_plain = answer in (Said.CONFIRMED, Said.DECLINED)
        thanks = Message.objects.filter(data__confirmation=True)
        assert thanks.count() == is_plain
        assert conversation.with_bot is is_plain
        assert (conversation.waiting_since is None) is is_plain
        assert Pause.objects.filter(customer=conversation.customer).exists() is not is_plain
        if not is_plain:
            assert "Servicio" in Handoff.objects.get().facts["appointment"]


def test_what_a_person_asked_later_is_not_answered(business: Business, asked: Confirmation) -> None:
    with tenant_scope(business.tenant.id):
        chat: Any = Conversation.objects.get()
        Message.objects.create(
            conversation=chat, episode=chat.episodes.get(), kind="outbound", author_kind="member",
            text="¿Te la cambiamos por una azul?",
        )  # fmt: skip
    says(business, "sí")
    read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        assert (asked.answer, asked.answer_message_id) == ("", None)
