"""A backup was restored: what may have gone out since it was made goes out again by a person's word alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from conversations.actions import restored
from conversations.actions.campaigns import steering
from conversations.actions.confirmations import NotWaiting, send_confirmation_now, withdraw_confirmation
from conversations.actions.journeys import take_out
from conversations.channels.email import post
from conversations.models import (
    Campaign,
    Confirmation,
    Conversation,
    Delivery,
    Journey,
    JourneyPlace,
    Notification,
    Recipient,
    ScheduledReply,
)
from conversations.restored_tasks import take_pulse
from conversations.tasks import deliver
from tenants import pulse
from tenants.kit import valkey
from tenants.pulse import BY_ITSELF
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.campaigns import Sink
from tests.factories.conversations import make_message
from tests.factories.tenants import Business
from tests.factories.under_way import under_way, work_of


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Sink:
    found = Sink()

    @contextmanager
    def opened(account: object) -> Iterator[Sink]:
        yield found

    monkeypatch.setattr(post, "opened", opened)
    return found


def make_older() -> None:
    """The database is another one than its last heartbeat says, and nothing is left outside it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_pulse SET home = 'the one before'")
    valkey.client().flushdb()


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_nothing_goes_out_again_by_itself(
    business: Business, other: Business, sink: Sink, mailoutbox: list[Any]
) -> None:
    take_pulse()
    with tenant_scope(business.tenant.id):
        under_way(business)
    make_older()
    work_of(str(business.tenant.id))
    assert (sink.taken, mailoutbox) == ([], [])
    for _twice in range(2):
        take_pulse()
        work_of(str(business.tenant.id))
    call_command("restored", verbosity=0)
    work_of(str(business.tenant.id))
    assert (sink.taken, mailoutbox) == ([], [])
    with tenant_scope(business.tenant.id):
        assert set(Campaign.objects.values_list("state", "braked")) == {("paused", "restored")}
        assert Recipient.objects.waiting().count() == 3
        booked, reminder = Confirmation.objects.order_by("due_at")
        assert (booked.state, booked.is_held, reminder.state) == ("left_out", True, "waiting")
        assert JourneyPlace.objects.values_list("state", "reason", "due_at").get() == (
            "waiting",
            "restored",
            None,
        )
        assert Journey.objects.get().looked_at > timezone.now() - timedelta(hours=1)
        assert list(Delivery.objects.values_list("status", "reason")) == [("unknown", restored.MAY_HAVE_GONE)]
        assert ScheduledReply.objects.values_list("send_at", "reason").get() == (None, restored.MAY_HAVE_GONE)
        told = Notification.objects.filter(membership=business.owner)
        assert sorted(one.data["why"] for one in told) == ["held", "restored", "restored"]
        answer = make_message(Conversation.objects.earliest("id"), "¿Te sirve?", by=business.actor())
        [fresh] = answer.deliveries.values_list("pk", flat=True)
    with tenant_scope(other.tenant.id):
        assert not Notification.objects.exists()
    deliver(str(business.tenant.id), str(fresh))
    assert len(mailoutbox) == 1
    with tenant_scope(business.tenant.id):  # persons decide
        send_confirmation_now(confirmation=booked, by=business.actor())
        restored.go_on(place=JourneyPlace.objects.get(), by=business.actor())
        running_one, planned = Campaign.objects.order_by("id")
        steering.resume(campaign=running_one, by=business.actor())
        steering.cancel(campaign=planned, by=business.actor())
        with pytest.raises(restored.NotHeld):
            restored.go_on(place=JourneyPlace.objects.get(), by=business.actor())
    work_of(str(business.tenant.id))
    assert len(sink.taken) == 3
    assert len(mailoutbox) == 3


def test_persons_settle_what_was_held(scope: Business) -> None:
    under_way(scope)
    assert restored.hold_back() == {
        "campaigns": 2, "confirmations": 1, "journeys": 1, "messages": 1, "scheduled": 1,
    }  # fmt: skip
    assert restored.hold_back() == {}
    assert restored.send_held(by=scope.actor()) == 2
    assert restored.send_held(by=scope.actor()) == 0
    assert (Confirmation.objects.waiting().count(), JourneyPlace.objects.get().reason) == (2, "")
    restored.hold_back()
    assert restored.leave_out_held(by=scope.actor()) == 2
    assert restored.leave_out_held(by=scope.actor()) == 0
    assert Confirmation.objects.order_by("due_at").values_list("state", flat=True)[0] == "withdrawn"
    place = JourneyPlace.objects.get()
    assert (place.state, place.reason) == ("stopped", "restored")


