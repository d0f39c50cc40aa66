"""POST /inbox/<conversation>/replies/ and /notes/"""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conversations.actions.channels import update_channel
from conversations.models import Attachment, Conversation, Draft, Message
from tenants.scoping import tenant_scope
from tests.factories.conversations import PNG, make_message, thread_url
from tests.factories.tenants import Business

HTMX = {"HX-Request": "true"}


def sent(business: Business, conversation: Conversation, kind: str = "outbound") -> list[str]:
    """What went out, or was noted."""
    with tenant_scope(business.tenant.id):
        rows = Message.objects.filter(conversation=conversation, kind=kind).order_by("id")
        return list(rows.values_list("text", flat=True))


def post(
    client: Client, business: Business, conversation: Conversation, noun: str = "replies", **data: Any
) -> Any:
    headers = data.pop("headers", {})
    return client.post(thread_url(business, conversation, noun), data, headers=headers)


def test_reply_goes_out_and_returns_to_the_conversation(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    response = teammate_client.post(
        thread_url(business, conversation, "replies") + "?view=all", {"text": "Ya está"}
    )
    assert response.status_code == 302
    assert response["Location"] == thread_url(business, conversation) + "?view=all"
    assert sent(business, conversation) == ["Ya está"]
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.assignee_id) == ("waiting", business.agent.pk)


