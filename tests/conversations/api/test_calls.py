"""POST /api/v1/calls/."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from conversations.models import Channel, Conversation, Message
from crm.identities import resolve
from crm.models import Customer
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.tenants import Business

CALL = {"external_id": "c1", "phone": "+523312345678", "name": "Ana", "seconds": 65, "note": "Dos cajas"}


def test_call_by_number_then_more_of_it(api: Api, business: Business) -> None:
    first = api.post("calls/", CALL)
    assert first.status_code == 201
    body = first.json()
    with tenant_scope(business.tenant.id):
        customer = Customer.objects.get()
        message = Message.objects.get(kind="inbound")
    assert body == {
        "id": str(message.pk),
        "conversation_id": str(message.conversation_id),
        "customer_id": str(customer.pk),
        "external_id": "c1",
        "what": "call",
        "direction": "in",
        "state": "ended",
        "seconds": 65,
        "recording": "",
        "note": "Dos cajas",
        "happened_at": body["happened_at"],
    }
    again = api.post("calls/", {**CALL, "recording": "https://pbx.example/1", "seconds": 70})
    assert (again.status_code, again.json()["id"], again.json()["seconds"]) == (200, body["id"], 70)
    shown = api.get(f"conversations/{body['conversation_id']}/messages/").json()["data"]
    assert [one["content"]["call"]["recording"] for one in shown] == ["https://pbx.example/1"]


def test_visit_of_a_known_customer(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        customer, _new = resolve(kind="email", raw="ana@example.com", name="Ana")
    answer = api.post("calls/", {"what": "visit", "customer_id": str(customer.pk), "leave_open": True})
    assert (answer.status_code, answer.json()["what"]) == (201, "visit")
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.get().status == "open"


WRONG: list[dict[str, Any]] = [
    {"phone": ""},
    {"phone": "no"},
    {"what": "mail"},
    {"direction": "up"},
    {"state": "x"},
    {"seconds": -1},
    {"seconds": 10**12},
    {"recording": "javascript:alert(1)"},
    {"started_at": "2999-01-01T00:00:00Z"},
    {"started_at": "x"},
    {"customer_id": str(uuid4())},
    {"customer_id": "x"},
    {"channel_id": str(uuid4())},
    {"unknown": 1},
]


def test_what_is_wrong_is_explained(api: Api, business: Business) -> None:
    for changes in WRONG:
        assert api.post("calls/", {**CALL, **changes}).status_code == 422, changes
        with tenant_scope(business.tenant.id):
            assert not Message.objects.exists(), changes


def test_channel_of_another_kind(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        web = Channel.objects.get(kind="web")
    answer = api.post("calls/", {**CALL, "channel_id": str(web.pk)})
    assert answer.status_code == 422


def test_strangers_and_narrow_keys(
    api: Api, stranger: Api, limited: Callable[..., Api], business: Business, other: Business
) -> None:
    with tenant_scope(business.tenant.id):
        customer, _new = resolve(kind="phone", raw=str(CALL["phone"]), name="Ana")
    theirs = stranger.post("calls/", {"customer_id": str(customer.pk)})
    assert theirs.status_code == 422
    assert limited("conversations:read").post("calls/", CALL).status_code == 403
    assert stranger.post("calls/", CALL).status_code == 201
    with tenant_scope(business.tenant.id):
        assert not Message.objects.exists()
