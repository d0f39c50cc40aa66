"""A campaign's messages that lie in the outbox: each is asked about once more, and nobody gets it twice."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import outbox
from conversations.actions.campaigns import running, settling, steering, underway
from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.channels.base import ChannelError
from conversations.channels.sms.adapter import SmsAdapter
from conversations.models import Campaign, Channel, Conversation, Delivery, Recipient, Variant
from crm.models import Case, Consent, Segment
from tenants.actors import Actor
from tenants.kit import valkey
from tests.conversations.campaigns.test_sending import states
from tests.conversations.campaigns.test_steering import make_sms, reread, sms_template
from tests.factories.campaigns import agree, make_campaign, make_policy, put_in, schedule
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


class Texts:
    """What the vendor of SMS took, by number; `answers` are what it says to the next ones instead."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.answers: list[Exception] = []


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    found = Texts()

    def prepare(_self: Any, delivery: Delivery) -> str:
        identity = delivery.message.conversation.identity
        assert identity is not None
        return identity.value

    def send(_self: Any, number: str) -> str:
        if found.answers:
            raise found.answers.pop(0)
        found.taken[number] += 1
        return f"SM{found.taken.total()}"

    monkeypatch.setattr(SmsAdapter, "prepare", prepare)
    monkeypatch.setattr(SmsAdapter, "send", send)
    return found


def texted(count: int = 3, *, timezone: str = "", **fields: Any) -> Campaign:
    """A campaign by SMS, all of its messages in the outbox."""
    make_policy(**fields)
    segment = Segment.objects.create(name="Números", is_list=True)
    people = [make_customer(f"N{n}", phone=f"+52331234560{n}", timezone=timezone) for n in range(count)]
    for one in people:
        agree(one, "sms")
    put_in(segment, people)
    campaign = make_campaign(segment, channels=[make_sms()], letters=0)
    Variant.objects.create(campaign=campaign, letter="A", template=sms_template())
    schedule(campaign)
    running.advance(campaign.tenant_id)
    assert Delivery.objects.filter(status="pending").count() == count
    return campaign


def deliver_all(campaign: Campaign) -> None:
    """What a worker does with all that is due."""
    for pk in list(Delivery.objects.due().order_by("id").values_list("pk", flat=True)):
        valkey.client().flushdb()  # the channel has room
        deliver(campaign.tenant_id, pk)


def go_on(campaign: Campaign) -> None:
    """The campaign's next slice, and what is in the outbox then."""
    Campaign.objects.filter(pk=campaign.pk, state="sending").update(due_at=timezone.now())
    running.advance(campaign.tenant_id)
    deliver_all(campaign)


def reasons(campaign: Campaign) -> list[tuple[str, str]]:
    rows = Recipient.objects.filter(campaign=campaign).order_by("address")
    return list(rows.values_list("state", "reason"))


def test_what_lies_in_the_outbox_of_a_paused_campaign_waits_and_goes_once(
    scope: Business, texts: Texts
) -> None:
    campaign = texted()
    steering.pause(campaign=campaign, by=Actor.system())
    deliver_all(campaign)
    assert (texts.taken.total(), states(campaign)) == (0, ["waiting"] * 3)
    assert {one.reason for one in Delivery.objects.all()} == {underway.PAUSED}

    steering.resume(campaign=campaign, by=Actor.system())
    for _again in range(2):
        go_on(campaign)

    assert (sorted(texts.taken.values()), states(campaign)) == ([1, 1, 1], ["sent"] * 3)
    assert (Delivery.objects.count(), reread(campaign).state) == (3, Campaign.State.DONE)


def test_what_lies_in_the_outbox_of_a_cancelled_campaign_is_left_out(scope: Business, texts: Texts) -> None:
    campaign = texted()
    steering.cancel(campaign=campaign, by=Actor.system())
    deliver_all(campaign)
    assert (texts.taken.total(), reasons(campaign)) == (0, [("left_out", "cancelled")] * 3)


def test_person_may_send_what_was_taken_back_and_the_campaign_does_not_again(
    scope: Business, texts: Texts
) -> None:
    campaign = texted(2)
    steering.pause(campaign=campaign, by=Actor.system())
    deliver_all(campaign)
    first, _second = Delivery.objects.order_by("id")
    assert outbox.resend(delivery=first, by=scope.actor())
    deliver_all(campaign)
    assert states(campaign) == ["sent", "waiting"]
    steering.resume(campaign=campaign, by=Actor.system())
    go_on(campaign)
    assert sorted(texts.taken.values()) == [1, 1]


def test_nobody_is_woken_by_what_lay_in_the_outbox_since_the_day(scope: Business, texts: Texts) -> None:
    zone = ZoneInfo("America/Tijuana")
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=zone), tick=False):
        campaign = texted(1, timezone=zone.key, quiet_from="20:00", quiet_until="09:00")
    with time_machine.travel(datetime(2026, 11, 25, 2, tzinfo=zone), tick=False):
        deliver_all(campaign)
        row = Recipient.objects.get()
        assert (texts.taken.total(), row.state) == (0, "waiting")
        assert row.due_at == datetime(2026, 11, 25, 9, tzinfo=zone)
        go_on(campaign)
        assert texts.taken.total() == 0
    with time_machine.travel(datetime(2026, 11, 25, 9, 1, tzinfo=zone), tick=False):
        go_on(campaign)
    assert (list(texts.taken.values()), states(campaign)) == ([1], ["sent"])


