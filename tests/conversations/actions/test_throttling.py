"""What a vendor takes in a while: nobody is lost, nobody is asked again and again, people go first."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from conversations.actions import deliveries as actions
from conversations.actions.deliveries import deliver, release
from conversations.actions.messages import send_reply, send_system
from conversations.actions.outbox import discard, discard_waiting, resend, restore_discarded
from conversations.channels.base import ChannelError
from conversations.models import Channel, Conversation, Delivery, Message
from conversations.tasks import sweep
from tenants.kit import tasks as kit_tasks
from tenants.kit import valkey
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import Vendor, begin, open_channel
from tests.factories.tenants import Business


@pytest.fixture
def throttled(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """The vendor takes one message in ten seconds."""
    monkeypatch.setattr(vendor, "capabilities", replace(vendor.capabilities, rate=0.1), raising=False)
    return vendor


@pytest.fixture
def channel(business: Business, vendor: Vendor) -> Channel:
    return open_channel(business)


@pytest.fixture
def conversation(business: Business, channel: Channel) -> Conversation:
    return begin(business, channel)


def answer(business: Business, conversation: Conversation, text: str) -> UUID:
    with tenant_scope(business.tenant.id):
        message = send_reply(conversation=conversation, text=text, by=business.actor())
        row: UUID = Delivery.objects.get(message=message).pk
        return row


def automatic(business: Business, conversation: Conversation, text: str = "auto") -> UUID:
    with tenant_scope(business.tenant.id):
        message = send_system(conversation=conversation, text=text, data={})
        row: UUID = Delivery.objects.get(message=message).pk
        return row


def rows(business: Business) -> list[Delivery]:
    with tenant_scope(business.tenant.id):
        return list(Delivery.objects.order_by("id"))


def make_due(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        Delivery.objects.filter(status="pending").update(due_at=timezone.now())


def pass_time(business: Business, channel: Channel, seconds: float) -> None:
    """Let the bucket believe that it was asked so long ago."""
    key = valkey.key(business.tenant.id, "bucket", channel.pk)
    at = valkey.client().hget(key, "at")
    assert isinstance(at, str)
    valkey.client().hset(key, "at", f"{float(at) - seconds:.6f}")


def test_message_without_a_token_waits_and_counts_no_attempt(
    business: Business, channel: Channel, throttled: Vendor, conversation: Conversation
) -> None:
    first = answer(business, conversation, "uno")
    second = answer(business, begin(business, channel, **{"from": "beto"}), "dos")
    deliver(business.tenant.id, first)
    deliver(business.tenant.id, second)
    waiting = rows(business)[1]
    assert throttled.calls == ["uno"]
    assert (waiting.status, waiting.attempts, waiting.reason) == ("pending", 0, "")
    assert timezone.now() + timedelta(seconds=5) < waiting.due_at < timezone.now() + timedelta(seconds=25)
    make_due(business)
    pass_time(business, channel, 10)
    deliver(business.tenant.id, second)
    assert throttled.calls == ["uno", "dos"]


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_five_hundred_automatic_messages_wait_and_a_persons_answer_goes_next(
    business: Business,
    channel: Channel,
    throttled: Vendor,
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _queue(business, channel, 500)
    queue = [row.pk for row in rows(business)]
    for row in queue[:20]:
        deliver(business.tenant.id, row)
    assert len(throttled.calls) == 1
    mine = answer(business, conversation, "de una persona")
    deliver(business.tenant.id, mine)
    assert len(throttled.calls) == 1
    pass_time(business, channel, 10)  # one token flows in
    make_due(business)
    rung: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "conversations.tasks.ring_now",
        lambda task, _tenant, *ids, **_: (
            bool(rung.append((task.name.rpartition(".")[2], *map(str, ids)))) or 1
        ),
    )
    sweep()
    assert rung.count(("deliver", str(mine))) == 1
    assert sum(name == "deliver_automatic" for name, *_ in rung) == 499
    for row in [*queue[20:60], mine]:  # even when its bell is heard last
        deliver(business.tenant.id, row)
    assert throttled.calls[1:] == ["de una persona"]
    assert {row.attempts for row in rows(business) if row.status == "pending"} == {0}


def _queue(business: Business, channel: Channel, count: int) -> None:
    """Automatic messages to so many other customers."""
    one = begin(business, channel, **{"from": "nadie"})
    with tenant_scope(business.tenant.id):
        template = Message.objects.filter(conversation=one).latest("id")
        conversations = Conversation.objects.bulk_create(
            Conversation(channel=channel, customer=one.customer, identity=one.identity) for _ in range(count)
        )
        messages = Message.objects.bulk_create(
            Message(
                conversation=each,
                episode=template.episode,
                kind="outbound",
                author_kind="system",
                text="auto",
            )
            for each in conversations
        )
        Delivery.objects.bulk_create(
            Delivery(message=each, channel=channel, priority=Delivery.Priority.AUTOMATIC) for each in messages
        )


def test_bells_of_people_and_machines_hang_in_different_queues(
    business: Business, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conversations import tasks

    assert (kit_tasks.QUEUES[tasks.deliver.name], kit_tasks.QUEUES[tasks.deliver_automatic.name]) == (
        "replies",
        "bulk",
    )
    answer(business, conversation, "hola")
    automatic(business, conversation)
    assert [row.priority for row in rows(business)] == [0, 1]


def test_what_stands_before_a_persons_answer_in_the_conversation_goes_as_fast(
    business: Business, channel: Channel, throttled: Vendor, conversation: Conversation
) -> None:
    automatic(business, begin(business, channel, **{"from": "beto"}), "otra")
    before = automatic(business, conversation, "antes")
    for row in rows(business):
        deliver(business.tenant.id, row.pk)
    assert throttled.calls == ["otra"]
    mine = answer(business, conversation, "después")
    deliver(business.tenant.id, mine)
    _other, urged, _mine = rows(business)
    assert (urged.pk, urged.priority) == (before, 0)
    assert urged.due_at <= timezone.now()
    for row in (before, mine):
        pass_time(business, channel, 10)
        make_due(business)
        deliver(business.tenant.id, row)
    assert throttled.calls == ["otra", "antes", "después"]


def test_the_vendors_429_silences_the_whole_channel_and_no_other(
    business: Business, channel: Channel, vendor: Vendor, conversation: Conversation
) -> None:
    vendor.answers = [ChannelError("Slowly", permanent=False, wait=300)]
    first = answer(business, conversation, "uno")
    second = answer(business, begin(business, channel, **{"from": "beto"}), "dos")
    elsewhere = answer(business, begin(business, open_channel(business), **{"from": "caro"}), "tres")
    start = timezone.now()
    for row in (first, second, elsewhere):
        deliver(business.tenant.id, row)
    assert vendor.calls == ["uno", "tres"]
    refused, waiting, _sent = rows(business)
    assert (refused.attempts, waiting.attempts) == (0, 0)
    assert (refused.reason, waiting.reason) == ("Slowly", actions.SLOWLY)
    assert waiting.due_at >= start + timedelta(seconds=300)
    with time_machine.travel(timezone.now() + timedelta(seconds=302)):
        make_due(business)
        for row in (first, second):
            deliver(business.tenant.id, row)
    assert vendor.calls[2:] == ["uno", "dos"]


def test_a_limit_of_the_pair_silences_one_customer_alone(
    business: Business, channel: Channel, vendor: Vendor, conversation: Conversation
) -> None:
    vendor.answers = [ChannelError("Too many to this person", permanent=False, wait=60, pair=True)]
    first = answer(business, conversation, "uno")
    next_one = answer(business, conversation, "uno más")
    other = answer(business, begin(business, channel, **{"from": "beto"}), "dos")
    for row in (first, next_one, other):
        deliver(business.tenant.id, row)
    assert vendor.calls == ["uno", "dos"]
    assert [row.status for row in rows(business)] == ["pending", "pending", "sent"]
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
    assert channel.paused_until is None


def test_the_pause_between_two_messages_to_the_same_customer_is_kept(
    business: Business, vendor: Vendor, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "capabilities", replace(vendor.capabilities, pair_pause=30), raising=False)
    first, second = answer(business, conversation, "uno"), answer(business, conversation, "dos")
    with time_machine.travel(timezone.now(), tick=False):
        deliver(business.tenant.id, first)
        make_due(business)
        deliver(business.tenant.id, second)
        assert rows(business)[1].due_at == timezone.now() + timedelta(seconds=30)
    assert vendor.calls == ["uno"]
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        deliver(business.tenant.id, second)
    assert vendor.calls == ["uno", "dos"]


def test_a_message_is_not_put_off_for_ever(
    business: Business, vendor: Vendor, conversation: Conversation
) -> None:
    row = answer(business, conversation, "uno")
    with tenant_scope(business.tenant.id):
        Delivery.objects.filter(pk=row).update(details={"throttled": actions.MAX_THROTTLED})
    vendor.answers = [ChannelError("Slowly", permanent=False, wait=1, code=429)]
    deliver(business.tenant.id, row)
    (failed,) = rows(business)
    assert (failed.status, failed.reason) == ("failed", actions.TOO_SLOW)
    assert failed.details == {"code": "429", "permanent": False}


def test_a_failure_keeps_what_would_help(
    business: Business, vendor: Vendor, conversation: Conversation
) -> None:
    vendor.answers = [ChannelError("Too late", permanent=True, category="window", code=131047)]
    deliver(business.tenant.id, answer(business, conversation, "uno"))
    assert rows(business)[0].details == {"category": "window", "code": "131047", "permanent": True}


def test_those_who_wait_come_back_one_after_the_other(
    business: Business, channel: Channel, throttled: Vendor
) -> None:
    _queue(business, channel, 30)
    for row in rows(business):
        deliver(business.tenant.id, row.pk)
    due = [row.due_at for row in rows(business) if row.status == "pending"]
    assert max(due) - min(due) > timedelta(seconds=30)
    assert max(due) < timezone.now() + timedelta(seconds=360)


@pytest.mark.django_db(transaction=True)
def test_without_valkey_messages_go_slowly_rather_than_not_at_all(
    business: Business,
    channel: Channel,
    throttled: Vendor,
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tenants.kit import bucket
    from tests.tenants.kit.test_bucket import Away

    monkeypatch.setattr(bucket, "_taker", Away)
    monkeypatch.setattr(bucket, "_LOCAL", bucket._Local())
    first = answer(business, conversation, "uno")
    second = answer(business, begin(business, channel, **{"from": "beto"}), "dos")
    for row in (first, second):
        deliver(business.tenant.id, row)
    assert throttled.calls == ["uno"]
    assert rows(business)[1].status == "pending"
    assert connection.in_atomic_block is False


def test_what_waits_is_discarded_and_brought_back(
    business: Business, channel: Channel, vendor: Vendor, conversation: Conversation
) -> None:
    vendor.answers = [ChannelError("Connect it again", permanent=False, channel_broken=True)]
    row = answer(business, conversation, "uno")
    deliver(business.tenant.id, row)
    with tenant_scope(business.tenant.id):
        delivery = Delivery.objects.get(pk=row)
        assert discard(delivery=delivery, by=business.actor()) is True
        assert discard(delivery=delivery, by=business.actor()) is False
        release(channel=channel)
    deliver(business.tenant.id, row)
    assert (vendor.calls, rows(business)[0].status) == (["uno"], "discarded")
    with tenant_scope(business.tenant.id):
        delivery.refresh_from_db()
        assert resend(delivery=delivery, by=business.actor()) is True
    deliver(business.tenant.id, row)
    assert (vendor.calls, rows(business)[0].status) == (["uno", "uno"], "sent")
    with tenant_scope(business.tenant.id):
        audited = AuditEvent.objects.filter(action__startswith="delivery.").order_by("id")
        assert [one.action for one in audited] == ["delivery.discarded", "delivery.resent"]


def test_all_that_waits_for_a_channel_is_discarded_and_brought_back(
    business: Business, channel: Channel, conversation: Conversation
) -> None:
    answer(business, conversation, "uno")
    answer(business, begin(business, channel, **{"from": "beto"}), "dos")
    with tenant_scope(business.tenant.id):
        at = discard_waiting(channel=channel, by=business.actor())
        assert at is not None
        assert [row.status for row in Delivery.objects.all()] == ["discarded"] * 2
        assert discard_waiting(channel=channel, by=business.actor()) is None
        assert restore_discarded(channel=channel, at=at, by=business.actor()) == 2
        assert [row.status for row in Delivery.objects.all()] == ["pending"] * 2
