"""Workers' doors: harmless twice, refused without a business, found again by the sweeper."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from conversations import tasks
from conversations.actions import inbound
from conversations.actions.conversations import snooze
from conversations.actions.messages import send_reply
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from tenants.kit import tasks as kit
from tenants.kit import valkey
from tenants.kit.ringer import ringer
from tenants.kit.tasks import TenantMissing
from tenants.scoping import tenant_scope
from tests.conversations.actions.conftest import channel, vendor  # noqa: F401 -- fixtures
from tests.conversations.actions.vendor import Vendor, begin, entrance_of, open_channel, post, says
from tests.conversations.channels.web.test_chat import Visitor
from tests.factories.tenants import Business

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def vendors_channel(channel: Channel) -> Channel:  # noqa: F811
    return channel


def test_process_inbound_twice(business: Business, vendors_channel: Channel) -> None:
    post(business, vendors_channel, says("Hola"))
    for _again in range(2):
        tasks.process_inbound(str(business.tenant.id))
    with tenant_scope(business.tenant.id):
        assert (Message.objects.count(), InboundEvent.objects.get().outcome) == (1, "message")


def test_deliver_look_up_and_expire_leases_twice(
    business: Business,
    vendors_channel: Channel,
    vendor: Vendor,  # noqa: F811
) -> None:
    conversation = begin(business, vendors_channel)
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Hola", by=business.actor())
        row = Delivery.objects.get().pk
    for task in (tasks.deliver, tasks.look_up):
        for _again in range(2):
            task(str(business.tenant.id), str(row))
    for _again in range(2):
        tasks.expire_leases(str(business.tenant.id))
    with tenant_scope(business.tenant.id):
        assert (vendor.calls, Delivery.objects.get().status) == (["Hola"], "sent")


def test_wake_snoozed_twice_and_in_every_business(
    business: Business,
    other: Business,
    vendor: Vendor,  # noqa: F811
) -> None:
    until = timezone.now() + timedelta(hours=1)
    for whose in (business, other):
        conversation = begin(whose, open_channel(whose))
        with tenant_scope(whose.tenant.id):
            snooze(conversation=conversation, until=until, by=whose.actor())
    assert tasks.wake_snoozed() == 0
    with time_machine.travel(until + timedelta(seconds=1)):
        assert tasks.wake_snoozed() == 2
        for _again in range(2):
            tasks.wake_tenant(str(business.tenant.id))
        assert tasks.wake_snoozed() == 1
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.get().status == "open"
        assert Message.objects.filter(data__event="woken").count() == 1


@pytest.mark.parametrize(
    "name", ["process_inbound", "deliver", "look_up", "expire_leases", "wake_tenant", "release"]
)
@pytest.mark.parametrize("arguments", [[], [None, "x"], ["", "x"]])
def test_task_without_its_business_is_refused(name: str, arguments: list[Any]) -> None:
    with pytest.raises(TenantMissing):
        getattr(tasks, name)(*arguments)


@pytest.mark.parametrize("name", ["deliver", "look_up"])
def test_task_with_another_business_s_row_does_nothing(
    business: Business, other: Business, vendors_channel: Channel, name: str
) -> None:
    conversation = begin(business, vendors_channel)
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Hola", by=business.actor())
        delivery_id = Delivery.objects.get().pk
    getattr(tasks, name)(str(other.tenant.id), str(delivery_id))
    with tenant_scope(business.tenant.id):
        assert Delivery.objects.get().status == "pending"


def test_process_inbound_leaves_other_businesses_events(
    business: Business, other: Business, vendors_channel: Channel
) -> None:
    event_id = post(business, vendors_channel, says("Hola"))
    tasks.process_inbound(str(other.tenant.id))
    with tenant_scope(business.tenant.id):
        assert InboundEvent.objects.get(pk=event_id).outcome == "pending"


# --- one bell for a burst ---


def accept(business: Business, where: Channel, text: str) -> None:
    """Take an event in, and wait until its bell is rung."""
    inbound.accept(entrance=entrance_of(where), body=says(text), content_type="application/json")
    assert ringer.settle(5)


def bells_waiting() -> int:
    """How many tasks the broker holds for the inbound queue."""
    return int(str(valkey.client().llen("puente:celery:inbound")))


@pytest.fixture
def quiet() -> None:
    valkey.client().flushdb()


def test_burst_rings_once_and_again_for_what_comes_after(
    business: Business, other: Business, vendors_channel: Channel, quiet: None
) -> None:
    for number in range(5):
        accept(business, vendors_channel, f"n{number}")
    assert bells_waiting() == 1
    accept(other, open_channel(other), "Hola")
    assert bells_waiting() == 2
    tasks.process_inbound(str(business.tenant.id))
    with tenant_scope(business.tenant.id):
        assert Message.objects.count() == 5
    for number in range(5, 8):
        accept(business, vendors_channel, f"n{number}")
    assert bells_waiting() == 3


def test_what_comes_while_the_task_works_rings_again(
    business: Business, vendors_channel: Channel, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task forgets its bell before it looks: whoever commits after its look finds no bell on its way."""
    process_due = inbound.process_due

    def looks_then_something_comes(tenant_id: str) -> bool:
        assert process_due(tenant_id) is False
        accept(business, vendors_channel, "tarde")
        return False

    accept(business, vendors_channel, "Hola")
    with monkeypatch.context() as patched:
        patched.setattr(inbound, "process_due", looks_then_something_comes)
        tasks.process_inbound(str(business.tenant.id))
    assert bells_waiting() == 2  # the first, which nobody takes off here, and one for what came late
    tasks.process_inbound(str(business.tenant.id))
    with tenant_scope(business.tenant.id):
        assert Message.objects.count() == 2


