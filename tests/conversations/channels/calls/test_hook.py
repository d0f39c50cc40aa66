"""The address that phone systems post to, and what they tell."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conversations.actions.channels import create_channel, reset_token, update_channel
from conversations.channels.calls.incoming import moment, recording_of
from conversations.channels.calls.signature import sign
from conversations.models import Channel, InboundEvent, Message
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business

CALL = {
    "id": "c1",
    "direction": "in",
    "phone": "+523312345678",
    "state": "ended",
    "seconds": 65,
    "note": "Sí",
}


class Phone:
    def __init__(self, business: Business) -> None:
        self.business = business
        with tenant_scope(business.tenant.id):
            self.channel: Channel = create_channel(kind="phone", name="Central", by=business.actor())
            self.token = reset_token(channel=self.channel, by=business.actor())
            self.key = self.channel.secrets["signing_key"]

    def post(self, said: object, headers: dict[str, str] | None = None, path: str = "") -> Any:
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        given = {"Authorization": f"Bearer {self.token}"} if headers is None else headers
        where = path or f"/hooks/calls/{self.channel.pk}/"
        return Client().post(where, raw, content_type="application/json", headers=given)

    def signed(self, said: object, *, key: str = "", at: float = 0) -> Any:
        raw = json.dumps(said).encode()
        return self.post(raw, {"X-Puente-Signature": sign(raw, key or self.key, at or time.time())})

    def stored(self) -> int:
        with tenant_scope(self.business.tenant.id):
            return InboundEvent.objects.count()


@pytest.fixture
def phone(business: Business) -> Phone:
    return Phone(business)


def test_call_is_told_and_repeated(phone: Phone) -> None:
    for _again in range(2):
        assert phone.post(CALL).status_code == 200
    assert phone.signed({**CALL, "recording": "https://pbx.example/1"}).status_code == 200
    read_everything(phone.business)
    with tenant_scope(phone.business.tenant.id):
        message = Message.objects.get(kind="inbound")
        assert (message.text, message.data["call"]["seconds"]) == ("Sí", 65)
        assert message.data["call"]["recording"] == "https://pbx.example/1"
        assert InboundEvent.objects.filter(outcome="message").count() == 2


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"X-Puente-Signature": "t=1,v1=0"}])
def test_who_proves_nothing_is_401(phone: Phone, headers: dict[str, str]) -> None:
    assert (phone.post(CALL, headers).status_code, phone.stored()) == (401, 0)
    assert phone.post(CALL, path=f"/hooks/calls/{uuid4()}/").status_code == 401


def test_old_and_foreign_signatures_are_401(phone: Phone) -> None:
    for changes in ({"at": time.time() - 301}, {"at": time.time() + 301}, {"key": "another"}):
        assert phone.signed(CALL, **changes).status_code == 401
    assert phone.stored() == 0


def test_token_alone_is_not_enough_where_calls_are_signed(phone: Phone) -> None:
    with tenant_scope(phone.business.tenant.id):
        update_channel(channel=phone.channel, by=phone.business.actor(), settings={"signed_only": True})
    assert (phone.post(CALL).status_code, phone.signed(CALL).status_code) == (401, 200)


def test_address_is_a_phones_alone(phone: Phone) -> None:
    with tenant_scope(phone.business.tenant.id):
        web = Channel.objects.get(kind="web")
    assert phone.post(CALL, path=f"/hooks/calls/{web.pk}/").status_code == 401
    assert Client().get(f"/hooks/calls/{phone.channel.pk}/").status_code == 405


NO_CALLS: list[tuple[Any, int]] = [
    (b"", 400),
    (b"[]", 400),
    (b"{" * 5_000, 400),
    (b'"' + b"x" * 70_000 + b'"', 413),
    ({**CALL, "id": ""}, 422),
    ({**CALL, "id": "\x00"}, 422),
    ({**CALL, "direction": "up"}, 422),
    ({**CALL, "direction": ["in"]}, 422),
    ({**CALL, "phone": {}}, 422),
]


def test_what_is_no_call_is_refused_and_not_kept(phone: Phone) -> None:
    for said, status in NO_CALLS:
        assert (phone.post(said).status_code, phone.stored()) == (status, 0), (said, status)


def test_number_that_is_none_is_parked(phone: Phone) -> None:
    assert phone.post({**CALL, "phone": "123"}).status_code == 200
    read_everything(phone.business)
    with tenant_scope(phone.business.tenant.id):
        assert InboundEvent.objects.get().outcome == "parked"


@pytest.mark.parametrize(
    "odd",
    [
        {"state": "voicemail"},
        {"state": []},
        {"seconds": "long"},
        {"seconds": -1},
        {"seconds": 10**30},
        {"started_at": "yesterday"},
        {"started_at": "9999-99-99T00:00:00Z"},
        {"started_at": 1e300},
        {"at": "2999-01-01T00:00:00Z"},
        {"recording": "javascript:alert(1)"},
        {"note": ["x"], "name": {"x": 1}},
    ],
)
def test_odd_values_say_nothing(phone: Phone, odd: dict[str, Any]) -> None:
    assert phone.post({**CALL, **odd}).status_code == 200
    read_everything(phone.business)
    with tenant_scope(phone.business.tenant.id):
        message = Message.objects.get(kind="inbound")
        assert message.data["call"].get("recording", "") == ""
        assert abs(message.created_at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-11-20T09:00:00-06:00", datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ("2026-11-20T15:00:00", datetime(2026, 11, 20, 15, tzinfo=UTC)),
        (1_763_650_800, datetime(2025, 11, 20, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        (None, None),
    ],
)
def test_moments(value: Any, found: datetime | None) -> None:
    assert moment(value) == found


@pytest.mark.parametrize(
    "address",
    [
        "",
        "pbx.example/1",
        "ftp://pbx.example/1",
        "javascript:alert(1)",
        "https://",
        "https://a b",
        "http://u:p@x/",
        "http://[",
    ],
)
def test_recording_is_an_address_that_one_may_open(address: str) -> None:
    assert recording_of(address) == ""
    assert recording_of("https://pbx.example/rec?id=1") == "https://pbx.example/rec?id=1"
