"""Promises to customers: kept by answering, reminded of once, escalated once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import promises, promising
from conversations.actions.calls import Call, log_call
from conversations.actions.conversations import wait
from conversations.actions.merging import merge, undo
from conversations.actions.messages import add_note, send_reply, send_system
from conversations.models import Conversation, Message, Notification, Promise
from conversations.tasks import sweep_promises
from tenants.models import Membership, Team, TeamMember
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Kind = Promise.Kind


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def make(scope: Business, conversation: Conversation, **given: Any) -> Promise:
    given = {"text": "Te llamo con el precio", "due_at": NOON + 2 * HOUR, "kind": Kind.CALL, **given}
    return promising.promise(conversation=conversation, by=scope.actor(scope.agent), **given)


def told() -> list[tuple[str, bool]]:
    rows = Notification.objects.filter(kind=Notification.Kind.PROMISE).order_by("id")
    return [(one.membership.name, one.data["late"]) for one in rows.select_related("membership__user")]


def lines() -> list[str]:
    found = Message.objects.filter(kind=Message.Kind.EVENT, data__event__startswith="promise").order_by("id")
    return [one.data["event"].removeprefix("promise_") for one in found]


def test_a_persons_answer_keeps_promises_of_an_answer_only(scope: Business, clock: Any) -> None:
    conversation = make_conversation()
    answer, call = make(scope, conversation, kind=Kind.ANSWER), make(scope, conversation)
    send_system(conversation=conversation, text="Gracias", data={})
    add_note(conversation=conversation, text="ya voy", by=scope.actor())
    assert not Promise.objects.exclude(kept_at=None).exists()
    send_reply(conversation=conversation, text="Aquí estoy", by=scope.actor())
    answer.refresh_from_db()
    call.refresh_from_db()
    assert (answer.kept_at, answer.remind_at, call.kept_at) == (NOON, None, None)


def test_a_call_with_the_customer_keeps_calls_promised_before(scope: Business, clock: Any) -> None:
    conversation = make_conversation()
    other, call = make(scope, conversation, kind=Kind.OTHER), make(scope, conversation)
    clock.move_to(NOON + HOUR)
    for state in ("missed", "ended"):
        log_call(call=Call(direction="out", state=state), customer=conversation.customer, by=scope.actor())
        call.refresh_from_db()
        assert (call.kept_at is not None) == (state == "ended")
    other.refresh_from_db()
    assert other.kept_at is None


def test_owner_is_reminded_once_and_again_after_it_was_put_off(scope: Business, clock: Any) -> None:
    promise = make(scope, make_conversation())
    assert promise.remind_at == NOON + 2 * HOUR - promises.REMINDED
    assert promising.tell_due(scope.tenant.id) == 0
    clock.move_to(NOON + 1.6 * HOUR)
    assert [promising.tell_due(scope.tenant.id), promising.tell_due(scope.tenant.id)] == [1, 0]
    assert told() == [(scope.agent.name, False)]
    promising.put_off(promise=promise, due_at=NOON + 5 * HOUR, by=scope.actor())
    clock.move_to(NOON + 4.8 * HOUR)
    assert promising.tell_due(scope.tenant.id) == 1
    assert told() == [(scope.agent.name, False)] * 2


def test_late_promise_escalates_once_to_those_who_answer_for_it(scope: Business, clock: Any) -> None:
    conversation = make_conversation()
    promise = make(scope, conversation)
    wait(conversation=conversation, by=scope.actor())
    clock.move_to(NOON + 3 * HOUR)
    assert [promising.tell_due(scope.tenant.id), promising.tell_due(scope.tenant.id)] == [1, 0]
    assert told() == [(scope.agent.name, True), (scope.owner.name, True)]
    conversation.refresh_from_db()
    assert (conversation.priority, conversation.status) == (Conversation.Priority.HIGH, "open")
    assert lines() == ["made", "late"]
    promise.refresh_from_db()
    assert (promise.escalated_at, promise.remind_at) == (NOON + 3 * HOUR, None)


def test_supervisors_of_the_team_come_before_all_others(scope: Business, clock: Any) -> None:
    leader: Membership = scope.add_member(Role.SUPERVISOR, name="Lía Jefa")
    team = Team.objects.create(name="Taller")
    TeamMember.objects.create(team=team, membership=leader)
    make(scope, make_conversation(team=team), due_at=NOON + HOUR)
    clock.move_to(NOON + 2 * HOUR)
    promising.tell_due(scope.tenant.id)
    assert {name for name, _late in told()} == {scope.agent.name, "Lía Jefa"}


def test_settled_promises_are_not_spoken_of_and_come_back_when_opened(scope: Business, clock: Any) -> None:
    conversation = make_conversation()
    kept, gone = make(scope, conversation), make(scope, conversation)
    by = scope.actor()
    promising.fulfil(promise=kept, by=by)
    promising.fulfil(promise=kept, by=by)
    promising.withdraw(promise=gone, by=by)
    with pytest.raises(promising.Settled):
        promising.fulfil(promise=gone, by=by)
    with pytest.raises(promising.Settled):
        promising.put_off(promise=kept, due_at=NOON + HOUR, by=by)
    clock.move_to(NOON + 3 * HOUR)
    assert promising.tell_due(scope.tenant.id) == 0
    promising.take_up(promise=gone, by=by)
    assert promising.tell_due(scope.tenant.id) == 1
    assert lines() == ["made", "made", "kept", "withdrawn", "open_again", "late"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"due_at": NOON}, "due_at"),
        ({"due_at": NOON + timedelta(days=400)}, "due_at"),
    ],
)
def test_what_makes_no_sense_is_not_promised(
    scope: Business, clock: Any, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(promising.CannotPromise) as refused:
        make(scope, make_conversation(), **given)
    assert refused.value.field == field


def test_promise_goes_along_when_conversations_are_put_together(scope: Business, clock: Any) -> None:
    target = make_conversation()
    source = make_conversation(kind="web", customer=target.customer)
    promise = make(scope, source)
    made = merge(source=source, target=target, by=scope.actor())
    promise.refresh_from_db()
    assert promise.conversation_id == target.pk
    undo(made=made, by=scope.actor())
    promise.refresh_from_db()
    assert promise.conversation_id == source.pk


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_sweep_rings_for_businesses_with_something_due(
    business: Business, other: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(business.tenant.id):
        make(business, make_conversation(), due_at=timezone.now() + HOUR)
    with tenant_scope(other.tenant.id):
        make(other, make_conversation(), due_at=timezone.now() + HOUR)
        Promise.objects.update(due_at=timezone.now() - HOUR)
    rung: list[tuple[str, str]] = []

    def ring(task: Any, tenant_id: Any, **kwargs: Any) -> bool:
        rung.append((task.name, str(tenant_id)))
        return True

    monkeypatch.setattr("conversations.tasks.ring_now", ring)
    assert sweep_promises() == 1
    assert rung == [("conversations.tasks.tell_promises", str(other.tenant.id))]