def test_turn_that_ends_early_rings_for_the_rest(
    business: Business, vendors_channel: Channel, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        accept(business, vendors_channel, f"n{number}")
    monkeypatch.setattr(inbound, "TURN", 0.0)
    tasks.process_inbound(str(business.tenant.id))
    assert bells_waiting() == 2


def test_bell_that_the_broker_did_not_take_keeps_nobody_from_ringing(
    business: Business, vendors_channel: Channel, quiet: None
) -> None:
    kit._hasty_connection.cache_clear()
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        accept(business, vendors_channel, "Hola")
    kit._hasty_connection.cache_clear()
    assert bells_waiting() == 0
    accept(business, vendors_channel, "¿Están?")
    assert bells_waiting() == 1


def test_without_valkey_messages_are_taken_and_the_sweeper_rings(
    business: Business,
    vendors_channel: Channel,
    quiet: None,
    no_valkey: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accept(business, vendors_channel, "Hola")
    monkeypatch.undo()
    assert bells_waiting() == 0
    assert (tasks.sweep(), bells_waiting()) == (1, 1)


def test_bell_nobody_heard_ends_by_itself(business: Business, vendors_channel: Channel, quiet: None) -> None:
    accept(business, vendors_channel, "Hola")
    bell = valkey.key(business.tenant.id, "bell", tasks.process_inbound.name)
    assert 0 < int(str(valkey.client().ttl(bell))) <= kit.UNHEARD


def test_sweep_rings_for_what_goes_to_many_only_where_nobody_is_behind(
    business: Business, vendors_channel: Channel, quiet: None
) -> None:
    conversation = begin(business, vendors_channel)
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Hola", by=business.actor())
        Delivery.objects.update(priority=Delivery.Priority.CAMPAIGN)
    rung = tasks.sweep()
    valkey.client().rpush("puente:celery:bulk", *["bell"] * (tasks.CROWDED + 1))
    assert kit.unheard("bulk") > tasks.CROWDED
    assert tasks.sweep() == rung - 1
    valkey.client().flushdb()


def test_sweep_is_harmless_when_nothing_is_due(business: Business) -> None:
    assert (tasks.sweep(), tasks.sweep()) == (0, 0)


def test_widget_answers_quickly_without_a_broker_and_the_sweeper_finds_the_message(
    business: Business,
) -> None:
    visitor = Visitor(business).begin()
    kit._hasty_connection.cache_clear()
    with override_settings(CELERY_BROKER_URL="redis://10.255.255.1:6379/0"):
        started = time.monotonic()
        response = visitor.post(
            "messages", {"client_id": "0198c0de-0000-7000-8000-000000000001", "text": "Hola"}
        )
        took = time.monotonic() - started
    kit._hasty_connection.cache_clear()
    assert response.status_code == 202
    assert took < 1
    with tenant_scope(business.tenant.id):
        assert InboundEvent.objects.get().outcome == "pending"
    assert tasks.sweep() == 1
