"""Messages that wait for a channel: discarded with one click, and sent after all."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions.channel_news import tell_problem
from conversations.actions.messages import send_reply
from conversations.models import Attachment, Conversation, Delivery
from tenants.scoping import tenant_scope
from tests.factories.conversations import PNG, make_conversation, make_file, thread_url
from tests.factories.tenants import Business

HTMX = {"HX-Request": "true"}


@pytest.fixture
def held(business: Business, conversation: Conversation) -> Delivery:
    """An answer on a channel that cannot send."""
    with tenant_scope(business.tenant.id):
        message = send_reply(conversation=conversation, text="Ya está", by=business.actor())
        tell_problem(conversation.channel, "Connect it again")
        delivery: Delivery = Delivery.objects.get(message=message)
        delivery.reason = "Connect it again"
        delivery.save()
        return delivery


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def status(business: Business, delivery: Delivery) -> str:
    with tenant_scope(business.tenant.id):
        return str(Delivery.objects.get(pk=delivery.pk).status)


def act(client: Client, business: Business, delivery: UUID, what: str, **more: Any) -> Any:
    return client.post(f"{business.base}deliveries/{delivery}/{what}/", **more)


def test_a_message_that_waits_is_discarded_and_sent_after_all(
    teammate_client: Client, business: Business, conversation: Conversation, held: Delivery
) -> None:
    url = thread_url(business, conversation)
    page = teammate_client.get(url).content.decode()
    assert f"deliveries/{held.pk}/discard/" in page
    answer = act(teammate_client, business, held.pk, "discard", headers=HTMX)
    assert (answer.status_code, status(business, held)) == (200, "discarded")
    assert f"deliveries/{held.pk}/resend/" in answer.content.decode()
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.get(pk=conversation.pk).status == "open"
    assert act(teammate_client, business, held.pk, "discard").status_code == 302
    assert act(teammate_client, business, held.pk, "resend").status_code == 302
    assert status(business, held) == "pending"


def test_all_that_waits_for_a_channel_is_discarded_with_undo(
    owner_client: Client, business: Business, conversation: Conversation, held: Delivery
) -> None:
    url = f"{business.base}settings/channels/{conversation.channel_id}/"
    assert 'id="waiting"' in owner_client.get(url).content.decode()
    owner_client.post(f"{url}discarding/")
    assert status(business, held) == "discarded"
    page = owner_client.get(url).content.decode()
    assert ('id="waiting"' in page, f"{url}restoring/" in page) == (False, True)
    with tenant_scope(business.tenant.id):
        at = Delivery.objects.get(pk=held.pk).settled_at
    assert at is not None
    for wrong in ("", "x", "2026-01-01", "2026-13-45T00:00:00Z", "\x00", timezone.now().isoformat()):
        assert owner_client.post(f"{url}restoring/", {"at": wrong}).status_code == 302
    assert status(business, held) == "discarded"
    owner_client.post(f"{url}restoring/", {"at": at.isoformat()})
    assert status(business, held) == "pending"
    assert owner_client.post(f"{url}discarding/").status_code == 302
    assert owner_client.post(f"{url}discarding/").status_code == 302


def test_a_channel_that_works_shows_no_such_card(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Ya está", by=business.actor())
    page = owner_client.get(f"{business.base}settings/channels/{conversation.channel_id}/")
    assert 'id="waiting"' not in page.content.decode()


def test_who_may_not(
    stranger_client: Client,
    teammate_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    business: Business,
    other: Business,
    held: Delivery,
) -> None:
    assert act(stranger_client, business, held.pk, "discard").status_code == 404
    assert act(stranger_client, other, held.pk, "discard").status_code == 404
    assert act(narrow_client, business, held.pk, "discard").status_code == 404
    assert act(analyst_client, business, held.pk, "discard").status_code == 403
    for what in ("discarding", "restoring"):
        url = f"{business.base}settings/channels/{held.channel_id}/{what}/"
        assert (stranger_client.post(url).status_code, teammate_client.post(url).status_code) == (404, 403)
        elsewhere = f"{other.base}settings/channels/{held.channel_id}/{what}/"
        assert stranger_client.post(elsewhere).status_code == 404


# --- files that were given up, and small pictures ---


@pytest.fixture
def lost(business: Business) -> Attachment:
    with tenant_scope(business.tenant.id):
        make_conversation("Va", files=(make_file(),))
        Attachment.objects.update(state="failed", reference="abc", reason="The file is gone", due_at=None)
        found: Attachment = Attachment.objects.get()
        return found


def test_a_file_that_was_given_up_is_fetched_again(
    teammate_client: Client,
    stranger_client: Client,
    analyst_client: Client,
    business: Business,
    lost: Attachment,
) -> None:
    url = f"{business.base}attachments/{lost.pk}/retry/"
    with tenant_scope(business.tenant.id):
        thread = thread_url(business, lost.message.conversation)
    assert url in teammate_client.get(thread).content.decode()
    assert (stranger_client.post(url).status_code, analyst_client.post(url).status_code) == (404, 403)
    answer = teammate_client.post(url, headers=HTMX)
    assert answer.status_code == 200
    with tenant_scope(business.tenant.id):
        assert Attachment.objects.get().state == "waiting"
    assert teammate_client.post(url, headers=HTMX).status_code == 409
    assert teammate_client.post(url).status_code == 302


def test_the_small_picture_is_what_the_thread_loads(
    owner_client: Client, stranger_client: Client, narrow_client: Client, business: Business
) -> None:
    from conversations.actions import media

    with tenant_scope(business.tenant.id):
        made = make_conversation("Va", files=(make_file(),))
        row = Attachment.objects.get()
    url = f"{business.base}attachments/{row.pk}/thumbnail/"
    assert owner_client.get(url).status_code == 404
    media.fetch(business.tenant.id, row.pk)
    assert f'src="{url}"' in owner_client.get(thread_url(business, made)).content.decode()
    small = owner_client.get(url)
    assert (small.status_code, small["Content-Type"], body(small)[:4]) == (200, "image/webp", b"RIFF")
    assert (stranger_client.get(url).status_code, narrow_client.get(url).status_code) == (404, 404)
    part = owner_client.get(f"{business.base}attachments/{row.pk}/", headers={"Range": "bytes=1-3"})
    assert (part.status_code, body(part)) == (206, PNG[1:4])


def test_sounds_play_and_can_be_saved(owner_client: Client, business: Business) -> None:
    ogg = b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(50)
    with tenant_scope(business.tenant.id):
        made = make_conversation("Va", files=(make_file("nota.ogg", "application/octet-stream", ogg),))
        row = Attachment.objects.get()
    page = owner_client.get(thread_url(business, made)).content.decode()
    url = f"{business.base}attachments/{row.pk}/"
    assert f'src="{url}"' in page
    assert f'href="{url}?download=1"' in page
    whole = owner_client.get(url)
    assert (whole["Content-Type"], body(whole)) == ("audio/ogg", ogg)
    assert owner_client.head(url)["Content-Length"] == str(len(ogg))