def test_answer_of_a_person_passes_what_waits_for_the_morning(scope: Business, texts: Texts) -> None:
    zone = ZoneInfo("America/Mexico_City")
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=zone), tick=False):
        campaign = texted(1, timezone=zone.key, quiet_from="20:00", quiet_until="09:00")
    with time_machine.travel(datetime(2026, 11, 24, 22, tzinfo=zone), tick=False):
        answer = send_reply(conversation=Conversation.objects.get(), text="Sí, hay", by=scope.actor())
        for _again in range(2):
            deliver_all(campaign)
        assert Delivery.objects.get(message=answer).status == "sent"
        assert (texts.taken.total(), states(campaign)) == (1, ["waiting"])


def complain(row: Recipient) -> None:
    Case.objects.create(customer=row.customer, kind="complaint", subject="Rota", opened_at=timezone.now())


def withdraw(row: Recipient) -> None:
    Consent.objects.filter(customer=row.customer).update(state=Consent.State.WITHDRAWN)


@pytest.mark.parametrize(("happens", "reason"), [(complain, "complaint_open"), (withdraw, "withdrawn")])
def test_who_may_not_be_written_to_any_more_is_left_out_with_the_reason(
    scope: Business, texts: Texts, happens: Callable[[Recipient], None], reason: str
) -> None:
    campaign = texted(2)
    happens(Recipient.objects.order_by("address")[0])
    deliver_all(campaign)
    assert reasons(campaign) == [("left_out", reason), ("sent", "")]


def test_hurried_message_of_a_campaign_does_not_count_against_itself(scope: Business, texts: Texts) -> None:
    campaign = texted(1, cap_count=1)
    answer = send_reply(conversation=Conversation.objects.get(), text="Sí, hay", by=scope.actor())
    deliver(campaign.tenant_id, Delivery.objects.get(message=answer).pk)
    assert set(Delivery.objects.values_list("priority", flat=True)) == {Delivery.Priority.PERSON}
    for _again in range(2):
        deliver_all(campaign)
    assert (texts.taken.total(), reasons(campaign)) == (2, [("sent", "")])


def test_rules_that_leave_no_hour_hold_it(scope: Business, texts: Texts) -> None:
    campaign = texted(1)
    make_policy(weekdays=[])
    deliver_all(campaign)
    assert (texts.taken.total(), states(campaign)) == (0, ["waiting"])
    make_policy()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        go_on(campaign)
    assert states(campaign) == ["sent"]


# --- whatever becomes of it, his line says it ---


def test_message_that_a_person_sends_again_is_followed(scope: Business, texts: Texts) -> None:
    campaign = texted(1)
    texts.answers = [ChannelError("Not now", permanent=True)]
    deliver_all(campaign)
    assert reasons(campaign) == [("failed", "refused")]
    assert outbox.resend(delivery=Delivery.objects.get(), by=scope.actor())
    assert states(campaign) == ["sending"]
    deliver_all(campaign)
    assert (states(campaign), texts.taken.total()) == (["sent"], 1)


def test_what_is_discarded_at_once_and_brought_back_is_followed(scope: Business, texts: Texts) -> None:
    campaign = texted(2)
    channel = Channel.objects.get(kind="sms")
    at = outbox.discard_waiting(channel=channel, by=scope.actor())
    assert at
    assert reasons(campaign) == [("left_out", "by_hand")] * 2
    go_on(campaign)
    assert reread(campaign).state == Campaign.State.DONE
    assert outbox.restore_discarded(channel=channel, at=at, by=scope.actor()) == 2
    assert states(campaign) == ["sending"] * 2
    deliver_all(campaign)
    assert (states(campaign), texts.taken.total()) == (["sent"] * 2, 2)


def test_one_that_a_person_discards_and_sends_after_all_is_followed(scope: Business, texts: Texts) -> None:
    campaign = texted(1)
    delivery = Delivery.objects.get()
    assert outbox.discard(delivery=delivery, by=scope.actor())
    assert reasons(campaign) == [("left_out", "by_hand")]
    assert outbox.resend(delivery=delivery, by=scope.actor())
    deliver_all(campaign)
    assert states(campaign) == ["sent"]


@pytest.mark.parametrize("arrived", [True, False])
def test_person_settles_the_unknown_of_vendors(scope: Business, texts: Texts, arrived: bool) -> None:
    campaign = texted(2)
    texts.answers = [RuntimeError("the answer was lost")]
    deliver_all(campaign)
    assert states(campaign) == ["sent", "unknown"]

    assert settling.settle(campaign=campaign, by=Actor.system(), arrived=arrived) == 1
    go_on(campaign)
    go_on(campaign)

    assert states(campaign) == (["delivered", "sent"] if arrived else ["sent", "sent"])
    assert texts.taken.total() == (1 if arrived else 2)
    assert reread(campaign).state == Campaign.State.DONE
    assert settling.settle(campaign=campaign, by=Actor.system(), arrived=arrived) == 0


def test_outbox_holds_no_more_than_the_channel_takes_soon(
    scope: Business, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = texted(3)
    channel = Channel.objects.get(kind="sms")
    monkeypatch.setattr(underway, "AHEAD", 0.3)  # three messages
    assert underway.full(campaign, [channel]) == [channel.pk]
    late = make_customer("Tarde", phone="+523312345699")
    Recipient.objects.create(
        campaign=campaign, customer=late, variant=campaign.variants.get(), channel=channel,
        address="+523312345699", language="es", due_at=timezone.now(),
    )  # fmt: skip
    agree(late, "sms")
    Campaign.objects.update(due_at=timezone.now())
    running.advance(campaign.tenant_id)
    assert states(campaign) == ["sending"] * 3 + ["waiting"]
    deliver_all(campaign)
    go_on(campaign)
    assert states(campaign) == ["sent"] * 4
