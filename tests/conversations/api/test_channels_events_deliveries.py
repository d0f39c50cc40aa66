"""/api/v1/channels/, /inbound-events/ and /deliveries/."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.actions.deliveries import UNKNOWN
from conversations.actions.messages import send_reply
from conversations.models import Channel, Conversation, Delivery, InboundEvent
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.api.test_base import problem
from tests.conversations.actions.vendor import says, take_in
from tests.factories.tenants import Business


@pytest.fixture
def parked(business: Business, channel: Channel) -> InboundEvent:
    return take_in(business, channel, b"<xml>")


@pytest.fixture
def delivery(business: Business, conversation: Conversation) -> Delivery:
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Hola", by=business.actor())
        found: Delivery = Delivery.objects.get()
        return found


# --- channels ---


def test_channel_shows_no_secret(api: Api, business: Business, channel: Channel) -> None:
    with tenant_scope(business.tenant.id):
        channel.secrets = {"token": "canario"}
        channel.settings = {"origins": ["canario"]}
        channel.save()
    response = api.get(f"channels/{channel.pk}/")
    assert response.json() == {
        "id": str(channel.pk),
        "kind": "vendor",
        "name": "Vendor",
        "address": "",
        "is_active": True,
        "problem": "",
        "token_expires_at": None,
        "checking_since": None,
        "checked_at": None,
        "findings": [],
        "created_at": response.json()["created_at"],
    }
    rows = api.get("channels/").json()["data"]
    assert [row["kind"] for row in rows] == ["vendor", "email", "web"]
    assert "canario" not in str(rows)


def test_channel_is_renamed_and_switched_off(api: Api, business: Business, channel: Channel) -> None:
    body = api.patch(f"channels/{channel.pk}/", {"name": "Tienda", "is_active": False}).json()
    assert (body["name"], body["is_active"]) == ("Tienda", False)
    with tenant_scope(business.tenant.id):
        assert AuditEvent.objects.get(action="channel.updated").details == {
            "fields": ["is_active", "name", "settings"]
        }


BAD_CHANGES: list[Any] = [
    {"name": ""},
    {"name": None},
    {"name": "x" * 81},
    {"is_active": "quizá"},
    {"is_active": None},
    {"kind": "x"},
    {"secrets": {}},
    {"settings": {}},
    {"name": ["x"]},
]


def test_bad_change_of_a_channel_is_422(api: Api, channel: Channel) -> None:
    for body in BAD_CHANGES:
        assert problem(api.patch(f"channels/{channel.pk}/", body)) == (422, "invalid"), body


# --- inbound events ---


def test_event_tells_what_became_of_it(
    api: Api, business: Business, channel: Channel, parked: InboundEvent
) -> None:
    event = take_in(business, channel, says("Hola"))
    body = api.get(f"inbound-events/{event.pk}/").json()
    assert body == {
        "id": str(event.pk),
        "channel_id": str(channel.pk),
        "outcome": "message",
        "reason": "",
        "message_id": str(event.message_id),
        "attempts": 1,
        "received_at": body["received_at"],
        "processed_at": body["processed_at"],
    }
    assert [row["outcome"] for row in api.get("inbound-events/").json()["data"]] == ["message", "parked"]
    found = api.get("inbound-events/", {"outcome": "parked", "channel": str(channel.pk)}).json()["data"]
    assert [(row["id"], row["reason"]) for row in found] == [(str(parked.pk), "It is not JSON.")]
    assert problem(api.get("inbound-events/", {"outcome": "x"})) == (400, "malformed")


def test_replay_takes_a_parked_event_up_again_once(
    api: Api, business: Business, parked: InboundEvent
) -> None:
    for _again in range(2):
        response = api.post(f"inbound-events/{parked.pk}/replay/")
        assert (response.status_code, response.json()["outcome"], response.json()["attempts"]) == (
            202,
            "pending",
            0,
        )
    with tenant_scope(business.tenant.id):
        assert AuditEvent.objects.filter(action="inbound.replayed").count() == 1


def test_replay_of_what_is_not_parked_leaves_it(api: Api, business: Business, channel: Channel) -> None:
    event = take_in(business, channel, says("Hola"))
    response = api.post(f"inbound-events/{event.pk}/replay/")
    assert (response.status_code, response.json()["outcome"]) == (202, "message")


def test_body_of_an_event_is_not_read_for_lists(api: Api, parked: InboundEvent) -> None:
    with CaptureQueriesContext(connection) as queries:
        api.get("inbound-events/")
    assert not any('"conversations_inboundevent"."body"' in query["sql"] for query in queries)


# --- deliveries ---


def test_delivery_and_its_reason_in_the_caller_s_language(
    api: Api, business: Business, delivery: Delivery
) -> None:
    with tenant_scope(business.tenant.id):
        Delivery.objects.update(status="unknown", reason=UNKNOWN)
    body = api.get(f"deliveries/{delivery.pk}/").json()
    assert body == {
        "id": str(delivery.pk),
        "message_id": str(delivery.message_id),
        "channel_id": str(delivery.channel_id),
        "status": "unknown",
        "reason": UNKNOWN,
        "category": "",
        "code": "",
        "priority": 0,
        "attempts": 0,
        "due_at": body["due_at"],
        "created_at": body["created_at"],
        "settled_at": None,
    }
    assert [row["id"] for row in api.get("deliveries/", {"status": "unknown"}).json()["data"]] == [body["id"]]
    assert api.get("deliveries/", {"status": "sent"}).json()["data"] == []
    assert problem(api.get("deliveries/", {"status": "x"})) == (400, "malformed")


def test_resend_only_what_failed_or_is_unknown(api: Api, business: Business, delivery: Delivery) -> None:
    address = f"deliveries/{delivery.pk}/resend/"
    assert api.post(address).json()["status"] == "pending"
    with tenant_scope(business.tenant.id):
        assert AuditEvent.objects.filter(action="delivery.resent").count() == 0
        Delivery.objects.update(status="unknown", reason=UNKNOWN)
    response = api.post(address)
    assert (response.status_code, response.json()["status"], response.json()["reason"]) == (
        202,
        "pending",
        "",
    )
    with tenant_scope(business.tenant.id):
        assert AuditEvent.objects.filter(action="delivery.resent").count() == 1


# --- all three ---


@pytest.mark.parametrize("name", ["channels", "inbound-events", "deliveries"])
def test_lists_cost_the_same_with_one_and_three(
    api: Api, business: Business, channel: Channel, conversation: Conversation, name: str
) -> None:
    from tests.conversations.actions.vendor import open_channel

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{name}/").status_code == 200
        return len(queries)

    def more() -> None:
        take_in(business, channel, says("Hola"))
        open_channel(business)
        with tenant_scope(business.tenant.id):
            send_reply(conversation=conversation, text="Hola", by=business.actor())

    more()
    cost()
    one = cost()
    more()
    more()
    assert cost() == one


@pytest.mark.parametrize("act", ["", "replay", "resend"])
@pytest.mark.parametrize("name", ["channels", "inbound-events", "deliveries"])
def test_strangers_and_unknown_ids_are_404(
    stranger: Api, channel: Channel, parked: InboundEvent, delivery: Delivery, name: str, act: str
) -> None:
    mine = {"channels": channel.pk, "inbound-events": parked.pk, "deliveries": delivery.pk}[name]
    for row in (mine, uuid4(), "x", "9" * 100):
        address = f"{name}/{row}/" + (f"{act}/" if act else "")
        response = stranger.post(address) if act else stranger.get(address)
        assert problem(response) == (404, "not-found")
    if name == "channels" and not act:
        assert problem(stranger.patch(f"channels/{mine}/", {"name": "mío"})) == (404, "not-found")
    assert str(mine) not in str(stranger.get(f"{name}/").json())


@pytest.mark.parametrize(
    ("method", "path", "scope", "wrong"),
    [
        ("get", "channels/", "channels:read", "channels:write"),
        ("patch", "channels/{channel}/", "channels:write", "channels:read"),
        ("get", "inbound-events/", "inbound:read", "inbound:write"),
        ("post", "inbound-events/{event}/replay/", "inbound:write", "inbound:read"),
        ("get", "deliveries/", "conversations:read", "conversations:write"),
        ("post", "deliveries/{delivery}/resend/", "conversations:write", "conversations:read"),
    ],
)
def test_each_operation_needs_its_scope(
    limited: Callable[..., Api],
    channel: Channel,
    parked: InboundEvent,
    delivery: Delivery,
    method: str,
    path: str,
    scope: str,
    wrong: str,
) -> None:
    address = path.format(channel=channel.pk, event=parked.pk, delivery=delivery.pk)
    body = {} if method == "patch" else None
    assert problem(getattr(limited(wrong, "customers:read"), method)(address, body)) == (403, "forbidden")
    assert getattr(limited(scope), method)(address, body).status_code in {200, 202}


def test_schema_names_every_operation(db: None) -> None:
    from drf_spectacular.generators import SchemaGenerator

    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    one = "/api/v1/conversations/{conversation_id}"
    expected = {
        "/api/v1/channels/": {"get", "post"},
        "/api/v1/channels/{id}/": {"get", "patch", "delete"},
        "/api/v1/channels/{id}/check/": {"post"},
        "/api/v1/channels/{id}/identity-secret/": {"post"},
        "/api/v1/conversations/bulk/": {"post"},
        "/api/v1/conversations/bulk/{id}/": {"get"},
        "/api/v1/conversations/bulk/{id}/undoing/": {"post"},
        "/api/v1/conversations/merges/": {"get"},
        "/api/v1/conversations/merges/{id}/": {"get"},
        "/api/v1/conversations/merges/{id}/undoing/": {"post"},
        "/api/v1/conversations/": {"get", "post"},
        "/api/v1/conversations/{id}/": {"get", "patch"},
        "/api/v1/conversations/{id}/closure/": {"post"},
        "/api/v1/conversations/{id}/reopening/": {"post"},
        "/api/v1/conversations/{id}/waiting/": {"post"},
        "/api/v1/conversations/{id}/snooze/": {"post"},
        f"{one}/messages/": {"get", "post"},
        f"{one}/messages/{{id}}/": {"get"},
        f"{one}/messages/{{id}}/reaction/": {"put"},
        f"{one}/messages/{{id}}/comment-replies/": {"post"},
        f"{one}/messages/{{id}}/comment-visibility/": {"put"},
        f"{one}/clocks/": {"get"},
        f"{one}/merging/": {"post"},
        f"{one}/splitting/": {"post"},
        f"{one}/way/": {"post"},
        f"{one}/notes/": {"post"},
        f"{one}/turn/": {"get", "post"},
        f"{one}/handoffs/": {"get"},
        f"{one}/promises/": {"get", "post"},
        f"{one}/model-calls/": {"post"},
        f"{one}/draft-check/": {"post"},
        f"{one}/suggestions/": {"get"},
        f"{one}/suggestions/{{id}}/outcome/": {"post"},
        f"{one}/scheduled-replies/": {"get", "post"},
        f"{one}/scheduled-replies/{{id}}/": {"get", "patch", "delete"},
        f"{one}/scheduled-replies/{{id}}/sending/": {"post"},
        "/api/v1/channels/{id}/domain/": {"get"},
        "/api/v1/channels/{id}/domain/check/": {"post"},
        "/api/v1/channels/{id}/domain/key/": {"post", "delete"},
        "/api/v1/channels/{id}/discarding/": {"post"},
        "/api/v1/channels/{id}/restoring/": {"post"},
        "/api/v1/deliveries/{id}/discarding/": {"post"},
        "/api/v1/inbound-events/": {"get"},
        "/api/v1/inbound-events/{id}/": {"get"},
        "/api/v1/inbound-events/{id}/replay/": {"post"},
        "/api/v1/deliveries/": {"get"},
        "/api/v1/deliveries/{id}/": {"get"},
        "/api/v1/deliveries/{id}/resend/": {"post"},
        "/api/v1/responses/": {"get"},
        "/api/v1/responses/{id}/": {"get"},
    }
    beginnings = ("channels", "conversations", "inbound-events", "deliveries", "responses")
    found = {
        path: set(ways)
        for path, ways in paths.items()
        if path.startswith(tuple(f"/api/v1/{b}/" for b in beginnings))
    }
    assert found == expected
