"""The outbox: each message goes out once, in order, and nobody pretends to know what he does not."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from conversations.actions import deliveries as actions
from conversations.actions.channels import update_channel
from conversations.actions.conversations import assign, close, snooze
from conversations.actions.deliveries import deliver, expire_leases, look_up, mark_read
from conversations.actions.messages import send_reply
from conversations.actions.outbox import resend
from conversations.channels.base import ChannelError, InboundStatus
from conversations.models import Channel, Conversation, Delivery, Message
from conversations.tasks import sweep
from conversations.workspace.event_lines import event_text
from tenants.models import AuditEvent, Membership
from tenants.scoping import NoTenant, tenant_scope, uuid7
from tests.conversations.actions.vendor import Vendor, begin, entrance_of, open_channel, take_in
from tests.factories.tenants import Business
from tests.tenants.together import together


@pytest.fixture
def conversation(business: Business, channel: Channel) -> Conversation:
    return begin(business, channel)


@pytest.fixture
def write(business: Business, conversation: Conversation) -> Callable[..., UUID]:
    """`write("Hola")`: an answer in the outbox; returns the delivery's id."""

    def in_outbox(text: str = "Hola") -> UUID:
        with tenant_scope(business.tenant.id):
            message = send_reply(conversation=conversation, text=text, by=business.actor())
            return Delivery.objects.get(message=message).pk

    return in_outbox


def state(business: Business, delivery_id: UUID) -> Delivery:
    with tenant_scope(business.tenant.id):
        row: Delivery = Delivery.objects.get(pk=delivery_id)
        return row


def change(business: Business, delivery_id: UUID, **fields: object) -> None:
    with tenant_scope(business.tenant.id):
        Delivery.objects.filter(pk=delivery_id).update(**fields)


