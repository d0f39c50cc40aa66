"""Raw events: stored once, taken in once, parked with a reason, never lost."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import inbound
from conversations.actions.inbound import process_due, replay
from conversations.models import Channel, Conversation, Episode, InboundEvent, InboundItem, Message
from conversations.tasks import sweep
from crm.models import Customer, Identity
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tenants.models import AuditEvent, Tenant
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import Vendor, begin, entrance_of, post, says, take_in
from tests.factories.tenants import Business
from tests.tenants.together import together


def counted(business: Business) -> dict[str, int]:
    """How many rows of each there are."""
    models = (InboundEvent, Customer, Conversation, Episode)
    with tenant_scope(business.tenant.id):
        found = {model.__name__: model.objects.count() for model in models}
        return found | {"Message": Message.objects.filter(kind="inbound").count()}


# --- store ---


def test_same_bytes_are_stored_once(business: Business, channel: Channel) -> None:
    assert post(business, channel, b"a") == post(business, channel, b"a") != post(business, channel, b"b")
    assert counted(business)["InboundEvent"] == 2


@pytest.mark.django_db(transaction=True)
def test_same_bytes_in_parallel_are_stored_once(business: Business, channel: Channel) -> None:
    ids = together(*[lambda: post(business, channel, b"a")] * 8)
    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert counted(business)["InboundEvent"] == 1


def test_same_bytes_on_another_channel_or_business_are_another_event(
    business: Business, channel: Channel, other: Business
) -> None:
    from tests.conversations.actions.vendor import open_channel

    theirs = open_channel(other)
    assert post(business, channel, b"a") != post(other, theirs, b"a")
    assert (counted(business)["InboundEvent"], counted(other)["InboundEvent"]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_storing_is_one_message_to_the_database(business: Business, channel: Channel) -> None:
    entrance = entrance_of(channel)
    with CaptureQueriesContext(connection) as queries:
        inbound.store(entrance=entrance, body=b"a", content_type="x")
    assert len(queries) == 1
    with tenant_scope(business.tenant.id):
        assert [bytes(body) for body in InboundEvent.objects.values_list("body", flat=True)] == [b"a"]


@pytest.mark.django_db(transaction=True)
def test_same_bytes_are_stored_once_and_another_channel_s_apart(business: Business, channel: Channel) -> None:
    first, again = (post(business, channel, b"a") for _ in range(2))
    with tenant_scope(business.tenant.id):
        web = Channel.objects.get(kind="web")
    assert (first == again, post(business, web, b"a") == first) == (True, False)
    assert counted(business)["InboundEvent"] == 2


# --- process ---


def test_processing_twice_is_harmless(business: Business, channel: Channel) -> None:
    event = take_in(business, channel, says("Hola"))
    process_due(business.tenant.id)
    assert (event.outcome, event.attempts, event.due_at) == ("message", 1, None)
    assert counted(business) == {
        "InboundEvent": 1, "Customer": 1, "Conversation": 1, "Episode": 1, "Message": 1
    }  # fmt: skip


def test_processing_when_nothing_waits_is_harmless(business: Business) -> None:
    process_due(business.tenant.id)
    assert set(counted(business).values()) == {0}


@pytest.mark.django_db(transaction=True)
def test_one_event_in_eight_workers_is_one_message(business: Business, channel: Channel) -> None:
    post(business, channel, says("Hola"))
    assert together(*[lambda: process_due(business.tenant.id)] * 8) == ["False"] * 8
    assert counted(business)["Message"] == 1
    with tenant_scope(business.tenant.id):
        assert InboundEvent.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_burst_of_a_new_sender_is_one_customer_and_one_conversation(
    business: Business, channel: Channel
) -> None:
    ids = [
        post(business, channel, says(f"n{n}", **{"from": sender}))
        for n, sender in enumerate(["ana", "@ANA"] * 4)
    ]
    together(*[lambda: process_due(business.tenant.id)] * len(ids))
    assert counted(business) == {
        "InboundEvent": 8, "Customer": 1, "Conversation": 1, "Episode": 1, "Message": 8
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_burst_of_web_messages_is_one_conversation(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        web = Channel.objects.get(kind="web")
    visitor = str(uuid4())
    answers = {"name": "Ana", "email": "ana@example.com"}
    bodies = [
        {"visitor": visitor, "client_id": str(uuid4()), "text": f"n{n}", "page": {}, "answers": answers}
        for n in range(8)
    ]
    ids = [post(business, web, json.dumps(body).encode()) for body in bodies]
    together(*[lambda: process_due(business.tenant.id)] * len(ids))
    assert counted(business) == {
        "InboundEvent": 8, "Customer": 1, "Conversation": 1, "Episode": 1, "Message": 8
    }  # fmt: skip
    with tenant_scope(business.tenant.id):
        assert sorted(Identity.objects.values_list("kind", flat=True)) == ["email", "web"]


@pytest.mark.django_db(transaction=True)
def test_burst_of_mails_is_one_conversation_however_the_address_is_spelt(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        email = Channel.objects.get(kind="email")
    raws = [
        f"From: {sender}\r\nSubject: Asunto {n}\r\nMessage-ID: <{n}@x>\r\n\r\nHola {n}\r\n"
        for n, sender in enumerate(["Ana <ana@example.com>", "ANA@Example.com"] * 4)
    ]
    ids = [post(business, email, raw.encode()) for raw in raws]
    together(*[lambda: process_due(business.tenant.id)] * len(ids))
    assert counted(business) == {
        "InboundEvent": 8, "Customer": 1, "Conversation": 1, "Episode": 1, "Message": 8
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_events_with_one_message_are_one_message_and_one_duplicate(
    business: Business, channel: Channel
) -> None:
    ids = [post(business, channel, body) for body in (says("Hola", "m1"), says("Hola ", "m1"))]
    together(*[lambda: process_due(business.tenant.id)] * len(ids))
    with tenant_scope(business.tenant.id):
        assert sorted(InboundEvent.objects.values_list("outcome", flat=True)) == ["duplicate", "message"]
        assert InboundEvent.objects.get(outcome="duplicate").reason == "This was taken in before."
        assert (Message.objects.count(), InboundItem.objects.count()) == (1, 1)


def test_same_id_on_two_channels_is_two_messages(business: Business, channel: Channel) -> None:
    from tests.conversations.actions.vendor import open_channel

    second = open_channel(business)
    outcomes = [take_in(business, where, says("Hola", "m1")).outcome for where in (channel, second)]
    assert outcomes == ["message", "message"]


def test_order_of_arrival_does_not_matter(business: Business, channel: Channel) -> None:
    ids = [post(business, channel, says(f"n{n}")) for n in range(3)]
    with tenant_scope(business.tenant.id):
        for place, event_id in enumerate(reversed(ids)):
            InboundEvent.objects.filter(pk=event_id).update(
                due_at=timezone.now() - timedelta(minutes=9 - place)
            )
    process_due(business.tenant.id)
    assert counted(business)["Conversation"] == 1
    with tenant_scope(business.tenant.id):
        assert set(InboundEvent.objects.values_list("outcome", flat=True)) == {"message"}


def test_batch_takes_each_item_in_once(business: Business, channel: Channel) -> None:
    first = {"id": "m1", "text": "uno"}
    take_in(business, channel, json.dumps([first]).encode())
    event = take_in(business, channel, json.dumps([first, {"id": "m2", "text": "dos"}]).encode())
    assert event.outcome == "message"
    with tenant_scope(business.tenant.id):
        assert list(Message.objects.order_by("id").values_list("text", flat=True)) == ["uno", "dos"]
        assert event.message.text == "dos"


def test_status_of_what_is_not_ours_is_a_status_and_no_more(business: Business, channel: Channel) -> None:
    event = take_in(business, channel, b'[{"id": "nobody", "status": "delivered"}]')
    assert (event.outcome, event.message_id) == ("status", None)


# --- what cannot be taken in ---


def test_unreadable_is_parked_at_once_with_the_reason(business: Business, channel: Channel) -> None:
    event = take_in(business, channel, b"<xml>")
    assert (event.outcome, event.reason, event.attempts, event.due_at) == (
        "parked",
        "It is not JSON.",
        1,
        None,
    )
    assert event.processed_at is not None


def test_sender_that_is_none_is_parked_and_leaves_nothing_behind(
    business: Business, channel: Channel
) -> None:
    event = take_in(business, channel, says("Hola", **{"from": "no es un usuario"}))
    assert (event.outcome, event.attempts) == ("parked", 1)
    assert event.reason == "The sender's address is none that one could answer."
    with tenant_scope(business.tenant.id):
        assert (InboundItem.objects.count(), Message.objects.count()) == (0, 0)


SENDERS: list[str] = [
    '"a b"@example.com', "ana@-x-.example", "ana@ejemplo", "josé@ejemplo.mx", "ana@münchen.de",
    "a" * 70 + "@example.com", "ana@" + "x" * 63 + ".mx", "ana@[127.0.0.1]", "ana+@x.mx", "..@x.mx",
    "ana@x..mx", "=?utf-8?q?a?=@x.mx", "ana@xn--.mx",
]  # fmt: skip


def test_no_sender_of_a_mail_is_poison(business: Business) -> None:
    for sender in SENDERS:
        with tenant_scope(business.tenant.id):
            email = Channel.objects.get(kind="email")
        event = take_in(business, email, f"From: {sender}\r\nSubject: x\r\n\r\nHola\r\n".encode())
        assert event.outcome in {"message", "parked"}, sender
        assert event.attempts == 1, sender
        assert (event.outcome == "message") or event.reason, sender


def test_poison_is_parked_after_five_attempts_and_replayed_once(
    business: Business, channel: Channel, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def boom(*_args: object) -> None:
        raise RuntimeError("boom\nsecret text of the customer")

    post(business, channel, says("Hola"))
    with monkeypatch.context() as patched:
        patched.setattr(vendor, "parse", boom)
        waits = []
        with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False) as clock:
            for attempt in range(1, 8):
                process_due(business.tenant.id)
                with tenant_scope(business.tenant.id):
                    event = InboundEvent.objects.get()
                assert event.attempts == min(attempt, 5)
                if event.due_at:
                    assert event.reason == "RuntimeError: boom"
                    waits.append((event.due_at - timezone.now()).total_seconds())
                    process_due(business.tenant.id)  # not due yet
                    clock.move_to(event.due_at)
    assert waits == [10, 20, 40, 80]
    assert (event.outcome, event.reason, event.due_at) == ("parked", inbound.POISON, None)
    with tenant_scope(business.tenant.id):
        assert replay(event=event, by=business.actor()) is True
        assert replay(event=event, by=business.actor()) is False
        assert list(
            AuditEvent.objects.filter(action="inbound.replayed").values_list("target_id", flat=True)
        ) == [event.pk]
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        process_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        event.refresh_from_db()
        assert (event.outcome, event.attempts, event.reason) == ("message", 1, "")


def test_worker_that_dies_five_times_leaves_poison(business: Business, channel: Channel) -> None:
    post(business, channel, says("Hola"))
    with tenant_scope(business.tenant.id):
        InboundEvent.objects.update(attempts=5)
    process_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        event = InboundEvent.objects.get()
        assert (event.outcome, event.reason) == ("parked", inbound.POISON)


def test_replay_of_what_is_not_parked_does_nothing(business: Business, channel: Channel) -> None:
    event = take_in(business, channel, says("Hola"))
    with tenant_scope(business.tenant.id):
        assert replay(event=event, by=business.actor()) is False
        event.refresh_from_db()
        assert (event.outcome, AuditEvent.objects.filter(action="inbound.replayed").count()) == ("message", 0)


def test_replay_of_the_unreadable_parks_it_again_once_it_is_still_unreadable(
    business: Business, channel: Channel
) -> None:
    event = take_in(business, channel, b"<xml>")
    with tenant_scope(business.tenant.id):
        replay(event=event, by=business.actor())
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        process_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        event.refresh_from_db()
        assert (event.outcome, event.reason, event.attempts) == ("parked", "It is not JSON.", 1)


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_death_between_claim_and_taking_in_is_found_after_the_lease(
    business: Business, channel: Channel
) -> None:
    event_id = post(business, channel, says("Hola"))
    with tenant_scope(business.tenant.id):
        assert inbound._claim() == [(event_id, 1)]  # and the worker dies
    process_due(business.tenant.id)
    assert counted(business)["Message"] == 0
    assert sweep() == 0
    with time_machine.travel(timezone.now() + inbound.LEASE + timedelta(seconds=1)):
        assert sweep() == 1
        process_due(business.tenant.id)
    assert counted(business)["Message"] == 1


def test_first_attempts_are_claimed_together_and_later_ones_alone(
    business: Business, channel: Channel
) -> None:
    """Whoever was claimed with an event that kills the worker is not parked for it."""
    known = [post(business, channel, says(f"n{number}")) for number in range(inbound.TOGETHER + 2)]
    with tenant_scope(business.tenant.id):
        assert inbound._claim() == [(event_id, 1) for event_id in known[: inbound.TOGETHER]]
        assert inbound._claim() == [(event_id, 1) for event_id in known[inbound.TOGETHER :]]
        assert inbound._claim() == []
        with time_machine.travel(timezone.now() + inbound.LEASE + timedelta(seconds=1)):
            assert inbound._claim() == [(known[0], 2)]
            assert inbound._claim() == [(known[1], 2)]


@pytest.mark.django_db(transaction=True)
def test_parked_event_is_announced_after_commit(business: Business, channel: Channel) -> None:
    valkey.client().flushdb()
    take_in(business, channel, b"<xml>")
    kinds = [fields["kind"] for _id, fields in valkey.client().xrange(stream_key(business.tenant.id))]
    assert kinds == ["parked"]


# --- episodes ---


def test_reply_within_the_window_reopens_and_a_late_one_starts_the_next(
    business: Business, channel: Channel
) -> None:
    from conversations.actions.conversations import close

    conversation = begin(business, channel)
    with tenant_scope(business.tenant.id):
        hours = Tenant.objects.get().reopen_hours
        closed_at = close(conversation=conversation, by=business.actor()).closed_at
    assert closed_at
    with time_machine.travel(closed_at + timedelta(hours=hours), tick=False):
        take_in(business, channel, says("una cosa más"))
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        episode = Episode.objects.get()
        assert (conversation.status, conversation.closed_at, conversation.episode_count) == ("open", None, 1)
        assert (episode.closed_at, episode.reopened_count) == (None, 1)
        closed_at = close(conversation=conversation, by=business.actor()).closed_at
    assert closed_at
    with time_machine.travel(closed_at + timedelta(hours=hours, seconds=1), tick=False):
        take_in(business, channel, says("otra vez yo"))
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.episode_count) == ("open", 2)
        rows = [
            (row.number, row.closed_at is None, row.reopened_count)
            for row in Episode.objects.order_by("number")
        ]
        assert rows == [(1, False, 1), (2, True, 0)]
        numbers = (
            Message.objects.filter(kind="inbound").order_by("id").values_list("episode__number", flat=True)
        )
        assert list(numbers) == [1, 1, 2]


def test_database_refuses_a_second_open_episode(business: Business, channel: Channel) -> None:
    conversation = begin(business, channel)
    with tenant_scope(business.tenant.id), pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.create(conversation=conversation, number=2, opened_at=timezone.now())


def test_message_wakes_a_snoozed_conversation(business: Business, channel: Channel) -> None:
    from conversations.actions.conversations import snooze

    conversation = begin(business, channel)
    with tenant_scope(business.tenant.id):
        snooze(conversation=conversation, until=timezone.now() + timedelta(days=1), by=business.actor())
    take_in(business, channel, says("¿hola?"))
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.snoozed_until) == ("open", None)


# --- cost ---


def test_taking_a_message_in_costs_a_constant_number_of_statements(
    business: Business, channel: Channel
) -> None:
    begin(business, channel)
    numbers = []
    for text in ("dos", "tres"):
        post(business, channel, says(text))
        with CaptureQueriesContext(connection) as queries:
            process_due(business.tenant.id)
        numbers.append(sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE")) for q in queries))
    # Three look in vain for another event; three are there because the test's own transaction is around; one
    # looks for what it overtook in a burst, one for rules; one asks what of ours it may answer.
    assert numbers == [24, 24]


# --- what is written down ---


def test_error_that_quotes_the_message_is_not_written_down(
    business: Business, channel: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(**_fields: object) -> None:
        raise IntegrityError("violates a constraint\nDETAIL: Failing row contains (secreto-canario).")

    monkeypatch.setattr("crm.timeline.record", refused)
    event = take_in(business, channel, says("secreto-canario", name="Nombre-Canario"))
    assert (event.outcome, event.reason) == ("pending", "IntegrityError: violates a constraint")
    assert "event failed" in caplog.text
    assert "messages.py" in caplog.text
    assert "canario" not in caplog.text.lower()


def test_logs_never_hold_what_was_written(
    business: Business, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = begin(business, channel, "secreto-canario", name="Nombre-Canario")
    with tenant_scope(business.tenant.id):
        assert conversation.preview == "secreto-canario"
    assert "canario" not in caplog.text.lower()