def test_reply_with_htmx_returns_what_is_new(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        last = Message.objects.get(conversation=conversation)
    response = post(teammate_client, business, conversation, text="Ya está", after=last.pk, headers=HTMX)
    assert response.status_code == 200
    assert [item.message.text for item in response.context["items"] if item.message] == ["Ya está"]
    assert response.context["conversation"].status == "waiting"


def test_reply_twice_with_one_client_id_is_one_message(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    client_id = uuid4()
    for _time in range(2):
        assert (
            post(teammate_client, business, conversation, text="Ya está", client_id=client_id).status_code
            == 302
        )
    assert sent(business, conversation) == ["Ya está"]


def test_reply_after_a_colleague_answered_asks_first(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        seen = Message.objects.get(conversation=conversation)
        make_message(conversation, "Yo te atiendo", by=business.actor())
    response = post(teammate_client, business, conversation, text="Mi texto", seen=seen.pk)
    assert response.status_code == 409
    assert response.context["answer"].text == "Yo te atiendo"
    assert response.context["draft_text"] == "Mi texto"
    assert sent(business, conversation) == ["Yo te atiendo"]
    partial = post(teammate_client, business, conversation, text="Mi texto", seen=seen.pk, headers=HTMX)
    assert (partial.status_code, b"<html" in partial.content) == (409, False)
    anyway = post(teammate_client, business, conversation, text="Mi texto", seen=seen.pk, anyway="1")
    assert anyway.status_code == 302
    assert sent(business, conversation) == ["Yo te atiendo", "Mi texto"]


def test_reply_marked_as_note_stays_among_colleagues(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    post(teammate_client, business, conversation, text="Es difícil", kind="note")
    assert sent(business, conversation) == []
    assert sent(business, conversation, "note") == ["Es difícil"]


def test_note_is_a_note_whatever_else_is_said(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    post(teammate_client, business, conversation, "notes", text="Ojo", kind="reply", then="close")
    assert sent(business, conversation) == []
    assert sent(business, conversation, "note") == ["Ojo"]
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert conversation.status == "open"


def test_send_and_close(teammate_client: Client, business: Business, conversation: Conversation) -> None:
    post(teammate_client, business, conversation, text="Listo", then="close")
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert conversation.status == "closed"


def test_empty_reply_says_so(teammate_client: Client, business: Business, conversation: Conversation) -> None:
    response = post(teammate_client, business, conversation, text="  \n", headers=HTMX)
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/plain")
    plain = post(teammate_client, business, conversation, text="  ")
    assert plain.status_code == 422
    assert plain.context["problem"]


def test_reply_with_files(teammate_client: Client, business: Business, conversation: Conversation) -> None:
    files = [
        SimpleUploadedFile("foto.png", PNG, "text/html"),
        SimpleUploadedFile("hoja.pdf", b"%PDF-", "x/y"),
    ]
    response = post(teammate_client, business, conversation, text="", files=files)
    assert response.status_code == 302
    with tenant_scope(business.tenant.id):
        kept = Attachment.objects.order_by("name").values_list("name", "content_type", "size")
        assert list(kept) == [("foto.png", "image/png", len(PNG)), ("hoja.pdf", "application/pdf", 5)]


def test_note_with_a_file(teammate_client: Client, business: Business, conversation: Conversation) -> None:
    post(teammate_client, business, conversation, "notes", text="", files=[SimpleUploadedFile("a.png", PNG)])
    with tenant_scope(business.tenant.id):
        assert Attachment.objects.get().message.kind == "note"


def test_files_beyond_the_limit_are_refused(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    huge = SimpleUploadedFile("a.bin", b"x" * 20_000_001)
    response = post(teammate_client, business, conversation, text="Va", files=[huge], headers=HTMX)
    assert (response.status_code, sent(business, conversation)) == (422, [])


def test_reply_on_a_channel_that_is_off(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        update_channel(channel=conversation.channel, by=business.actor(), is_active=False)
    response = post(teammate_client, business, conversation, text="Va", headers=HTMX)
    assert (response.status_code, sent(business, conversation)) == (422, [])


@pytest.mark.parametrize(
    "data",
    [
        {"text": "a\x00b"},
        {"text": "a", "client_id": "x"},
        {"text": "a", "seen": "\x00"},
        {"text": "a", "after": "1"},
        {"text": "a", "kind": "other"},
        {"text": "a", "then": "y" * 50},
        {},
    ],
)
def test_reply_takes_any_post(
    teammate_client: Client, business: Business, conversation: Conversation, data: dict[str, str]
) -> None:
    assert post(teammate_client, business, conversation, **data).status_code in {302, 422}


def test_nul_bytes_are_dropped(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    post(teammate_client, business, conversation, text="a\x00b\r\nc")
    assert sent(business, conversation) == ["ab\nc"]


@pytest.mark.parametrize("noun", ["replies", "notes", "draft"])
def test_writing_is_for_members_who_may(
    stranger_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    business: Business,
    conversation: Conversation,
    noun: str,
) -> None:
    assert post(stranger_client, business, conversation, noun, text="x").status_code == 404
    assert post(narrow_client, business, conversation, noun, text="x").status_code == 404
    assert post(analyst_client, business, conversation, noun, text="x").status_code == 403
    assert sent(business, conversation) == sent(business, conversation, "note") == []


@pytest.mark.parametrize("noun", ["replies", "notes", "draft", "closure", "assignment"])
def test_writing_is_posted(
    owner_client: Client, business: Business, conversation: Conversation, noun: str
) -> None:
    assert owner_client.get(thread_url(business, conversation, noun)).status_code == 405


def test_draft_is_kept_changed_and_removed(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    def drafts() -> list[tuple[str, bool]]:
        with tenant_scope(business.tenant.id):
            return list(Draft.objects.values_list("body", "is_note"))

    post(teammate_client, business, conversation, "draft", text="Hola\x00 An", headers=HTMX)
    assert drafts() == [("Hola An", False)]
    post(teammate_client, business, conversation, "draft", text="Hola Ana", kind="note", headers=HTMX)
    assert drafts() == [("Hola Ana", True)]
    post(teammate_client, business, conversation, "draft", text="  ", headers=HTMX)
    assert drafts() == []


def test_draft_that_arrives_after_its_message_is_dropped(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    client_id = uuid4()
    post(teammate_client, business, conversation, text="Ya", client_id=client_id)
    post(teammate_client, business, conversation, "draft", text="Ya", client_id=client_id, headers=HTMX)
    with tenant_scope(business.tenant.id):
        assert Draft.objects.count() == 0


def test_sending_removes_the_draft(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    post(teammate_client, business, conversation, "draft", text="Ya", headers=HTMX)
    post(teammate_client, business, conversation, text="Ya está")
    with tenant_scope(business.tenant.id):
        assert Draft.objects.count() == 0