def events_of(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return list(Message.objects.filter(kind="event").order_by("id").values_list("data__event", flat=True))


# --- the way out ---


def test_delivered_twice_is_sent_once(business: Business, vendor: Vendor, write: Callable[..., UUID]) -> None:
    row = write()
    for _again in range(2):
        deliver(business.tenant.id, row)
    sent = state(business, row)
    assert vendor.calls == ["Hola"]
    assert (sent.status, sent.provider_id, sent.attempts, sent.lease_until) == ("sent", f"v-{row}", 1, None)
    assert sent.calling_at is not None
    assert sent.settled_at is not None


@pytest.mark.django_db(transaction=True)
def test_eight_workers_call_the_vendor_once(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()
    assert together(*[lambda: deliver(business.tenant.id, row)] * 8) == ["None"] * 8
    assert (vendor.calls, state(business, row).status) == (["Hola"], "sent")


def test_messages_of_a_conversation_go_out_in_order(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    first, second = write("uno"), write("dos")
    deliver(business.tenant.id, second)
    assert vendor.calls == []
    deliver(business.tenant.id, first)
    deliver(business.tenant.id, second)
    assert vendor.calls == ["uno", "dos"]


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_keep_the_order_of_a_conversation(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    rows = [write(f"n{n}") for n in range(4)]
    for _round in range(6):
        together(*[lambda row=row: deliver(business.tenant.id, row) for row in rows])
    assert vendor.calls == ["n0", "n1", "n2", "n3"]


def answer_elsewhere(business: Business, channel: Channel) -> UUID:
    """An answer to somebody else on the channel, in the outbox."""
    elsewhere = begin(business, channel, **{"from": "beto"})
    with tenant_scope(business.tenant.id):
        message = send_reply(conversation=elsewhere, text="pasa", by=business.actor())
        row: UUID = Delivery.objects.get(message=message).pk
        return row


def test_one_conversation_does_not_hold_up_another(
    business: Business, channel: Channel, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    write("espera")
    deliver(business.tenant.id, answer_elsewhere(business, channel))
    assert vendor.calls == ["pasa"]


@pytest.mark.django_db(transaction=True)
def test_others_may_work_on_the_conversation_while_the_vendor_is_called(
    business: Business, vendor: Vendor, write: Callable[..., UUID], conversation: Conversation
) -> None:
    called, go_on = threading.Event(), threading.Event()

    def slow(_delivery: Delivery) -> str:
        called.set()
        assert go_on.wait(10)
        return "x"

    vendor.answers = [slow]
    row = write()

    def meanwhile() -> str:
        assert called.wait(10)
        try:
            with tenant_scope(business.tenant.id), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                Delivery.objects.select_for_update().get(pk=row)
                send_reply(conversation=conversation, text="dos", by=business.actor())
        finally:
            go_on.set()
        return "worked"

    assert together(lambda: deliver(business.tenant.id, row), meanwhile) == ["None", "worked"]
    assert state(business, row).status == "sent"


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_vendor_is_called_or_asked(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    seen = []

    def look(delivery: Delivery) -> None:
        seen.append((connection.in_atomic_block, connection.connection.info.transaction_status.name))
        with pytest.raises(NoTenant):  # whoever reads now would open one
            Delivery.objects.get(pk=delivery.pk)

    def lost(delivery: Delivery) -> str:
        look(delivery)
        raise TimeoutError

    vendor.asked, vendor.answers = look, [lost]
    row = write()
    deliver(business.tenant.id, row)
    look_up(business.tenant.id, row)
    assert seen == [(False, "IDLE")] * 2
    assert state(business, row).status == "unknown"


def test_what_cannot_be_prepared_is_tried_again_and_never_unknown(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    vendor.cannot_prepare = ValueError("broken")
    row = write()
    deliver(business.tenant.id, row)
    pending = state(business, row)
    assert (pending.status, pending.reason, pending.attempts) == ("pending", actions.UNPREPARED, 1)
    assert (vendor.calls, pending.calling_at) == ([], None)


def test_address_that_is_gone_fails_before_the_vendor_is_called(
    business: Business, vendor: Vendor, write: Callable[..., UUID], conversation: Conversation
) -> None:
    row = write()
    with tenant_scope(business.tenant.id):
        conversation.identity.delete()
    deliver(business.tenant.id, row)
    failed = state(business, row)
    assert (vendor.calls, failed.status, failed.reason) == ([], "failed", actions.NO_ADDRESS)
    assert (failed.calling_at, events_of(business)) == (None, ["delivery_failed"])


# --- a channel that is switched off ---


def switch(business: Business, channel: Channel, *, on: bool) -> None:
    with tenant_scope(business.tenant.id):
        update_channel(channel=channel, by=business.actor(), is_active=on)


def test_message_waits_while_the_channel_is_switched_off_and_goes_out_once_it_is_on(
    business: Business, channel: Channel, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    first, second = write("uno"), write("dos")
    switch(business, channel, on=False)
    for _again in range(7):  # more often than it may be attempted
        deliver(business.tenant.id, first)
        change(business, first, due_at=timezone.now())
    deliver(business.tenant.id, first)
    held = state(business, first)
    assert (held.status, held.reason, held.attempts) == ("pending", actions.SWITCHED_OFF, 0)
    assert held.due_at > timezone.now() + timedelta(minutes=50)
    deliver(business.tenant.id, second)
    assert vendor.calls == []
    switch(business, channel, on=True)
    for row in (first, second):
        deliver(business.tenant.id, row)
    sent = state(business, first)
    assert (vendor.calls, sent.status, sent.reason) == (["uno", "dos"], "sent", "")


def test_vendor_says_how_long_to_stay_away(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    vendor.answers = [ChannelError("Busy", permanent=False, wait=300)]
    row = write()
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        deliver(business.tenant.id, row)
        assert state(business, row).due_at == timezone.now() + timedelta(seconds=300)


def test_broken_channel_turns_red_and_keeps_its_messages_until_it_is_repaired(
    business: Business, channel: Channel, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    vendor.answers = [ChannelError("Connect it again", permanent=True, channel_broken=True)]
    row = write()
    for _again in range(6):
        change(business, row, due_at=timezone.now())
        deliver(business.tenant.id, row)
    held = state(business, row)
    assert (held.status, held.reason, held.attempts) == ("pending", "Connect it again", 0)
    assert held.due_at > timezone.now() + timedelta(minutes=50)
    assert vendor.calls == ["Hola"]  # asked once, not by every message that waits
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
        assert channel.problem == "Connect it again"
        update_channel(channel=channel, by=business.actor(), settings={"token": "new"})
    deliver(business.tenant.id, row)
    assert state(business, row).status == "sent"


def test_first_message_that_goes_out_again_turns_the_channel_green_and_lets_the_others_go(
    business: Business, channel: Channel, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    first, second = write("uno"), answer_elsewhere(business, channel)
    vendor.answers = [ChannelError("Connect it again", permanent=False, channel_broken=True)]
    for row in (first, second):
        deliver(business.tenant.id, row)
    assert [state(business, row).reason for row in (first, second)] == ["Connect it again"] * 2
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        deliver(business.tenant.id, first)
        deliver(business.tenant.id, second)
    assert vendor.calls == ["uno", "uno", "pasa"]
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
    assert (channel.problem, channel.paused_until) == ("", None)


def test_resent_message_waits_too(
    business: Business, channel: Channel, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()
    change(business, row, status="failed", reason="x")
    switch(business, channel, on=False)
    with tenant_scope(business.tenant.id):
        assert resend(delivery=Delivery.objects.get(pk=row), by=business.actor()) is True
    deliver(business.tenant.id, row)
    assert (state(business, row).reason, vendor.calls) == (actions.SWITCHED_OFF, [])


# --- refusals ---


@pytest.mark.parametrize("put_off", ["closed", "snoozed"])
def test_failed_answer_brings_back_a_conversation_that_nobody_looks_at(
    business: Business, vendor: Vendor, write: Callable[..., UUID], conversation: Conversation, put_off: str
) -> None:
    row = write()  # by the owner
    with tenant_scope(business.tenant.id):
        assign(conversation=conversation, to=business.agent, by=business.actor())
        if put_off == "closed":
            close(conversation=conversation, by=business.actor())
        else:
            snooze(conversation=conversation, until=timezone.now() + timedelta(days=1), by=business.actor())
    vendor.answers = [ChannelError("No such number", permanent=True)]
    deliver(business.tenant.id, row)
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.closed_at, conversation.snoozed_until) == (
            "open", None, None,
        )  # fmt: skip
        author = business.owner if put_off == "closed" else business.agent
        assert conversation.assignee_id == author.pk
        reopened = Message.objects.filter(kind="event", data__event="reopened_undelivered")
        texts = [event_text(message) for message in reopened]
        expected = f"Abierta otra vez para {business.owner.name}, porque la respuesta no llegó"
        assert texts == ([expected] if put_off == "closed" else [])
        trail = AuditEvent.objects.filter(action="conversation.reopened").values_list("details", flat=True)
        assert list(trail) == ([{"reason": "delivery_failed"}] if put_off == "closed" else [])


def test_author_who_left_gets_nothing_back(
    business: Business, vendor: Vendor, write: Callable[..., UUID], conversation: Conversation
) -> None:
    row = write()
    with tenant_scope(business.tenant.id):
        assign(conversation=conversation, to=None, by=business.actor())
        close(conversation=conversation, by=business.actor())
        Membership.objects.filter(pk=business.owner.pk).update(is_active=False)
    vendor.answers = [ChannelError("No such number", permanent=True)]
    deliver(business.tenant.id, row)
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.assignee_id) == ("open", None)
        (event,) = Message.objects.filter(kind="event", data__event="reopened_undelivered")
        assert event_text(event) == "Abierta otra vez, porque la respuesta no llegó"


def test_permanent_refusal_fails_with_its_reason_and_opens_the_conversation(
    business: Business, vendor: Vendor, write: Callable[..., UUID], conversation: Conversation
) -> None:
    vendor.answers = [ChannelError("No such number", permanent=True)]
    row = write()
    deliver(business.tenant.id, row)
    failed = state(business, row)
    assert (failed.status, failed.reason, failed.lease_until) == ("failed", "No such number", None)
    deliver(business.tenant.id, row)
    assert vendor.calls == ["Hola"]
    assert events_of(business) == ["delivery_failed"]
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert conversation.status == "open"


def test_temporary_refusal_is_tried_again_later_and_at_last_fails(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    vendor.answers = [ChannelError("Busy", permanent=False) for _attempt in range(5)]
    row = write()
    waits = []
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False) as clock:
        for _attempt in range(4):
            deliver(business.tenant.id, row)
            pending = state(business, row)
            assert (pending.status, pending.reason, pending.lease_until, pending.calling_at) == (
                "pending", "Busy", None, None,
            )  # fmt: skip
            waits.append((pending.due_at - timezone.now()).total_seconds())
            deliver(business.tenant.id, row)  # not due yet
            clock.move_to(pending.due_at)
        deliver(business.tenant.id, row)
    assert waits == [15, 30, 60, 120]
    assert (state(business, row).status, len(vendor.calls)) == ("failed", 5)


def test_later_message_waits_for_one_that_is_tried_again_but_not_for_a_failed_or_unknown_one(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    vendor.answers = [ChannelError("Busy", permanent=False)]
    first, second = write("uno"), write("dos")
    deliver(business.tenant.id, first)
    deliver(business.tenant.id, second)
    assert vendor.calls == ["uno"]
    for settled in ("failed", "unknown"):
        change(business, first, status=settled)
        change(business, second, status="pending")
        deliver(business.tenant.id, second)
    assert vendor.calls == ["uno", "dos", "dos"]


def test_answer_that_is_lost_leaves_the_outcome_unknown(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    vendor.answers = [TimeoutError("no answer")]
    row = write()
    deliver(business.tenant.id, row)
    deliver(business.tenant.id, row)
    unknown = state(business, row)
    assert (vendor.calls, unknown.status, unknown.reason) == (["Hola"], "unknown", actions.UNKNOWN)
    assert events_of(business) == []


# --- deaths ---


def test_death_before_the_mark_makes_it_pending_again(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()
    with tenant_scope(business.tenant.id):
        assert actions._claim(row, uuid7()) is True  # and the worker dies
        assert expire_leases() == 0
    deliver(business.tenant.id, row)
    assert vendor.calls == []
    with time_machine.travel(timezone.now() + actions.LEASE + timedelta(seconds=1)):
        with tenant_scope(business.tenant.id):
            assert (expire_leases(), expire_leases()) == (1, 0)
        assert state(business, row).status == "pending"
        deliver(business.tenant.id, row)
    assert (vendor.calls, state(business, row).attempts) == (["Hola"], 2)


def test_death_after_the_mark_is_unknown_and_never_sent_by_itself(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()
    with tenant_scope(business.tenant.id):
        actions._claim(row, uuid7())
        Delivery.objects.update(calling_at=timezone.now())  # and the worker dies
    with time_machine.travel(timezone.now() + actions.LEASE + timedelta(seconds=1)):
        with tenant_scope(business.tenant.id):
            assert expire_leases() == 1
        deliver(business.tenant.id, row)
    assert (vendor.calls, state(business, row).status) == ([], "unknown")


def test_death_five_times_before_the_mark_is_poison(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()
    change(business, row, attempts=5)
    deliver(business.tenant.id, row)
    poisoned = state(business, row)
    assert (vendor.calls, poisoned.status, poisoned.reason) == ([], "failed", actions.POISON)


def test_worker_that_comes_back_after_its_lease_does_not_send(
    business: Business, vendor: Vendor, write: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It slept between claim and mark; meanwhile the sweeper gave the row to somebody else."""
    row = write()
    real = actions.adapter_for

    def sleeping(kind: str) -> object:
        change(business, row, status="pending", lease_until=None)
        return real(kind)

    monkeypatch.setattr(actions, "adapter_for", sleeping)
    deliver(business.tenant.id, row)
    assert (vendor.calls, state(business, row).status) == ([], "pending")


@pytest.mark.parametrize("meanwhile", ["unknown", "pending", "delivered", "failed"])
def test_late_settle_of_an_expired_attempt_changes_nothing(
    business: Business, vendor: Vendor, write: Callable[..., UUID], meanwhile: str
) -> None:
    row = write()

    def slow(_delivery: Delivery) -> str:
        change(business, row, status=meanwhile, provider_id="first")
        return "late"

    vendor.answers = [slow]
    deliver(business.tenant.id, row)
    assert (state(business, row).status, state(business, row).provider_id) == (meanwhile, "first")


def test_late_settle_does_not_touch_the_next_attempt(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()

    def slow(_delivery: Delivery) -> str:
        change(business, row, attempt_id=uuid7())
        return "late"

    vendor.answers = [slow]
    deliver(business.tenant.id, row)
    assert (state(business, row).status, state(business, row).provider_id) == ("sending", "")


# --- unknown ---


@pytest.fixture
def unknown(business: Business, vendor: Vendor, write: Callable[..., UUID]) -> UUID:
    vendor.answers = [TimeoutError()]
    row = write()
    deliver(business.tenant.id, row)
    return row


@pytest.mark.parametrize(
    ("word", "status", "reason"),
    [
        (InboundStatus("v-7", "sent"), "sent", ""),
        (InboundStatus("v-7", "delivered"), "delivered", ""),
        (InboundStatus("v-7", "failed", "Blocked"), "failed", "Blocked"),
        (InboundStatus("", "pending"), "pending", ""),
        (None, "unknown", actions.UNKNOWN),
        (ChannelError("Busy", permanent=False), "unknown", actions.UNKNOWN),
        (TimeoutError("slow"), "unknown", actions.UNKNOWN),
    ],
)
def test_vendor_is_asked_and_believed(
    business: Business,
    vendor: Vendor,
    unknown: UUID,
    word: InboundStatus | Exception | None,
    status: str,
    reason: str,
) -> None:
    vendor.known = word
    look_up(business.tenant.id, unknown)
    row = state(business, unknown)
    assert (row.status, row.reason) == (status, reason)
    if status == "unknown":
        assert row.due_at > timezone.now() + timedelta(seconds=25)
        vendor.known = InboundStatus("v-7", "sent")
        look_up(business.tenant.id, unknown)  # not due yet
        assert state(business, unknown).status == "unknown"
    if status in {"sent", "delivered"}:
        assert row.provider_id == "v-7"
    assert events_of(business) == (["delivery_failed"] if status == "failed" else [])


def test_what_the_vendor_never_got_goes_out_after_all(
    business: Business, vendor: Vendor, unknown: UUID
) -> None:
    vendor.known = InboundStatus("", "pending")
    look_up(business.tenant.id, unknown)
    look_up(business.tenant.id, unknown)
    deliver(business.tenant.id, unknown)
    assert (vendor.calls, state(business, unknown).status) == (["Hola", "Hola"], "sent")


def test_look_up_of_what_is_known_does_nothing(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()
    deliver(business.tenant.id, row)
    vendor.known = InboundStatus("", "pending")
    look_up(business.tenant.id, row)
    assert state(business, row).status == "sent"


# --- by hand ---


@pytest.mark.parametrize(
    ("status", "expected"),
    [("unknown", True), ("failed", True)]
    + [(name, False) for name in ("pending", "sending", "sent", "delivered", "read")],
)
def test_only_what_failed_or_is_unknown_is_resent(
    business: Business, write: Callable[..., UUID], status: str, expected: bool
) -> None:
    row = write()
    change(business, row, status=status, attempts=5, reason="x")
    with tenant_scope(business.tenant.id):
        delivery = Delivery.objects.get(pk=row)
        assert resend(delivery=delivery, by=business.actor()) is expected
        assert resend(delivery=delivery, by=business.actor()) is False
        trail = AuditEvent.objects.filter(action="delivery.resent").values_list("target_id", "details__was")
        assert list(trail) == ([(row, status)] if expected else [])
    after = state(business, row)
    assert (after.status, after.attempts, after.reason) == (
        ("pending", 0, "") if expected else (status, 5, "x")
    )


# --- what vendors say ---


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (["delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "sent"], "delivered"),
        (["sent", "failed"], "failed"),
        (["failed", "delivered"], "failed"),
        (["nonsense", "deleted"], "sent"),
    ],
)
def test_words_out_of_order_never_go_back(
    business: Business, channel: Channel, write: Callable[..., UUID], words: list[str], end: str
) -> None:
    row = write()
    deliver(business.tenant.id, row)
    for word in words:
        event = take_in(business, channel, f'[{{"id": "v-{row}", "status": "{word}"}}]'.encode())
        assert event.outcome == "status"
    assert state(business, row).status == end
    again = take_in(business, channel, f'[{{"id": "v-{row}", "status": "{words[0]}"}} ]'.encode())
    assert again.outcome == "duplicate"
    assert events_of(business) == (["delivery_failed"] if "failed" in words else [])


def test_word_on_an_unknown_delivery_settles_it_and_clears_the_doubt(
    business: Business, channel: Channel, unknown: UUID
) -> None:
    change(business, unknown, provider_id="v-1")
    take_in(business, channel, b'[{"id": "v-1", "status": "delivered"}]')
    assert (state(business, unknown).status, state(business, unknown).reason) == ("delivered", "")


def test_word_of_another_channel_is_not_believed(
    business: Business, vendor: Vendor, write: Callable[..., UUID]
) -> None:
    row = write()
    deliver(business.tenant.id, row)
    take_in(business, open_channel(business), f'[{{"id": "v-{row}", "status": "failed"}}]'.encode())
    assert state(business, row).status == "sent"


@pytest.mark.django_db(transaction=True)
def test_words_in_parallel_end_with_the_highest(
    business: Business, channel: Channel, write: Callable[..., UUID]
) -> None:
    row = write()
    deliver(business.tenant.id, row)
    bodies = [f'[{{"id": "v-{row}", "status": "{word}"}}]'.encode() for word in ("sent", "delivered", "read")]
    together(*[lambda body=body: take_in(business, channel, body) for body in bodies])
    assert state(business, row).status == "read"


def test_late_word_of_failure_reopens_the_closed_conversation(
    business: Business, channel: Channel, write: Callable[..., UUID], conversation: Conversation
) -> None:
    row = write()
    deliver(business.tenant.id, row)
    with tenant_scope(business.tenant.id):
        close(conversation=conversation, by=business.actor())
    word = f'[{{"id": "v-{row}", "status": "failed", "reason": "Blocked"}}]'.encode()
    for _again in range(2):
        take_in(business, channel, word)
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.assignee_id) == ("open", business.owner.pk)
    assert events_of(business) == ["closed", "delivery_failed", "reopened_undelivered"]


def test_read_marks_what_was_sent_up_to_there(
    business: Business, write: Callable[..., UUID], conversation: Conversation
) -> None:
    rows = [write(f"n{n}") for n in range(3)]
    change(business, rows[0], status="failed")
    for row in rows[1:]:
        change(business, row, status="sent")
    with tenant_scope(business.tenant.id):
        mark_read(
            conversation=conversation,
            upto=Delivery.objects.get(pk=rows[1]).message_id,
            channel=conversation.channel,
        )
    assert [state(business, row).status for row in rows] == ["failed", "read", "sent"]


# --- the sweeper ---


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_sweeper_finds_everything_due_in_every_business(
    business: Business, other: Business, vendor: Vendor
) -> None:
    from conversations.actions.inbound import store

    for whose in (business, other):
        channel = open_channel(whose)
        conversation = begin(whose, channel)
        with tenant_scope(whose.tenant.id):
            store(entrance=entrance_of(channel), body=b"waits", content_type="x")
            elsewhere = [begin_in(whose, channel, name) for name in ("beto", "caro")]
            for one in (conversation, *elsewhere):
                send_reply(conversation=one, text="Hola", by=whose.actor())
            pending, sending, lost = Delivery.objects.order_by("id")
            now = timezone.now()
            Delivery.objects.filter(pk=sending.pk).update(status="sending", lease_until=now)
            Delivery.objects.filter(pk=lost.pk).update(status="unknown", due_at=now)
            assert pending.status == "pending"
    assert (sweep(), sweep()) == (8, 8)
    with tenant_scope(business.tenant.id):
        Delivery.objects.filter(status="unknown").update(created_at=timezone.now() - timedelta(hours=25))
        Delivery.objects.filter(status="pending").update(due_at=timezone.now() + timedelta(minutes=1))
    assert sweep() == 6


def begin_in(business: Business, channel: Channel, sender: str) -> Conversation:
    """A conversation of another customer, from within the business's scope."""
    from conversations.actions.inbound import _take_in, store
    from tests.conversations.actions.vendor import says

    body = says("Hola", **{"from": sender})
    _take_in(store(entrance=entrance_of(channel), body=body, content_type="x"))
    found: Conversation = Conversation.objects.latest("created_at")
    return found
