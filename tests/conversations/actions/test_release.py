"""Somebody leaves: what was his goes back, each conversation once, and nobody's words are lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations import tasks
from conversations.actions import conversations as actions
from conversations.actions.messages import send_reply
from conversations.actions.release import release_member
from conversations.models import Channel, Conversation, Draft, Message
from tenants.actions.members import deactivate_member, update_member
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tenants.models import AuditEvent, Membership, Team, TeamMember, Tenant
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import begin
from tests.factories.tenants import Business

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def taken(business: Business, channel: Channel, name: str) -> Conversation:
    """A conversation of the agent's."""
    conversation = begin(business, channel, text="Hola", **{"from": name})
    with tenant_scope(business.tenant.id):
        return actions.assign(conversation=conversation, to=business.agent, by=business.actor())


def leave(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        deactivate_member(membership=business.agent, by=business.actor())


def holders(business: Business) -> dict[str, str]:
    """Who has what, by the customer's name."""
    with tenant_scope(business.tenant.id):
        rows = Conversation.objects.select_related("customer", "assignee__user")
        return {row.customer.name: row.assignee.name if row.assignee else "" for row in rows}


def lines(business: Business, what: str) -> list[str]:
    with tenant_scope(business.tenant.id):
        events = Message.objects.filter(kind="event", data__event=what).order_by("id")
        return list(events.values_list("data__to", flat=True))


@pytest.fixture
def three(business: Business, channel: Channel) -> list[Conversation]:
    """Of the agent: one that waits for us, one that waits for the customer, one that is done."""
    found = [taken(business, channel, name) for name in ("ana", "bea", "cris")]
    with tenant_scope(business.tenant.id):
        Draft.objects.create(conversation=found[0], membership=business.agent, body="Casi listo")
        send_reply(conversation=found[1], text="Listo", by=business.actor(business.agent))
        actions.close(conversation=found[2], by=business.actor())
    return found


def test_everything_open_goes_back_to_the_queue_once(business: Business, three: list[Conversation]) -> None:
    leave(business)
    for _again in range(2):
        tasks.release(str(business.tenant.id), str(business.agent.pk))
    with tenant_scope(business.tenant.id):
        held = Conversation.objects.filter(assignee=business.agent)
        assert [row.pk for row in held] == [three[2].pk]
        assert Draft.objects.get().body == "Casi listo"
        audited = AuditEvent.objects.filter(action="conversation.released").order_by("id")
        assert [(row.target_id, row.actor_label) for row in audited] == [
            (conversation.pk, "Puente") for conversation in three[:2]
        ]
    assert lines(business, "released") == [business.agent.name] * 2


def test_pages_that_had_it_are_told(business: Business, channel: Channel) -> None:
    conversation = taken(business, channel, "ana")
    leave(business)
    valkey.client().delete(stream_key(business.tenant.id))
    assert release_member(business.tenant.id, business.agent.pk) == 1
    told = [fields for _id, fields in valkey.client().xrange(stream_key(business.tenant.id))]  # type: ignore[union-attr]
    assert [(event["kind"], event["assignee"]) for event in told] == [
        ("message", ""),
        ("conversation", str(business.agent.pk)),
    ]
    assert all(str(conversation.pk) in event["data"] for event in told)


def test_the_next_of_the_team_takes_over_where_turns_are_kept(business: Business, channel: Channel) -> None:
    conversation = taken(business, channel, "ana")
    waiting = taken(business, channel, "bea")
    nina = business.add_member(name="Nina")
    business.add_member(name="Otro, de ningún equipo")
    with tenant_scope(business.tenant.id):
        team = Team.objects.create(name="Taller")
        TeamMember.objects.bulk_create(
            [TeamMember(team=team, membership=member) for member in (business.agent, nina)]
        )
        Tenant.objects.update(assignment=Tenant.Assignment.ROUND_ROBIN)
        for one in (conversation, waiting):
            actions.set_team(conversation=one, team=team, by=business.actor())
        until = timezone.now() + timedelta(days=1)
        actions.snooze(conversation=waiting, until=until, by=business.actor())
    leave(business)
    release_member(business.tenant.id, business.agent.pk)
    with tenant_scope(business.tenant.id):
        after = dict(Conversation.objects.values_list("pk", "assignee_id"))
    assert after == {conversation.pk: nina.pk, waiting.pk: None}
    assert lines(business, "assigned")[-1] == "Nina"


def test_who_may_answer_keeps_what_is_his(business: Business, channel: Channel) -> None:
    taken(business, channel, "ana")
    assert release_member(business.tenant.id, business.agent.pk) == 0
    assert list(holders(business).values()) == [business.agent.name]


def test_member_of_another_business_is_nobody_here(
    business: Business, other: Business, channel: Channel
) -> None:
    taken(business, channel, "ana")
    leave(business)
    assert release_member(other.tenant.id, business.agent.pk) == 0
    assert list(holders(business).values()) == [business.agent.name]


@pytest.mark.parametrize("how", ["left", "reads only"])
def test_sweeper_finds_what_nobody_rang_for(
    business: Business, channel: Channel, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(business, channel, "ana")
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr(
        tasks, "ring_now", lambda task, *args: bool(rung.append((task.name, *map(str, args)))) or True
    )
    assert tasks.wake_snoozed() == 0
    with tenant_scope(business.tenant.id):
        gone = {"is_active": False} if how == "left" else {"role": Role.ANALYST}
        Membership.objects.filter(pk=business.agent.pk).update(**gone)
    for _again in range(2):
        assert tasks.wake_snoozed() == 1
    assert rung == [("conversations.tasks.release", str(business.tenant.id), str(business.agent.pk))] * 2
    release_member(business.tenant.id, business.agent.pk)
    assert tasks.wake_snoozed() == 0


def test_leaving_and_reading_only_ring(
    business: Business, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("tenants.kit.tasks.ring_now", lambda task, *args: rung.append(task.name))
    with tenant_scope(business.tenant.id):
        update_member(membership=business.agent, by=business.actor(), role=Role.ANALYST)
    leave(business)
    assert rung == ["conversations.tasks.release"] * 2
