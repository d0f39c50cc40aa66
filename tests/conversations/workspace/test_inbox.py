"""GET /inbox/"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conversations.actions import conversations as acts
from conversations.models import Conversation, ConversationLabel
from crm.models import Label
from tenants.models import Membership, Team, TeamMember
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, make_message
from tests.factories.tenants import Business


def names(client: Client, business: Business, query: str = "") -> list[str]:
    """The customers in the queue, in order."""
    response = client.get(f"{business.base}inbox/?{query}")
    assert response.status_code == 200
    return [row.name for row in response.context["rows"]]


@pytest.fixture
def queue(business: Business, team: Team) -> dict[str, Conversation]:
    """One conversation for each view."""
    with tenant_scope(business.tenant.id):
        agent, owner = business.actor(business.agent), business.actor()
        TeamMember.objects.create(team=team, membership=business.agent)
        made = {
            name: make_conversation("Hola", name=name)
            for name in ("free", "mine", "his", "team", "waiting", "snoozed", "closed")
        }
        acts.assign(conversation=made["mine"], to=business.agent, by=agent)
        acts.assign(conversation=made["his"], to=business.owner, by=owner)
        acts.set_team(conversation=made["team"], team=team, by=owner)
        make_message(made["waiting"], "Va", by=owner)
        acts.snooze(conversation=made["snoozed"], until=timezone.now() + timedelta(days=1), by=owner)
        acts.close(conversation=made["closed"], by=owner)
    return made


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("mine", {"mine"}),
        ("unassigned", {"free", "team"}),
        ("team", {"team"}),
        ("all", {"free", "mine", "his", "team"}),
        ("waiting", {"waiting"}),
        ("snoozed", {"snoozed"}),
        ("closed", {"closed"}),
    ],
)
def test_inbox_view_shows_its_conversations(
    teammate_client: Client, business: Business, queue: dict[str, Conversation], view: str, shown: set[str]
) -> None:
    assert set(names(teammate_client, business, f"view={view}")) == shown


def test_inbox_begins_with_mine(
    teammate_client: Client, business: Business, queue: dict[str, Conversation]
) -> None:
    assert names(teammate_client, business) == ["mine"]


def test_inbox_counts_the_views(
    teammate_client: Client, business: Business, queue: dict[str, Conversation]
) -> None:
    response = teammate_client.get(f"{business.base}inbox/")
    counts = {tab.view: tab.count for tab in response.context["tabs"]}
    assert counts == {"mine": "1", "unassigned": "2", "team": "1", "all": "4"}


def test_inbox_of_narrowed_member_holds_his_own_only(
    narrow_client: Client, narrow: Membership, business: Business, queue: dict[str, Conversation]
) -> None:
    with tenant_scope(business.tenant.id):
        acts.assign(conversation=queue["free"], to=narrow, by=business.actor())
    assert names(narrow_client, business, "view=all") == ["free"]
    assert names(narrow_client, business, "view=closed") == []
    assert names(narrow_client, business, "q=his") == []


def test_inbox_of_team_member_holds_his_teams(
    team_client: Client, business: Business, queue: dict[str, Conversation]
) -> None:
    assert names(team_client, business, "view=all") == ["team"]


def test_inbox_for_strangers_is_404(stranger_client: Client, business: Business) -> None:
    assert stranger_client.get(f"{business.base}inbox/").status_code == 404


def test_inbox_without_login_asks_for_it(client: Client, business: Business) -> None:
    assert client.get(f"{business.base}inbox/").status_code == 302


def test_inbox_of_another_business_is_not_shown(
    stranger_client: Client, other: Business, conversation: Conversation
) -> None:
    assert names(stranger_client, other, "view=all") == []
    assert names(stranger_client, other, "q=bici") == []


def test_inbox_newest_first_and_more_on_demand(
    owner_client: Client, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.queries.queue_page.__kwdefaults__", {"cursor": "", "limit": 2})
    with tenant_scope(business.tenant.id):
        for number in range(5):
            make_conversation(name=f"n{number}")
    first = owner_client.get(f"{business.base}inbox/?view=all")
    assert [row.name for row in first.context["rows"]] == ["n4", "n3"]
    cursor = first.context["next_cursor"]
    more = owner_client.get(f"{business.base}inbox/?view=all&cursor={cursor}", headers={"HX-Request": "true"})
    assert [row.name for row in more.context["rows"]] == ["n2", "n1"]
    assert b"<html" not in more.content


def test_inbox_filters(owner_client: Client, business: Business, team: Team) -> None:
    with tenant_scope(business.tenant.id):
        label = Label.objects.create(name="VIP")
        one = make_conversation(name="one", kind="web")
        two = make_conversation(name="two")
        acts.set_labels(conversation=one, labels=[label], by=business.actor())
        acts.set_priority(conversation=two, priority=3, by=business.actor())
        acts.set_team(conversation=two, team=team, by=business.actor())
    assert names(owner_client, business, f"view=all&label={label.pk}") == ["one"]
    assert names(owner_client, business, f"view=all&channel={one.channel_id}") == ["one"]
    assert names(owner_client, business, "view=all&priority=3") == ["two"]
    assert names(owner_client, business, f"view=all&team={team.pk}") == ["two"]


ODD_QUERIES: list[str] = [
    "view=nonsense", "label=x", "channel=%00", "team=1", "priority=99999999999999999999", "priority=-1",
    "priority=%C2%B2", "q=%00", "q=%27%5C%3A%2A%26", "cursor=x", "cursor=eyJ9", "q=" + "a" * 5000,
    "label=00000000-0000-0000-0000-000000000000", "q=%F0%9F%98%80", "q=((",
]  # fmt: skip


def test_inbox_takes_any_query(owner_client: Client, business: Business) -> None:
    for query in ODD_QUERIES:
        assert owner_client.get(f"{business.base}inbox/?{query}").status_code == 200, query


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ana", ["Ana Sofía Lima"]),
        ("sofia lima", ["Ana Sofía Lima"]),
        ("devolucion", ["Raúl Medina"]),
        ("DEVOLUCIÓN del", ["Raúl Medina"]),
        ("devolusion", ["Raúl Medina"]),
        ("manubrio", ["Raúl Medina"]),
        ("manub", ["Raúl Medina"]),
        ("nada de eso", []),
    ],
)
def test_inbox_search_forgives(owner_client: Client, business: Business, q: str, found: list[str]) -> None:
    with tenant_scope(business.tenant.id):
        raul = make_conversation(
            "Quiero devolver el manubrio",
            name="Raúl Medina",
            subject="Devolución del casco",
            address="raul@example.com",
        )
        make_message(raul, "Claro", by=business.actor())
        acts.close(conversation=raul, by=business.actor())
        make_conversation("Buenos días", name="Ana Sofía Lima", subject="Rodada 29")
    assert names(owner_client, business, f"q={q}") == found


def test_inbox_search_by_address_finds_its_owner_first(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_conversation(name="Raúl Medina", address="raul@example.com")
        make_conversation(name="Raquel Medina", address="raquel@example.com")
    assert names(owner_client, business, "q=raul@example.com")[0] == "Raúl Medina"


def test_inbox_unread_until_somebody_looked(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    def is_unread() -> bool:
        response = owner_client.get(f"{business.base}inbox/?view=all")
        return bool(response.context["rows"][0].unread)

    assert is_unread() is True
    owner_client.get(f"{business.base}inbox/{conversation.pk}/")
    assert is_unread() is False


def test_inbox_query_count_does_not_grow(
    owner_client: Client, business: Business, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = f"{business.base}inbox/?view=all"
    with tenant_scope(business.tenant.id):
        label = Label.objects.create(name="VIP")
    for number in range(3):
        with tenant_scope(business.tenant.id):
            made = make_conversation(name=f"n{number}")
            acts.set_labels(conversation=made, labels=[label], by=business.actor())
        if number == 0:
            owner_client.get(url)
            with django_assert_num_queries(QUERIES):
                owner_client.get(url)
    with django_assert_num_queries(QUERIES):
        owner_client.get(url)


QUERIES = 17


def test_inbox_escapes_what_customers_write(owner_client: Client, business: Business) -> None:
    evil = "<script>alert(1)</script>"
    with tenant_scope(business.tenant.id):
        make_conversation(evil, name=evil, subject=evil)
    content = owner_client.get(f"{business.base}inbox/?view=all&q=alert").content.decode()
    assert "<script>alert" not in content
    assert content.count("&lt;script&gt;alert(1)") >= 2


def test_inbox_rows_of_a_view_and_counts(
    teammate_client: Client, business: Business, queue: dict[str, Conversation]
) -> None:
    ids = "&".join(f"id={one.pk}" for one in queue.values())
    response = teammate_client.get(f"{business.base}inbox/rows/?view=mine&{ids}&id=nonsense")
    assert [row.name for row in response.context["rows"]] == ["mine"]
    assert response.context["counts"] == {"mine": "1", "unassigned": "2", "team": "1", "all": "4"}


def test_inbox_rows_for_strangers_is_404(stranger_client: Client, business: Business) -> None:
    assert stranger_client.get(f"{business.base}inbox/rows/").status_code == 404


def test_row_shows_what_changed_at_once(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        conversation = make_conversation(name="Ana Pérez")
        label = Label.objects.create(name="Urgente")

    def row() -> str:
        page = owner_client.get(f"{business.base}inbox/?view=all").content.decode()
        return page.partition('id="row-')[2].partition("</li>")[0]

    before = row()
    with tenant_scope(business.tenant.id):
        conversation.customer.name = "Ana Ruiz"
        conversation.customer.save()
        ConversationLabel.objects.create(conversation=conversation, label=label)
    after = row()
    assert ("Ana Pérez" in before, "Ana Ruiz" in before, "Urgente" in before) == (True, False, False)
    assert ("Ana Pérez" in after, "Ana Ruiz" in after, "Urgente" in after) == (False, True, True)
