"""Promises of answers: which policy holds, what pauses, what is missed, what other hours change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F

from conversations.actions import sla
from conversations.actions.conversations import (
    assign,
    close,
    reopen,
    set_labels,
    set_priority,
    set_team,
    snooze,
    wait,
)
from conversations.actions.messages import send_reply
from conversations.models import Conversation, Episode, Goal, Message, SlaPolicy
from conversations.signals import sla_missed
from conversations.tasks import sweep_promises
from crm.models import CustomerLabel, Label
from tenants.actions.businesses import set_special_day, update_business
from tenants.models import SpecialDay, Team
from tenants.refusals import Refused
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, make_inbound
from tests.factories.tenants import Business
from tests.tenants.together import together

# A Monday, ten in the morning in Mexico City (UTC-6); the business is open 09:00–18:00.
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
OPENS, CLOSES = MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=8)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def policy(scope: Business, name: str = "Todos", **fields: Any) -> SlaPolicy:
    fields = {"first_minutes": 30, "next_minutes": 60, "resolution_minutes": 240, **fields}
    return sla.save_policy(policy=SlaPolicy(name=name, **fields), by=scope.actor())


def goals(conversation: Conversation) -> dict[str, str]:
    return {goal.target: goal.state for goal in Goal.objects.filter(conversation=conversation).order_by("id")}


def fresh(conversation: Conversation) -> Conversation:
    found: Conversation = Conversation.objects.get(pk=conversation.pk)
    return found


def due(conversation: Conversation) -> tuple[str, datetime | None]:
    found = fresh(conversation)
    return found.due_target, found.due_at


def test_without_a_policy_nothing_is_promised(scope: Business, clock: Any) -> None:
    conversation = make_conversation()
    assert (due(conversation), goals(conversation)) == (("", None), {})


def test_the_first_answer_then_the_next_then_the_end(scope: Business, clock: Any) -> None:
    policy(scope)
    conversation = make_conversation(address="ana@example.com")
    assert due(conversation) == ("first", MONDAY + timedelta(minutes=30))
    assert fresh(conversation).due_warns_at == MONDAY + timedelta(minutes=22, seconds=30)
    clock.shift(timedelta(minutes=10))
    send_reply(conversation=conversation, text="Hola", by=scope.actor())
    assert due(conversation) == ("", None)  # the customer's turn: the end is paused
    assert goals(conversation) == {"first": "kept", "resolution": "paused"}
    clock.shift(timedelta(minutes=50))
    make_inbound("¿Y bien?", address="ana@example.com", conversation_id=conversation.pk)
    assert due(conversation) == ("next", MONDAY + timedelta(minutes=120))
    goal = Goal.objects.get(conversation=conversation, target="resolution")
    assert goal.due_at == MONDAY + timedelta(minutes=240 + 50)
    clock.shift(timedelta(minutes=61))
    send_reply(conversation=conversation, text="Ya", by=scope.actor())
    close(conversation=conversation, by=scope.actor())
    assert goals(conversation) == {"first": "kept", "next": "missed", "resolution": "kept"}
    assert due(conversation) == ("", None)


def test_only_open_hours_count_unless_around_the_clock(scope: Business, clock: Any) -> None:
    clock.move_to(CLOSES - timedelta(minutes=10))
    by_hours = policy(scope)
    first = make_conversation()
    assert due(first)[1] == OPENS + timedelta(days=1, minutes=20)
    by_hours.around_the_clock = True
    sla.save_policy(policy=by_hours, by=scope.actor())
    second = make_conversation()
    assert due(second)[1] == CLOSES + timedelta(minutes=20)


def test_the_first_that_fits_holds(scope: Business, clock: Any) -> None:
    label, team = Label.objects.create(name="Importante"), Team.objects.create(name="Taller")
    policy(scope, "Chat", channel_kind="web", first_minutes=1)
    policy(scope, "Urgente", priority=2, first_minutes=2)
    policy(scope, "VIP", label=label, first_minutes=3)
    policy(scope, "Taller", team=team, first_minutes=4)
    policy(scope, "Los demás", first_minutes=5)
    by = scope.actor()
    web, mail = make_conversation(kind="web"), make_conversation()

    def promised(conversation: Conversation) -> tuple[str, int]:
        goal = Goal.objects.select_related("policy").get(conversation=conversation, target="first")
        assert goal.policy
        return goal.policy.name, goal.minutes

    assert (promised(web), promised(mail)) == (("Chat", 1), ("Los demás", 5))
    set_team(conversation=mail, team=team, by=by)
    assert promised(mail) == ("Taller", 4)
    set_labels(conversation=mail, labels=[label], by=by)
    assert promised(mail) == ("VIP", 3)
    set_priority(conversation=mail, priority=3, by=by)
    assert promised(mail) == ("Urgente", 2)
    assert due(mail)[1] == MONDAY + timedelta(minutes=2)


def test_a_customer_s_label_counts_and_a_deleted_label_widens_nothing(scope: Business, clock: Any) -> None:
    label = Label.objects.create(name="VIP")
    policy(scope, "VIP", label=label)
    conversation = make_conversation(address="ana@example.com")
    assert goals(conversation) == {}
    CustomerLabel.objects.create(customer_id=conversation.customer_id, label=label)
    sla.recompute(scope.tenant.pk)
    assert due(conversation)[0] == "first"
    label.delete()
    sla.recompute(scope.tenant.pk)
    assert goals(conversation) == {}


@pytest.mark.parametrize("put_off", ["wait", "snooze"])
def test_put_off_pauses_and_taking_up_goes_on(scope: Business, clock: Any, put_off: str) -> None:
    policy(scope)
    conversation, by = make_conversation(), scope.actor()
    clock.shift(timedelta(minutes=10))
    if put_off == "wait":
        wait(conversation=conversation, by=by)
    else:
        snooze(conversation=conversation, until=MONDAY + timedelta(hours=2), by=by)
    assert due(conversation) == ("", None)
    assert goals(conversation) == {"first": "paused", "resolution": "paused"}
    clock.shift(timedelta(minutes=60))
    reopen(conversation=conversation, by=by)
    assert due(conversation) == ("first", MONDAY + timedelta(minutes=90))


def test_closed_without_an_answer_owes_none_and_open_again_goes_on(scope: Business, clock: Any) -> None:
    policy(scope)
    conversation, by = make_conversation(address="ana@example.com"), scope.actor()
    clock.shift(timedelta(minutes=10))
    close(conversation=conversation, by=by)
    assert goals(conversation) == {"resolution": "kept"}
    clock.shift(timedelta(minutes=60))
    make_inbound("Otra cosa", address="ana@example.com", conversation_id=conversation.pk)
    assert goals(conversation) == {"resolution": "running", "first": "running"}
    assert Goal.objects.get(target="resolution").due_at == MONDAY + timedelta(minutes=60 + 240)


def test_missed_is_told_once_and_stays_missed(scope: Business, clock: Any) -> None:
    policy(scope)
    conversation = make_conversation()
    heard: list[str] = []

    def hear(sender: Any, *, conversation: Conversation, target: str, **kwargs: Any) -> None:
        heard.append(f"{target} {conversation.pk}")

    sla_missed.connect(hear)
    try:
        clock.shift(timedelta(minutes=29))
        assert sla.miss_due(scope.tenant.pk) == 0
        clock.shift(timedelta(minutes=1))
        assert (sla.miss_due(scope.tenant.pk), sla.miss_due(scope.tenant.pk)) == (1, 0)
    finally:
        sla_missed.disconnect(hear)
    assert heard == [f"first {conversation.pk}"]
    lines = Message.objects.filter(conversation=conversation, kind="event").values_list("data", flat=True)
    late = MONDAY + timedelta(minutes=30)
    assert list(lines) == [{"event": "sla_missed", "target": "first", "due": late.isoformat()}]
    assert due(conversation) == ("first", late)
    send_reply(conversation=conversation, text="Perdón", by=scope.actor())
    assert goals(conversation) == {"first": "missed", "resolution": "paused"}


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_parallel_workers_miss_once_and_the_sweep_rings_for_it(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(business.tenant.id):
        policy(business, around_the_clock=True)
        make_conversation()
        Goal.objects.update(due_at=F("due_at") - timedelta(days=1))
    rung: list[str] = []
    monkeypatch.setattr(
        "conversations.tasks.ring_now", lambda task, tenant_id, **kwargs: rung.append(task.name) or True
    )
    assert sweep_promises() == 1
    assert rung == ["conversations.tasks.miss_due"]
    assert together(*[lambda: sla.miss_due(business.tenant.id)] * 4) == ["0", "0", "0", "2"]


def test_other_hours_change_what_is_due(scope: Business, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(scope)
    conversation, by = make_conversation(), scope.actor()
    rung: list[str] = []
    monkeypatch.setattr("conversations.actions.bells.recompute_promises", lambda: rung.append("rung"))
    update_business(tenant=scope.tenant, by=by, accent="#123456")
    assert rung == []
    update_business(tenant=scope.tenant, by=by, hours={**scope.tenant.hours, "mon": [["12:00", "18:00"]]})
    set_special_day(
        special_day=SpecialDay(date=MONDAY.date(), name="Inventario", hours=[["13:00", "18:00"]]), by=by
    )
    assert rung == ["rung", "rung"]
    assert sla.recompute(scope.tenant.pk) == 1
    assert due(conversation)[1] == MONDAY + timedelta(hours=3, minutes=30)


def test_a_policy_promises_something_and_their_order_can_change(scope: Business) -> None:
    with pytest.raises(Refused):
        policy(scope, first_minutes=None, next_minutes=None, resolution_minutes=None)
    one, two, three = (policy(scope, name) for name in ("uno", "dos", "tres"))
    sla.move_policy(policy=three, up=True, by=scope.actor())
    sla.move_policy(policy=one, up=True, by=scope.actor())  # it is the first already
    assert [row.name for row in SlaPolicy.objects.all()] == ["uno", "tres", "dos"]
    sla.delete_policy(policy=two, by=scope.actor())
    assert [row.name for row in SlaPolicy.objects.all()] == ["uno", "tres"]


def test_the_clocks_count_apart_in_open_hours_and_on_the_wall(scope: Business, clock: Any) -> None:
    conversation, by = make_conversation(address="ana@example.com"), scope.actor()

    def clocks() -> dict[str, tuple[int, int]]:
        episode = Episode.objects.get(conversation=conversation)
        return {
            name: (getattr(episode, f"{name}_seconds") // 60, getattr(episode, f"{name}_elapsed") // 60)
            for name in ("bot", "waiting", "human")
        }

    clock.shift(timedelta(minutes=10))
    assign(conversation=conversation, to=scope.agent, by=by)
    assert clocks() == {"bot": (0, 0), "waiting": (10, 10), "human": (0, 0)}
    clock.shift(timedelta(minutes=5))
    send_reply(conversation=conversation, text="Hola", by=by)
    assert clocks() == {"bot": (0, 0), "waiting": (10, 10), "human": (5, 5)}
    clock.move_to(CLOSES - timedelta(minutes=30))
    make_inbound("¿Y?", address="ana@example.com", conversation_id=conversation.pk)
    clock.move_to(CLOSES + timedelta(minutes=60))
    close(conversation=conversation, by=by)
    assert clocks() == {"bot": (0, 0), "waiting": (10, 10), "human": (35, 95)}


def test_the_bot_s_time_is_its_own(scope: Business, clock: Any) -> None:
    policy(scope)
    conversation = make_conversation(address="ana@example.com", with_bot=True)
    clock.shift(timedelta(seconds=1))
    make_inbound("¿Hola?", address="ana@example.com", conversation_id=conversation.pk)
    assert Episode.objects.get(conversation=conversation).clock == "bot"
    assert due(conversation) == ("resolution", MONDAY + timedelta(minutes=240))
    clock.shift(timedelta(minutes=3))
    Conversation.objects.update(with_bot=False)
    assign(conversation=conversation, to=scope.agent, by=scope.actor())
    assert Episode.objects.get(conversation=conversation).bot_seconds == 180
    assert due(conversation)[0] == "first"
