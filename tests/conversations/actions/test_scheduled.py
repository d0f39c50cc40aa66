"""Answers that go out later: at their time, once, or back to their author."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import scheduled as actions
from conversations.actions.channels import update_channel
from conversations.actions.messages import CannotSend, send_reply
from conversations.channels.base import File
from conversations.models import (
    Attachment,
    Channel,
    Conversation,
    Delivery,
    Draft,
    Message,
    ScheduledFile,
    ScheduledReply,
)
from conversations.tasks import send_scheduled as task
from conversations.tasks import sweep
from conversations.workspace.event_lines import event_text
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import Vendor, begin
from tests.factories.tenants import Business

LATER = timedelta(hours=3)


@pytest.fixture
def conversation(business: Business, channel: Channel) -> Conversation:
    return begin(business, channel)


@pytest.fixture
def plan(business: Business, conversation: Conversation) -> Callable[..., ScheduledReply]:
    """`plan("Hola")`: an answer for in three hours."""

    def planned(text: str = "Hola", send_at: datetime | None = None, **more: object) -> ScheduledReply:
        with tenant_scope(business.tenant.id):
            return actions.schedule(
                conversation=conversation,
                text=text,
                send_at=send_at or timezone.now() + LATER,
                by=business.actor(),
                **more,  # type: ignore[arg-type]
            )

    return planned


def send_scheduled(business: str, reply: str) -> None:
    """What the task does when its clock agrees with PostgreSQL's."""
    with tenant_scope(business):
        actions.send_due(reply)


def texts(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return list(Message.objects.filter(kind="outbound").order_by("id").values_list("text", flat=True))


def left(business: Business) -> int:
    with tenant_scope(business.tenant.id):
        return ScheduledReply.objects.count()


def test_it_goes_out_at_its_time_and_once(
    business: Business, conversation: Conversation, plan: Callable[..., ScheduledReply]
) -> None:
    with tenant_scope(business.tenant.id):
        Draft.objects.create(conversation=conversation, membership=business.owner, body="Ho")
    reply = plan()
    with tenant_scope(business.tenant.id):
        assert not Draft.objects.exists()
        conversation.refresh_from_db()
        assert (conversation.status, conversation.waiting_since is None) == ("open", False)
    send_scheduled(str(business.tenant.id), str(reply.pk))
    assert (texts(business), left(business)) == ([], 1)
    with time_machine.travel(timezone.now() + LATER + timedelta(seconds=1)):
        task(str(business.tenant.id), str(reply.pk))
        assert texts(business) == []  # a worker's clock that is three hours ahead of PostgreSQL's
        for _twice in range(2):
            send_scheduled(str(business.tenant.id), str(reply.pk))
    assert (texts(business), left(business)) == (["Hola"], 0)
    with tenant_scope(business.tenant.id):
        message = Message.objects.get(kind="outbound")
        assert (message.author, message.author_kind) == (business.owner, "member")
        assert Delivery.objects.get(message=message).priority == Delivery.Priority.PERSON
        conversation.refresh_from_db()
        assert conversation.status == "waiting"


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_the_sweeper_finds_it_when_its_time_has_come(
    business: Business, plan: Callable[..., ScheduledReply]
) -> None:
    plan()
    assert sweep() == 0
    with time_machine.travel(timezone.now() + LATER + timedelta(seconds=1)):
        assert sweep() == 1


def test_its_files_go_with_it(
    business: Business, plan: Callable[..., ScheduledReply], django_capture_on_commit_callbacks: Callable
) -> None:
    reply = plan("", files=[File("nota.txt", "text/plain", b"hola")])
    with tenant_scope(business.tenant.id):
        kept = ScheduledFile.objects.get()
        storage, name = kept.file.storage, kept.file.name
        assert storage.exists(name)
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_now(reply=reply, by=business.actor())
        file = Attachment.objects.get()
        with file.file.open("rb") as stored:
            assert (file.name, stored.read()) == ("nota.txt", b"hola")
        assert (ScheduledFile.objects.count(), storage.exists(name)) == (0, False)


def test_the_same_send_twice_is_one(
    business: Business, conversation: Conversation, plan: Callable[..., ScheduledReply]
) -> None:
    key = uuid4()
    assert plan(client_id=key).pk == plan(client_id=key).pk
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="ya", by=business.actor(), client_id=(other := uuid4()))
    with pytest.raises(Conflicting):
        plan(client_id=other)


