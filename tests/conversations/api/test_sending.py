"""/api/v1/…/scheduled-replies/, discarding, and files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from conversations.actions.messages import send_reply
from conversations.channels.base import File
from conversations.models import Attachment, Channel, Conversation, Delivery, Message, ScheduledReply
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.conversations.actions.vendor import Vendor, says, take_in
from tests.factories.conversations import PNG
from tests.factories.tenants import Business


def later(hours: float = 2) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


@pytest.fixture
def base(conversation: Conversation) -> str:
    return f"conversations/{conversation.pk}/scheduled-replies/"


@pytest.fixture
def planned(api: Api, base: str) -> dict[str, Any]:
    body: dict[str, Any] = api.post(base, {"text": "Mañana", "send_at": later()}).json()
    return body


def test_planned_read_changed_and_taken_back(api: Api, base: str, conversation: Conversation) -> None:
    key = str(uuid4())
    given = {"text": "Mañana", "send_at": later(), "client_id": key}
    made = api.post(base, given)
    body = made.json()
    assert (made.status_code, body["text"], body["client_id"]) == (201, "Mañana", key)
    assert body["author"] == "Tienda"
    assert body["conversation_id"] == str(conversation.pk)
    assert api.post(base, given).json()["id"] == body["id"]
    assert [row["id"] for row in api.get(base).json()["data"]] == [body["id"]]
    address = f"{base}{body['id']}/"
    changed = api.patch(address, {"text": "Pasado", "send_at": later(40)})
    assert (changed.status_code, changed.json()["text"]) == (200, "Pasado")
    assert api.get(address).json()["send_at"] == changed.json()["send_at"]
    assert api.delete(address).status_code == 204
    assert [api.get(address).status_code, api.delete(address).status_code] == [404, 404]


def test_sent_at_once_it_is_a_message_of_the_key(
    api: Api, base: str, planned: dict[str, Any], business: Business
) -> None:
    sent = api.post(f"{base}{planned['id']}/sending/")
    assert (sent.status_code, sent.json()["text"], sent.json()["author_kind"]) == (201, "Mañana", "key")
    assert api.post(f"{base}{planned['id']}/sending/").status_code == 404
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(kind="outbound").count() == 1


SENSELESS: list[Any] = [
    {"text": "x", "send_at": "2020-01-01T00:00:00Z"},
    {"text": "x", "send_at": "2199-01-01T00:00:00Z"},
    {"text": "x", "send_at": "tomorrow"},
    {"text": "x"},
    {"text": "", "send_at": "2030-01-01T00:00:00Z"},
    {"text": "x\u0000", "send_at": None},
    {"text": "x", "send_at": 10**30},
    [],
]


def test_what_makes_no_sense(api: Api, base: str) -> None:
    for given in SENSELESS:
        assert api.post(base, given).status_code in {400, 422}, given


def test_strangers_and_scopes(
    stranger: Api, limited: Callable[..., Api], base: str, planned: dict[str, Any], conversation: Conversation
) -> None:
    one = f"{base}{planned['id']}/"
    for method, address in (
        ("get", base), ("post", base), ("get", one), ("patch", one), ("delete", one),
        ("post", f"{one}sending/"),
    ):  # fmt: skip
        data = {"text": "x", "send_at": later()} if method == "post" and address == base else {}
        assert getattr(stranger, method)(address, data).status_code == 404
    reader = limited("conversations:read")
    assert (reader.get(one).status_code, reader.delete(one).status_code) == (200, 403)
    assert limited("customers:read").get(base).status_code == 403


def test_waiting_messages_are_discarded_and_brought_back(
    api: Api,
    stranger: Api,
    limited: Callable[..., Api],
    business: Business,
    channel: Channel,
    conversation: Conversation,
) -> None:
    with tenant_scope(business.tenant.id):
        message = send_reply(conversation=conversation, text="Hola", by=business.actor())
        row = Delivery.objects.get(message=message)
    one, all_of = f"deliveries/{row.pk}/discarding/", f"channels/{channel.pk}/discarding/"
    back = f"channels/{channel.pk}/restoring/"
    assert {stranger.post(path, {"discarded_at": later()}).status_code for path in (one, all_of, back)} == {
        404
    }
    assert limited("conversations:read").post(one).status_code == 403
    assert limited("conversations:write").post(all_of).status_code == 403
    assert api.post(one).json()["status"] == "discarded"
    assert api.post(f"deliveries/{row.pk}/resend/").json()["status"] == "pending"
    at = api.post(all_of).json()["discarded_at"]
    assert (api.get(f"deliveries/{row.pk}/").json()["status"], api.post(all_of).json()) == (
        "discarded",
        {"discarded_at": None},
    )
    assert api.post(back, {"discarded_at": at}).json() == {"restored": 1}
    assert api.post(back, {"discarded_at": at}).json() == {"restored": 0}
    assert api.get(f"deliveries/{row.pk}/").json()["status"] == "pending"


def test_files_are_read_in_parts_and_fetched_again(
    api: Api,
    stranger: Api,
    limited: Callable[..., Api],
    business: Business,
    channel: Channel,
    conversation: Conversation,
    vendor: Vendor,
) -> None:
    with tenant_scope(business.tenant.id):
        send_reply(
            conversation=conversation, text="", by=business.actor(), files=[File("a.png", "text/html", PNG)]
        )
        row = Attachment.objects.get()
    address = f"attachments/{row.pk}/"
    assert api.get(address).json()["content_type"] == "image/png"
    whole = api.get(f"{address}content/")
    assert (whole.status_code, b"".join(whole.streaming_content)) == (200, PNG)
    assert whole["Content-Disposition"].startswith("attachment")
    part = api.get(f"{address}content/", headers={"Range": "bytes=1-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"PNG")
    for path in (address, f"{address}content/"):
        assert (stranger.get(path).status_code, limited("customers:read").get(path).status_code) == (404, 403)
    assert api.post(f"{address}retry/").status_code == 422
    take_in(business, channel, says("", media=[{"reference": "gone"}]))
    with tenant_scope(business.tenant.id):
        Attachment.objects.filter(reference="gone").update(state="failed", due_at=None, reason="Gone")
        lost = Attachment.objects.get(reference="gone")
    address = f"attachments/{lost.pk}/"
    assert (api.get(address).json()["reason"], api.get(f"{address}content/").status_code) == ("Gone", 404)
    assert (
        stranger.post(f"{address}retry/").status_code,
        limited("conversations:read").post(f"{address}retry/").status_code,
    ) == (404, 403)
    assert (api.post(f"{address}retry/").status_code, api.get(address).json()["state"]) == (202, "waiting")


def test_a_planned_answer_is_kept_with_its_key(planned: dict[str, Any], business: Business) -> None:
    with tenant_scope(business.tenant.id):
        assert ScheduledReply.objects.get().api_key_id is not None
