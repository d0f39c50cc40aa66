"""Answers, notes and events: what each changes, once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import messages as actions
from conversations.actions.channels import update_channel
from conversations.actions.conversations import close, snooze
from conversations.actions.drafts import save_draft
from conversations.actions.messages import AnsweredMeanwhile, CannotSend, add_note, send_reply, send_system
from conversations.channels.base import File
from conversations.models import Channel, Conversation, Delivery, Draft, Episode, Message
from crm.models import Customer, TimelineEntry
from tenants.actors import Actor
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tenants.models import Tenant
from tenants.refusals import Conflicting
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import begin, says, take_in
from tests.factories.conversations import make_file
from tests.factories.tenants import Business
from tests.tenants.together import together


@pytest.fixture
def conversation(business: Business, channel: Channel) -> Conversation:
    return begin(business, channel)


def key_actor(business: Business) -> Actor:
    from tenants.actions.api_keys import create_api_key
    from tenants.permissions import Permission

    key, _secret = create_api_key(name="Tienda", scopes=list(Permission), by=business.actor())
    return Actor.of_key(key)


# --- what an inbound message changes ---


def test_waiting_since_is_the_first_unanswered_message(business: Business, channel: Channel) -> None:
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        conversation = begin(business, channel)
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        take_in(business, channel, says("¿hola?"))
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert conversation.waiting_since == now + timedelta(minutes=1)
        assert conversation.last_inbound_at == conversation.last_message_at == now + timedelta(minutes=5)
        customer = Customer.objects.get()
        assert (customer.last_contact_at, customer.last_contact_channel) == (
            conversation.last_inbound_at,
            "vendor",
        )
        send_reply(conversation=conversation, text="Ya", by=business.actor())
        conversation.refresh_from_db()
        assert conversation.waiting_since is None


# --- send_reply ---


def test_reply_changes_everything_it_should_and_once(business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        by = business.actor(business.agent)
        save_draft(conversation=conversation, text="Sí, ha", is_note=False, by=by)
        save_draft(conversation=conversation, text="otra", is_note=False, by=business.actor())
        message = send_reply(conversation=conversation, text="  Sí, hay.\x00\r\n ", by=by)
        conversation.refresh_from_db()
        assert (message.kind, message.author_kind, message.author_id, message.author_label, message.text) == (
            "outbound", "member", business.agent.pk, "Aldo Agente", "Sí, hay.",
        )  # fmt: skip
        assert (conversation.status, conversation.assignee_id) == ("waiting", business.agent.pk)
        assert (conversation.preview, conversation.preview_is_ours) == ("Sí, hay.", True)
        assert conversation.last_message_at == message.created_at
        assert Episode.objects.get().first_answer_at == message.created_at
        delivery = Delivery.objects.get()
        assert (delivery.message_id, delivery.status, delivery.attempts) == (message.pk, "pending", 0)
        assert list(Draft.objects.values_list("membership_id", flat=True)) == [business.owner.pk]
        entries = TimelineEntry.objects.filter(kind="message_out").values_list(
            "object_id", "context_id", "data__text"
        )
        assert list(entries) == [(message.pk, conversation.pk, "Sí, hay.")]
        first = message.created_at
        send_reply(conversation=conversation, text="¿Algo más?", by=business.actor())
        conversation.refresh_from_db()
        assert Episode.objects.get().first_answer_at == first
        assert conversation.assignee_id == business.agent.pk


def test_same_client_id_is_one_message(business: Business, conversation: Conversation) -> None:
    client_id = uuid4()
    with tenant_scope(business.tenant.id):
        by = business.actor()
        first = send_reply(conversation=conversation, text="uno", by=by, client_id=client_id)
        assert send_reply(conversation=conversation, text="dos", by=by, client_id=client_id).pk == first.pk
        assert (Message.objects.filter(kind="outbound").count(), Delivery.objects.count()) == (1, 1)
        assert TimelineEntry.objects.filter(kind="message_out").count() == 1


def test_client_id_of_another_kind_of_message_is_refused(
    business: Business, conversation: Conversation
) -> None:
    client_id = uuid4()
    with tenant_scope(business.tenant.id):
        by = business.actor()
        add_note(conversation=conversation, text="nota", by=by, client_id=client_id)
        with pytest.raises(Conflicting):
            send_reply(conversation=conversation, text="uno", by=by, client_id=client_id)
        assert Delivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_same_client_id_in_parallel_is_one_message(business: Business, conversation: Conversation) -> None:
    client_id = uuid4()

    def send() -> UUID:
        with tenant_scope(business.tenant.id):
            return send_reply(
                conversation=conversation, text="uno", by=business.actor(), client_id=client_id
            ).pk

    ids = together(*[send] * 6)
    assert len(ids) == 6
    assert len(set(ids)) == 1
    with tenant_scope(business.tenant.id):
        assert (Message.objects.filter(kind="outbound").count(), Delivery.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_the_second_is_told(business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        seen = Message.objects.get().pk

    def send(member: Any) -> str:
        with tenant_scope(business.tenant.id):
            send_reply(conversation=conversation, text="Hola", by=business.actor(member), seen=seen)
        return "sent"

    outcomes = together(lambda: send(business.agent), lambda: send(business.owner))
    assert outcomes == ["AnsweredMeanwhile", "sent"]
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(kind="outbound").count() == 1


def test_answered_meanwhile_means_a_colleague_or_a_key_not_oneself_nor_puente(
    business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        mine, theirs = business.actor(business.agent), business.actor()
        seen = Message.objects.get().pk
        send_reply(conversation=conversation, text="mío", by=mine, seen=seen)
        send_system(conversation=conversation, text="¿Qué tal?", data={})
        add_note(conversation=conversation, text="nota", by=theirs)
        send_reply(conversation=conversation, text="mío otra vez", by=mine, seen=seen)
        answer = send_reply(conversation=conversation, text="suyo", by=theirs)
        with pytest.raises(AnsweredMeanwhile) as refusal:
            send_reply(conversation=conversation, text="tarde", by=mine, seen=seen)
        assert (refusal.value.message.pk, refusal.value.field, refusal.value.status) == (
            answer.pk,
            "seen",
            409,
        )
        assert "Olga Dueña" in str(refusal.value)
        send_reply(conversation=conversation, text="visto", by=mine, seen=answer.pk)
        by_key = send_reply(conversation=conversation, text="llave", by=key_actor(business))
        assert (by_key.author_kind, by_key.author_label) == ("key", "Tienda")
        with pytest.raises(AnsweredMeanwhile):
            send_reply(conversation=conversation, text="tarde", by=mine, seen=answer.pk)


@pytest.mark.parametrize(
    ("text", "files", "changes"),
    [
        ("  \x00 \n", [], {}),
        ("x" * 501, [], {}),
        ("Hola", [make_file(content=b"x" * 600_000)] * 2, {}),
        ("Hola", [], {"is_active": False}),
    ],
    ids=["empty", "too long", "files too large", "switched off"],
)
def test_what_the_channel_would_refuse_is_refused_before(
    business: Business, conversation: Conversation, text: str, files: list[File], changes: dict[str, Any]
) -> None:
    with tenant_scope(business.tenant.id):
        update_channel(channel=conversation.channel, by=business.actor(), **changes)
        before = Message.objects.count()
        with pytest.raises(CannotSend) as refusal:
            send_reply(conversation=conversation, text=text, files=files, by=business.actor())
        assert str(refusal.value)
        assert (Message.objects.count(), Delivery.objects.count()) == (before, 0)


def test_customer_without_an_address_cannot_be_answered(
    business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        Conversation.objects.update(identity=None)
        with pytest.raises(CannotSend):
            send_reply(conversation=conversation, text="Hola", by=business.actor())


def test_files_alone_are_a_message(business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        message = send_reply(
            conversation=conversation, text="", files=[make_file("../../foto.png")], by=business.actor()
        )
        conversation.refresh_from_db()
        attachment = message.attachments.get()
        assert (conversation.preview, message.has_attachments) == ("📎", True)
        assert (attachment.name, attachment.file.name) == (
            "../../foto.png",
            f"{business.tenant.id}/attachments/{attachment.pk.hex[-2:]}/{attachment.pk.hex}",
        )


def test_reply_to_a_closed_conversation_reopens_its_episode_or_starts_the_next(
    business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        by = business.actor()
        closed = close(conversation=conversation, by=by)
        send_reply(conversation=conversation, text="Una cosa", by=by)
        conversation.refresh_from_db()
        assert (conversation.status, conversation.closed_at, conversation.episode_count) == (
            "waiting",
            None,
            1,
        )
        closed = close(conversation=conversation, by=by)
        assert closed.closed_at
        with time_machine.travel(closed.closed_at + timedelta(hours=Tenant.objects.get().reopen_hours + 1)):
            late = send_reply(conversation=conversation, text="Ya llegó", by=by)
        conversation.refresh_from_db()
        assert (conversation.status, conversation.episode_count, late.episode.number) == ("waiting", 2, 2)
        assert Episode.objects.get(number=2).first_answer_at == late.created_at
        assert Episode.objects.filter(closed_at=None).count() == 1


def test_reply_ends_a_snooze(business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        snooze(conversation=conversation, until=timezone.now() + timedelta(days=1), by=business.actor())
        send_reply(conversation=conversation, text="Hola", by=business.actor())
        conversation.refresh_from_db()
        assert (conversation.status, conversation.snoozed_until) == ("waiting", None)


# --- notes, events, system ---


def test_note_changes_nothing_the_customer_or_the_clock_sees(
    business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        by = business.actor(business.agent)
        conversation.refresh_from_db()
        before = {
            field: getattr(conversation, field)
            for field in ("status", "preview", "waiting_since", "assignee_id", "last_message_at")
        }
        client_id = uuid4()
        note = add_note(conversation=conversation, text="Ojo: es revendedor", by=by, client_id=client_id)
        assert add_note(conversation=conversation, text="otra", by=by, client_id=client_id).pk == note.pk
        conversation.refresh_from_db()
        assert {field: getattr(conversation, field) for field in before} == before
        assert (Delivery.objects.count(), Message.objects.filter(kind="note").count()) == (0, 1)
        assert Episode.objects.get().first_answer_at is None
        assert list(Message.objects.seen_by_customer().values_list("kind", flat=True)) == ["inbound"]
        assert TimelineEntry.objects.filter(object_id=note.pk).count() == 0
        with pytest.raises(CannotSend):
            add_note(conversation=conversation, text=" ", by=by)


def test_system_message_is_no_answer(business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        waiting = conversation.waiting_since
        message = send_system(conversation=conversation, text="¿Qué tal?", data={"rating": {}})
        conversation.refresh_from_db()
        assert (message.author_kind, conversation.waiting_since, conversation.status) == (
            "system",
            waiting,
            "open",
        )
        assert Episode.objects.get().first_answer_at is None
        assert Delivery.objects.get().status == "pending"


@pytest.mark.django_db(transaction=True)
def test_live_events_tell_members_of_notes_and_both_of_messages(
    business: Business, conversation: Conversation
) -> None:
    valkey.client().flushdb()
    with tenant_scope(business.tenant.id):
        note = add_note(conversation=conversation, text="nota", by=business.actor())
        reply = send_reply(conversation=conversation, text="Hola", by=business.actor())
    rows = [fields for _id, fields in valkey.client().xrange(stream_key(business.tenant.id))]
    assert [(row["kind"], row["audience"], row["visitor"], row["assignee"]) for row in rows] == [
        ("message", "members", "", ""),
        ("message", "both", str(conversation.customer_id), str(business.owner.pk)),
    ]
    assert [str(m.pk) in row["data"] for m, row in zip((note, reply), rows, strict=True)] == [True, True]
    assert "nota" not in str(rows)
    assert "Hola" not in str(rows)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_of_what_was_rolled_back(business: Business, conversation: Conversation) -> None:
    valkey.client().flushdb()

    def send_and_fail() -> None:
        with tenant_scope(business.tenant.id):
            send_reply(conversation=conversation, text="Hola", by=business.actor())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        send_and_fail()
    assert valkey.client().keys("*") == []
    with tenant_scope(business.tenant.id):
        assert Delivery.objects.count() == 0


def test_text_is_cut_at_the_limit_and_cleaned(
    business: Business, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "TEXT_LIMIT", 10)
    event = take_in(business, channel, says("a\x00b\r\nc" + "x" * 50, name="N\x00\n" + "y" * 300))
    with tenant_scope(business.tenant.id):
        assert event.message.text == "ab\ncxxxxxx"
        assert len(event.message.author_label) == 150


# --- drafts ---


def test_draft_of_a_sent_message_is_dropped(business: Business, conversation: Conversation) -> None:
    client_id = uuid4()
    with tenant_scope(business.tenant.id):
        by = business.actor()
        assert (
            save_draft(conversation=conversation, text="Ho", is_note=False, by=by, client_id=client_id)
            is True
        )
        send_reply(conversation=conversation, text="Hola", by=by, client_id=client_id)
        assert (
            save_draft(conversation=conversation, text="Hola", is_note=False, by=by, client_id=client_id)
            is False
        )
        assert Draft.objects.count() == 0
        assert save_draft(conversation=conversation, text="x", is_note=True, by=by) is True
        assert save_draft(conversation=conversation, text=" ", is_note=True, by=by) is False
        assert Draft.objects.count() == 0
