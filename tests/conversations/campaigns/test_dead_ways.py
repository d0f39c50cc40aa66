"""A way that dies in mid-campaign: people are told once, nobody is skipped and nobody is unknown."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.utils import timezone

from conversations.actions.campaigns import claiming, freezing, running, sending, steering
from conversations.models import Campaign, Channel, Notification, Recipient
from tenants.actors import Actor
from tests.conversations.actions.test_mail_out import Post, smtp_at
from tests.conversations.campaigns.test_sending import begun, states
from tests.conversations.campaigns.test_steering import reread
from tests.factories.campaigns import Sink, make_policy
from tests.factories.tenants import Business

SOMEBODY = "clientas1@correo.example"


def look_again(campaign: Campaign) -> Campaign:
    """What a worker does when its time has come again."""
    Campaign.objects.filter(pk=campaign.pk, state="sending").update(due_at=timezone.now())
    running.advance(campaign.tenant_id)
    return reread(campaign)


def stopped_by_its_channel(campaign: Campaign, count: int) -> None:
    assert (campaign.state, campaign.braked) == (Campaign.State.PAUSED, Campaign.Braked.CHANNEL)
    assert states(campaign) == ["waiting"] * count
    assert [one.data["why"] for one in Notification.objects.all()] == ["channel"]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"problem": "The password is wrong."}])
def test_channel_that_dies_stops_the_campaign_and_nobody_is_skipped(
    scope: Business, sink: Sink, fields: dict[str, Any]
) -> None:
    campaign = begun(3)
    Channel.objects.update(**fields)

    for _again in range(2):
        running.advance(scope.tenant.id)

    stopped_by_its_channel(reread(campaign), 3)
    with pytest.raises(freezing.CannotFreeze):
        steering.resume(campaign=campaign, by=Actor.system())
    Channel.objects.update(is_active=True, problem="")
    steering.resume(campaign=campaign, by=Actor.system())
    running.advance(scope.tenant.id)
    assert states(campaign) == ["sent"] * 3


def test_channel_that_dies_between_two_batches_leaves_nobody_out(scope: Business) -> None:
    campaign = begun(2)
    Channel.objects.update(is_active=False)
    assert claiming.claim(campaign, count=10, at=timezone.now()) is None
    assert states(campaign) == ["waiting"] * 2


def test_dead_channel_that_nobody_waits_for_stops_nothing(scope: Business, sink: Sink) -> None:
    campaign = begun(2)
    other = Channel.objects.create(kind="sms", name="SMS", address="+15550001111", is_active=False)
    Campaign.objects.update(channels=[*campaign.channels, other.pk])
    running.advance(scope.tenant.id)
    assert states(campaign) == ["sent"] * 2


def test_mail_server_that_is_gone_for_long_stops_the_campaign_and_is_told_once(scope: Business) -> None:
    campaign, began = begun(2), timezone.now()
    with smtp_at(_nobody_at()):
        campaign = look_again(campaign)
        assert campaign.state == Campaign.State.SENDING
        assert campaign.due_at
        assert campaign.due_at >= began + sending.UNREACHABLE_WAIT
        with time_machine.travel(began + timedelta(minutes=10)):
            assert look_again(campaign).state == Campaign.State.SENDING
        with time_machine.travel(began + timedelta(minutes=16)):
            for _again in range(2):
                campaign = look_again(campaign)
            stopped_by_its_channel(campaign, 2)
            steering.resume(campaign=campaign, by=Actor.system())
            assert look_again(campaign).state == Campaign.State.SENDING  # it has as long again


def test_mail_server_that_is_back_is_not_held_against_it(scope: Business, sink: Sink) -> None:
    campaign = begun(2)
    long_ago = timezone.now() - timedelta(days=1)
    Campaign.objects.update(unreachable_since=long_ago)
    campaign = look_again(campaign)
    assert (campaign.unreachable_since, states(campaign)) == (None, ["sent"] * 2)


def _nobody_at() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Leaving(Post):
    """A mail server that says good-bye to whoever is named, once or always."""

    def __init__(self, *, always: bool) -> None:
        super().__init__()
        self.always, self.leaves = always, {SOMEBODY}

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.always or address in self.leaves:
            self.leaves.discard(address)
            return "421 4.3.2 Closing the connection"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def leaving(*, always: bool = False) -> Iterator[Leaving]:
    handler, port = Leaving(always=always), _nobody_at()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    with smtp_at(port):
        yield handler
    controller.stop()


def test_mail_server_that_says_good_bye_makes_nobody_unknown(scope: Business) -> None:
    campaign = begun(4)
    with leaving() as server:
        running.advance(scope.tenant.id)
    assert (states(campaign), len(server.taken)) == (["sent"] * 3 + ["waiting"], 3)
    refused = Recipient.objects.get(state="waiting")
    assert (refused.address, refused.attempts) == (SOMEBODY, 1)


def test_mail_server_that_only_says_good_bye_is_tried_again_in_a_minute(scope: Business) -> None:
    campaign = begun(4)
    with leaving(always=True):
        running.advance(scope.tenant.id)
    campaign = reread(campaign)
    assert states(campaign) == ["waiting"] * 4
    assert sum(Recipient.objects.values_list("attempts", flat=True)) == 1
    assert campaign.due_at
    assert campaign.due_at > timezone.now() + sending.UNREACHABLE_WAIT / 2


def test_rules_that_leave_no_hour_stop_the_campaign(scope: Business, sink: Sink) -> None:
    campaign = begun(2)
    make_policy(weekdays=[])
    campaign = look_again(campaign)
    assert (campaign.state, campaign.braked) == (Campaign.State.PAUSED, Campaign.Braked.HOURS)
    assert states(campaign) == ["waiting"] * 2
    make_policy()
    steering.resume(campaign=campaign, by=Actor.system())
    running.advance(scope.tenant.id)
    assert states(campaign) == ["sent"] * 2
