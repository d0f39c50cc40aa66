"""Echoes, reactions, edits, removals, new addresses and news: in any order and as often as vendors like."""

import json
from itertools import permutations
from random import Random
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import media
from conversations.actions.messages import CannotSend, send_reply
from conversations.channels.base import Capabilities, ChannelError, File
from conversations.models import Attachment, Channel, Conversation, Delivery, Message, Template
from conversations.tasks import sweep
from crm.models import Customer, Identity
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import Vendor, begin, says, take_in, tells
from tests.factories.tenants import Business

DAY = "2026-11-20T10"
STORY: list[dict[str, Any]] = [
    {"id": "m1", "text": "tienen la azul?", "at": f"{DAY}:00:00+00:00"},
    {
        "what": "edit",
        "id": "e1",
        "target": "m1",
        "text": "tienen la roja?",
        "at": f"{DAY}:00:05+00:00",
    },
    {
        "what": "edit",
        "id": "e2",
        "target": "m1",
        "text": "tienen la verde?",
        "at": f"{DAY}:00:09+00:00",
    },
    {"what": "reaction", "id": "r1", "target": "m1", "text": "👍", "at": f"{DAY}:01:00+00:00"},
    {"what": "reaction", "id": "r2", "target": "m1", "text": "😮", "at": f"{DAY}:02:00+00:00"},
]


def only_message(business: Business) -> Message:
    with tenant_scope(business.tenant.id):
        found: Message = Message.objects.exclude(kind="event").get()
        return found


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_repetition_ends_in_the_same_state(
    business: Business, channel: Channel, seed: int
) -> None:
    events = Random(seed).choice(list(permutations(STORY)))
    for number, item in enumerate([*events, *events[:3]]):
        take_in(business, channel, json.dumps([item]).encode() + b" " * number)
    message = only_message(business)
    assert (message.text, message.data) == (
        "tienen la verde?",
        {
            "original": "tienen la azul?",
            "edited": "2026-11-20T10:00:09+00:00",
            "reactions": {"customer": "😮"},
        },
    )


def test_removed_message_shows_no_words_and_its_reaction_can_be_taken_back(
    business: Business, channel: Channel
) -> None:
    take_in(business, channel, says("mi tarjeta es 4111", "m1"))
    at = "2026-11-20T10:00:05+00:00"
    take_in(business, channel, tells("reaction", "r1", target="m1", text="👍", at=at))
    take_in(business, channel, tells("reaction", "r2", target="m1", text="", at="2026-11-20T10:00:06+00:00"))
    take_in(business, channel, tells("removal", "x1", target="m1", at=at))
    message = only_message(business)
    assert (message.text, message.data) == ("", {"removed": at})


def test_what_the_owner_writes_on_his_phone_is_an_answer(business: Business, channel: Channel) -> None:
    conversation = begin(business, channel)
    take_in(business, channel, tells("echo", "p1", text="Sí, pase por ella"))
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        message = Message.objects.get(provider_id="p1")
        assert (message.conversation_id, message.kind, message.author_kind) == (
            conversation.pk,
            "outbound",
            "phone",
        )
        assert (conversation.status, conversation.waiting_since) == ("waiting", None)
        assert not Delivery.objects.filter(message=message).exists()


def test_echo_of_what_we_sent_is_not_a_second_message(business: Business, channel: Channel) -> None:
    conversation = begin(business, channel)
    with tenant_scope(business.tenant.id):
        sent = send_reply(conversation=conversation, text="Hola", by=business.actor())
        Delivery.objects.filter(message=sent).update(provider_id="v-1", status="sent")
    take_in(business, channel, tells("echo", "v-1", text="Hola"))
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(kind="outbound").count() == 1


def test_status_that_names_our_reference_comes_before_the_answer_of_the_call(
    business: Business, channel: Channel
) -> None:
    conversation = begin(business, channel)
    with tenant_scope(business.tenant.id):
        sent = send_reply(conversation=conversation, text="Hola", by=business.actor())
        row = Delivery.objects.get(message=sent)
    take_in(business, channel, tells("status", "v-9", status="delivered", ours=str(row.pk)))
    with tenant_scope(business.tenant.id):
        row.refresh_from_db()
        assert (row.status, row.provider_id) == ("delivered", "v-9")


def test_new_number_is_the_same_customer(business: Business, channel: Channel) -> None:
    conversation = begin(business, channel, **{"from": "ana"})
    take_in(business, channel, tells("address", "a1", new="ana.nueva", **{"from": "ana"}))
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert conversation.identity.value == "ana.nueva"
        assert set(conversation.customer.identities.values_list("value", flat=True)) == {"ana", "ana.nueva"}
    again = begin(business, channel, "sigo aquí", **{"from": "ana.nueva"})
    assert again.pk == conversation.pk


def test_new_number_that_belongs_to_somebody_else_joins_nobody(business: Business, channel: Channel) -> None:
    begin(business, channel, **{"from": "ana"})
    begin(business, channel, **{"from": "luis"})
    take_in(business, channel, tells("address", "a1", new="luis", **{"from": "ana"}))
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 2


