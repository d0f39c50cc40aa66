"""One burst: parallel calls of a new sender make one customer and one conversation, in the vendor's order."""

from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

import pytest

from conversations.actions.messages import receive, send_reply
from conversations.channels.base import InboundMessage
from conversations.models import Channel, Conversation, Message
from conversations.order import BURST, first_id_at, moment_of
from conversations.thread_queries import messages_after
from crm.models import Customer
from tenants.scoping import tenant_scope, uuid7
from tests.conversations.actions.vendor import post, says
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business
from tests.tenants.together import together

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def written(number: int, *, sender: str = "ana") -> InboundMessage:
    """The message with this number, a second after the one before by the vendor's clock."""
    return InboundMessage(
        provider_id=f"m{number}",
        identity_kind="telegram",
        identity=sender,
        text=str(number),
        provider_at=NOON + timedelta(seconds=number),
    )


def texts() -> list[str]:
    return list(Message.objects.filter(kind="inbound").in_order().values_list("text", flat=True))


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_a_burst_is_read_in_the_vendors_order(
    business: Business, channel: Channel, seed: int
) -> None:
    numbers = list(range(20))
    Random(seed).shuffle(numbers)
    with tenant_scope(business.tenant.id):
        for number in numbers:
            receive(channel=channel, item=written(number))
        assert texts() == [str(number) for number in range(20)]
        conversation = Conversation.objects.get()
        assert (conversation.preview, Customer.objects.count()) == ("19", 1)


def test_what_was_answered_meanwhile_is_not_slipped_under_the_answer(
    business: Business, channel: Channel
) -> None:
    with tenant_scope(business.tenant.id):
        first = receive(channel=channel, item=written(2))
        send_reply(conversation=first.conversation, text="¿Sí?", by=business.actor())
        receive(channel=channel, item=written(1))
        assert list(Message.objects.exclude(kind="event").in_order().values_list("text", flat=True)) == [
            "2",
            "¿Sí?",
            "1",
        ]


def test_an_open_page_is_told_of_a_message_that_stands_before_its_last(
    business: Business, channel: Channel
) -> None:
    with tenant_scope(business.tenant.id):
        last = receive(channel=channel, item=written(2))
        receive(channel=channel, item=written(1))
        news = messages_after(last.conversation, last.pk, [])
        assert "1" in [message.text for message in news]


@pytest.mark.django_db(transaction=True)
def test_parallel_calls_of_a_new_sender_are_one_conversation(business: Business, channel: Channel) -> None:
    bodies = [says(str(n), f"m{n}", at=(NOON + timedelta(seconds=n)).isoformat()) for n in range(20)]
    Random(7).shuffle(bodies)
    calls = [partial(post, business, channel, body) for body in bodies]
    assert len(set(together(*calls))) == 20
    assert together(*[partial(read_everything, business)] * 4) == ["None"] * 4
    with tenant_scope(business.tenant.id):
        assert (Customer.objects.count(), Conversation.objects.count()) == (1, 1)
        assert texts() == [str(number) for number in range(20)]
        clocks = Message.objects.filter(kind="inbound").in_order().values_list("provider_at", flat=True)
        assert list(clocks) == [NOON + timedelta(seconds=number) for number in range(20)]


def test_ids_tell_their_moment() -> None:
    moment = datetime(2026, 11, 21, 9, 30, 0, 123_000, tzinfo=UTC)
    assert moment_of(first_id_at(moment)) == moment
    assert first_id_at(moment) < first_id_at(moment + timedelta(milliseconds=1))
    assert moment_of(uuid7()) > datetime(2026, 1, 1, tzinfo=UTC) + BURST
    assert moment_of(UUID(int=2**128 - 1)).year == 9999
