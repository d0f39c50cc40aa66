"""What keeps a campaign in hand: a second person, the pace, the first slice, the brake, the clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations import gate
from conversations.actions import deliveries, statuses
from conversations.actions.campaigns import braking, freezing, running, steering, winning
from conversations.channels.base import InboundStatus
from conversations.left_out import CAPPED
from conversations.models import (
    Campaign,
    Channel,
    Conversation,
    Delivery,
    MessageTemplate,
    Notification,
    Recipient,
    Variant,
)
from crm.models import Purpose, Segment
from tenants.actors import Actor
from tenants.refusals import Refused
from tests.conversations.campaigns.test_sending import begun, states
from tests.factories.campaigns import (
    agree,
    make_audience,
    make_campaign,
    make_policy,
    make_template,
    put_in,
    schedule,
)
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

State = Campaign.State


def reread(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def went(campaign: Campaign, count: int, **fields: Any) -> None:
    """So many of its people got it."""
    rows = Recipient.objects.filter(campaign=campaign).order_by("id")[:count]
    Recipient.objects.filter(pk__in=rows).update(
        state=Recipient.State.SENT, sent_at=timezone.now() - timedelta(minutes=1), **fields
    )


def test_second_person_approves_what_the_first_asked_for(scope: Business) -> None:
    make_policy(needs_approval=True)
    segment, _people = make_audience(1)
    first, second = scope.actor(), scope.actor(scope.agent)
    campaign = steering.submit(campaign=make_campaign(segment), by=first)
    assert campaign.state == State.WAITING
    with pytest.raises(steering.NeedsAnother):
        steering.approve(campaign=campaign, by=first)
    assert steering.approve(campaign=campaign, by=second).state == State.SCHEDULED
    assert Variant.objects.get(campaign=campaign).version_id


def test_what_cannot_go_is_refused_with_a_sentence(scope: Business) -> None:
    make_policy()
    segment, _people = make_audience(1)
    empty = Segment.objects.create(name="Vacía", is_list=True)
    gone = Segment.objects.create(name="Ida", is_list=True, archived_at=timezone.now())
    for campaign in (
        make_campaign(empty),
        make_campaign(segment, exclude=[gone.pk]),
        make_campaign(segment, letters=0),
        make_campaign(segment, test="content"),
    ):
        with pytest.raises(Refused, match=r"\w+ \w+"):
            steering.submit(campaign=campaign, by=Actor.system())
        assert reread(campaign).state == State.DRAFT


def test_audience_that_became_empty_stops_it_before_anything_goes(scope: Business) -> None:
    make_policy()
    segment, _people = make_audience(1)
    campaign = schedule(make_campaign(segment))
    segment.members.all().delete()
    running.advance(scope.tenant.id)
    campaign = reread(campaign)
    assert (campaign.state, campaign.braked) == (State.PAUSED, Campaign.Braked.AUDIENCE)
    assert not Recipient.objects.exists()
    told = Notification.objects.filter(kind=Notification.Kind.CAMPAIGN)
    assert {one.membership_id for one in told} == {scope.owner.pk}
    assert all(one.mail_id for one in told)


def test_missed_start_asks_the_owner_first(scope: Business) -> None:
    make_policy()
    segment, _people = make_audience(1)
    campaign = schedule(make_campaign(segment))
    Campaign.objects.update(due_at=timezone.now() - timedelta(hours=2))
    running.advance(scope.tenant.id)
    assert reread(campaign).state == State.OVERDUE
    assert Notification.objects.get().data["why"] == "overdue"
    assert steering.start_overdue(campaign=campaign, by=Actor.system()).state == State.SCHEDULED


def test_first_slice_goes_before_the_others(scope: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing, "LEAST_FOR_CANARY", 10)
    campaign = begun(10)
    Recipient.objects.filter(campaign=campaign).update(is_canary=False)
    chosen = list(Recipient.objects.filter(campaign=campaign)[:3].values_list("pk", flat=True))
    Recipient.objects.filter(pk__in=chosen).update(is_canary=True)
    Campaign.objects.update(canary_passed_at=None)

    running.advance(scope.tenant.id)
    assert set(Recipient.objects.exclude(sent_at=None).values_list("pk", flat=True)) == set(chosen)
    Campaign.objects.update(due_at=timezone.now())
    running.advance(scope.tenant.id)
    assert states(campaign).count("waiting") == 7

    Recipient.objects.exclude(sent_at=None).update(sent_at=timezone.now() - braking.CANARY_WAIT)
    Campaign.objects.update(due_at=timezone.now())
    running.advance(scope.tenant.id)
    assert states(campaign) == ["sent"] * 10


@pytest.mark.parametrize("mark", ["opted_out_at", "complained_at", "bounced_at", "wished_at"])
def test_too_many_bad_signs_pull_the_brake(scope: Business, mark: str) -> None:
    campaign = begun(25)
    went(campaign, 24)
    bad = Recipient.objects.exclude(sent_at=None)[:4]
    Recipient.objects.filter(pk__in=bad).update(**{mark: timezone.now()})

    assert not running.advance(scope.tenant.id)

    campaign = reread(campaign)
    assert (campaign.state, states(campaign).count("waiting")) == (State.PAUSED, 1)
    assert (
        campaign.braked
        == {
            "opted_out_at": "opt_outs",
            "complained_at": "complaints",
            "bounced_at": "bounces",
            "wished_at": "wishes",
        }[mark]
    )
    assert Notification.objects.get().data["why"] == campaign.braked
    steering.resume(campaign=campaign, by=Actor.system())
    running.advance(scope.tenant.id)
    assert reread(campaign).state == State.DONE


def test_cap_holds_across_campaigns_at_the_start_and_at_each_turn(scope: Business) -> None:
    make_policy(cap_count=1)
    segment, _people = make_audience(2)
    first, second = make_campaign(segment), make_campaign(segment, name="Otra", letters=0)
    Variant.objects.create(campaign=second, letter="A", template=first.variants.get().template)
    for campaign in (first, second):
        schedule(campaign)
        running.look(campaign.pk)

    running.advance(scope.tenant.id)

    found = Recipient.objects.values_list("campaign__name", "state", "reason").distinct()
    ends = {name: (state, reason) for name, state, reason in found}
    assert len(found) == 2
    assert sorted(ends.values()) == [("left_out", CAPPED), ("sent", "")]
    third = make_campaign(segment, name="Tercera", letters=0)
    Variant.objects.create(campaign=third, letter="A", template=first.variants.get().template)
    schedule(third)
    running.look(third.pk)
    assert {one.reason for one in third.recipients.all()} == {CAPPED}
    people = Recipient.objects.values_list("customer_id", flat=True)
    assert gate.judge(people, purpose=Purpose.SERVICE, at=timezone.now()) == {}


def test_pace_is_kept_and_slows_with_the_queue(scope: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = begun(30, per_minute=60)
    policy = make_policy(busy_from=1)
    assert braking.pace_of(campaign, policy) == 60
    running.advance(scope.tenant.id)
    assert states(campaign).count("sent") == 10  # of ten seconds
    monkeypatch.setattr(braking, "_queue", lambda most: 5)
    assert braking.pace_of(campaign, policy) == braking.CRAWL


def test_variants_and_those_held_back_are_drawn_by_chance(scope: Business) -> None:
    campaign = begun(120, letters=2, test="content", test_percent=50, hold_out_percent=20)
    rows = Recipient.objects.filter(campaign=campaign)
    held = rows.filter(state="held_out").count()
    by_letter = {letter: rows.filter(state="waiting", variant__letter=letter).count() for letter in "AB"}
    rest = rows.filter(state="waiting", variant=None).count()
    assert held + sum(by_letter.values()) + rest == 120
    assert 5 < held < 50
    assert all(8 < count < 50 for count in by_letter.values())


def test_winner_is_told_by_a_test_and_the_rest_gets_it(scope: Business) -> None:
    assert winning.p_value([winning.Tried("A", 500, 100), winning.Tried("B", 500, 50)]) == pytest.approx(
        1.1e-5, rel=0.2
    )
    assert winning.p_value([winning.Tried("A", 100, 10), winning.Tried("B", 100, 9)]) > 0.5  # type: ignore[operator]
    campaign = begun(130, letters=2, test="content", test_percent=100)
    a, b = Variant.objects.filter(campaign=campaign).order_by("letter")
    ids = list(Recipient.objects.filter(campaign=campaign).values_list("pk", flat=True))
    rows = Recipient.objects.filter(campaign=campaign)
    earlier = timezone.now() - timedelta(minutes=70)
    rows.filter(pk__in=ids[:60]).update(variant=a, state="sent", sent_at=earlier, clicked_at=earlier)
    rows.filter(pk__in=ids[60:120]).update(variant=b, state="sent", sent_at=earlier)
    rows.filter(pk__in=ids[120:]).update(variant=None)

    winning.decide(campaign, timezone.now())

    assert campaign.winner == "A"
    assert campaign.won_by["clear"]
    assert {one.variant_id for one in rows.filter(pk__in=ids[120:])} == {a.pk}


def test_shared_telephone_is_written_to_once(scope: Business) -> None:
    # Two kinds of address may hold one number.
    make_policy()
    segment = Segment.objects.create(name="Números", is_list=True)
    one = make_customer("Uno", phone="+525512345678")
    two = make_customer("Dos", whatsapp="+525587654321")
    for person in (one, two):
        agree(person, "sms")
    two.identities.update(value=one.identities.get().value)
    put_in(segment, [one, two])
    channels = [make_sms()]
    campaign = make_campaign(segment, channels=channels, letters=0)
    Variant.objects.create(campaign=campaign, letter="A", template=sms_template())
    schedule(campaign)
    running.look(campaign.pk)
    assert sorted(campaign.recipients.values_list("state", "reason")) == [
        ("left_out", "same_address"),
        ("waiting", ""),
    ]


def make_sms() -> Channel:
    channel: Channel = Channel.objects.create(kind="sms", name="SMS", address="+15550001111")
    return channel


def sms_template() -> MessageTemplate:
    return make_template("Corto", sms={"es": {"text": "Hola {{ customer.first_name | default: 'amiga' }}"}})


def test_message_on_a_vendors_channel_goes_by_the_outbox_and_is_followed(scope: Business) -> None:
    make_policy()
    segment = Segment.objects.create(name="Números", is_list=True)
    person = make_customer("Uno", phone="+525512345678")
    agree(person, "sms")
    put_in(segment, [person])
    campaign = make_campaign(segment, channels=[make_sms()], letters=0)
    Variant.objects.create(campaign=campaign, letter="A", template=sms_template())
    schedule(campaign)

    running.advance(scope.tenant.id)
    running.advance(scope.tenant.id)

    delivery = Delivery.objects.get()
    assert (delivery.priority, delivery.purpose) == (Delivery.Priority.CAMPAIGN, "promotion")
    assert delivery.message.text == "Hola Uno"
    assert Conversation.objects.get().status == Conversation.Status.CLOSED
    row = campaign.recipients.get()
    assert (row.state, row.message_id) == ("sending", delivery.message_id)
    delivery.provider_id = "SM1"
    deliveries.finish(delivery, Delivery.Status.SENT, "")
    assert campaign.recipients.get().state == "sent"
    statuses.apply_status(channel=delivery.channel, item=InboundStatus("SM1", "failed", reason="No phone"))
    row = campaign.recipients.get()
    assert (row.state, row.reason, row.detail) == ("failed", "refused", "No phone")
    assert Conversation.objects.get().status == Conversation.Status.CLOSED


def test_first_slice_is_large_enough_for_the_brake_to_see(scope: Business) -> None:
    make_policy(canary_percent=5)
    segment, _people = make_audience(240)
    tests: list[dict[str, Any]] = [{}, {"letters": 2, "test": "content", "test_percent": 20}]
    for fields in tests:
        campaign = schedule(make_campaign(segment, **fields))
        running.look(campaign.pk)
        slice_ = Recipient.objects.filter(campaign=campaign, is_canary=True)
        assert freezing.LEAST_CANARY <= slice_.count() <= 40
        assert not slice_.filter(variant=None).exists()

        running.advance(scope.tenant.id)
        assert Recipient.objects.filter(campaign=campaign).exclude(sent_at=None).count() == slice_.count()
        bad = list(slice_.values_list("pk", flat=True)[:2])
        Recipient.objects.filter(pk__in=bad).update(complained_at=timezone.now())
        Campaign.objects.update(due_at=timezone.now())
        running.advance(scope.tenant.id)
        assert reread(campaign).braked == Campaign.Braked.COMPLAINTS
        steering.cancel(campaign=campaign, by=Actor.system())


def test_slice_smaller_than_the_brake_needs_is_judged_once_it_is_out(scope: Business) -> None:
    make_policy(canary_percent=5)
    segment, _people = make_audience(freezing.LEAST_FOR_CANARY)
    campaign = schedule(make_campaign(segment))
    running.look(campaign.pk)
    slice_ = Recipient.objects.filter(campaign=campaign, is_canary=True)
    kept = list(slice_.values_list("pk", flat=True)[: braking.LEAST - 5])
    slice_.exclude(pk__in=kept).update(state="left_out", due_at=None)  # they withdrew meanwhile
    slice_.filter(pk__in=kept[1:]).update(state="sent", sent_at=timezone.now())
    slice_.filter(pk__in=kept[1:3]).update(opted_out_at=timezone.now())
    assert not braking.reason(reread(campaign), gate.policy())
    slice_.filter(pk=kept[0]).update(state="sent", sent_at=timezone.now())
    assert braking.reason(reread(campaign), gate.policy()) == Campaign.Braked.OPT_OUTS


def test_campaign_that_was_left_alone_for_long_asks_before_it_goes_on(scope: Business) -> None:
    campaign, now = begun(3), timezone.now()
    long_ago = now - steering.OVERDUE_AFTER - timedelta(minutes=1)
    Campaign.objects.update(due_at=long_ago)
    Recipient.objects.update(due_at=now - timedelta(minutes=30))  # nobody's turn is long over
    assert running.look(campaign.pk)
    assert reread(campaign).due_at != long_ago  # somebody was there
    Recipient.objects.update(due_at=long_ago)
    assert running.look(campaign.pk)
    Campaign.objects.update(due_at=long_ago)

    assert not running.advance(scope.tenant.id)

    campaign = reread(campaign)
    assert (campaign.state, campaign.braked) == (State.PAUSED, Campaign.Braked.AWAY)
    assert states(campaign) == ["waiting"] * 3
    assert Notification.objects.get().data["why"] == "away"
    steering.resume(campaign=campaign, by=Actor.system())
    running.advance(scope.tenant.id)
    assert states(campaign) == ["sent"] * 3
