"""POST /api/v1/conversations/: the first word to a customer."""

from typing import Any
from uuid import uuid4

import pytest

from conversations.models import Channel, Conversation, Delivery
from crm.models import Identity
from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.conversations import make_channel, make_conversation
from tests.factories.tenants import Business

Body = dict[str, Any]


@pytest.fixture
def body(business: Business) -> Body:
    """A mail to somebody who wrote once before."""
    with tenant_scope(business.tenant.id):
        known = make_conversation("Hola", name="Ana Flores")
        return {
            "channel_id": str(make_channel("email").pk),
            "identity_id": str(known.identity_id),
            "subject": "Tu bici está lista",
            "text": "Pasa cuando quieras.",
        }


def test_first_word_goes_out_once(api: Api, business: Business, body: Body) -> None:
    body["client_id"] = str(uuid4())
    first, again = (api.post("conversations/", body) for _time in range(2))
    made = first.json()
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 201, made["id"])
    assert (made["channel_id"], made["subject"], made["status"], made["preview"]) == (
        body["channel_id"], "Tu bici está lista", "waiting", "Pasa cuando quieras.",
    )  # fmt: skip
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.count() == 2
        assert Delivery.objects.get(message__conversation=made["id"]).status == "pending"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"channel_id": str(uuid4())}, "/channel_id"),
        ({"identity_id": str(uuid4())}, "/identity_id"),
        ({"identity_id": "x"}, "/identity_id"),
        ({"text": None}, "/text"),
        ({"subject": "x" * 201}, "/subject"),
    ],
)
def test_what_is_wrong_is_pointed_at(api: Api, body: Body, changes: Body, pointer: str) -> None:
    response = api.post("conversations/", body | changes)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_channel_that_does_not_reach_the_address_is_refused(api: Api, business: Business, body: Body) -> None:
    with tenant_scope(business.tenant.id):
        web = make_conversation("Hola", kind="web")
        channel = make_channel("web").pk
    for changes in (
        {"channel_id": str(channel)},
        {"channel_id": str(channel), "identity_id": str(web.identity_id)},
    ):
        response = api.post("conversations/", body | changes)
        assert (response.status_code, response.json()["detail"]) == (
            422, "This channel does not reach that address.",
        )  # fmt: skip


def test_channel_that_is_switched_off_sends_nothing(api: Api, business: Business, body: Body) -> None:
    with tenant_scope(business.tenant.id):
        Channel.objects.update(is_active=False)
    assert api.post("conversations/", body).status_code == 422
    with tenant_scope(business.tenant.id):
        assert (Conversation.objects.count(), Delivery.objects.count()) == (1, 0)


def test_another_business_can_name_neither_channel_nor_address(
    stranger: Api, other: Business, body: Body
) -> None:
    with tenant_scope(other.tenant.id):
        own = str(make_channel("email").pk)
    response = stranger.post("conversations/", body | {"channel_id": own})
    assert [error["pointer"] for error in response.json()["errors"]] == ["/identity_id"]
    assert stranger.post("conversations/", body).status_code == 422
    with tenant_scope(other.tenant.id):
        assert (Conversation.objects.count(), Identity.objects.count()) == (0, 0)


def test_key_without_the_scope_may_not(limited: Any, body: Body) -> None:
    key = limited(Permission.CONVERSATIONS_READ)
    assert key.post("conversations/", body).status_code == 403
