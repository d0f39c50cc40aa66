"""Very many customers answer at the same moment: each is heard once, and nobody waits for all the others.

300 answer whether they come and 150 a campaign, a minute of a processor; `REPLIES=50000` for more.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from conversations import tasks
from conversations.models import (
    Bot,
    Confirmation,
    ConfirmationStep,
    Conversation,
    Delivery,
    Message,
    MessageTemplate,
    Pause,
    Recipient,
    Turn,
)
from crm.models import Appointment, Customer, Segment
from tenants.kit.tasks import unheard
from tenants.scoping import tenant_scope
from tenants.tasks import heartbeat
from tests.factories.campaigns import make_campaign
from tests.factories.conversations import make_conversation, make_inbound, make_message
from tests.factories.tenants import Business

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "ops"])]
REPLIES = int(os.environ.get("REPLIES", "450"))
ASKED, OFFERED = REPLIES * 2 // 3, REPLIES // 3
MOST_BELLS = 20  # of those who answer whether they come, however many they are


def take(*queues: str) -> str:
    """What a worker of some queues takes next, done; "" where nothing lies there."""
    with current_app.connection_for_read() as connection:
        channel = connection.channel()
        for queue in queues:
            if found := channel.basic_get(queue, no_ack=True):
                name = str(found.headers["task"])
                current_app.tasks[name](*found.payload[0])
                return name.rpartition(".")[2]
    return ""


def asked(count: int) -> None:
    """As many who chat were asked whether they come the day after tomorrow."""
    starts = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    template = MessageTemplate.objects.create(name="Cita", purpose="service")
    step = ConfirmationStep.objects.create(
        happening="appointment_starts", minutes=-1440, template=template, is_on=True, asks=True
    )
    chats = [make_conversation("hola", kind="web", address=f"cita-{number}") for number in range(count)]
    booked = [
        Appointment(customer=one.customer, source="x", external_id=str(one.pk), service="Servicio",
                    starts_at=starts, changed_at=starts)
        for one in chats
    ]  # fmt: skip
    Appointment.objects.bulk_create(booked)
    questions = [
        Message(conversation=one, episode=one.episodes.get(), kind="outbound", author_kind="system",
                text="¿Vienes?", data={"automatic": True, "confirmation": True})
        for one in chats
    ]  # fmt: skip
    Message.objects.bulk_create(questions)
    now = timezone.now()
    Confirmation.objects.bulk_create(
        Confirmation(
            step=step, customer=chat.customer, happening=step.happening, thing="appointment",
            thing_id=appointment.pk, stamp=starts.isoformat(), happens_at=starts, due_at=now, state="sent",
            sent_at=now, message=question,
        )
        for chat, appointment, question in zip(chats, booked, questions, strict=True)
    )  # fmt: skip


def offered(count: int) -> None:
    """As many who chat got a campaign."""
    campaign = make_campaign(Segment.objects.create(name="Todas", is_list=True))
    chats = [make_conversation("hola", kind="web", address=f"oferta-{number}") for number in range(count)]
    Bot.objects.create(is_on=True)
    Conversation.objects.filter(pk__in=[one.pk for one in chats]).update(with_bot=True)
    Turn.objects.bulk_create(
        Turn(conversation=one, episode=one.episodes.get(), holder="bot", why="opened") for one in chats
    )
    Recipient.objects.bulk_create(
        Recipient(campaign=campaign, customer=one.customer, state="sent", sent_at=timezone.now())
        for one in chats
    )


def say(business: Business, text: str, address: str) -> None:
    with tenant_scope(business.tenant.id):
        make_inbound(text, kind="web", address=address)


def test_each_is_heard_once_and_nobody_waits_for_all_others(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        asked(ASKED)
        mail = make_conversation("¿Ya está mi bici?")
        offered(OFFERED)
    while take("replies", "inbound"):
        pass
    current_app.control.purge()
    for number in range(ASKED):
        say(business, "Sí, ahí estaré", f"cita-{number}")
    assert unheard("inbound") <= MOST_BELLS
    for number in range(OFFERED):
        say(business, "¿hasta cuándo es la promoción?", f"oferta-{number}")
    with tenant_scope(business.tenant.id):
        make_message(mail, "Sí, ya está", by=business.actor())
    tasks.sweep()
    bells = unheard("inbound")
    assert bells <= OFFERED + MOST_BELLS
    for _again in range(3):
        tasks.sweep()
    assert unheard("inbound") <= bells + MOST_BELLS  # what lies there was rung for
    heartbeat.apply_async(retry=False)
    first = [take("replies", "inbound") for _each in range(1 + unheard("replies"))]
    assert {"deliver", "heartbeat"} <= set(first)  # before all of them
    with tenant_scope(business.tenant.id):
        assert Delivery.objects.get(message__text="Sí, ya está").status == "sent"
        assert Confirmation.objects.filter(answered_at=None).count() >= ASKED - 100
    say(business, "hola, ¿a qué hora abren?", "alguien-mas")
    taken: list[str] = []
    while name := take("replies", "inbound"):
        taken.append(name)
        assert unheard("inbound") <= bells + MOST_BELLS
    counts = Counter(taken)
    assert counts["read_answers"] <= ASKED // 100 + 3
    with tenant_scope(business.tenant.id):
        said = Confirmation.objects.values_list("answer", flat=True)
        assert Counter(said) == {"confirmed": ASKED}
        assert Appointment.objects.filter(status="confirmed").count() == ASKED
        assert Recipient.objects.filter(replied_at__isnull=False).count() == OFFERED
        assert Pause.objects.filter(customer__recipients__isnull=False).count() == OFFERED
        once = Message.objects.filter(kind="inbound", text="Sí, ahí estaré")
        assert once.count() == once.values("conversation").distinct().count() == ASKED
        assert not Conversation.objects.filter(turns__due_at__isnull=False).exists()
        assert Customer.objects.count() == ASKED + OFFERED + 2