def test_address_the_vendor_vouches_for_joins_the_customer_it_belongs_to(
    business: Business, channel: Channel
) -> None:
    with tenant_scope(business.tenant.id):
        known = Customer.objects.create(name="Ana de siempre", last_contact_at=timezone.now())
        Identity.objects.create(customer=known, kind="phone", value="+523312345678", display="33 1234 5678")
    conversation = begin(business, channel, aliases=[["phone", "+52 1 33 1234 5678"]])
    with tenant_scope(business.tenant.id):
        assert (conversation.customer_id, conversation.customer.name) == (known.pk, "Ana de siempre")
        assert known.identities.get(kind="phone").is_verified


def test_news_of_a_template_and_of_the_account(
    business: Business, channel: Channel, owner_client: Any
) -> None:
    for status in ("approved", "rejected"):
        data = {"name": "aviso", "language": "es_MX", "status": status}
        take_in(business, channel, tells("news", about="template_status", data=data))
    take_in(
        business, channel, tells("news", about="account", text="Your account is restricted.", problem=True)
    )
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
        assert (channel.problem, channel.problem_since is not None) == ("Your account is restricted.", True)
        assert list(Template.objects.values_list("name", "status")) == [("aviso", "rejected")]
    page = f"/b/{business.tenant.slug}/settings/channels/"
    assert "Your account is restricted." in owner_client.get(page).text
    take_in(business, channel, tells("news", about="account", problem=False))
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
        assert (channel.problem, channel.problem_since) == ("", None)


def test_closed_window_takes_no_free_text(business: Business, channel: Channel, vendor: Vendor) -> None:
    day = timezone.timedelta(hours=24)
    vendor.capabilities = Capabilities(text_limit=100, attachments=False, window=day)  # type: ignore[misc]
    conversation = begin(business, channel)
    with time_machine.travel(timezone.now() + day * 0.99), tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Hola", by=business.actor())
    late = time_machine.travel(timezone.now() + day * 1.01)
    refused = pytest.raises(CannotSend, match="hasta que vuelva a escribir")
    with late, tenant_scope(business.tenant.id), refused:
        send_reply(conversation=conversation, text="Hola", by=business.actor())


# --- files at the vendor

PICTURE = File("f.jpg", "image/jpeg", b"\xff\xd8\xff picture")


@pytest.fixture
def waiting(business: Business, channel: Channel) -> UUID:
    """A picture that the customer sent and the vendor still holds."""
    begin(business, channel, "mire", media=[{"reference": "ref-1", "name": "foto.jpg"}])
    with tenant_scope(business.tenant.id):
        return Attachment.objects.get().pk


def file_of(business: Business) -> Attachment:
    with tenant_scope(business.tenant.id):
        row: Attachment = Attachment.objects.get()
        return row


def test_file_is_fetched_once(business: Business, vendor: Vendor, waiting: UUID) -> None:
    vendor.files["ref-1"] = PICTURE
    for _again in range(2):
        media.fetch(business.tenant.id, waiting)
    row = file_of(business)
    assert (row.state, row.name, row.content_type, row.size) == ("here", "foto.jpg", "image/jpeg", 11)
    with tenant_scope(business.tenant.id), row.file.open() as content:
        assert (content.read(), vendor.calls) == (PICTURE.content, ["ref-1"])


@pytest.mark.parametrize(
    ("trouble", "state", "reason"),
    [
        (ChannelError("It is gone.", permanent=True), "failed", "It is gone."),
        (ChannelError("Later.", permanent=False, wait=90), "waiting", ""),
        (OSError("reset"), "waiting", ""),
    ],
)
def test_trouble_in_fetching(
    business: Business, vendor: Vendor, waiting: UUID, trouble: Exception, state: str, reason: str
) -> None:
    vendor.files["ref-1"] = trouble
    media.fetch(business.tenant.id, waiting)
    row = file_of(business)
    assert (row.state, row.reason, row.due_at is None) == (state, reason, state == "failed")


def test_file_that_cannot_be_fetched_is_given_up(business: Business, vendor: Vendor, waiting: UUID) -> None:
    vendor.files["ref-1"] = OSError("reset")
    for _try in range(6):
        with tenant_scope(business.tenant.id):
            Attachment.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
        media.fetch(business.tenant.id, waiting)
    assert (file_of(business).state, len(vendor.calls)) == ("failed", 5)


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_lost_bell_of_a_file_is_rung_by_the_sweeper(business: Business, waiting: UUID) -> None:
    assert sweep() >= 1


def test_conversation_shows_what_became_of_the_file(
    business: Business, vendor: Vendor, waiting: UUID, owner_client: Any, stranger_client: Any
) -> None:
    with tenant_scope(business.tenant.id):
        page = f"/b/{business.tenant.slug}/inbox/{Conversation.objects.get().pk}/"
    file = f"/b/{business.tenant.slug}/files/{waiting}/"
    assert "en camino…" in owner_client.get(page).text
    assert [client.get(file).status_code for client in (owner_client, stranger_client)] == [404, 404]
