"""What has gone quiet with the bot is closed, and what he asks later is a new question."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db.models import F
from django.utils import translation

from conversations.actions import bots, promises, quiet
from conversations.actions.conversations import snooze
from conversations.actions.scheduled import schedule
from conversations.actions.turn_taking import give_back, take_over
from conversations.models import (
    Bot,
    Confirmation,
    ConfirmationStep,
    Conversation,
    Decision,
    Delivery,
    Message,
    MessageTemplate,
    Promise,
    Turn,
)
from conversations.tasks import close_quiet, sweep_quiet
from conversations.workspace.event_lines import event_text
from crm.models import TimelineEntry
from feedback.models import Invitation
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.conversations.turns.conftest import Customer
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.tenants.together import together

TEN = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # of a Tuesday in Mexico City
QUESTION = "hola, a q hora abren?"


@pytest.fixture
def clock(bot: Bot) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asked(ana: Customer, clock: time_machine.Traveller) -> Conversation:
    """Answered by the bot, and sent."""
    ana.writes(QUESTION)
    Delivery.objects.update(status=Delivery.Status.SENT)
    assert ana.conversation is not None
    return ana.conversation


def status(conversation: Conversation) -> str:
    found: str = Conversation.objects.values_list("status", flat=True).get(pk=conversation.pk)
    return found


def test_a_quiet_day_closes_it_and_the_next_message_begins_anew(
    business: Business, ana: Customer, asked: Conversation, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=23))
    assert quiet.close_quiet(business.tenant.id) == 0
    clock.shift(timedelta(hours=1))
    assert [quiet.close_quiet(business.tenant.id) for _ in range(2)] == [1, 0]
    assert status(asked) == "closed"
    line = Message.objects.get(data__event="closed")
    with translation.override("es"):
        assert event_text(line) == "Se cerró sola: el cliente ya no le preguntó nada más al bot"
    assert TimelineEntry.objects.get(kind="conversation_closed").data == {"why": "quiet"}
    assert AuditEvent.objects.get(action="conversation.closed").details["why"] == "quiet"
    assert Invitation.objects.count() == 1
    for hours in (1, 24 * 4):  # in the same episode, and in the next
        clock.shift(timedelta(hours=hours))
        decision = ana.writes(QUESTION)
        assert decision is not None
        assert decision.action == Decision.Action.ANSWER
        assert "Hola, Ana. Soy Tapi" in ana.reads[-1]
        assert "De martes a sábado, de 10 a 19 h." in ana.reads[-1]
        Delivery.objects.update(status=Delivery.Status.SENT)
        clock.shift(timedelta(hours=24))
        assert quiet.close_quiet(business.tenant.id) == 1
    assert Turn.objects.count() == Conversation.objects.get().episode_count == 2
    assert Invitation.objects.count() == 1  # not again within the cool-down


def test_what_is_pending_stays_open(
    business: Business, ana: Customer, asked: Conversation, clock: time_machine.Traveller
) -> None:
    by = business.actor()

    def promised() -> Callable[[], object]:
        made = promises.make(asked, text="Te llamo", due_at=TEN + timedelta(days=9))
        return lambda: Promise.objects.filter(pk=made.pk).update(kept_at=TEN)

    def planned() -> Callable[[], object]:
        reply = schedule(conversation=asked, text="Hola", send_at=TEN + timedelta(days=9), by=by)
        return reply.delete

    def unsent() -> Callable[[], object]:
        Delivery.objects.update(status=Delivery.Status.PENDING)
        return lambda: Delivery.objects.update(status=Delivery.Status.SENT)

    def questioned() -> Callable[[], object]:
        template = MessageTemplate.objects.create(name="Cita", purpose="service")
        step = ConfirmationStep.objects.create(happening="appointment_starts", template=template, asks=True)
        question = Confirmation.objects.create(
            step=step, customer_id=asked.customer_id, happening="appointment_starts", thing="appointment",
            thing_id=asked.pk, happens_at=TEN + timedelta(days=3), due_at=TEN, sent_at=TEN, state="sent",
        )  # fmt: skip
        return lambda: Confirmation.objects.filter(pk=question.pk).update(answer="confirmed")

    def unheard() -> Callable[[], object]:
        Turn.objects.update(due_at=TEN)
        return lambda: Turn.objects.update(due_at=None)

    undone = [prepare() for prepare in (promised, planned, unsent, questioned, unheard)]
    clock.shift(timedelta(days=2))
    for undo in undone:
        assert quiet.close_quiet(business.tenant.id) == 0
        undo()
    assert quiet.close_quiet(business.tenant.id) == 1


def test_people_s_conversations_and_what_was_just_given_back_are_left(
    business: Business, asked: Conversation, clock: time_machine.Traveller
) -> None:
    by = business.actor()
    take_over(conversation=asked, by=by)
    Conversation.objects.update(status="waiting")
    clock.shift(timedelta(days=2))
    assert quiet.close_quiet(business.tenant.id) == 0
    give_back(conversation=asked, by=by)
    assert quiet.close_quiet(business.tenant.id) == 0
    clock.shift(timedelta(days=1))
    snooze(conversation=asked, until=TEN + timedelta(days=9), by=by)
    assert quiet.close_quiet(business.tenant.id) == 0


def test_the_hours_are_the_business_s(
    business: Business, asked: Conversation, clock: time_machine.Traveller
) -> None:
    bots.save_bot(by=business.actor(), closes_after=None)
    clock.shift(timedelta(days=20))
    assert quiet.close_quiet(business.tenant.id) == 0
    bots.save_bot(by=business.actor(), closes_after=2)
    assert quiet.close_quiet(business.tenant.id) == 1
    assert not Invitation.objects.exists()  # how it was weeks ago is asked of nobody


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_parallel_workers_close_once_and_the_sweep_rings_for_it(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(business.tenant.id):
        Bot.objects.create(is_on=True)
        make_article(business)
        Customer(business).writes(QUESTION)
        Delivery.objects.update(status=Delivery.Status.SENT)
        Turn.objects.update(started_at=F("started_at") - timedelta(days=2))
        assert sweep_quiet() == 0
        Conversation.objects.update(last_message_at=F("last_message_at") - timedelta(days=2))
    rung: list[str] = []
    monkeypatch.setattr(
        "conversations.tasks.ring_once_now", lambda task, *args: rung.append(task.name) or True
    )
    assert (sweep_quiet(), rung) == (1, ["conversations.tasks.close_quiet"])
    assert sum(map(int, together(*[lambda: quiet.close_quiet(business.tenant.id)] * 3))) == 1
    close_quiet(str(business.tenant.id))
    assert sweep_quiet() == 0
