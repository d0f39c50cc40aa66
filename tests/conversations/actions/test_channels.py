"""Opening, trying and closing channels: a worker asks the vendor, and only what it proves opens doors."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django import forms
from django.test import Client
from django.utils import timezone

from conversations.actions import channels as actions
from conversations.actions.channels import check, create_channel, delete_channel, update_channel
from conversations.channels.base import ChannelError
from conversations.channels.connection import Address, Checked, Connection, ConnectionForm, Copied, Finding
from conversations.models import Channel
from conversations.tasks import check_channels
from tenants import doors
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.conversations.actions.vendor import Vendor
from tests.factories.tenants import Business

ENDS = datetime(2026, 12, 24, 12, tzinfo=UTC)


class VendorForm(ConnectionForm):
    secret_fields = ("token",)

    number = forms.CharField(max_length=10)
    token = forms.CharField(max_length=20)


class VendorConnection(Connection):
    """Answers as `says` tells it."""

    form = VendorForm
    steps = ("First do this.",)

    def __init__(self) -> None:
        self.says: Checked | Exception = Checked([Finding("The number", True, "Works")], address="+52 33")
        self.asked: list[dict[str, Any]] = []

    def made(self) -> dict[str, str]:
        return {"verify_token": "hecho-aqui"}

    def addresses(self, channel: Channel) -> Collection[Address]:
        return [Address("vendor", str(channel.settings.get("number")))]

    def copied(self, channel: Channel) -> list[Copied]:
        return [Copied("Verify token", channel.secrets["verify_token"])]

    def check(self, channel: Channel) -> Checked:
        self.asked.append(channel.secrets)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def connection(vendor: Vendor) -> VendorConnection:
    made = VendorConnection()
    vendor.connection = made
    return made


@pytest.fixture
def api(business: Business) -> Api:
    return Api(key_for(business))


def opened(business: Business, number: str = "111", **fields: Any) -> Channel:
    with tenant_scope(business.tenant.id):
        return create_channel(
            kind="vendor",
            name="Línea",
            by=business.actor(),
            settings={"number": number},
            secrets={"token": "muy-secreto"},
            **fields,
        )


def tried(business: Business, channel: Channel) -> Channel:
    check(business.tenant.id, channel.pk)
    with tenant_scope(business.tenant.id):
        found: Channel = Channel.objects.get(pk=channel.pk)
        return found


def leads_to(number: str) -> Any:
    door = doors.by_address("vendor", number)
    return door and door.target_id


def test_a_check_that_works_opens_the_vendors_address(
    business: Business, connection: VendorConnection
) -> None:
    channel = opened(business)
    assert (channel.checking_since is not None, leads_to("111")) == (True, None)
    channel = tried(business, channel)
    assert connection.asked == [{"verify_token": "hecho-aqui", "token": "muy-secreto"}]
    assert (channel.address, channel.problem, channel.checking_since) == ("+52 33", "", None)
    assert channel.findings == [["The number", True, "Works"]]
    assert leads_to("111") == channel.pk
    assert tried(business, channel).findings == [["The number", True, "Works"]]


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        (Checked([Finding("Mail", True, "Works"), Finding("The number", False, "No.")]), "No."),
        (ChannelError("The token is old.", permanent=False), "The token is old."),
        (RuntimeError("boom"), actions.UNCLEAR),
    ],
)
def test_what_does_not_work_turns_the_channel_red_and_opens_nothing(
    business: Business, connection: VendorConnection, says: Any, problem: str
) -> None:
    connection.says = says
    channel = tried(business, opened(business))
    assert (channel.problem, channel.problem_since is not None, leads_to("111")) == (problem, True, None)
    connection.says = Checked([Finding("The number", True, "Works")], token_expires_at=ENDS)
    channel = tried(business, channel)
    assert (channel.problem, channel.token_expires_at) == ("", ENDS)


def test_an_address_is_not_taken_from_another_business(
    business: Business, other: Business, connection: VendorConnection
) -> None:
    first = tried(business, opened(business))
    second = tried(other, opened(other))
    assert (second.problem, leads_to("111")) == (actions.TAKEN, first.pk)


def test_another_number_closes_the_old_ones_door(business: Business, connection: VendorConnection) -> None:
    channel = tried(business, opened(business))
    with tenant_scope(business.tenant.id):
        update_channel(channel=channel, by=business.actor(), settings={"number": "222"})
    assert (leads_to("111"), leads_to("222")) == (None, None)
    assert tried(business, channel).problem == ""
    assert leads_to("222") == channel.pk


def test_a_channel_that_changed_during_its_check_keeps_nothing_of_it(
    business: Business, connection: VendorConnection
) -> None:
    channel = opened(business)

    def changed_meanwhile(tried: Channel) -> Checked:
        with tenant_scope(business.tenant.id):
            update_channel(channel=channel, by=business.actor(), settings={"number": "222"})
        return Checked([Finding("The number", True, "Works")])

    connection.check = changed_meanwhile  # type: ignore[method-assign]
    kept = tried(business, channel)
    assert (kept.findings, leads_to("111"), leads_to("222")) == ([], None, None)


def test_a_closed_channel_forgets_its_keys_and_doors(
    business: Business, connection: VendorConnection
) -> None:
    channel = tried(business, opened(business))
    with tenant_scope(business.tenant.id):
        delete_channel(channel=channel, by=business.actor())
        channel.refresh_from_db()
        assert (channel.is_active, channel.secrets, channel.findings) == (False, {}, [])
    assert (leads_to("111"), doors.by_channel(channel.pk)) == (None, None)
    assert tried(business, channel).checked_at is None


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_channels_are_tried_again_after_a_day(business: Business, connection: VendorConnection) -> None:
    tried(business, opened(business))
    assert check_channels() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        assert check_channels() == 1


# --- both doors ---


def test_a_channel_is_opened_on_its_page(
    owner_client: Client, business: Business, connection: VendorConnection
) -> None:
    base = f"{business.base}settings/channels/"
    assert b"vendor" in owner_client.get(base + "new/").content
    page = owner_client.get(base + "new/vendor/").content.decode()
    assert "First do this." in page
    typed = {"name": "Línea", "number": "111", "token": "muy-secreto"}
    answer = owner_client.post(base + "new/vendor/", typed)
    with tenant_scope(business.tenant.id):
        channel = Channel.objects.get(kind="vendor")
    assert (answer.status_code, answer["Location"]) == (302, f"{base}{channel.pk}/")
    shown = owner_client.get(f"{base}{channel.pk}/").content.decode()
    assert ("hecho-aqui" in shown, "muy-secreto" in shown) == (True, False)
    assert 'hx-trigger="every 1s"' in owner_client.get(f"{base}{channel.pk}/check/").content.decode()
    tried(business, channel)
    done = owner_client.get(f"{base}{channel.pk}/check/").content.decode()
    assert ("every 1s" in done, "El número" in done) == (False, True)
    saved = owner_client.post(f"{base}{channel.pk}/", typed | {"token": "", "is_active": "on"})
    assert saved.status_code == 302
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
    assert channel.secrets == {"verify_token": "hecho-aqui", "token": "muy-secreto"}
    assert owner_client.post(f"{base}{channel.pk}/closure/").status_code == 302
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
        told = AuditEvent.objects.filter(action__startswith="channel.", target_id=channel.pk)
        assert channel.is_active is False
        assert {"channel.created", "channel.updated", "channel.closed"} <= set(
            told.values_list("action", flat=True)
        )


@pytest.mark.parametrize("changes", [{"number": ""}, {"number": "1" * 11}, {"token": ""}, {"name": "\x00"}])
def test_what_cannot_be_is_422_and_opens_nothing(
    owner_client: Client, business: Business, connection: VendorConnection, changes: dict[str, str]
) -> None:
    typed = {"name": "Línea", "number": "111", "token": "t"} | changes
    assert owner_client.post(f"{business.base}settings/channels/new/vendor/", typed).status_code == 422
    with tenant_scope(business.tenant.id):
        assert Channel.objects.filter(kind="vendor").count() == 0


@pytest.mark.parametrize("noun", ["new/", "new/vendor/", "{id}/", "{id}/check/", "{id}/closure/"])
def test_only_who_manages_channels_may(
    teammate_client: Client,
    stranger_client: Client,
    business: Business,
    connection: VendorConnection,
    noun: str,
) -> None:
    address = f"{business.base}settings/channels/" + noun.format(id=opened(business).pk)
    for method in ("post",) if "closure" in noun else ("get",):
        assert getattr(teammate_client, method)(address).status_code == 403
        assert getattr(stranger_client, method)(address).status_code == 404


def test_unknown_kind_is_404(owner_client: Client, business: Business) -> None:
    assert owner_client.get(f"{business.base}settings/channels/new/paloma/").status_code == 404


def test_a_channel_is_opened_changed_tried_and_closed_by_the_api(
    api: Api, business: Business, connection: VendorConnection
) -> None:
    body = {"kind": "vendor", "name": "Línea", "values": {"number": "111", "token": "muy-secreto"}}
    answer = api.post("channels/", body)
    assert answer.status_code == 201
    assert answer.json()["copied"] == [{"label": "Verify token", "text": "hecho-aqui"}]
    one = f"channels/{answer.json()['channel']['id']}/"
    assert "muy-secreto" not in answer.content.decode()
    changed = api.patch(one, {"name": "Otra", "values": {"number": "222"}})
    assert (changed.status_code, changed.json()["name"]) == (200, "Otra")
    assert api.post(one + "check/").status_code == 202
    with tenant_scope(business.tenant.id):
        channel = Channel.objects.get(kind="vendor")
    assert (channel.settings, channel.secrets["token"]) == ({"number": "222"}, "muy-secreto")
    tried(business, channel)
    assert api.get(one).json()["findings"] == [{"what": "The number", "works": True, "said": "Works"}]
    assert api.delete(one).status_code == 204
    assert api.get(one).json()["is_active"] is False


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "paloma"}, "/kind"),
        ({"values": {"number": "1" * 11, "token": "t"}}, "/values/number"),
        ({"values": {"number": "1", "token": "t", "otro": "x"}}, "/values/otro"),
        ({"values": {"number": {"a": 1}}}, "/values/number"),
        ({"values": "no"}, "/values"),
        ({"values": {"number": ["x"] * 101}}, "/values/number"),
    ],
)
def test_what_cannot_be_is_explained_by_the_api(
    api: Api, connection: VendorConnection, changes: dict[str, Any], pointer: str
) -> None:
    answer = api.post("channels/", {"kind": "vendor", "name": "Línea", "values": {}} | changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_channel_of_another_business_is_404_by_the_api(
    api: Api, other: Business, connection: VendorConnection
) -> None:
    one = f"channels/{opened(other).pk}/"
    assert [
        call.status_code
        for call in (api.get(one), api.patch(one, {"name": "x"}), api.delete(one), api.post(one + "check/"))
    ] == [404] * 4
