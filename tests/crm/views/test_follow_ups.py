"""The page of follow-ups."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from crm.actions.follow_ups import open_follow_up
from crm.models import FollowUp
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


@pytest.fixture
def work(business: Business) -> dict[str, FollowUp]:
    now = timezone.now()
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")

        def add(title: str, hours: int, assignee: Any) -> FollowUp:
            due = now + timedelta(hours=hours)
            return open_follow_up(
                customer=ana, title=title, due_at=due, assignee=assignee, by=business.actor()
            )

        return {
            "late": add("Tarde", -2, business.agent),
            "soon": add("Pronto", 2, business.agent),
            "boss": add("De la dueña", 1, business.owner),
            "free": add("De nadie", -1, None),
        }


def titles(response: Any) -> list[str]:
    return [follow_up.title for follow_up in response.context["page"].items]


def test_views(business: Business, teammate_client: Client, work: dict[str, FollowUp]) -> None:
    path = f"{business.base}customers/follow-ups/"

    def seen(view: str) -> list[str]:
        return titles(teammate_client.get(path, query_params={"view": view} if view else {}))

    assert seen("") == ["Tarde", "Pronto"]
    assert seen("nonsense") == ["Tarde", "Pronto"]
    assert seen("all") == ["Tarde", "De nadie", "De la dueña", "Pronto"]
    assert seen("overdue") == ["Tarde", "De nadie"]
    assert seen("done") == []


def test_completion(business: Business, teammate_client: Client, work: dict[str, FollowUp]) -> None:
    path = f"{business.base}customers/follow-ups/"
    response = teammate_client.post(f"{path}{work['late'].id}/completion/", {"next": f"{path}?view=all"})
    assert response.url == f"{path}?view=all"
    done = teammate_client.get(path, query_params={"view": "done"})
    assert titles(done) == ["Tarde"]
    assert done.context["page"].items[0].done_by_id == business.agent.id


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00", ""]
)
def test_completion_goes_nowhere_else(
    business: Business, teammate_client: Client, work: dict[str, FollowUp], there: str
) -> None:
    path = f"{business.base}customers/follow-ups/"
    assert teammate_client.post(f"{path}{work['late'].id}/completion/", {"next": there}).url == path


def test_assignee(business: Business, teammate_client: Client, work: dict[str, FollowUp]) -> None:
    path = f"{business.base}customers/follow-ups/{work['free'].id}/assignee/"
    for given, expected in ((business.owner.id, business.owner.id), ("", None), (uuid4(), None), ("x", None)):
        assert teammate_client.post(path, {"assignee": str(given)}).status_code == 302
        with tenant_scope(business.tenant.id):
            assert FollowUp.objects.get(pk=work["free"].id).assignee_id == expected


def test_page_costs_the_same_for_one_and_three(
    business: Business, owner_client: Client, work: dict[str, FollowUp], django_assert_num_queries: Callable
) -> None:
    path = f"{business.base}customers/follow-ups/"
    owner_client.get(path)
    for view, count in (("mine", 1), ("all", 4)):
        with django_assert_num_queries(11):
            assert len(titles(owner_client.get(path, query_params={"view": view}))) == count


def test_empty_and_wrong_cursor(business: Business, owner_client: Client) -> None:
    path = f"{business.base}customers/follow-ups/"
    assert "empty-title" in owner_client.get(path).content.decode()
    assert owner_client.get(path, query_params={"cursor": "x"}).url == path


def test_strangers_analysts_and_narrowed_members(
    business: Business, stranger_client: Client, other: Business, work: dict[str, FollowUp]
) -> None:
    for tail in ("completion", "assignee"):
        address = f"customers/follow-ups/{work['free'].id}/{tail}/"
        assert stranger_client.post(business.base + address).status_code == 404
        assert stranger_client.post(other.base + address).status_code == 404
        analyst = business.client(business.add_member(Role.ANALYST))
        assert analyst.post(business.base + address).status_code == 403
        narrowed = business.client(business.add_member(Role.AGENT, Sees.OWN))
        assert narrowed.post(business.base + address).status_code == 404
    assert titles(narrowed.get(f"{business.base}customers/follow-ups/", query_params={"view": "all"})) == []
