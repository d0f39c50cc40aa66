"""Teams and members through the API."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from tenants.models import Team
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.tenants import Business


def test_members(api: Api, business: Business) -> None:
    rows = api.get("members/").json()["data"]
    assert [(row["name"], row["role"], row["email"]) for row in rows] == [
        ("Aldo Agente", "agent", business.agent.user.email),
        ("Olga Dueña", "owner", business.owner.user.email),
    ]
    assert api.get(f"members/{business.agent.id}/").json() == rows[0]
    assert api.post("members/", {}).status_code == 405


def test_teams(api: Api, business: Business) -> None:
    made = api.post("teams/", {"name": "Taller", "member_ids": [str(business.agent.id)]})
    team = made.json()
    assert (made.status_code, team["name"], team["member_ids"]) == (201, "Taller", [str(business.agent.id)])
    path = f"teams/{team['id']}/"
    assert api.get(path).json() == team
    assert api.get("teams/").json()["data"] == [team]
    assert api.post("teams/", {"name": "taller"}).status_code in {409, 422}
    assert api.post("teams/", {"name": "x", "member_ids": [str(uuid4())]}).status_code == 422
    assert api.patch(path, {"name": "Ventas"}).json() == {**team, "name": "Ventas"}
    assert api.patch(path, {"member_ids": []}).json() == {**team, "name": "Ventas", "member_ids": []}
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


def test_strangers_find_nothing(stranger: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        team = Team.objects.create(name="Taller")
    assert stranger.get(f"members/{business.agent.id}/").status_code == 404
    assert [
        getattr(stranger, method)(f"teams/{team.id}/", {}).status_code for method in ("patch", "delete")
    ] == [404, 404]
    assert stranger.post("teams/", {"name": "x", "member_ids": [str(business.agent.id)]}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "members/", "members:read"),
        ("get", "teams/", "members:read"),
        ("post", "teams/", "teams:write"),
        ("delete", f"teams/{uuid4()}/", "teams:write"),
    ],
)
def test_without_the_scope_it_is_403(limited: Callable[..., Api], method: str, path: str, scope: str) -> None:
    response = getattr(limited("orders:read"), method)(path)
    assert (response.status_code, response.json()["detail"]) == (403, f"This key lacks the scope {scope}.")