def test_one_of_what_was_held_is_taken_back(scope: Business) -> None:
    under_way(scope)
    restored.hold_back()
    booked = Confirmation.objects.earliest("due_at")
    withdraw_confirmation(confirmation=booked, by=scope.actor())
    with pytest.raises(NotWaiting):
        send_confirmation_now(confirmation=booked, by=scope.actor())
    assert take_out(place=JourneyPlace.objects.get(), by=scope.actor()).state == "stopped"


def test_pages_show_and_settle_it(business: Business, owner_client: Client, stranger_client: Client) -> None:
    url = f"{business.base}confirmations/held/"
    assert "No hay nada retenido" in owner_client.get(url).content.decode()
    with tenant_scope(business.tenant.id):
        under_way(business)
        restored.hold_back()
        place, booked = JourneyPlace.objects.get(), Confirmation.objects.earliest("due_at")
    page = owner_client.get(url).content.decode()
    for words in (
        "Mañana",
        "Ana Flores",
        "Confirmaciones: 1",
        "En camino en recorridos: 1",
        "si llegaron: 1",
    ):
        assert words in page
    day = timezone.localtime(booked.due_at, business.tenant.zone).date()
    listed = owner_client.get(f"{business.base}confirmations/?day={day}").content.decode()
    assert f"{booked.pk}/sending/" in listed
    going_on = f"journeys/{place.journey_id}/people/{place.pk}/going-on/"
    people = owner_client.get(f"{business.base}journeys/{place.journey_id}/people/").content.decode()
    assert going_on in people
    assert stranger_client.get(url).status_code == 404
    for _twice in range(2):
        assert owner_client.post(business.base + going_on).status_code == 302
    for act in ("sending/", "withdrawal/"):
        assert stranger_client.post(url + act).status_code == 404
        assert owner_client.post(url + act).status_code == 302
    with tenant_scope(business.tenant.id):
        assert not Confirmation.objects.filter(reason="restored").exists()
    pulse.is_held(BY_ITSELF)
    assert "nada se envía solo" not in owner_client.get(url).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert pulse.is_held(BY_ITSELF)
    for place in ("campaigns/", "confirmations/", "journeys/"):
        page = owner_client.get(business.base + place).content.decode()
        assert "Ahora nada se envía solo." in page


def test_api_shows_and_settles_it(business: Business, other: Business) -> None:
    api, writer = Api(key_for(business)), Api(key_for(business, ["campaigns:read", "campaigns:write"]))
    with tenant_scope(business.tenant.id):
        under_way(business)
        restored.hold_back()
        place = JourneyPlace.objects.get()
    held = {"confirmations": 1, "journeys": 1, "campaigns": 2, "messages": 1}
    assert writer.get("held-messages/").json() == held
    assert Api(key_for(other)).get("held-messages/").json() == dict.fromkeys(held, 0)
    assert writer.post("held-messages/sending/").status_code == 403
    going_on = f"journeys/{place.journey_id}/places/{place.pk}/going-on/"
    assert Api(key_for(other)).post(going_on).status_code == 404
    assert api.post(going_on).json()["reason"] == ""
    assert api.post(going_on).status_code == 409
    left = held | {"confirmations": 0, "journeys": 0}
    assert api.post("held-messages/sending/").json() == left
    with tenant_scope(business.tenant.id):
        assert Confirmation.objects.waiting().count() == 2
        restored.hold_back()
    assert writer.post("held-messages/withdrawal/").json() == left
    with tenant_scope(business.tenant.id):
        assert JourneyPlace.objects.get().state == "stopped"


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_a_database_that_is_none_is_left_alone(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        under_way(business)
    for _twice in range(2):
        take_pulse()
        assert restored.look() is None
    assert pulse.held() is None
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.live().count() == 2
