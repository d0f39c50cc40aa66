"""What people do with a conversation: each act is a line, an audit row and a live event, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import conversations as actions
from conversations.actions.conversations import CannotChange
from conversations.actions.inbound import process_due
from conversations.actions.messages import send_reply
from conversations.models import Channel, Conversation, Episode, Message
from crm.models import TimelineEntry
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tenants.models import AuditEvent, Membership, Team, TeamMember, Tenant
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import begin, post, says, take_in
from tests.factories.crm import make_label
from tests.factories.tenants import Business
from tests.tenants.together import together

UNTIL = timezone.now() + timedelta(days=2)


@pytest.fixture
def conversation(business: Business, channel: Channel) -> Conversation:
    return begin(business, channel)


def lines(business: Business) -> list[dict[str, Any]]:
    with tenant_scope(business.tenant.id):
        return list(Message.objects.filter(kind="event").order_by("id").values_list("data", flat=True))


def trail(business: Business) -> list[tuple[str, str]]:
    """The acts on conversations in the audit trail, and by whom."""
    with tenant_scope(business.tenant.id):
        rows = AuditEvent.objects.filter(action__startswith="conversation.").order_by("id")
        return list(rows.values_list("action", "actor_label"))


def told(business: Business) -> list[dict[str, str]]:
    return [fields for _id, fields in valkey.client().xrange(stream_key(business.tenant.id))]


def do(business: Business, conversation: Conversation, act: str) -> None:
    """One of the acts, in a transaction of its own."""
    with tenant_scope(business.tenant.id):
        by = business.actor()
        team, _new = Team.objects.get_or_create(name="Taller", defaults={"tenant_id": business.tenant.id})
        acts: dict[str, Callable[[], object]] = {
            "assigned": lambda: actions.assign(conversation=conversation, to=business.agent, by=by),
            "unassigned": lambda: actions.assign(conversation=conversation, to=None, by=by),
            "team_changed": lambda: actions.set_team(conversation=conversation, team=team, by=by),
            "priority_changed": lambda: actions.set_priority(conversation=conversation, priority=3, by=by),
            "labelled": lambda: actions.set_labels(conversation=conversation, labels=labels(), by=by),
            "waiting": lambda: actions.wait(conversation=conversation, by=by),
            "snoozed": lambda: actions.snooze(conversation=conversation, until=UNTIL, by=by),
            "closed": lambda: actions.close(conversation=conversation, by=by),
            "reopened": lambda: actions.reopen(conversation=conversation, by=by),
        }
        acts[act]()


def labels() -> list[Any]:
    from crm.models import Label

    return [Label.objects.filter(name=name).first() or make_label(name) for name in ("VIP", "Garantía")]


@pytest.mark.parametrize(
    ("before", "act", "fields", "details"),
    [
        ([], "assigned", {"assignee_id": "agent"}, {"to": "Aldo Agente", "before": ""}),
        (["assigned"], "unassigned", {"assignee_id": None}, {"to": "", "before": "agent"}),
        ([], "team_changed", {}, {"team": "Taller", "before": ""}),
        ([], "priority_changed", {"priority": 3}, {"priority": 3}),
        ([], "labelled", {}, {"labels": ["Garantía", "VIP"], "added": ["Garantía", "VIP"]}),
        ([], "waiting", {"status": "waiting"}, {"until": ""}),
        ([], "snoozed", {"status": "snoozed", "snoozed_until": UNTIL}, {"until": UNTIL.isoformat()}),
        ([], "closed", {"status": "closed", "waiting_since": None}, {}),
        (["closed"], "reopened", {"status": "open", "closed_at": None}, {}),
        (["snoozed"], "reopened", {"status": "open", "snoozed_until": None}, {}),
        (["waiting"], "reopened", {"status": "open"}, {}),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_each_act_is_a_line_an_audit_row_and_an_event_and_the_second_time_nothing(
    business: Business,
    conversation: Conversation,
    before: list[str],
    act: str,
    fields: dict[str, Any],
    details: dict[str, Any],
) -> None:
    for earlier in before:
        do(business, conversation, earlier)
    valkey.client().flushdb()
    do(business, conversation, act)
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
    expected = {name: business.agent.pk if value == "agent" else value for name, value in fields.items()}
    assert {name: getattr(conversation, name) for name in fields} == expected
    if details.get("before"):
        details = details | {"before": str(business.agent.pk)}
    assert lines(business)[len(before) :] == [{"event": act, **details}]
    assert trail(business)[len(before) :] == [(f"conversation.{act}", "Olga Dueña")]
    events = told(business)
    assert {event["audience"] for event in events} == {"members"}
    assert all(str(conversation.pk) in event["data"] for event in events)

    valkey.client().flushdb()
    count = (len(lines(business)), len(trail(business)))
    do(business, conversation, act)
    assert (len(lines(business)), len(trail(business)), told(business)) == (*count, [])


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_line_no_row_no_event(
    business: Business, conversation: Conversation
) -> None:
    valkey.client().flushdb()

    def close_and_fail() -> None:
        with tenant_scope(business.tenant.id):
            do(business, conversation, "closed")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        close_and_fail()
    assert (lines(business), trail(business), told(business)) == ([], [], [])


@pytest.mark.django_db(transaction=True)
def test_who_loses_it_hears_of_it(business: Business, conversation: Conversation) -> None:
    do(business, conversation, "assigned")
    do(business, conversation, "team_changed")
    with tenant_scope(business.tenant.id):
        team = Team.objects.get()
        valkey.client().flushdb()
        actions.assign(conversation=conversation, to=business.owner, by=business.actor())
        actions.set_team(conversation=conversation, team=None, by=business.actor())
    heard = {(event["assignee"], event["team"]) for event in told(business)}
    assert heard >= {(str(business.agent.pk), ""), ("", str(team.pk))}


def test_only_those_who_work_here_and_may_answer_can_be_assigned(
    business: Business, conversation: Conversation
) -> None:
    analyst = business.add_member(Role.ANALYST, name="Ana Lista")
    gone = business.add_member(Role.AGENT, name="Se Fue")
    gone.is_active = False
    with tenant_scope(business.tenant.id):
        for member in (analyst, gone):
            with pytest.raises(CannotChange, match=member.name):
                actions.assign(conversation=conversation, to=member, by=business.actor())
        conversation.refresh_from_db()
        assert conversation.assignee_id is None
    assert (lines(business), trail(business)) == ([], [])


@pytest.mark.parametrize("seconds", [0, -1])
def test_snooze_needs_a_moment_in_the_future(
    business: Business, conversation: Conversation, seconds: int
) -> None:
    now = timezone.now()
    with (
        tenant_scope(business.tenant.id),
        time_machine.travel(now, tick=False),
        pytest.raises(CannotChange),
    ):
        actions.snooze(conversation=conversation, until=now + timedelta(seconds=seconds), by=business.actor())


@pytest.mark.parametrize("act", ["waiting", "snoozed"])
def test_closed_conversation_is_not_put_off(business: Business, conversation: Conversation, act: str) -> None:
    do(business, conversation, "closed")
    with pytest.raises(CannotChange):
        do(business, conversation, act)


def test_closing_ends_the_episode_and_stands_in_the_history_once(
    business: Business, conversation: Conversation
) -> None:
    do(business, conversation, "closed")
    do(business, conversation, "closed")
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        episode = Episode.objects.get()
        assert (episode.closed_at, episode.closed_by_id) == (conversation.closed_at, business.owner.pk)
        entries = TimelineEntry.objects.filter(kind="conversation_closed")
        assert list(entries.values_list("object_id", "context_id")) == [(episode.pk, conversation.pk)]


@pytest.mark.parametrize(("late", "episodes"), [(False, 1), (True, 2)])
def test_reopening_by_hand_within_the_window_and_after_it(
    business: Business, conversation: Conversation, late: bool, episodes: int
) -> None:
    do(business, conversation, "closed")
    hours = business.tenant.reopen_hours + (1 if late else -1)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        do(business, conversation, "reopened")
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.episode_count) == ("open", episodes)
        assert (Episode.objects.count(), Episode.objects.filter(closed_at=None).count()) == (episodes, 1)


@pytest.mark.django_db(transaction=True)
def test_closing_in_parallel_is_one_closing(business: Business, conversation: Conversation) -> None:
    assert together(*[lambda: do(business, conversation, "closed")] * 4) == ["None"] * 4
    assert [line["event"] for line in lines(business)] == ["closed"]
    assert len(trail(business)) == 1


@pytest.mark.django_db(transaction=True)
def test_closing_while_the_customer_writes_keeps_one_open_episode_at_most(
    business: Business, channel: Channel, conversation: Conversation
) -> None:
    for _round in range(3):
        for text in ("espera", "una más"):
            post(business, channel, says(text))
        outcomes = together(
            lambda: process_due(business.tenant.id),
            lambda: do(business, conversation, "closed"),
            lambda: process_due(business.tenant.id),
        )
        assert outcomes == ["False", "False", "None"]
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert Episode.objects.filter(closed_at=None).count() == (0 if conversation.is_closed else 1)
        assert Message.objects.filter(kind="inbound").count() == 7


def test_labels_are_exactly_those_named(business: Business, conversation: Conversation) -> None:
    do(business, conversation, "labelled")
    with tenant_scope(business.tenant.id):
        vip, _other = labels()
        actions.set_labels(conversation=conversation, labels=[vip, vip], by=business.actor())
        assert [label.name for label in conversation.labels.all()] == ["VIP"]
        actions.set_labels(conversation=conversation, labels=[], by=business.actor())
        assert conversation.labels.count() == 0
    assert [line["labels"] for line in lines(business)] == [["Garantía", "VIP"], ["VIP"], []]


# --- the end of a snooze ---


def test_snooze_ends_when_it_is_over_and_once(business: Business, conversation: Conversation) -> None:
    do(business, conversation, "snoozed")
    with tenant_scope(business.tenant.id):
        assert actions.wake_due() == 0
        with time_machine.travel(UNTIL):
            assert (actions.wake_due(), actions.wake_due()) == (1, 0)
        conversation.refresh_from_db()
        assert (conversation.status, conversation.snoozed_until) == ("open", None)
    assert [line["event"] for line in lines(business)] == ["snoozed", "woken"]
    assert trail(business)[-1] == ("conversation.woken", "Puente")


def test_a_snooze_ends_by_an_answer_unless_only_the_moment_counts(
    business: Business, channel: Channel
) -> None:
    conversation = begin(business, channel, **{"from": "ana"})
    until, by = timezone.now() + timedelta(days=1), business.actor()

    def write() -> tuple[str, bool]:
        take_in(business, channel, says("¿hola?", **{"from": "ana"}))
        with tenant_scope(business.tenant.id):
            conversation.refresh_from_db()
        return conversation.status, conversation.snoozed_until is not None

    with tenant_scope(business.tenant.id):
        actions.snooze(conversation=conversation, until=until, until_reply=False, by=by)
    assert write() == ("snoozed", True)
    for when in (until, None):
        with tenant_scope(business.tenant.id):
            actions.snooze(conversation=conversation, until=when, by=by)
        assert write() == ("open", False)
    woken = [line for line in lines(business) if line["event"] == "woken"]
    assert woken == [{"event": "woken", "why": "reply"}] * 2
    with tenant_scope(business.tenant.id), pytest.raises(actions.CannotChange):
        actions.snooze(conversation=conversation, until=None, until_reply=False, by=by)


# --- in turn ---


@pytest.fixture
def in_turn(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        Tenant.objects.update(assignment=Tenant.Assignment.ROUND_ROBIN)


def assignees(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        rows = Conversation.objects.select_related("assignee__user").order_by("created_at", "id")
        return [row.assignee.name if row.assignee else "" for row in rows]


def change(business: Business, *members: Membership, **fields: Any) -> None:
    with tenant_scope(business.tenant.id):
        Membership.objects.filter(pk__in=[member.pk for member in members]).update(**fields)


def arrive(business: Business, channel: Channel, count: int, prefix: str = "c") -> None:
    for number in range(count):
        begin(business, channel, **{"from": f"{prefix}{number}"})


def test_turns_go_round_and_owners_are_left_alone(
    business: Business, channel: Channel, in_turn: None
) -> None:
    business.add_member(Role.SUPERVISOR, name="Berta")
    business.add_member(Role.ANALYST, name="Lector")
    arrive(business, channel, 4)
    assert assignees(business) == ["Aldo Agente", "Berta", "Aldo Agente", "Berta"]
    assert [line["to"] for line in lines(business)] == assignees(business)
    assert trail(business) == [("conversation.assigned", "Puente")] * 4


def test_by_hand_means_nobody(business: Business, channel: Channel) -> None:
    arrive(business, channel, 1)
    assert assignees(business) == [""]
    assert trail(business) == []


def test_those_away_inactive_or_full_are_passed_over(
    business: Business, channel: Channel, in_turn: None
) -> None:
    away, gone, full = (business.add_member(Role.AGENT, name=name) for name in ("Lejos", "Fuera", "Lleno"))
    change(business, away, is_available=False)
    change(business, gone, is_active=False)
    change(business, full, capacity=1)
    arrive(business, channel, 4)
    assert sorted(assignees(business)) == ["Aldo Agente"] * 3 + ["Lleno"]


def test_who_answered_and_waits_has_room_again(business: Business, channel: Channel, in_turn: None) -> None:
    change(business, business.agent, capacity=1)
    arrive(business, channel, 2)
    assert assignees(business) == ["Aldo Agente", ""]
    with tenant_scope(business.tenant.id):
        first = Conversation.objects.earliest("created_at")
        send_reply(conversation=first, text="Hola", by=business.actor(business.agent))
    take_in(business, channel, says("¿hola?", **{"from": "c1"}))
    assert assignees(business) == ["Aldo Agente", "Aldo Agente"]


def test_team_s_conversation_goes_to_the_team_and_to_its_owners_too(
    business: Business, channel: Channel, in_turn: None
) -> None:
    change(business, business.agent, is_available=False)
    arrive(business, channel, 1)
    with tenant_scope(business.tenant.id):
        team = Team.objects.create(name="Taller")
        TeamMember.objects.create(team=team, membership=business.owner)
        Conversation.objects.update(team=team)
    change(business, business.agent, is_available=True)
    take_in(business, channel, says("¿hola?", **{"from": "c0"}))
    assert assignees(business) == ["Olga Dueña"]


@pytest.mark.django_db(transaction=True)
def test_parallel_arrivals_are_shared_fairly_and_nobody_gets_more_than_fits(
    business: Business, channel: Channel, in_turn: None
) -> None:
    second = business.add_member(Role.AGENT, name="Berta")
    change(business, business.agent, second, capacity=3)
    ids = [post(business, channel, says("Hola", **{"from": f"c{n}"})) for n in range(8)]
    together(*[lambda: process_due(business.tenant.id)] * len(ids))
    assert sorted(assignees(business)) == ["", "", *["Aldo Agente"] * 3, *["Berta"] * 3]
