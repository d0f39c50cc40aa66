"""GET /supervision/, POST /supervision/people/<member>/availability/, GET /inbox/<conversation>/clocks/"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import sla
from conversations.actions.conversations import assign
from conversations.models import Channel, Conversation, Delivery, Goal, SlaPolicy
from conversations.supervision import supervise
from conversations.workspace import presence
from tenants.models import Membership, Team, TeamMember, Tenant
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_channel, make_conversation, make_message, make_parked_event
from tests.factories.tenants import Business
from tests.factories.undo import press_undo


@pytest.fixture
def busy(business: Business) -> Conversation:
    """Two open ones, one of them with the agent, a failed message, a parked event, a token that expires."""
    with tenant_scope(business.tenant.id):
        team = Team.objects.create(name="Taller")
        TeamMember.objects.create(team=team, membership=business.agent)
        sla.save_policy(policy=SlaPolicy(name="Todos", first_minutes=5), by=business.actor())
        first = make_conversation(name="Ana Flores", kind="web")
        assign(conversation=first, to=business.agent, by=business.actor())
        second = make_conversation(name="Beto Ruiz", team=team)
        make_message(second, "Hola", by=business.actor())
        Conversation.objects.filter(pk=second.pk).update(status="open", waiting_since=timezone.now())
        Goal.objects.filter(conversation=first).update(missed_at=timezone.now())
        Conversation.objects.filter(pk=first.pk).update(due_at=timezone.now() - timedelta(minutes=1))
        Delivery.objects.filter(message__conversation=second).update(
            status=Delivery.Status.FAILED, settled_at=timezone.now()
        )
        Channel.objects.filter(kind="email").update(
            token_expires_at=timezone.now() + timedelta(days=3), problem="The server refuses the password."
        )
        Conversation.objects.filter(pk=second.pk).update(assignee=None)
        make_parked_event()
        presence.here(business.agent.pk)
    return first


def test_owner_sees_everything(owner_client: Client, business: Business, busy: Conversation) -> None:
    response = owner_client.get(f"{business.base}supervision/")
    now = response.context["now"]
    total = now.total
    assert (total.open, total.waiting, total.unassigned, total.overdue) == (2, 2, 1, 1)
    assert (now.missed_today, now.parked) == (1, 1)
    agent = next(one for one in now.agents if one.id == business.agent.pk)
    assert (agent.load.open, agent.load.waiting, agent.capacity, agent.is_available) == (1, 1, 20, True)
    assert agent.last_seen is not None
    assert [(team.name, team.load.open, team.load.unassigned) for team in now.teams] == [("Taller", 1, 1)]
    mail = next(one for one in now.channels if one.channel.kind == "email")
    assert (mail.load.open, mail.failed_hour, mail.failed_day, mail.expiry, mail.state) == (
        1,
        1,
        1,
        "soon",
        "broken",
    )
    assert [one.customer for one in now.queue] == ["Beto Ruiz"]
    for text in ("Taller", "Beto Ruiz", "data-live-part", "/parked/"):
        assert text in response.text


def test_agents_may_not_and_strangers_find_nothing(
    teammate_client: Client, stranger_client: Client, business: Business
) -> None:
    assert teammate_client.get(f"{business.base}supervision/").status_code == 403
    assert stranger_client.get(f"{business.base}supervision/").status_code == 404


def test_a_narrowed_supervisor_sees_his_own_part(business: Business, busy: Conversation) -> None:
    narrow = business.add_member(Role.SUPERVISOR, sees=Sees.TEAMS, name="Tere")
    with tenant_scope(business.tenant.id):
        TeamMember.objects.create(team=Team.objects.get(), membership=narrow)
    now = business.client(narrow).get(f"{business.base}supervision/").context["now"]
    assert (now.total.open, now.missed_today) == (1, 0)
    assert {one.name for one in now.agents} == {"Aldo Agente", "Tere"}
    alone = business.add_member(Role.SUPERVISOR, sees=Sees.OWN, name="Sola")
    now = business.client(alone).get(f"{business.base}supervision/").context["now"]
    assert (now.total.open, [one.name for one in now.agents], now.teams, now.queue) == (0, ["Sola"], [], [])


def test_the_number_of_queries_does_not_grow_and_no_message_is_read(
    business: Business, busy: Conversation
) -> None:
    counts = []
    with tenant_scope(business.tenant.id):
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                supervise(business.actor())
            counts.append(len(queries))
            assert not [one["sql"] for one in queries if 'FROM "conversations_message"' in one["sql"]]
            make_conversation()
            make_channel()
            business.add_member()
    assert counts[0] == counts[1]


def availability(business: Business, member: Membership) -> str:
    return f"{business.base}supervision/people/{member.pk}/availability/"


def test_away_and_back_with_undo(teammate_client: Client, owner_client: Client, business: Business) -> None:
    url = availability(business, business.agent)

    def is_available() -> bool:
        with tenant_scope(business.tenant.id):
            return bool(Membership.objects.get(pk=business.agent.pk).is_available)

    done = teammate_client.post(url, {"available": "", "page": "inbox"})
    assert (done.status_code, is_available()) == (302, False)
    press_undo(teammate_client, done)
    assert is_available()
    owner_client.post(url, {"available": "", "page": "supervision"})
    assert not is_available()


def test_others_may_not_send_one_away(
    teammate_client: Client, stranger_client: Client, business: Business
) -> None:
    url = availability(business, business.owner)
    assert teammate_client.post(url, {"available": ""}).status_code == 403
    assert stranger_client.post(url, {"available": ""}).status_code == 404
    assert teammate_client.post(url.replace(str(business.owner.pk), str(uuid4()))).status_code == 404
    with tenant_scope(business.tenant.id):
        assert Membership.objects.get(pk=business.owner.pk).is_available


def test_clocks_of_a_conversation(
    teammate_client: Client, stranger_client: Client, business: Business, busy: Conversation
) -> None:
    url = f"{business.base}inbox/{busy.pk}/clocks/"
    response = teammate_client.get(url)
    assert (response.status_code, response.context["place"]) == (200, None)
    [one] = response.context["episodes"]
    assert [runs for _name, _open, _wall, runs in one.rows] == [False, False, True]
    assert [goal.state for goal in one.goals] == ["missed"]
    assert stranger_client.get(url).status_code == 404
    with tenant_scope(business.tenant.id):
        Tenant.objects.update(assignment="load")
        Conversation.objects.filter(pk=busy.pk).update(assignee=None)
    assert teammate_client.get(url).context["place"] == 1


@pytest.mark.parametrize("sort", ["newest", "waiting", "due", "window"])
def test_queue_in_every_order_page_by_page(
    owner_client: Client, business: Business, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.queries.queue_page.__kwdefaults__", {"cursor": "", "limit": 2})
    now = timezone.now()

    def at(hours: float) -> Any:
        return now + timedelta(hours=hours)

    with tenant_scope(business.tenant.id):
        rows = {
            "a": {"waiting_since": at(-1), "due_at": at(5), "window_ends_at": at(20)},
            "b": {"waiting_since": at(-3), "due_at": at(-1), "window_ends_at": at(1)},
            "c": {"waiting_since": None, "due_at": None, "window_ends_at": at(2)},
            "d": {"waiting_since": at(-2), "due_at": at(1), "window_ends_at": None},
            "e": {"waiting_since": at(-4), "due_at": None, "window_ends_at": at(3)},
            "f": {"waiting_since": None, "due_at": None, "window_ends_at": at(-5)},
        }
        for number, (name, fields) in enumerate(rows.items()):
            make_conversation(name=name, last_message_at=at(-10 + number), **fields)
    expected = {"newest": "befdca", "waiting": "ebdafc", "due": "bdafec", "window": "bceafd"}[sort]
    seen, keys, cursor = "", [], ""
    while True:
        page = owner_client.get(
            f"{business.base}inbox/?view=all&sort={sort}&cursor={cursor}",
            headers={"HX-Request": "true"} if cursor else {},
        )
        seen += "".join(row.name for row in page.context["rows"])
        keys += [row.order for row in page.context["rows"]]
        cursor = page.context["next_cursor"]
        if not cursor:
            break
    assert seen == expected
    assert keys == sorted(keys, reverse=True)
    assert {len(key) for key in keys} == {18}


@pytest.mark.parametrize(
    "cursor", ["9.1.x", "0.99999999999999.", "0.1.", "-1.1.", "0.x.", "a.b.c.d", "0.1.eyJ9"]
)
def test_queue_begins_again_for_a_cursor_that_is_none(
    owner_client: Client, business: Business, cursor: str
) -> None:
    with tenant_scope(business.tenant.id):
        make_conversation()
    page = owner_client.get(f"{business.base}inbox/?view=all&cursor={cursor}", headers={"HX-Request": "true"})
    assert (page.status_code, len(page.context["rows"])) == (200, 1)
