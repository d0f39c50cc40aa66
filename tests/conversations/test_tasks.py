"""Workers' doors: harmless twice, refused without a business, found again by the sweeper."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from conversations import tasks
from conversations.actions.conversations import snooze
from conversations.actions.messages import send_reply
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from tenants.kit import tasks as kit
from tenants.kit.tasks import TenantMissing
from tenants.scoping import tenant_scope
from tests.conversations.actions.conftest import channel, vendor  # noqa: F401 -- fixtures
from tests.conversations.actions.vendor import Vendor, begin, open_channel, post, says
from tests.conversations.channels.web.test_chat import Visitor
from tests.factories.tenants import Business

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def vendors_channel(channel: Channel) -> Channel:  # noqa: F811
    return channel


def test_process_inbound_twice(business: Business, vendors_channel: Channel) -> None:
    event_id = post(business, vendors_channel, says("Hola"))
    for _again in range(2):
        tasks.process_inbound(str(business.tenant.id), str(event_id))
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


@pytest.mark.parametrize("name", ["process_inbound", "deliver", "look_up"])
def test_task_with_another_business_s_row_does_nothing(
    business: Business, other: Business, vendors_channel: Channel, name: str
) -> None:
    event_id = post(business, vendors_channel, says("Hola"))
    conversation = begin(business, vendors_channel)
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Hola", by=business.actor())
        delivery_id = Delivery.objects.get().pk
    for row in (event_id, delivery_id):
        getattr(tasks, name)(str(other.tenant.id), str(row))
    with tenant_scope(business.tenant.id):
        assert InboundEvent.objects.get(pk=event_id).outcome == "pending"
        assert Delivery.objects.get().status == "pending"


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
