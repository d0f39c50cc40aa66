"""Calls and visits: told once, again, in any order, and what they leave to do."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from conversations.actions.calls import Call, log_call, receive_call
from conversations.actions.conversations import close
from conversations.actions.messages import CannotSend
from conversations.actions.sendable import check_sendable
from conversations.channels.base import InboundCall
from conversations.models import Channel, Conversation, Episode, Message
from conversations.right_now import right_now
from crm import calls as words
from crm.identities import resolve
from crm.models import Customer, Identity, TimelineEntry
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

PHONE = "+52 33 1234 5678"
MORNING = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def inside(business: Business) -> Any:
    with tenant_scope(business.tenant.id):
        yield


def log(business: Business, phone: str = PHONE, *, is_open: bool = False, **call: Any) -> Message:
    by = business.actor(business.agent)
    return log_call(call=Call(**call), by=by, phone=phone, name="Ana", is_open=is_open)[0]


def state() -> tuple[str, datetime | None]:
    conversation = Conversation.objects.get()
    return conversation.status, conversation.waiting_since


def test_answered_call_is_in_the_history_and_leaves_nothing_to_do(business: Business) -> None:
    message = log(business, seconds=250, note="Quiere dos cajas", recording="https://pbx.example/1.mp3")
    assert (message.kind, message.text, message.author_label) == ("inbound", "Quiere dos cajas", "Ana")
    call = message.data["call"]
    assert (message.data["kind"], call["direction"], call["state"], call["seconds"]) == (
        "call",
        "in",
        "ended",
        250,
    )
    assert (call["recording"], call["logged_by"]) == ("https://pbx.example/1.mp3", "Aldo Agente")
    assert state() == ("closed", None)
    assert Episode.objects.get().closed_at is not None
    line = TimelineEntry.objects.get(kind="message_in")
    assert (line.channel, line.data["call"]["seconds"]) == ("phone", 250)
    customer = Customer.objects.get()
    assert (customer.name, customer.last_contact_channel) == ("Ana", "phone")
    assert Identity.objects.get().value == "+523312345678"


def test_phone_and_counter_are_opened_once(business: Business) -> None:
    for _again in range(2):
        log(business)
        log(business, what="visit")
    assert sorted(Channel.objects.filter(kind__in=["phone", "visit"]).values_list("kind", "name")) == [
        ("phone", "Teléfono"),
        ("visit", "Mostrador"),
    ]
    assert (Conversation.objects.count(), Message.objects.count()) == (2, 4)


def test_missed_call_waits_until_they_speak(business: Business) -> None:
    missed = log(business, state="missed", started_at=MORNING)
    assert state() == ("open", MORNING)
    log(business, direction="out", state="missed", started_at=MORNING + timedelta(minutes=5))
    assert state() == ("open", MORNING)
    called = log(business, direction="out", started_at=MORNING + timedelta(minutes=9))
    assert (called.kind, called.author_id) == ("outbound", business.agent.pk)
    assert state() == ("closed", None)
    assert missed.conversation_id == called.conversation_id


def test_call_that_is_written_down_late_raises_nothing(business: Business) -> None:
    log(business, direction="out", started_at=MORNING)
    log(business, state="missed", started_at=MORNING - timedelta(minutes=5))
    assert state() == ("closed", None)
    order = [message.created_at for message in Message.objects.order_by("id")]
    assert order == sorted(order)


def test_what_is_left_to_do_stays_with_who_wrote_it_down(business: Business) -> None:
    log(business, is_open=True)
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since) == ("open", None)
    assert conversation.assignee_id == business.agent.pk


def test_missed_call_opens_a_closed_conversation_again(business: Business) -> None:
    log(business)
    log(business, state="missed")
    assert state()[0] == "open"
    close(conversation=Conversation.objects.get(), by=business.actor())
    log(business)
    assert state() == ("closed", None)


REPORTS: list[dict[str, Any]] = [
    {"state": "ringing", "at": MORNING},
    {"state": "ongoing", "at": MORNING + timedelta(seconds=5), "name": "Ana"},
    {"state": "ended", "at": MORNING + timedelta(seconds=65), "seconds": 60, "note": "Uno"},
    {
        "state": "ended",
        "at": MORNING + timedelta(seconds=70),
        "recording": "https://pbx.example/1",
        "note": "Dos",
    },
]


def test_reports_of_a_call_end_the_same_in_any_order(business: Business) -> None:
    for order in itertools.permutations(range(4)):
        with transaction.atomic():
            channel = Channel.objects.create(kind="phone", name="Central")
            for place in (*order, order[0]):
                item = InboundCall(
                    **(
                        {"provider_id": str(place), "call_id": "c1", "direction": "in", "phone": PHONE}
                        | REPORTS[place]
                    )
                )
                receive_call(channel=channel, item=item)
            message = Message.objects.get()
            call = message.data["call"]
            assert (call["state"], call["seconds"], call["recording"]) == (
                "ended",
                60,
                "https://pbx.example/1",
            ), order
            assert (message.text, state()) == ("Dos", ("closed", None)), order
            transaction.set_rollback(True)


def test_ringing_call_is_in_the_queue_until_it_ends(business: Business) -> None:
    log(business, state="ringing", external_id="c1")
    assert state() == ("open", None)
    message, is_new = log_call(call=Call(state="missed", external_id="c1"), by=business.actor(), phone=PHONE)
    assert (is_new, state()) == (False, ("open", message.created_at))


def test_same_id_is_the_same_call(business: Business) -> None:
    first = log(business, external_id="c1", note="Uno")
    again = log(business, external_id="c1", note="Dos", seconds=60)
    assert (first.pk, again.text, again.data["call"]["seconds"]) == (again.pk, "Dos", 60)
    assert TimelineEntry.objects.get(kind="message_in").data["text"] == "Dos"
    stranger, _new = resolve(kind="phone", raw="+523399999999")
    with pytest.raises(Conflicting):
        log_call(call=Call(external_id="c1"), by=business.actor(), customer=stranger)


@pytest.mark.parametrize(
    ("phone", "call"),
    [("", {}), ("no", {}), (PHONE, {"started_at": timezone.now() + timedelta(days=1)})],
)
def test_what_cannot_be_written_down_is_refused(business: Business, phone: str, call: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        log(business, phone, **call)
    assert not Message.objects.exists()


def test_visit_of_a_customer_without_a_phone(business: Business) -> None:
    customer, _new = resolve(kind="email", raw="ana@example.com", name="Ana")
    message, _is_new = log_call(call=Call(what="visit"), by=business.actor(), customer=customer)
    assert (message.data["kind"], message.conversation.identity_id) == ("visit", None)


def test_nobody_writes_on_a_phone(business: Business) -> None:
    log(business)
    with pytest.raises(CannotSend) as caught:
        check_sendable(Conversation.objects.get(), "Hola", [])
    assert str(caught.value) == "En este canal no se puede escribir. Elige otro."


def test_last_call_is_among_what_is_true_now(business: Business) -> None:
    log(business)
    found = right_now(Customer.objects.get(), business.actor())
    assert [(fact.kind, fact.channel) for fact in found] == [("last_contact", "phone")]
    log(business, state="missed")
    found = right_now(Customer.objects.get(), business.actor())
    assert (found[0].kind, found[0].channel) == ("unanswered_elsewhere", "phone")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0, ""),
        (-5, ""),
        ("x", ""),
        (9, "9 s"),
        (60, "1 min"),
        (250, "4 min 10 s"),
        (7_265, "2 h 1 min"),
    ],
)
def test_length_in_words(seconds: Any, said: str) -> None:
    assert words.length(seconds) == said