def test_a_time_that_has_passed_or_is_far_away_is_refused(plan: Callable[..., ScheduledReply]) -> None:
    for wrong in (timedelta(seconds=-1), timedelta(days=400)):
        with pytest.raises(CannotSend) as refused:
            plan(send_at=timezone.now() + wrong)
        assert refused.value.field == "send_at"


def test_what_the_channel_will_not_take_any_more_then_is_refused_at_once(
    business: Business,
    conversation: Conversation,
    vendor: Vendor,
    plan: Callable[..., ScheduledReply],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windowed = replace(vendor.capabilities, window=timedelta(hours=2), templates=True)
    monkeypatch.setattr(vendor, "capabilities", windowed, raising=False)
    with tenant_scope(business.tenant.id):
        ends = timezone.now() + timedelta(hours=2)
        Conversation.objects.filter(pk=conversation.pk).update(window_ends_at=ends)
    with pytest.raises(CannotSend) as refused:
        plan()
    assert "plantilla" in str(refused.value)
    assert plan(send_at=timezone.now() + timedelta(hours=1)).send_at is not None


def test_what_cannot_go_when_its_time_comes_stays_with_the_reason(
    business: Business, channel: Channel, conversation: Conversation, plan: Callable[..., ScheduledReply]
) -> None:
    reply = plan()
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="mientras", by=business.actor())
        update_channel(channel=channel, by=business.actor(), is_active=False)
    with time_machine.travel(timezone.now() + LATER + timedelta(seconds=1)):
        send_scheduled(str(business.tenant.id), str(reply.pk))
    assert texts(business) == ["mientras"]
    with tenant_scope(business.tenant.id):
        reply.refresh_from_db()
        conversation.refresh_from_db()
        assert (reply.send_at, conversation.status) == (None, "open")
        event = Message.objects.filter(kind="event").latest("id")
        assert reply.reason in event_text(event)
        assert reply.reason
        update_channel(channel=channel, by=business.actor(), is_active=True)
        actions.change(reply=reply, send_at=timezone.now() + LATER, by=business.actor())
        reply.refresh_from_db()
        assert (reply.reason, reply.send_at is None) == ("", False)


def test_it_is_changed_and_sent_at_once(business: Business, plan: Callable[..., ScheduledReply]) -> None:
    reply = plan()
    with tenant_scope(business.tenant.id):
        actions.change(reply=reply, text="Adiós", send_at=timezone.now() + 2 * LATER, by=business.actor())
        with pytest.raises(CannotSend):
            actions.change(reply=reply, text=" ", by=business.actor())
        actions.send_now(reply=reply, by=business.actor())
        for act in (actions.send_now, actions.cancel):
            with pytest.raises(Refused):
                act(reply=reply, by=business.actor())
    assert texts(business) == ["Adiós"]


def test_cancelled_it_is_a_draft_again_behind_what_was_begun(
    business: Business, conversation: Conversation, plan: Callable[..., ScheduledReply]
) -> None:
    reply = plan()
    with tenant_scope(business.tenant.id):
        Draft.objects.create(conversation=conversation, membership=business.owner, body="Empecé")
        actions.cancel(reply=reply, by=business.actor())
        assert Draft.objects.get().body == "Empecé\n\nHola"
    assert (texts(business), left(business)) == ([], 0)


def test_who_left_is_still_named(
    business: Business, conversation: Conversation, plan: Callable[..., ScheduledReply]
) -> None:
    reply = plan()
    with tenant_scope(business.tenant.id):
        ScheduledReply.objects.filter(pk=reply.pk).update(author=None)
    with time_machine.travel(timezone.now() + LATER + timedelta(seconds=1)):
        send_scheduled(str(business.tenant.id), str(reply.pk))
    with tenant_scope(business.tenant.id):
        assert Message.objects.get(kind="outbound").author_label == business.owner.name
