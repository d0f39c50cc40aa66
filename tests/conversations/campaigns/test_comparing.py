"""Tests of hours and channels: what the rest gets once a letter has won."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from conversations.actions.campaigns import running
from conversations.models import Campaign, Delivery, Recipient, Variant
from crm.models import Consent, Customer, Identity
from tests.conversations.campaigns.test_steering import make_sms
from tests.factories.campaigns import (
    NOON,
    agree,
    make_audience,
    make_campaign,
    make_policy,
    make_template,
    schedule,
)
from tests.factories.conversations import make_channel
from tests.factories.tenants import Business

State = Recipient.State
Clock = time_machine.Traveller


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOON, tick=False) as found:
        yield found


def goes_on(campaign: Campaign, clock: Clock, to: datetime) -> None:
    """What a worker does at a moment, twice. The database's own clock cannot be set."""
    clock.move_to(to)
    for _twice in range(2):
        Campaign.objects.filter(pk=campaign.pk).update(due_at=to)
        before = list(Recipient.objects.exclude(sent_at=None).values_list("pk", flat=True))
        running.advance(campaign.tenant_id)
        Recipient.objects.exclude(sent_at=None).exclude(pk__in=before).update(sent_at=to)
    campaign.refresh_from_db()


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A moment of the campaign's day on the business's clock, or of one after it."""
    return NOON.replace(hour=hour, minute=minute) + timedelta(days=days)


def sent(campaign: Campaign) -> int:
    return Recipient.objects.filter(campaign=campaign, state=State.SENT).count()


def of_hours() -> Campaign:
    """A test of one o'clock and six o'clock, begun at noon: of thirty-five, of whom ten live in Tijuana."""
    make_policy(quiet_from="20:00", quiet_until="09:00")
    segment, people = make_audience(35)
    Customer.objects.filter(pk__in=[one.pk for one in people[:10]]).update(timezone="America/Tijuana")
    campaign = make_campaign(segment, letters=2, test="hour", test_percent=60, starts_at=NOON)
    for letter, hour in (("A", 13), ("B", 18)):
        Variant.objects.filter(campaign=campaign, letter=letter).update(hour=time(hour))
    return schedule(campaign)


def test_rest_gets_it_at_the_hour_that_won_where_each_lives(scope: Business, clock: Clock) -> None:
    campaign = of_hours()
    goes_on(campaign, clock, NOON)
    tested = Recipient.objects.filter(campaign=campaign, variant__isnull=False).count()
    goes_on(campaign, clock, at(15, 5))  # one o'clock in Tijuana
    early = Recipient.objects.filter(campaign=campaign, variant__letter="A")
    assert {one.state for one in early} == {State.SENT}
    early.update(opened_at=timezone.now())
    assert sent(campaign) == early.count()
    goes_on(campaign, clock, at(19, 59))  # four hours after the first, but six o'clock is still to come there
    assert not campaign.winner
    goes_on(campaign, clock, at(20, 5))
    assert (sent(campaign), campaign.winner) == (tested, "")

    goes_on(campaign, clock, at(0, 10, days=1))

    assert campaign.winner == "A"
    assert sent(campaign) == tested
    rest = Recipient.objects.waiting().filter(campaign=campaign).select_related("customer", "variant")
    assert len(rest) == 35 - tested
    for one in rest:
        assert one.variant.letter == "A"
        assert one.due_at == at(13 + 2 * bool(one.customer.timezone), days=1)
    goes_on(campaign, clock, at(12, 59, days=1))
    assert sent(campaign) == tested
    goes_on(campaign, clock, at(15, 1, days=1))
    assert sent(campaign) == 35
    assert campaign.state == Campaign.State.DONE


def test_hour_that_has_passed_or_is_closed_is_tried_on_the_next_day_that_allows_it(
    scope: Business, clock: Clock
) -> None:
    clock.move_to(at(14))  # a Tuesday; offers only on Tuesdays and Fridays
    make_policy(quiet_from="20:00", quiet_until="09:00", weekdays=[1, 4])
    segment, _people = make_audience(12)
    campaign = make_campaign(segment, letters=2, test="hour", test_percent=100)
    for letter, hour in (("A", 10), ("B", 17)):
        Variant.objects.filter(campaign=campaign, letter=letter).update(hour=time(hour))
    schedule(campaign)
    running.look(campaign.pk)
    dues = set(Recipient.objects.filter(campaign=campaign).values_list("variant__letter", "due_at"))
    assert dues <= {("A", at(10, days=3)), ("B", at(17))}
    make_policy(quiet_from="08:00", quiet_until="21:00", weekdays=[1, 4])  # neither hour is ever allowed
    again = make_campaign(segment, letters=2, test="hour", test_percent=100)
    Variant.objects.filter(campaign=again).update(hour=time(10))
    schedule(again)
    Campaign.objects.filter(pk=again.pk).update(due_at=timezone.now())
    running.look(again.pk)
    assert {one.due_at for one in Recipient.objects.filter(campaign=again)} == {at(0, days=3)}


def test_test_whose_people_all_fell_away_gives_the_rest_the_first_letter(
    scope: Business, clock: Clock
) -> None:
    make_policy()
    segment, _people = make_audience(3)
    campaign = schedule(make_campaign(segment, letters=2, test="content", test_percent=0))
    goes_on(campaign, clock, NOON + timedelta(minutes=1))
    assert (campaign.winner, campaign.state, sent(campaign)) == ("A", Campaign.State.DONE, 3)


def of_channels() -> tuple[Campaign, list[Customer]]:
    """A test of mail and SMS with forty people, some of whom an SMS may not reach."""
    make_policy()
    segment, people = make_audience(40)
    numbers = {
        one.pk: f"+5233{10_000_000 + n}" for n, one in enumerate(people) if n >= 5
    }  # the first five have no telephone
    numbers[people[6].pk] = numbers[people[5].pk]  # two have one together
    Identity.objects.bulk_create(
        Identity(customer_id=pk, kind="phone", value=number)
        for pk, number in numbers.items()
        if pk != people[6].pk
    )
    Identity.objects.create(customer=people[6], kind="whatsapp", value=numbers[people[6].pk])
    for one in people[:35]:
        agree(one, "sms")  # the last five never agreed
    mail, sms = make_channel(), make_sms()
    template = make_template("Las dos", sms={"es": {"text": "Hola, la revisión está a mitad de precio."}})
    campaign = make_campaign(segment, channels=[mail, sms], letters=0, test="channel", test_percent=50)
    Variant.objects.create(campaign=campaign, letter="A", template=template, channel=mail)
    Variant.objects.create(campaign=campaign, letter="B", template=template, channel=sms)
    return schedule(campaign), people


def test_rest_gets_it_on_the_channel_that_won_where_it_may(scope: Business, clock: Clock) -> None:
    campaign, people = of_channels()
    goes_on(campaign, clock, NOON + timedelta(minutes=1))
    tested = Recipient.objects.filter(campaign=campaign, variant__isnull=False)
    tested.update(state=State.SENT, sent_at=timezone.now())
    tested.filter(variant__letter="B").update(replied_at=timezone.now())
    mine = [one.customer_id for one in tested]
    went_to = set(tested.values_list("address", flat=True))
    waiting = Recipient.objects.waiting().filter(campaign=campaign)
    assert {one.channel.kind for one in waiting.select_related("channel")} == {"email"}
    Consent.objects.filter(customer=people[30], medium="sms").update(state="withdrawn")

    goes_on(campaign, clock, NOON + timedelta(hours=5))

    assert campaign.winner == "B"
    rest = {
        one.customer_id: one
        for one in Recipient.objects.filter(campaign=campaign, variant__letter="B")
        .exclude(customer__in=mine)
        .select_related("channel")
    }
    by_mail = {one.pk for one in (*people[:5], people[30], *people[35:])}
    assert set(rest) == {one.pk for one in people} - set(mine)
    shared = {people[5].pk, people[6].pk}
    for pk, one in rest.items():
        if pk not in shared:
            assert one.channel.kind == ("email" if pk in by_mail else "sms"), people
            assert one.state == (State.SENT if pk in by_mail else State.SENDING)
            assert ("@" in one.address) == (pk in by_mail)
    addresses = [one.address for one in rest.values()]
    assert len(set(addresses) | went_to) == 40
    assert Delivery.objects.filter(channel__kind="sms").exists()
